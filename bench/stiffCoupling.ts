import { build } from '../src/engine/run/build.ts';
import { simulate } from '../src/engine/run/simulate.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';

/**
 * Cells that eat and signal across membranes a hundred times faster than the step: strong coupling against monolithic. Food is taken
 * up by Michaelis and Menten and turned into a signal that passes in and out at 100 /s; both diffuse.
 */
const STEPS = 5;

function scenario(cells: number, voxels: number, coupling: string): string {
  return `
cellfield: 1
title: Stiff exchange
seed: 1
domain: { size: [${2 * voxels} um, ${2 * voxels} um], grid: [${voxels}, ${voxels}], thickness: 2 um }
time: { end: ${STEPS} s, step: 1 s, record: ${STEPS} s }
fields:
  food: { diffusivity: 200 um^2/s, initial: 5 /um^3, boundary: { all: { value: 5 /um^3 } } }
  signal: { diffusivity: 100 um^2/s, decay: 0.01 /s, initial: 0 /um^3 }
cells:
  maker:
    shape: { disc: { radius: 0.6 um } }
    species: { fuel: 20, S: 5 }
    reactions:
      eat: { equation: field.food -> fuel, continuous: true, rate: 30 /s * field.food / (1 /um^3 + field.food) }
      build: { equation: fuel -> S, continuous: true, rate: "0.5 /s * fuel * (0.2 + hill(field.signal, 1 /um^3, 2))" }
      give: { equation: S -> field.signal, continuous: true, rate: 100 /s * S }
      take: { equation: field.signal -> S, continuous: true, rate: 100 um^3/s * field.signal }
population: [{ type: maker, count: ${cells} }]
coupling: { ${coupling} }
mechanics: none
`;
}

interface Result {
  readonly seconds: number;
  readonly passes: number;
  readonly halved: number;
}

function run(cells: number, voxels: number, coupling: string): Result {
  const model = build(loadScenario(scenario(cells, voxels, coupling)));
  simulate(model, { untilStep: 1 });
  const start = performance.now();
  simulate(model);
  const seconds = (performance.now() - start) / 1000 / (STEPS - 1);
  const { iterations, iteratedWindows, halvedWindows } = model.profile.counts;
  return { seconds, passes: iterations / Math.max(1, iteratedWindows), halved: halvedWindows };
}

export function* bench(): Generator<Figure> {
  for (const [cells, voxels] of [
    [1000, 64],
    [10_000, 128],
  ]) {
    const how = `${cells} cells, ${voxels}²`;
    const mono = run(cells, voxels, 'schedule: monolithic');
    yield {
      name: `a step, monolithic, ${how}`,
      value: mono.seconds,
      unit: 's',
      note: `${mono.passes.toFixed(1)} Newton iterations`,
    };
    for (const sees of ['end', 'midpoint']) {
      try {
        const strong = run(cells, voxels, `schedule: strong, sees: ${sees}`);
        yield {
          name: `strong (${sees}) over monolithic, ${how}`,
          value: strong.seconds / mono.seconds,
          unit: '× the time',
          note: `${strong.passes.toFixed(1)} passes, ${strong.halved} windows halved`,
        };
      } catch (error) {
        yield {
          name: `strong (${sees}), ${how}`,
          value: Number.POSITIVE_INFINITY,
          unit: '× the time',
          note: (error as Error).message,
        };
      }
    }
  }
}

if (import.meta.main) await printFigures(bench());
