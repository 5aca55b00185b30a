import { advance } from '../src/engine/coupling/step.ts';
import { takeCheckpoint } from '../src/engine/model/checkpoint.ts';
import { createModel, type Model } from '../src/engine/model/model.ts';
import { writeFrame } from '../src/engine/recording/frame.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';
import { sendersScenario } from './sendersScenario.ts';

/**
 * What the live view costs the engine: writing a frame of 10⁴ and of 10⁵ cells with a field, as a share of the time when the
 * view asks for one at every opportunity (at most 60 a second, and no more than there are steps). Goal: below 5 %.
 */
const scenario = (cells: number, width: number): string =>
  sendersScenario({ cells, width, grid: 256, region: 'domain', splitting: 'strang' });

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
  const small = createModel(loadScenario(scenario(10_000, 256)).description);
  yield* measure('10⁴ cells, 256² field', small, 20);
  const large = createModel(loadScenario(scenario(100_000, 800)).description);
  yield* measure('10⁵ cells, 256² field', large, 5);
}

if (import.meta.main) await printFigures(bench());
