import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { METHOD_NAMES } from '../circuits/methods.ts';
import { FACES, SOLVERS } from '../fields/field.ts';
import { NAME_PATTERN } from './names.ts';

/**
 * The form of a scenario file: the single source of its TypeScript type and of the published JSON Schema
 * (`scenarios/schema.json`, written by scripts/schema.ts). `title` is how messages name what is expected;
 * `description` is what an editor shows. Dimensions, names and geometry are checked when the file is built.
 */

/** A mapping with exactly these keys. */
function keys<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** A mapping from names that the scenario chooses. */
function named<T extends Type.TSchema>(value: T, description: string) {
  return Type.Record(Type.String({ pattern: NAME_PATTERN }), value, {
    additionalProperties: false,
    description,
  });
}

/** Exactly one of the keys. */
function oneOf<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return keys(properties, {
    oneOf: Object.keys(properties).map(key => ({ required: [key] })),
    ...options,
  });
}

function quantity(description: string, example: string) {
  return Type.Union([Type.String(), Type.Number()], {
    title: `a quantity such as \`${example}\``,
    description: `${description}. A number with a unit, or an expression of parameters, such as \`${example}\`.`,
  });
}

function vector(description: string, example: string) {
  return Type.Array(quantity(description, example), {
    minItems: 2,
    maxItems: 3,
    title: 'a list of 2 or 3 lengths',
  });
}

function word<const W extends string[]>(words: readonly [...W], description: string, byDefault: W[number]) {
  return Type.Enum([...words], { description, default: byDefault });
}

const Text = (description: string) => Type.String({ title: 'text', description });

const Rate = (description: string, example: string) =>
  Type.Union([Type.String(), Type.Number()], {
    title: `an expression such as \`${example}\``,
    description: `${description}. Such as \`${example}\`.`,
  });

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

export const FieldSchema = keys({
  diffusivity: Diffusivity,
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
  solver: Type.Optional(
    word([...SOLVERS], 'How the field is solved. Default `auto`: `adi` where it can and pays.', 'auto'),
  ),
});

const Equation = (description: string) => Type.String({ title: 'an equation such as `A -> B`', description });

const Delay = Type.Union(
  [
    Type.String(),
    Type.Number(),
    keys(
      {
        mean: Type.Optional(quantity('Mean of a gamma law', '10 min')),
        cv: Type.Optional(quantity('Its coefficient of variation; default 0', '0.2')),
        uniform: Type.Optional(
          Type.Array(quantity('An end of the interval', '5 min'), {
            minItems: 2,
            maxItems: 2,
            title: 'a list of 2 times',
            description: 'Equally likely between two times.',
          }),
        ),
      },
      { oneOf: [{ required: ['mean'] }, { required: ['uniform'] }] },
    ),
  ],
  {
    title: 'a time, `{ mean: 10 min, cv: 0.2 }` or `{ uniform: [5 min, 15 min] }`',
    description: 'Time from its beginning to its effect, fixed or drawn each time.',
  },
);

const EventStep = [
  Equation('What happens, such as `-> 100 A` or `A -> 2 A`.'),
  named(Rate('Molecules', '100'), 'Amounts that species are set to.'),
] as const;

const Event = keys({
  when: Type.String({
    title: 'a condition such as `A > 100`',
    description: 'Happens whenever this comes true, such as `time >= 2 h` or `phase >= 0.5`.',
  }),
  do: Type.Union(
    [
      ...EventStep,
      Type.Array(Type.Union([...EventStep], { title: 'an equation or a mapping such as `A: 100`' }), {
        minItems: 1,
      }),
    ],
    {
      title: 'an equation, a mapping such as `A: 100`, or a list of these',
      description: 'What then happens, in order.',
    },
  ),
  times: Type.Optional(
    Type.Union([Type.Literal('all'), Type.Integer({ minimum: 1 })], {
      title: '`all` or a whole number above 0',
      description: 'How often at most each equation is carried out; `all`: for all the molecules there are.',
      default: 1,
    }),
  ),
  delay: Type.Optional(Delay),
  persistent: Type.Optional(
    Type.Boolean({
      description: 'Whether a delayed change comes whatever becomes of the condition. Default true.',
      default: true,
    }),
  ),
  initially: Type.Optional(
    Type.Boolean({
      description: 'What the condition counts as before the start in a new cell. Default false.',
      default: false,
    }),
  ),
  values: Type.Optional(
    Type.Enum(['change', 'trigger'], {
      description: 'Whether amounts are set to values at the change, or at the trigger. Default `change`.',
      default: 'change',
    }),
  ),
});

export const ReactionSchema = keys(
  {
    equation: Equation('Left -> right, such as `2 P -> P2`, `A -> field.AHL`, `-> mRNA`.'),
    rate: Type.Optional(Rate('Extents per time (mass per time where biomass takes part)', '0.1 /s * mRNA')),
    k: Type.Optional(quantity('Mass-action constant', '0.1 /s')),
    continuous: Type.Optional(
      Type.Boolean({
        description: 'A real-valued amount in place of whole firings. Default false.',
        default: false,
      }),
    ),
    delay: Type.Optional(Delay),
    consuming: Type.Optional(
      Type.Boolean({
        description: 'Whether a delayed reaction takes what it takes at its beginning. Default true.',
        default: true,
      }),
    ),
  },
  { oneOf: [{ required: ['rate'] }, { required: ['k'] }] },
);

export const FieldReactionSchema = keys(
  {
    equation: Equation('Left -> right, of fields: `2 u + v -> 3 v`, `-> u`, `drug + enzyme -> enzyme`.'),
    rate: Type.Optional(Rate('Extents per volume and time, so concentration/time', '0.1 /s * u')),
    k: Type.Optional(quantity('Mass-action constant', '1e6 /M/s')),
  },
  { oneOf: [{ required: ['rate'] }, { required: ['k'] }] },
);

const DivisionNoise = {
  noise: Type.Optional(
    quantity('Coefficient of variation of that volume from cell to cell; default 0', '0.1'),
  ),
  asymmetry: Type.Optional(
    quantity("Standard deviation of the first daughter's share of the volume about 1/2; default 0", '0.05'),
  ),
};

const PartitionLaw = Type.Union(
  [
    Type.Enum(['binomial', 'equal']),
    keys({
      clustered: Type.Union(
        [Type.String(), Type.Number(), keys({ mean: quantity('Mean of geometric cluster sizes', '4') })],
        {
          title: 'a whole number of molecules, or `{ mean: 4 }`',
          description: 'Molecules of a cluster, or the mean of geometric cluster sizes.',
        },
      ),
    }),
  ],
  { title: '`binomial`, `equal` or `{ clustered: 4 }`' },
);

const Partition = Type.Union(
  [Type.Enum(['binomial', 'equal']), named(PartitionLaw, 'Law by species; `binomial` for those left out.')],
  {
    title: '`binomial`, `equal` or a mapping such as `{ gene: equal, plasmid: { clustered: 4 } }`',
    description:
      'How molecules are shared out: each to a daughter with its share of the volume (`binomial`), half to each (`equal`), or in clusters.',
    default: 'binomial',
  },
);

const Division = keys(
  {
    adder: Type.Optional(
      keys({ added: quantity('Volume added between birth and division', '1.2 um^3'), ...DivisionNoise }),
    ),
    sizer: Type.Optional(keys({ volume: quantity('Volume at division', '2.4 um^3'), ...DivisionNoise })),
    partition: Type.Optional(Partition),
  },
  { oneOf: [{ required: ['adder'] }, { required: ['sizer'] }] },
);

const Death = keys({
  rate: Rate('Hazard of death', '1e-5 /s'),
  release: Type.Optional(
    Type.Array(Equation('Run to completion at death, such as `A -> field.AHL`.'), {
      title: 'a list of equations',
      description: 'What a dead cell gives back, in order. The rest leaves through the sink `death`.',
    }),
  ),
});

const Epsilon = Type.Optional(
  quantity(
    'Relative change of an amount, times the order of its reactions, that a step may make; default 0.03',
    '0.01',
  ),
);

const MethodWithOptions = oneOf(
  {
    'tau-leaping': Type.Optional(
      keys({
        epsilon: Epsilon,
        leap: Type.Optional(
          Type.Enum(['explicit', 'implicit'], {
            description:
              'Keeps to one form of leaps. Default: explicit, and implicit where the network is stiff.',
          }),
        ),
      }),
    ),
    langevin: Type.Optional(keys({ epsilon: Epsilon })),
    hybrid: Type.Optional(
      keys({
        discrete: Type.Array(Text('Name of a species or reaction.'), {
          minItems: 1,
          title: 'a list of species and reactions',
          description:
            'Reactions that fire, and species whose every change fires; all other reactions flow. Without: as amounts and rates go.',
        }),
      }),
    ),
    deterministic: Type.Optional(
      keys({
        tolerance: Type.Optional(
          quantity('Error of a step relative to an amount plus one molecule; default 1e-6', '1e-8'),
        ),
        solver: Type.Optional(
          Type.Enum(['explicit', 'stiff'], {
            description: 'Keeps to one solver. Default: explicit, and stiff where need be.',
          }),
        ),
      }),
    ),
  },
  { title: 'one with options such as `{ tau-leaping: { epsilon: 0.01 } }`' },
);

export const CellTypeSchema = keys({
  shape: oneOf({
    disc: Type.Optional(keys({ radius: quantity('Radius of a new cell (2-D)', '0.6 um') })),
    sphere: Type.Optional(keys({ radius: quantity('Radius of a new cell (3-D)', '0.6 um') })),
  }),
  dryDensity: Type.Optional(quantity('Dry mass per volume; default 300 fg/um^3', '300 fg/um^3')),
  species: Type.Optional(
    named(quantity('Molecules in a new cell', '10'), 'Species and their amounts in a new cell.'),
  ),
  circuit: Type.Optional(
    keys(
      {
        sbml: Text('File with an SBML model, beside the scenario, or the model itself.'),
        volume: Type.Optional(
          word(['fixed', 'cell'], 'Whether compartments keep their sizes or grow with the cell.', 'fixed'),
        ),
        parameters: Type.Optional(
          named(
            quantity("A plain number in the model's units", '0.1'),
            'Values that differ from the model’s.',
          ),
        ),
      },
      {
        title: 'a mapping such as `{ sbml: model.xml }`',
        description: 'Species and reactions from an SBML model, before those given here.',
      },
    ),
  ),
  growth: Type.Optional(Rate('Growth rate: biomass grows at this rate times biomass', '0.02 /min')),
  reactions: Type.Optional(named(ReactionSchema, 'Reactions of the cell, also with fields.')),
  events: Type.Optional(named(Event, 'Changes at the moments at which a condition comes true.')),
  replication: Type.Optional(
    named(
      quantity('Phase of the cycle, between 0 (birth) and 1 (division)', '0.5'),
      'Species of which every copy becomes two at a phase of the cycle; at division each daughter gets half.',
    ),
  ),
  division: Type.Optional(Division),
  death: Type.Optional(Death),
  method: Type.Optional(
    Type.Union([Type.Enum([...METHOD_NAMES]), MethodWithOptions], {
      description: 'How the stochastic reactions are simulated. Default `auto`: the fastest exact method.',
      default: 'auto',
    }),
  ),
});

export const PlacementSchema = keys({
  type: Text('Name of a cell type.'),
  count: Type.Optional(
    Type.Integer({ minimum: 1, title: 'a whole number above 0', description: 'Number of cells.' }),
  ),
  in: Type.Optional(
    Type.Union(
      [
        Type.Literal('domain'),
        oneOf(
          {
            disc: Type.Optional(
              keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') }),
            ),
            ball: Type.Optional(
              keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') }),
            ),
            box: Type.Optional(
              keys({ from: vector('Lower corner', '10 um'), to: vector('Upper corner', '20 um') }),
            ),
            lattice: Type.Optional(
              keys({
                from: vector('Lower corner', '10 um'),
                to: vector('Upper corner', '20 um'),
                counts: Type.Array(Type.Integer({ minimum: 1, title: 'a whole number above 0' }), {
                  minItems: 2,
                  maxItems: 3,
                  title: 'a list of 2 or 3 whole numbers',
                }),
              }),
            ),
            points: Type.Optional(
              Type.Array(vector('Position', '10 um'), { minItems: 1, title: 'a list of positions' }),
            ),
          },
          { title: 'a region such as `disc: { centre: [50 um, 50 um], radius: 5 um }`' },
        ),
      ],
      { description: 'Where the cells start. Default `domain`.', default: 'domain' },
    ),
  ),
  amounts: Type.Optional(named(quantity('Molecules', '10'), "Amounts that differ from the type's.")),
});

const Obstacle = oneOf(
  {
    disc: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
    ball: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
    box: Type.Optional(keys({ from: vector('Lower corner', '10 um'), to: vector('Upper corner', '20 um') })),
    where: Type.Optional(Rate('A condition on x, y, z', 'x > 50 um and y < 10 um')),
  },
  { title: 'a region such as `disc: { centre: [50 um, 50 um], radius: 5 um }` or `where: x > 50 um`' },
);

const Mechanics = Type.Union(
  [
    Type.Literal('none'),
    keys(
      {
        repulsion: Type.Optional(word(['soft', 'hertz'], 'Law of repulsion of overlapping cells.', 'soft')),
        rate: Type.Optional(quantity('Rate at which an overlap relaxes; default 0.05 /s', '0.05 /s')),
        adhesion: Type.Optional(quantity('Attraction relative to repulsion; default 0', '0.1')),
        range: Type.Optional(quantity('Reach of adhesion between surfaces; default 0', '0.2 um')),
      },
      { title: 'a mapping such as `{ repulsion: soft, rate: 0.05 /s }`' },
    ),
  ],
  { description: 'How cells push each other. Default: soft where a cell type grows, else none.' },
);

const View = keys(
  {
    field: Type.Optional(
      Type.Union(
        [
          Type.String({ title: 'the name of a field' }),
          Type.Array(Type.String({ title: 'the name of a field' }), {
            maxItems: 3,
            title: 'a list of at most 3 names of fields',
          }),
        ],
        { description: 'Field drawn under the cells, or a list of up to three that are blended.' },
      ),
    ),
    cells: Type.Optional(
      Type.String({
        title: '`type`, `lineage`, `age`, `growth`, `phase` or `TYPE.SPECIES`',
        description:
          'What the colour of a cell says: `type`, `lineage`, `age`, `growth`, `phase` or `TYPE.SPECIES`.',
      }),
    ),
    as: Type.Optional(word(['amount', 'concentration'], 'How that species is measured.', 'amount')),
    slice: Type.Optional(
      quantity('Height z of the plane shown of a 3-D domain; default its middle', '50 um'),
    ),
  },
  { description: 'How the scenario is best looked at. Runs do not depend on it.' },
);

const Concentrations = (description: string, example: string) =>
  named(Rate('Concentration', example), description);

const Reservoir = keys(
  {
    face: Type.Enum([...FACES], { description: 'The face of the domain that the reservoir lies behind.' }),
    volume: quantity('Its volume', '1.25 L'),
    inflow: Type.Optional(quantity('What flows through it, volume per time; default 0', '20 L/day')),
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

export const ScenarioSchema = keys(
  {
    cellfield: Type.Literal(1, { description: 'Version of the file format.' }),
    title: Text('One line that names the scenario.'),
    description: Type.Optional(Text('What the scenario shows.')),
    seed: Type.Optional(
      Type.Union([Type.String(), Type.Number()], {
        title: 'a number or text',
        description: 'Seed of all randomness. Default 1.',
        default: 1,
      }),
    ),
    parameters: Type.Optional(
      named(quantity('A value, or an expression of other parameters', '0.05 /s'), 'Named constants.'),
    ),
    domain: keys({
      size: vector('Extent', '200 um'),
      grid: Type.Array(Type.Integer({ minimum: 1, title: 'a whole number above 0' }), {
        minItems: 2,
        maxItems: 3,
        title: 'a list of 2 or 3 whole numbers',
        description: 'Voxels along each axis.',
      }),
      thickness: Type.Optional(quantity('Thickness of the slab that a 2-D domain stands for', '1 um')),
      flow: Type.Optional(
        keys(
          {
            x: Type.Optional(Rate('Velocity along x; may read x, y, z', '10 um/s')),
            y: Type.Optional(Rate('Velocity along y; may read x, y, z', '10 um/s')),
            z: Type.Optional(Rate('Velocity along z; may read x, y, z', '10 um/s')),
          },
          { description: 'Velocity of the medium, which carries all fields. Default none.' },
        ),
      ),
      obstacles: Type.Optional(
        Type.Array(Obstacle, {
          title: 'a list of regions',
          description: 'Regions that no field enters: a voxel whose centre lies in one is solid.',
        }),
      ),
    }),
    time: keys({
      end: quantity('Simulated time, a whole multiple of `step`', '6 h'),
      step: quantity('Length of one coupling step', '2 s'),
      record: Type.Optional(
        quantity(
          'Time between rows of the time series, a whole multiple of `step`; default about end/100',
          '1 min',
        ),
      ),
    }),
    fields: Type.Optional(named(FieldSchema, 'Diffusing substances.')),
    bulk: Type.Optional(named(Reservoir, 'Well-mixed reservoirs behind faces of the domain.')),
    reactions: Type.Optional(named(FieldReactionSchema, 'Reactions of fields with one another.')),
    cells: Type.Optional(named(CellTypeSchema, 'Cell types.')),
    population: Type.Optional(
      Type.Array(PlacementSchema, { title: 'a list of placements', description: 'The cells at the start.' }),
    ),
    mechanics: Type.Optional(Mechanics),
    coupling: Type.Optional(
      keys({
        schedule: Type.Optional(
          word(
            ['weak', 'strong', 'joint', 'auto'],
            'How cells and fields are coupled in time: one pass per step, passes until they agree, or every voxel with its cells as one network; `auto` chooses weak or strong by the time scales at the start.',
            'weak',
          ),
        ),
        splitting: Type.Optional(
          word(['lie', 'strang'], 'Weak: first (lie) or second (strang) order.', 'strang'),
        ),
        sees: Type.Optional(
          word(
            ['end', 'midpoint'],
            'Strong: what cells see of the fields, their end (first order, damps) or their mean over the step (second order).',
            'midpoint',
          ),
        ),
        tolerance: Type.Optional(
          quantity(
            'Strong: largest relative difference between what cells saw and what became of it; default 1e-6',
            '1e-6',
          ),
        ),
        acceleration: Type.Optional(
          word(
            ['newton', 'anderson', 'aitken', 'none'],
            'Strong: how the next guess follows from the last.',
            'newton',
          ),
        ),
        relaxation: Type.Optional(
          quantity('Strong: share of the difference taken in one pass (not by newton); default 1', '0.5'),
        ),
        hops: Type.Optional(
          quantity('Joint: largest diffusivity × part of a step / spacing²; default 0.1', '0.1'),
        ),
        iterations: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 1000,
            default: 50,
            title: 'a whole number from 1 to 1000',
            description: 'Strong: most passes over a step before it is halved.',
          }),
        ),
        kernel: Type.Optional(word(['nearest', 'linear'], 'How a cell touches the grid.', 'linear')),
      }),
    ),
    balance: Type.Optional(
      keys({
        tolerance: Type.Optional(quantity('Largest accepted relative residual; default 1e-10', '1e-10')),
        onBreach: Type.Optional(
          word(
            ['warn', 'stop', 'correct'],
            'What happens beyond it: a note, the end of the run, or the least change of the fields that closes the balance.',
            'stop',
          ),
        ),
      }),
    ),
    diagnostics: Type.Optional(
      keys({
        injectBias: Type.Optional(
          keys(
            {
              channel: Type.String({
                title: 'a reaction as `TYPE.REACTION`',
                description: 'The reaction whose exchange with the fields is to leak, as `TYPE.REACTION`.',
              }),
              relative: quantity('What the fields get too much, relative to what the cells gave', '1e-3'),
            },
            { description: 'Self-test: an interface that leaks on purpose, for the balance to find.' },
          ),
        ),
      }),
    ),
    view: Type.Optional(View),
  },
  { title: 'a scenario', description: 'A Cellfield scenario; see docs/scenario.md.' },
);

export type ScenarioFile = Static<typeof ScenarioSchema>;
export type ConditionFile = Static<typeof BoundaryCondition>;
export type ReservoirFile = Static<typeof Reservoir>;
export type FieldFile = Static<typeof FieldSchema>;
export type FieldReactionFile = Static<typeof FieldReactionSchema>;
export type ReactionFile = Static<typeof ReactionSchema>;
export type CellTypeFile = Static<typeof CellTypeSchema>;
export type DelayFile = Static<typeof Delay>;
export type EventFile = Static<typeof Event>;
export type PartitionFile = Static<typeof Partition>;
export type PartitionLawFile = Static<typeof PartitionLaw>;
export type ViewFile = Static<typeof View>;
export type ObstacleFile = Static<typeof Obstacle>;
export type PlacementFile = Static<typeof PlacementSchema>;

/** The published JSON Schema, as text. */
export function schemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...ScenarioSchema };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
