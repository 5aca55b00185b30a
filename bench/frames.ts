import { advance } from '../src/engine/coupling/step.ts';
import { takeCheckpoint } from '../src/engine/model/checkpoint.ts';
import { createModel, type Model } from '../src/engine/model/model.ts';
import { writeFrame } from '../src/engine/recording/frame.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';

/**
 * What the live view costs the engine: writing a frame of 10⁴ and of 10⁵ cells with a field, as a share of the time when the
 * view asks for one at every opportunity (at most 60 a second, and no more than there are steps). Goal: below 5 %.
 */
function scenario(cells: number, width: number, grid: number): string {
  return `
cellfield: 1
title: frames
seed: 1
domain: { size: [${width} um, ${width} um], grid: [${grid}, ${grid}], thickness: 1 um }
time: { end: 1000 s, step: 1 s }
fields:
  AHL: { diffusivity: 490 um^2/s, decay: 1e-3 /s, initial: 5 nM }
cells:
  sender:
    shape: { disc: { radius: 0.9 um } }
    species: { mRNA: 5, protein: 30, A: 20 }
    growth: 2e-4 /s
    reactions:
      transcription: { equation: "-> mRNA", rate: "0.5 /s * (0.1 + hill(A, 20, 2))" }
      mRNA_decay: { equation: "mRNA ->", k: 0.1 /s }
      translation: { equation: "mRNA -> mRNA + protein", rate: 0.5 /s * mRNA }
      protein_decay: { equation: "protein ->", k: 0.05 /s }
      synthesis: { equation: "protein -> protein + A", rate: 0.05 /s * protein }
      export: { equation: "A -> field.AHL", rate: 0.08 /s * A }
      import: { equation: "field.AHL -> A", rate: 0.08 /s * volume * field.AHL }
    division: { adder: { added: 2.5 um^3, noise: 0.1 }, partition: binomial }
population:
  - { type: sender, count: ${cells}, in: domain }
mechanics: { repulsion: soft, rate: 0.2 /s }
coupling: { schedule: weak, splitting: strang, kernel: linear }
`;
}

/** Best of several repetitions, ms. */
function best(repetitions: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function measure(label: string, model: Model, steps: number): Figure[] {
  for (let i = 0; i < 3; i++) advance(model);
  const step = best(steps, () => advance(model));
  let spare: ArrayBuffer | undefined;
  const frame = best(20, () => {
    spare = writeFrame(model, [], spare).buffer;
  });
  const checkpoint = best(5, () => takeCheckpoint(model));
  // A frame follows at most every step, and at most 60 follow in a second.
  const perSecond = Math.min(60, 1000 / (step + frame));
  return [
    {
      name: `frame, ${label}`,
      value: frame,
      unit: 'ms',
      note: `${((spare?.byteLength ?? 0) / 2 ** 20).toFixed(1)} MiB`,
    },
    {
      name: `share of the engine’s time at up to 60 frames/s, ${label}`,
      value: (100 * perSecond * frame) / 1000,
      unit: '%',
      goal: 5,
      note: `${perSecond.toPrecision(3)} frames/s, a step takes ${step.toPrecision(3)} ms`,
    },
    { name: `keeping a state to go back to, ${label}`, value: checkpoint, unit: 'ms' },
  ];
}

export function* bench(): Generator<Figure> {
  const small = createModel(loadScenario(scenario(10_000, 256, 256)).description);
  yield* measure('10⁴ cells, 256² field', small, 20);
  const large = createModel(loadScenario(scenario(100_000, 800, 256)).description);
  yield* measure('10⁵ cells, 256² field', large, 5);
}

if (import.meta.main) await printFigures(bench());
