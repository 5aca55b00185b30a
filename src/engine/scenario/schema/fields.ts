import Type, { type Static } from 'typebox';
import { FACES, SOLVERS } from '../../fields/field.ts';
import { Equation, keys, named, quantity, Rate, word } from './forms.ts';

/** Form of `fields`, `reactions` between them and `bulk`. */

const BoundaryCondition = Type.Union(
  [
    Type.Literal('no-flux'),
    Type.Literal('periodic'),
    Type.Literal('outflow'),
    keys(
      {
        value: Type.Optional(
          Rate('Concentration held at the face, or beyond the layer; may read time, x, y, z', '5 mM'),
        ),
        flux: Type.Optional(
          Rate('Amount per area and time that comes in; may read time, x, y, z', '1 nM * 10 um/s'),
        ),
        transfer: Type.Optional(
          quantity('Speed at which molecules cross a layer before the face', '10 um/s'),
        ),
      },
      { title: '`{ value: 5 mM }`, `{ flux: 1 nM * 10 um/s }` or `{ transfer: 10 um/s, value: 5 mM }`' },
    ),
  ],
  {
    description:
      '`no-flux`, `outflow`, `periodic`, `{ value: … }`, `{ flux: … }` or `{ transfer: …, value: … }`.',
  },
);

const FacePatch = keys({
  face: Type.Enum([...FACES], { description: 'The face that the patch lies on.' }),
  from: Type.Array(quantity('Lower corner along the face', '20 um'), {
    minItems: 1,
    maxItems: 2,
    title: 'a list of 1 length (2-D) or 2 lengths (3-D)',
  }),
  to: Type.Array(quantity('Upper corner along the face', '40 um'), {
    minItems: 1,
    maxItems: 2,
    title: 'a list of 1 length (2-D) or 2 lengths (3-D)',
  }),
  condition: BoundaryCondition,
});

const Boundary = keys(
  {
    all: Type.Optional(BoundaryCondition),
    x: Type.Optional(BoundaryCondition),
    y: Type.Optional(BoundaryCondition),
    z: Type.Optional(BoundaryCondition),
    left: Type.Optional(BoundaryCondition),
    right: Type.Optional(BoundaryCondition),
    bottom: Type.Optional(BoundaryCondition),
    top: Type.Optional(BoundaryCondition),
    back: Type.Optional(BoundaryCondition),
    front: Type.Optional(BoundaryCondition),
    patches: Type.Optional(
      Type.Array(FacePatch, {
        title: 'a list of patches',
        description:
          'Parts of faces with a condition of their own; a later one counts before an earlier one.',
      }),
    ),
  },
  {
    description:
      'Condition per face; a face key overrides an axis key, which overrides `all`. Default no-flux.',
  },
);

const Diffusivity = Type.Union(
  [
    Type.String(),
    Type.Number(),
    keys({
      x: Type.Optional(Rate('Diffusion coefficient along x', '600 um^2/s')),
      y: Type.Optional(Rate('Diffusion coefficient along y', '600 um^2/s')),
      z: Type.Optional(Rate('Diffusion coefficient along z', '600 um^2/s')),
    }),
  ],
  {
    title: 'an expression such as `600 um^2/s` or a mapping such as `{ x: 600 um^2/s, y: 60 um^2/s }`',
    description: 'Diffusion coefficient: an expression that may read x, y, z; or one per axis.',
  },
);

const Share = (description: string) => quantity(description, '0.6');

const Film = Type.Union(
  [
    Type.String(),
    Type.Number(),
    keys({
      factor: Type.Union(
        [
          Type.String(),
          Type.Number(),
          named(Share('Of cells of this type'), 'By cell type; 1 for those left out.'),
        ],
        {
          title: 'a plain number from 0 to 1, or a mapping such as `{ sender: 0.2 }`',
          description:
            'Diffusivity in the film (`threshold`) or inside a cell, relative to that of the liquid.',
        },
      ),
      law: Type.Optional(
        word(
          ['threshold', 'linear', 'maxwell'],
          'How it follows from the volume fraction of cells in a voxel: one value from a threshold on, the mean by volume, or Maxwell’s formula.',
          'threshold',
        ),
      ),
      from: Type.Optional(
        quantity('Volume fraction of cells that makes a voxel part of the film; default 10%', '10%'),
      ),
    }),
  ],
  {
    title: 'a plain number from 0 to 1, or a mapping such as `{ factor: 0.6, law: maxwell }`',
    description: 'What cells make of the diffusivity; a number alone is the `factor`. Default none.',
  },
);

export const FieldSchema = keys({
  diffusivity: Diffusivity,
  film: Type.Optional(Film),
  decay: Type.Optional(quantity('First-order decay; default 0', '1e-4 /s')),
  initial: Rate('Concentration at the start; may read x, y, z', '5 nM'),
  boundary: Type.Optional(Boundary),
  dynamics: Type.Optional(
    word(
      ['transient', 'quasi-steady'],
      'Whether the field evolves, or is in its steady state at every moment.',
      'transient',
    ),
  ),
  tolerance: Type.Optional(
    quantity(
      'Error that a step may make, relative to the largest concentration; the field takes steps of its own for it',
      '1e-4',
    ),
  ),
  solver: Type.Optional(
    word([...SOLVERS], 'How the field is solved. Default `auto`: `adi` where it can and pays.', 'auto'),
  ),
});

export const FieldReactionSchema = keys(
  {
    equation: Equation('Left -> right, of fields: `2 u + v -> 3 v`, `-> u`, `drug + enzyme -> enzyme`.'),
    rate: Type.Optional(Rate('Extents per volume and time, so concentration/time', '0.1 /s * u')),
    k: Type.Optional(quantity('Mass-action constant', '1e6 /M/s')),
  },
  { oneOf: [{ required: ['rate'] }, { required: ['k'] }] },
);

const Concentrations = (description: string, example: string) =>
  named(Rate('Concentration', example), description);

export const Reservoir = keys(
  {
    face: Type.Union([Type.Enum([...FACES]), Type.Array(Type.Enum([...FACES]), { minItems: 1 })], {
      title: `one of ${FACES.join(', ')}, or a list of them`,
      description: 'The face of the domain that the reservoir lies behind, or several.',
    }),
    volume: quantity('Its volume', '1.25 L'),
    inflow: Type.Optional(quantity('What flows through it, volume per time; default 0', '20 L/day')),
    outflow: Type.Optional(quantity('What flows out of it, volume per time; default the inflow', '20 L/day')),
    area: Type.Optional(
      quantity('Area that it exchanges with, of which the domain is a piece; default the face', '0.1 m^2'),
    ),
    layer: Type.Optional(
      quantity('Thickness of a liquid layer before the face, crossed by diffusion; default 0', '100 um'),
    ),
    influent: Type.Optional(
      Concentrations('Concentration of what flows in, by field; may read time.', '5 mM'),
    ),
    initial: Type.Optional(
      Concentrations('Concentration at the start, by field; default that of the influent.', '5 mM'),
    ),
    hold: Type.Optional(Concentrations('Concentration that is held, by field; may read time.', '0.3 mM')),
  },
  { title: 'a mapping such as `{ face: top, volume: 1 L, inflow: 20 L/day, influent: { glucose: 5 mM } }`' },
);

export type ConditionFile = Static<typeof BoundaryCondition>;

export type ReservoirFile = Static<typeof Reservoir>;

export type FieldFile = Static<typeof FieldSchema>;

export type FieldReactionFile = Static<typeof FieldReactionSchema>;
