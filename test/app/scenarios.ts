/** Three cells at known places that leak a dye into a dish: what every test of tools and readings needs, and fast. */
export const DISH = {
  title: 'A dish for tests',
  file: 'dish.yaml',
  text: `# A scenario for tests
cellfield: 1
title: A dish for tests
seed: 5
parameters:
  k: 0.5 /s # made per cell
  D: 20 um^2/s
domain: { size: [40 um, 40 um], grid: [20, 20], thickness: 1 um }
time: { end: 10000 s, step: 0.1 s, record: 10 s }
fields:
  dye: { diffusivity: D, initial: 20 nM + 30 nM * y / (40 um) }
  food: { diffusivity: 2 * D, initial: 1 uM * x / (40 um) }
cells:
  worker:
    shape: { disc: { radius: 2 um } }
    species: { A: 20 }
    reactions:
      make: { equation: "-> A", rate: k }
      export: { equation: "A -> field.dye", k: 0.2 /s }
  idler:
    shape: { disc: { radius: 1 um } }
    species: { A: 3 }
    reactions:
      loss: { equation: "A ->", k: 0.01 /s }
population:
  - { type: worker, in: { points: [[20 um, 20 um], [10 um, 20 um], [30 um, 20 um]] } }
`,
} as const;

/** A rate that falls below zero after two seconds. */
export const NEGATIVE_RATE = {
  title: 'A rate that turns negative',
  file: 'negative-rate.yaml',
  text: `cellfield: 1
title: A rate that turns negative
domain: { size: [40 um, 40 um], grid: [20, 20], thickness: 1 um }
time: { end: 100 s, step: 0.1 s }
fields:
  dye: { diffusivity: 20 um^2/s, initial: 50 nM * x / (40 um) }
cells:
  worker:
    shape: { disc: { radius: 2 um } }
    species: { A: 20 }
    reactions:
      make: { equation: "-> A", rate: "1 /s - time / (2 s)^2" }
population:
  - { type: worker, in: { points: [[20 um, 20 um]] } }
`,
} as const;

/** A tolerance that no arithmetic in double precision can keep. */
export function intolerant(onBreach: 'stop' | 'warn'): { title: string; file: string; text: string } {
  const title = `No tolerance, ${onBreach}`;
  return {
    title,
    file: 'intolerant.yaml',
    text: `cellfield: 1
title: ${title}
domain: { size: [40 um, 40 um], grid: [20, 20], thickness: 1 um }
time: { end: 100 s, step: 0.1 s }
fields:
  dye: { diffusivity: 20 um^2/s, decay: 0.1 /s, initial: "50 nM * (1 + sin(x / (3 um)))" }
balance: { tolerance: 1e-30, onBreach: ${onBreach} }
`,
  };
}
