import Type, { type Static } from 'typebox';
import { FACES, KERNEL_SHAPES } from '../fields/field.ts';
import { CellTypeSchema, PlacementSchema } from './schema/cells.ts';
import { ExchangeSchema, StepsSchema } from './schema/coupling.ts';
import { FieldReactionSchema, FieldSchema, Reservoir } from './schema/fields.ts';
import { keys, named, oneOf, quantity, Rate, Text, vector, word } from './schema/forms.ts';
import { InterventionSchema } from './schema/interventions.ts';
import { RecordingSchema } from './schema/recording.ts';

/**
 * The form of a scenario file: the single source of its TypeScript type and of the published JSON Schema
 * (`scenarios/schema.json`, written by scripts/schema.ts). `title` is how messages name what is expected;
 * `description` is what an editor shows. Dimensions, names and geometry are checked when the file is built.
 */

const Obstacle = oneOf(
  {
    disc: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
    ball: Type.Optional(keys({ centre: vector('Centre', '100 um'), radius: quantity('Radius', '5 um') })),
    box: Type.Optional(keys({ from: vector('Lower corner', '10 um'), to: vector('Upper corner', '20 um') })),
    where: Type.Optional(Rate('A condition on x, y, z', 'x > 50 um and y < 10 um')),
  },
  { title: 'a region such as `disc: { centre: [50 um, 50 um], radius: 5 um }` or `where: x > 50 um`' },
);

const PairSchema = keys({
  of: Type.Array(Type.String({ title: 'the name of a cell type' }), {
    minItems: 2,
    maxItems: 2,
    title: 'a list of two cell types, or twice the same',
    description: 'The two cell types.',
  }),
  adhesion: Type.Optional(quantity('Attraction relative to repulsion; default that of all', '0.1')),
  range: Type.Optional(quantity('Reach of their adhesion; default that of all', '0.2 um')),
  stiffness: Type.Optional(quantity('Factor on their repulsion; default 1', '2')),
});

const Mechanics = Type.Union(
  [
    Type.Literal('none'),
    keys(
      {
        repulsion: Type.Optional(word(['soft', 'hertz'], 'Law of repulsion of overlapping cells.', 'soft')),
        rate: Type.Optional(
          quantity('Rate at which an overlap relaxes; default 0.05 /s, implicit 100 /s', '0.05 /s'),
        ),
        solver: Type.Optional(
          word(
            ['explicit', 'implicit'],
            'How cells are moved; implicit for stiff, packed colonies.',
            'explicit',
          ),
        ),
        adhesion: Type.Optional(quantity('Attraction relative to repulsion; default 0', '0.1')),
        range: Type.Optional(quantity('Reach of adhesion between surfaces; default 0', '0.2 um')),
        pairs: Type.Optional(
          Type.Array(PairSchema, {
            title: 'a list such as `[{ of: [a, b], adhesion: 0.3 }]`',
            description: 'What differs between pairs of cell types.',
          }),
        ),
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
            file: Type.Optional(
              Type.String({
                title: 'the name of a CSV or JSON file, or its text',
                description:
                  'A file with the velocity in every voxel or through every face, in place of x, y, z.',
              }),
            ),
            factor: Type.Optional(
              Rate('Factor on the velocity; may read time', '1 + 0.5 * sin(time / (1 s))'),
            ),
            project: Type.Optional(
              Type.Boolean({
                title: 'true or false',
                description: 'Whether divergence is taken out of the flow before the run.',
                default: false,
              }),
            ),
          },
          { description: 'Velocity of the medium, which carries all fields. Default none.' },
        ),
      ),
      boundaryLayer: Type.Optional(
        keys(
          {
            face: Type.Enum([...FACES], { description: 'The face behind which the mixed liquid is.' }),
            thickness: quantity('Thickness of the liquid that is not mixed, over the cells', '40 um'),
          },
          {
            description:
              'A layer that follows the surface of the cells; beyond it fields are what lies behind the face.',
          },
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
    interventions: Type.Optional(
      named(
        InterventionSchema,
        'What is done to the run on a schedule: doses, washes, cells added or removed, parameters changed.',
      ),
    ),
    detachment: Type.Optional(
      keys(
        {
          substratum: Type.Array(Type.Enum([...FACES, 'obstacles']), {
            minItems: 1,
            title: 'a list of faces and `obstacles`',
            description: 'What holds the film.',
          }),
          range: Type.Optional(
            quantity('Largest gap at which surfaces hold together; default 0.1 um', '0.2 um'),
          ),
          every: Type.Optional(
            quantity('Time between two turns, a whole multiple of `step`; default `step`', '1 min'),
          ),
          sloughing: Type.Optional(
            Type.Boolean({
              description: 'Whether clusters that nothing holds leave. Default true.',
              default: true,
            }),
          ),
          erosion: Type.Optional(
            Rate('Rate at which cells at the surface leave; may read x, y, z', '1e-5 /s * (y / (10 um))^2'),
          ),
        },
        { description: 'How cells leave from a film: by the cluster, and from its surface. Default not.' },
      ),
    ),
    mechanics: Type.Optional(Mechanics),
    coupling: Type.Optional(
      keys({
        schedule: Type.Optional(
          word(
            ['weak', 'strong', 'joint', 'monolithic', 'auto'],
            'How cells and fields are coupled in time: one pass per step, passes until they agree, every voxel with its cells as one network, or continuous reactions and fields as one implicit system; `auto` chooses by the errors predicted at the start.',
            'weak',
          ),
        ),
        splitting: Type.Optional(
          word(['lie', 'strang'], 'Weak: first (lie) or second (strang) order.', 'strang'),
        ),
        sees: Type.Optional(
          word(
            ['end', 'midpoint', 'linear'],
            'Strong: what cells see of the fields, their end (first order, damps), the mean of start and end, or the line from start to end (second order).',
            'midpoint',
          ),
        ),
        tolerance: Type.Optional(
          quantity(
            'Strong: largest relative difference between what cells saw and what became of it; default 1e-6. Monolithic: largest relative residual; default 1e-9',
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
            description:
              'Strong: most passes over a step before it is halved; monolithic: most Newton iterations of a stage.',
          }),
        ),
        steps: Type.Optional(StepsSchema),
        exchange: Type.Optional(ExchangeSchema),
        kernel: Type.Optional(word([...KERNEL_SHAPES], 'How a cell touches the grid.', 'linear')),
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
    recording: Type.Optional(RecordingSchema),
    view: Type.Optional(View),
  },
  { title: 'a scenario', description: 'A Cellfield scenario; see docs/scenario.md.' },
);

export type ScenarioFile = Static<typeof ScenarioSchema>;

export type ViewFile = Static<typeof View>;

export type ObstacleFile = Static<typeof Obstacle>;

/** The published JSON Schema, as text. */
export function schemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...ScenarioSchema };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
