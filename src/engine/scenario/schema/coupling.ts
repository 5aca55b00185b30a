import Type from 'typebox';
import { KERNEL_SHAPES } from '../../fields/field.ts';
import { keys, named, quantity, word } from './forms.ts';

/** Form of the parts of `coupling`. */

const TOUCH = {
  sample: Type.Optional(word([...KERNEL_SHAPES], 'How a cell sees the field.', 'linear')),
  deposit: Type.Optional(
    word([...KERNEL_SHAPES], 'How a cell gives to the field and takes from it.', 'linear'),
  ),
  coarsen: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 1,
      title: 'a whole number from 1 to 1024',
      description: 'Voxels along each axis to one of the grid on which cells and field exchange.',
    }),
  ),
};

export const StepsSchema = keys(
  {
    fields: Type.Optional(
      Type.Union(
        [
          Type.String(),
          Type.Number(),
          named(quantity('Step of this field', '0.1 s'), 'Steps of fields by name.'),
        ],
        {
          title: 'a time such as `0.1 s`, or one per field as `{ AHL: 0.1 s }`',
          description: 'Step of all fields, or of some by name, a whole fraction of time.step.',
        },
      ),
    ),
    circuits: Type.Optional(quantity('Step of circuits, a whole fraction of time.step', '0.5 s')),
    lifeCycle: Type.Optional(
      quantity(
        'Time from one look at death and division to the next, a whole multiple of time.step',
        '1 min',
      ),
    ),
    mechanics: Type.Optional(
      quantity('Time from one move of cells by contacts to the next, a whole multiple of time.step', '1 min'),
    ),
  },
  {
    description:
      'Steps of their own of what is faster or slower than the exchange of cells and fields. Default time.step.',
  },
);

export const ExchangeSchema = keys(
  {
    ...TOUCH,
    fields: Type.Optional(named(keys(TOUCH), 'The same of single fields, by name.')),
  },
  { description: 'How cells see fields and give to them, where that differs. Default `kernel`.' },
);
