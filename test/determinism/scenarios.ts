/**
 * Small scenarios in which everything that carries state from step to step happens within their 120 steps: stochastic and
 * continuous exchange, growth, division, death with release, mechanics.
 */

function colony(coupling: string, mechanics: string): string {
  return `
cellfield: 1
title: A colony in miniature
seed: 7
domain: { size: [40 um, 30 um], grid: [20, 12], thickness: 1 um }
time: { end: 4 min, step: 2 s, record: 20 s }
fields:
  AHL: { diffusivity: 490 um^2/s, decay: 1e-3 /s, initial: 0 nM }
  glucose: { diffusivity: 600 um^2/s, initial: 1 mM, boundary: { all: no-flux, top: { value: 1 mM } } }
cells:
  sender:
    shape: { disc: { radius: 0.6 um } }
    species: { mRNA: 2, LuxI: 10, A: 0 }
    reactions:
      transcription: { equation: "-> mRNA", rate: "0.5 /s * (0.1 + hill(A, 20, 2.5))" }
      mRNA_decay: { equation: "mRNA ->", k: 0.05 /s }
      translation: { equation: "mRNA -> mRNA + LuxI", rate: 0.1 /s * mRNA }
      synthesis: { equation: "LuxI -> LuxI + A", rate: 0.2 /s * LuxI }
      export: { equation: "A -> field.AHL", rate: 0.5 /s * A }
      import: { equation: "field.AHL -> A", rate: 0.5 /s * volume * field.AHL }
      feeding:
        equation: 6.69e6 field.glucose -> biomass
        continuous: true
        rate: 40 /h * biomass * field.glucose / (50 uM + field.glucose)
    division: { adder: { added: 1.2 um^3, noise: 10%, asymmetry: 5% }, partition: binomial }
    death: { rate: "2e-3 /s * (age > 20 s)", release: ["A -> field.AHL", "biomass -> 3e6 field.glucose"] }
  receiver:
    shape: { disc: { radius: 0.5 um } }
    species: { S: 0, R: 50, C: 0 }
    growth: 15 /h
    reactions:
      listen: { equation: "field.AHL -> S", k: 0.3 /s }
      bind: { equation: "S + R -> C", k: 1e-3 um^3/s }
      unbind: { equation: "C -> S + R", k: 0.01 /s }
    division: { sizer: { volume: 1.4 um^3, noise: 5% } }
mechanics: ${mechanics}
population:
  - { type: sender, count: 12, in: { disc: { centre: [20 um, 15 um], radius: 8 um } } }
  - { type: receiver, count: 6 }
coupling: ${coupling}
balance: { tolerance: 1e-12, onBreach: stop }
`;
}

const SPHERES = `
cellfield: 1
title: Spheres that eat and leak
seed: spheres
domain: { size: [20 um, 16 um, 12 um], grid: [10, 8, 6] }
time: { end: 1 min, step: 0.5 s, record: 5 s }
fields:
  oxygen:
    diffusivity: 2000 um^2/s
    decay: 0 /s
    initial: 0.2 mM * (1 + 0.1 * sin(pi * x / (20 um)))
    boundary: { x: periodic, y: no-flux, top: { value: 0.2 mM } }
cells:
  eater:
    shape: { sphere: { radius: 1.5 um } }
    species: { P: 5 }
    growth: 30 /h
    reactions:
      respiration: { equation: "field.oxygen ->", continuous: true, rate: 2e4 /s * field.oxygen / (10 uM + field.oxygen) }
      expression: { equation: "-> 3 P", rate: "0.5 /s / (1 + P / 20)" }
      turnover: { equation: "P ->", k: 0.02 /s }
    division: { adder: { added: 9 um^3, noise: 10% } }
    death: { rate: 1e-3 /s }
population:
  - { type: eater, in: { lattice: { from: [2 um, 2 um, 2 um], to: [18 um, 14 um, 10 um], counts: [3, 2, 2] } } }
coupling: { splitting: strang }
`;

/** The colony with one of its types a rod. */
function rods(mechanics: string): string {
  const text = colony('{ splitting: strang, kernel: linear }', mechanics)
    .replace('shape: { disc: { radius: 0.6 um } }', 'shape: { rod: { radius: 0.4 um, length: 1.5 um } }')
    .replace('asymmetry: 5% }, partition: binomial }', 'asymmetry: 5% }, angularNoise: 0.1 }');
  if (!text.includes('rod:') || !text.includes('angularNoise')) throw new Error('the colony has changed');
  return text;
}

/** The colony with a cycle of phases and a timer in place of volumes. */
function phases(): string {
  const text = colony('{ splitting: strang, kernel: linear }', '{ rate: 0.1 /s }')
    .replace(
      'division: { adder: { added: 1.2 um^3, noise: 10%, asymmetry: 5% }, partition: binomial }',
      `division:
      phases:
        G1: { duration: { mean: 20 s, cv: 0.4 }, until: biomass > 200 fg }
        S: { duration: 15 s }
        G2M: { rate: 0.05 /s * (1 + cycle.G2M) }
      asymmetry: 5%`,
    )
    .replace('rate: 0.1 /s * mRNA', 'rate: 0.1 /s * mRNA * (1 + cycle.S + phase)')
    .replace('{ sizer: { volume: 1.4 um^3, noise: 5% } }', '{ timer: { period: 50 s, noise: 20% } }');
  if (!text.includes('phases:') || !text.includes('timer') || !text.includes('cycle.S'))
    throw new Error('the colony has changed');
  return text;
}

/** The colony of phases, in which cells rest, become others, infect, eat and lyse one another. */
function lives(): string {
  const text = phases()
    .replace(
      '    death: {',
      `    rules:
      rest: { when: LuxI > 60, rate: 0.02 /s, do: quiesce }
      wake: { when: quiescent and age > 20 s, probability: 50%, do: awake }
      settle: { rate: 1e-3 /s * (A > 2), do: become receiver, release: ["A -> field.AHL"] }
      burst: { when: A > 400, do: lyse }
    contacts:
      infect: { with: receiver, rate: 0.02 /s, range: 0.3 um, where: C == 0, equation: "A -> partner.C" }
      eat: { with: receiver, rate: 2e-3 /s, equation: "partner.biomass -> 0.4 biomass", times: all, partner: die }
    death: {`,
    )
    .replace(
      '    growth: 15 /h',
      '    rules: { split: { when: C > 0 and volume > 0.9 um^3, probability: 30%, do: divide } }\n    growth: 15 /h',
    );
  if (!text.includes('burst') || !text.includes('split')) throw new Error('the colony has changed');
  return text;
}

/** The colony, one of whose rates reads the pressure of neighbours. */
function pressed(): string {
  const text = colony('{ splitting: strang, kernel: linear }', '{ rate: 0.1 /s }').replace(
    'rate: 0.1 /s * mRNA',
    'rate: 0.1 /s * mRNA / (1 + 100 * pressure)',
  );
  if (!text.includes('pressure')) throw new Error('the colony has changed');
  return text;
}

const PAIRS =
  '{ rate: 0.1 /s, adhesion: 0.1, range: 0.2 um, pairs: [{ of: [sender, receiver], adhesion: 0, stiffness: 2 }, { of: [sender, sender], range: 0.4 um }] }';

export const SCENARIOS: Readonly<Record<string, string>> = {
  'a colony, Strang splitting, linear kernel': colony(
    '{ splitting: strang, kernel: linear }',
    '{ repulsion: hertz, rate: 0.1 /s, adhesion: 0.1, range: 0.2 um }',
  ),
  'a colony whose types adhere by pair': colony('{ splitting: strang, kernel: linear }', PAIRS),
  'rods and discs that adhere by pair': rods(PAIRS),
  'a colony, Lie splitting, nearest voxel, no mechanics': colony(
    '{ splitting: lie, kernel: nearest }',
    'none',
  ),
  'rods and discs, explicit': rods('{ repulsion: hertz, rate: 0.1 /s, adhesion: 0.1, range: 0.2 um }'),
  'rods and discs, implicit': rods('{ rate: 20 /s, solver: implicit }'),
  'cycles of phases and timers': phases(),
  'rules and contacts': lives(),
  'growth against pressure': pressed(),
  'spheres in three dimensions': SPHERES,
};
