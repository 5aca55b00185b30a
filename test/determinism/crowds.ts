/**
 * Scenarios with enough cells for several blocks of every phase, that grow beyond the room they begin with, while cells divide,
 * die, push one another and exchange with fields in every way.
 */

function crowd(coupling: string, senders = 220): string {
  // One number sizes all.
  const scale = Math.sqrt(senders / 220);
  return `
cellfield: 1
title: A crowd
seed: 11
domain: { size: [${60 * scale} um, ${48 * scale} um], grid: [${30 * scale}, ${24 * scale}], thickness: 1 um }
time: { end: 4 min, step: 2 s, record: 20 s }
fields:
  AHL: { diffusivity: 490 um^2/s, decay: 1e-3 /s, initial: 1 nM }
  glucose: { diffusivity: 600 um^2/s, initial: 5 mM, boundary: { all: { value: 5 mM } } }
cells:
  sender:
    shape: { disc: { radius: 0.6 um } }
    species: { mRNA: 2, LuxI: 10, A: 3 }
    reactions:
      transcription: { equation: "-> mRNA", rate: "0.5 /s * (0.1 + hill(A, 20, 2.5))" }
      mRNA_decay: { equation: "mRNA ->", k: 0.05 /s }
      translation: { equation: "mRNA -> mRNA + LuxI", rate: 0.1 /s * mRNA }
      synthesis: { equation: "LuxI -> LuxI + A", rate: 0.2 /s * LuxI }
      export: { equation: "A -> field.AHL", rate: 0.5 /s * A }
      import: { equation: "field.AHL -> A", rate: 0.5 /s * volume * field.AHL }
      feeding:
        equation: 6.69e5 field.glucose -> biomass
        continuous: true
        rate: 40 /h * biomass * field.glucose / (50 uM + field.glucose)
    division: { adder: { added: 0.3 um^3, noise: 10%, asymmetry: 5% }, partition: binomial }
    death: { rate: "2e-3 /s * (age > 20 s)", release: ["A -> field.AHL"] }
  eater:
    shape: { disc: { radius: 0.5 um } }
    species: { S: 0, R: 50, C: 0 }
    growth: 20 /h
    reactions:
      listen: { equation: "field.AHL -> S", k: 0.3 /s }
      bind: { equation: "S + R -> C", k: 1e-3 um^3/s }
      unbind: { equation: "C -> S + R", k: 0.01 /s }
    division: { sizer: { volume: 1 um^3, noise: 5% } }
mechanics: { repulsion: hertz, rate: 0.1 /s, adhesion: 0.1, range: 0.2 um }
population:
  - { type: sender, count: ${senders}, in: { disc: { centre: [${30 * scale} um, ${24 * scale} um], radius: ${14 * scale} um } } }
  - { type: eater, count: ${Math.round(0.8 * senders)} }
coupling: ${coupling}
balance: { tolerance: 1e-12, onBreach: stop }
`;
}

const TISSUE = `
cellfield: 1
title: A tissue that eats and leaks
seed: tissue
domain: { size: [40 um, 32 um, 24 um], grid: [20, 16, 12] }
time: { end: 1 min, step: 1 s, record: 5 s }
fields:
  oxygen:
    diffusivity: 2000 um^2/s
    decay: 1e-3 /s
    initial: 0.2 mM * (1 + 0.1 * sin(pi * x / (20 um)))
    boundary: { x: periodic, y: no-flux, top: { value: 0.2 mM } }
cells:
  eater:
    shape: { sphere: { radius: 1.5 um } }
    species: { P: 5 }
    growth: 60 /h
    reactions:
      respiration: { equation: "field.oxygen ->", continuous: true, rate: 2e4 /s * field.oxygen / (10 uM + field.oxygen) }
      expression: { equation: "-> 3 P", rate: "0.5 /s / (1 + P / 20)" }
      turnover: { equation: "P ->", k: 0.02 /s }
    division: { adder: { added: 3 um^3, noise: 10% } }
    death: { rate: 1e-3 /s }
population:
  - { type: eater, count: 300 }
mechanics: { repulsion: soft, rate: 0.1 /s }
coupling: { splitting: strang }
`;

/** The crowd with cycles of phases that rates read, cells that rest and become others, and contacts. */
function lives(): string {
  const text = crowd('{ splitting: strang, kernel: linear }')
    .replace(
      'division: { adder: { added: 0.3 um^3, noise: 10%, asymmetry: 5% }, partition: binomial }',
      'division: { phases: { G1: { duration: { mean: 10 s, cv: 0.4 } }, S: { duration: 10 s }, M: { rate: 0.05 /s } } }',
    )
    .replace('rate: 0.1 /s * mRNA', 'rate: 0.1 /s * mRNA * (1 + cycle.S + phase)')
    .replace(
      '    death: {',
      `    rules:
      rest: { when: LuxI > 60, rate: 0.02 /s, do: quiesce }
      wake: { when: quiescent and age > 20 s, probability: 50%, do: awake }
      settle: { rate: 1e-3 /s * (A > 2), do: become eater, release: ["A -> field.AHL"] }
    contacts:
      infect: { with: eater, rate: 0.02 /s, range: 0.3 um, where: C == 0, equation: "A -> partner.C" }
      eat: { with: eater, rate: 2e-3 /s, equation: "partner.biomass -> 0.4 biomass", times: all, partner: die }
    death: {`,
    );
  if (!text.includes('G1') || !text.includes('cycle.S') || !text.includes('infect'))
    throw new Error('the crowd has changed');
  return text;
}

/** The crowd, whose types adhere by pair and one of whose rates reads the pressure of neighbours. */
function pressed(): string {
  const text = crowd('{ splitting: strang, kernel: linear }')
    .replace('rate: 0.1 /s * mRNA', 'rate: 0.1 /s * mRNA / (1 + 100 * pressure)')
    .replace(
      'adhesion: 0.1, range: 0.2 um }',
      'adhesion: 0.1, range: 0.2 um, pairs: [{ of: [sender, eater], adhesion: 0.6, range: 0.5 um, stiffness: 2 }] }',
    );
  if (!text.includes('pairs:') || !text.includes('pressure')) throw new Error('the crowd has changed');
  return text;
}

export const CROWDS = {
  'senders and eaters': crowd('{ splitting: strang, kernel: linear }'),
  'thousands of senders and eaters': crowd('{ splitting: strang, kernel: linear }', 3520),
  'senders and eaters, Lie splitting, nearest voxel': crowd('{ splitting: lie, kernel: nearest }'),
  'senders and eaters, strong coupling': crowd(
    '{ schedule: strong, kernel: linear, sees: end, tolerance: 0.01 }',
  ),
  'lives in phases, under rules and in contact': lives(),
  'types that adhere by pair, under pressure': pressed(),
  'a tissue in three dimensions': TISSUE,
} as const;
