import Type, { type Static } from 'typebox';
import { FACES } from '../../fields/field.ts';
import { PlacementSchema } from './cells.ts';
import { keys, named, oneOf, quantity, Rate, vector } from './forms.ts';

/** Form of `interventions`. */

const Place = Type.Union(
  [
    Type.Literal('domain'),
    oneOf(
      {
        disc: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
        ball: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
        box: Type.Optional(
          keys({ from: vector('Lower corner', '10 um'), to: vector('Upper corner', '20 um') }),
        ),
        where: Type.Optional(Rate('A condition on x, y, z', 'x > 50 um and y < 10 um')),
      },
      { title: '`domain` or a region such as `disc: { centre: [50 um, 50 um], radius: 5 um }`' },
    ),
  ],
  { description: 'Where fields are dosed or washed, or cells removed. Default `domain`.', default: 'domain' },
);

const time = (description: string) => quantity(`${description}, a whole multiple of \`step\``, '2 h');

export const InterventionSchema = keys(
  {
    at: Type.Optional(
      Type.Union([Type.String(), Type.Number(), Type.Array(time('A time'), { minItems: 1 })], {
        title: 'a time such as `2 h`, or a list of times',
        description: 'When it happens. This or `every`.',
      }),
    ),
    every: Type.Optional(time('Time between two')),
    from: Type.Optional(time('The first of these; default 0 s')),
    until: Type.Optional(time('The last of these; default the end')),
    in: Type.Optional(Place),
    dose: Type.Optional(
      named(
        Rate(
          'A concentration that is added, or a number of molecules spread evenly; may read x, y, z',
          '10 nM',
        ),
        'What is added, by field.',
      ),
    ),
    wash: Type.Optional(
      Type.Union(
        [
          Type.String(),
          Type.Number(),
          keys({
            share: quantity('Share of the liquid that is replaced', '90%'),
            medium: Type.Optional(
              named(Rate('Concentration in the medium that replaces it', '5 mM'), 'By field; 0 for others.'),
            ),
            fields: Type.Optional(
              Type.Array(Type.String(), {
                minItems: 1,
                title: 'a list of fields',
                description: 'Only these fields. Default all.',
              }),
            ),
          }),
        ],
        {
          title: 'a share such as `90%`, or `{ share: 90%, medium: { glucose: 5 mM } }`',
          description: 'Replaces a share of the liquid by fresh medium.',
        },
      ),
    ),
    add: Type.Optional(PlacementSchema),
    arrive: Type.Optional(
      keys({
        type: Type.String({ title: 'a cell type', description: 'Name of a cell type.' }),
        rate: quantity('Cells per time that come, on average', '10 /h'),
        face: Type.Enum([...FACES], { description: 'The face of the domain at which they come to lie.' }),
        amounts: Type.Optional(named(quantity('Molecules', '10'), "Amounts that differ from the type's.")),
      }),
    ),
    remove: Type.Optional(
      Type.Union(
        [
          Type.String(),
          Type.Number(),
          keys({
            type: Type.Optional(
              Type.String({ title: 'a cell type', description: 'Only cells of this type.' }),
            ),
            share: Type.Optional(quantity('Share of the cells, drawn cell by cell; default 1', '90%')),
          }),
        ],
        {
          title: 'a share such as `90%`, or `{ type: sender, share: 90% }`',
          description: 'Takes cells out of the domain, with all they hold.',
        },
      ),
    ),
    set: Type.Optional(named(quantity('A value', '0.1 /s'), 'Parameters and their values from then on.')),
    for: Type.Optional(time('How long parameters keep these values; default to the end')),
  },
  {
    oneOf: ['dose', 'wash', 'add', 'arrive', 'remove', 'set'].map(key => ({ required: [key] })),
    title: 'an intervention such as `{ at: 2 h, dose: { drug: 10 nM } }`',
  },
);

export type InterventionFile = Static<typeof InterventionSchema>;

export type PlaceFile = Static<typeof Place>;
