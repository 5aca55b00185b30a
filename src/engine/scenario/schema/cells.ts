import Type, { type Static } from 'typebox';
import { METHOD_NAMES } from '../../circuits/methods.ts';
import { FACES } from '../../fields/field.ts';
import { Equation, keys, named, oneOf, quantity, Rate, Text, vector, word } from './forms.ts';

/** Form of `cells` and `population`. */

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

const Phase = keys({
  duration: Type.Optional(Delay),
  rate: Type.Optional(Rate('Rate at which the phase ends, once its duration is over', '0.1 /h')),
  until: Type.Optional(
    Type.String({
      title: 'a condition such as `volume > 2 um^3`',
      description: 'A checkpoint: the phase does not end before this holds.',
    }),
  ),
});

const Division = keys(
  {
    adder: Type.Optional(
      keys({ added: quantity('Volume added between birth and division', '1.2 um^3'), ...DivisionNoise }),
    ),
    sizer: Type.Optional(keys({ volume: quantity('Volume at division', '2.4 um^3'), ...DivisionNoise })),
    timer: Type.Optional(
      keys({
        period: quantity('Time from birth to division', '40 min'),
        noise: Type.Optional(
          quantity('Coefficient of variation of that time from cell to cell (gamma law); default 0', '0.1'),
        ),
        asymmetry: DivisionNoise.asymmetry,
      }),
    ),
    phases: Type.Optional(
      named(
        Phase,
        'Phases of the cycle, in order; the cell divides at the end of the last. `cycle.NAME` is 1 in a phase, else 0.',
      ),
    ),
    asymmetry: DivisionNoise.asymmetry,
    angularNoise: Type.Optional(
      quantity(
        "Rods: standard deviation (rad) of the angle between a daughter's axis and the mother's; default 0.02",
        '0.05',
      ),
    ),
    partition: Type.Optional(Partition),
  },
  { oneOf: ['adder', 'sizer', 'timer', 'phases'].map(key => ({ required: [key] })) },
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

const Releases = Type.Array(Equation('Run to completion, such as `A -> field.AHL`.'), {
  title: 'a list of equations',
  description: 'What the cell gives back when it dies or becomes another, in order.',
});

const DeedText = 'one of `become TYPE`, `quiesce`, `awake`, `divide`, `die`, `lyse`';

const RuleSchema = keys({
  when: Type.Optional(
    Type.String({
      title: 'a condition such as `A > 100`',
      description: 'While this holds. Default: always.',
    }),
  ),
  rate: Type.Optional(Rate('Rate at which it happens; without: at once', '0.1 /h')),
  probability: Type.Optional(
    quantity('Of a rule without a rate: probability each time that the condition comes true', '0.1'),
  ),
  do: Type.String({ title: DeedText, description: 'What becomes of the cell.' }),
  release: Type.Optional(Releases),
});

const ContactSchema = keys({
  with: Text('Name of the cell type of the partner.'),
  rate: Rate('Rate per pair of cells that touch', '0.1 /h'),
  range: Type.Optional(quantity('Distance of surfaces up to which cells touch; default 0.1 um', '0.1 um')),
  when: Type.Optional(
    Type.String({ title: 'a condition such as `A > 100`', description: 'While this holds in the cell.' }),
  ),
  where: Type.Optional(
    Type.String({ title: 'a condition such as `A > 100`', description: 'While this holds in the partner.' }),
  ),
  equation: Type.Optional(Equation('What then happens, such as `plasmid -> plasmid + partner.plasmid`.')),
  times: Type.Optional(
    Type.Union([Type.Literal('all'), Type.Integer({ minimum: 1 })], {
      title: '`all` or a whole number above 0',
      description: 'How often at most the equation is carried out.',
      default: 1,
    }),
  ),
  do: Type.Optional(Type.String({ title: DeedText, description: 'What then becomes of the cell.' })),
  partner: Type.Optional(Type.String({ title: DeedText, description: 'What then becomes of the partner.' })),
  release: Type.Optional(Releases),
  partnerRelease: Type.Optional(Releases),
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

const MotionSchema = keys(
  {
    motility: Type.Optional(Rate('Coefficient of random motion, like a diffusivity', '5 um^2/s')),
    chemotaxis: Type.Optional(
      named(
        Rate('Velocity per gradient of a field', '100 um^2/s / (1 uM)'),
        'Drift along the gradients of fields.',
      ),
    ),
    run: Type.Optional(
      keys({
        speed: Rate('Speed of runs', '20 um/s'),
        tumble: Rate('Rate of tumbles; may read change.FIELD', '1 /s * exp(-change.food / (1 uM/s))'),
      }),
    ),
    carried: Type.Optional(quantity('Share of the velocity of the flow; default 0', '1')),
    attachment: Type.Optional(
      keys({
        rate: Rate('Rate at which a cell beside a surface attaches to it', '0.1 /s'),
        detachment: Type.Optional(Rate('Rate at which it lets go', '0.01 /s')),
        range: Type.Optional(quantity('Largest gap to the surface; default 0.1 um', '0.2 um')),
        to: Type.Optional(
          Type.Array(Type.Enum([...FACES, 'obstacles']), {
            minItems: 1,
            title: 'a list of faces and `obstacles`',
            description: 'Surfaces. Default all.',
          }),
        ),
      }),
    ),
  },
  { description: 'How cells move by themselves.' },
);

export const CellTypeSchema = keys({
  shape: oneOf({
    disc: Type.Optional(keys({ radius: quantity('Radius of a new cell (2-D)', '0.6 um') })),
    sphere: Type.Optional(keys({ radius: quantity('Radius of a new cell (3-D)', '0.6 um') })),
    rod: Type.Optional(
      keys({
        radius: quantity('Radius, half the width of the cell: constant', '0.5 um'),
        length: quantity('Length of a new cell from pole to pole', '2 um'),
      }),
    ),
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
  motion: Type.Optional(MotionSchema),
  rules: Type.Optional(named(RuleSchema, 'What becomes of cells under conditions.')),
  contacts: Type.Optional(named(ContactSchema, 'What cells do to those that they touch.')),
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
            table: Type.Optional(
              Text(
                'A CSV file with a line for each cell: place, and where wanted type, axis and molecules; or its text.',
              ),
            ),
            image: Type.Optional(
              keys({
                file: Text('A PNG file, beside the scenario, or its content as a data URL.'),
                from: Type.Optional(
                  vector('Lower corner of what the picture covers; default that of the domain', '10 um'),
                ),
                to: Type.Optional(
                  vector('Upper corner of what it covers; default that of the domain', '90 um'),
                ),
                threshold: Type.Optional(
                  quantity('Brightness from which a pixel holds cells; default 50%', '50%'),
                ),
                dark: Type.Optional(
                  Type.Boolean({
                    description: 'Cells lie where the picture is darker than that. Default false.',
                    default: false,
                  }),
                ),
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
  axis: Type.Optional(
    Type.Array(quantity('Component', '1'), {
      minItems: 2,
      maxItems: 3,
      title: 'a list of 2 or 3 numbers',
      description: 'Direction in which rods lie, of any length. Default: drawn for each.',
    }),
  ),
  amounts: Type.Optional(named(quantity('Molecules', '10'), "Amounts that differ from the type's.")),
});

export type ReactionFile = Static<typeof ReactionSchema>;

export type MotionFile = Static<typeof MotionSchema>;

export type CellTypeFile = Static<typeof CellTypeSchema>;

export type RuleFile = Static<typeof RuleSchema>;

export type ContactFile = Static<typeof ContactSchema>;

export type DelayFile = Static<typeof Delay>;

export type EventFile = Static<typeof Event>;

export type PartitionFile = Static<typeof Partition>;

export type PartitionLawFile = Static<typeof PartitionLaw>;

export type PlacementFile = Static<typeof PlacementSchema>;
