import Type, { type Static } from 'typebox';
import { keys, quantity } from './forms.ts';

const Part = keys({
  every: Type.Optional(quantity('Time between two, a whole multiple of `step`', '5 min')),
  from: Type.Optional(quantity('The first of these; default 0 s', '1 h')),
  until: Type.Optional(quantity('The last of these; default the end', '2 h')),
  at: Type.Optional(
    Type.Array(quantity('A time, a whole multiple of `step`', '90 min'), {
      title: 'a list of times such as `[1 h, 90 min]`',
    }),
  ),
});

const When = (description: string) =>
  Type.Union([Type.String(), Type.Number(), Part, Type.Array(Part, { minItems: 1 })], {
    title:
      '`none`, a time such as `5 min`, `{ every: 5 min, from: 1 h, until: 2 h }`, `{ at: [1 h, 90 min] }`, or a list of these',
    description,
  });

export const RecordingSchema = keys(
  {
    cells: Type.Optional(When('When frames of cells are kept. Default with every row of the time series.')),
    fields: Type.Optional(When('When frames of fields are kept. Default with every row of the time series.')),
    checkpoints: Type.Optional(
      When('When whole states are kept, to branch from and to verify. Default ten times in the run.'),
    ),
    keep: Type.Optional(
      Type.Integer({
        minimum: 1,
        title: 'a whole number above 0',
        description: 'Checkpoints that are kept, the youngest. Default all.',
      }),
    ),
    events: Type.Optional(
      Type.Boolean({
        title: '`true` or `false`',
        description: 'Whether divisions, deaths and edits are listed. Default true.',
        default: true,
      }),
    ),
  },
  { description: 'What `run --out` keeps, and when. Runs do not depend on it.' },
);

export type WhenFile = Static<ReturnType<typeof When>>;

export type PartFile = Static<typeof Part>;
