import { advance } from '../src/engine/coupling/step.ts';
import { stateHash } from '../src/engine/model/hash.ts';
import { createModel, type Model } from '../src/engine/model/model.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { startThreads } from '../src/threads/index.ts';
import { type Figure, printFigures } from './figure.ts';
import { sendersScenario } from './sendersScenario.ts';

/**
 * The whole step on 1 and 2 threads: packed, growing discs with a circuit, stochastic exchange with a field, contacts, division
 * and the balance audited; and what a step takes of memory. On a machine that does something else meanwhile the speed-up says
 * nothing: members of a crew wait for each other.
 */
const SIDE = 316;
const WARM_UP = 6;
const ROUNDS = 4;
const STEPS = 5;

function make(side: number, grid: number, threads: number): Model {
  const width = 2 * side + 2;
  const [from, to] = [2, width - 2].map(at => `[${at} um, ${at} um]`);
  const region = `{ lattice: { from: ${from}, to: ${to}, counts: [${side}, ${side}] } }`;
  const text = sendersScenario({ cells: side * side, width, grid, region, splitting: 'strang' });
  const scenario = loadScenario(text.replace(/count: \d+, /, ''));
  return createModel(scenario.description, {
    now: () => performance.now(),
    threads: threads === 1 ? null : startThreads(threads),
  });
}

/** Waits until all threads are there. */
async function muster({ crew }: Model): Promise<void> {
  while (crew.present() < crew.threads) await new Promise(resolve => setTimeout(resolve, 10));
}

async function stepsPerSecond(model: Model): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) {
    advance(model);
    await muster(model);
  }
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < STEPS; i++) advance(model);
    best = Math.max(best, (1000 * STEPS) / (performance.now() - start));
  }
  return best;
}

/** Bytes of objects made per step: what the garbage collector will have to see to. */
function allocatedPerStep(model: Model): number {
  const steps: number[] = [];
  for (let i = 0; i < 4 * STEPS; i++) {
    const before = process.memoryUsage().heapUsed;
    advance(model);
    steps.push(process.memoryUsage().heapUsed - before);
  }
  // Less than nothing where a collection came between.
  const grown = steps.filter(bytes => bytes >= 0).sort((a, b) => a - b);
  return grown[Math.floor(grown.length / 2)];
}

export async function* bench(): AsyncGenerator<Figure> {
  const alone = make(SIDE, 400, 1);
  const one = await stepsPerSecond(alone);
  const cells = `${alone.population.count.toLocaleString('en')} cells, 400² field, strang`;
  yield { name: `${cells}, 1 thread`, value: one, unit: 'steps/s', note: shares(alone) };
  const both = make(SIDE, 400, 2);
  const two = await stepsPerSecond(both);
  yield { name: `${cells}, 2 threads`, value: two, unit: 'steps/s', note: shares(both) };
  const same = stateHash(both) === stateHash(alone);
  yield {
    name: 'speed-up',
    value: two / one,
    unit: '×',
    goal: 1.7,
    note: same ? 'same state' : 'ANOTHER STATE',
  };
  both.threads?.dismiss();
  yield { name: 'objects made', value: allocatedPerStep(alone), unit: 'bytes/step' };

  const large = make(1000, 3163, 1);
  for (let i = 0; i < 2; i++) advance(large);
  const start = performance.now();
  advance(large);
  const seconds = (performance.now() - start) / 1000;
  const { voxels } = large.description.grid;
  const name = `${large.population.count.toLocaleString('en')} cells, ${voxels.toLocaleString('en')} voxels`;
  yield { name: `${name}: a step`, value: seconds, unit: 's', note: shares(large) };
  yield {
    name: `${name}: memory`,
    value: process.resourceUsage().maxRSS / 2 ** 20,
    unit: 'GiB',
    goal: 8,
    note: 'of the whole process',
  };
}

function shares({ profile }: Model): string {
  const phases = profile.byPhase();
  const total = Object.values(phases).reduce((a, b) => a + b, 0);
  return Object.entries(phases)
    .filter(([, seconds]) => seconds > 0.02 * total)
    .map(([phase, seconds]) => `${phase} ${Math.round((100 * seconds) / total)} %`)
    .join(', ');
}

if (import.meta.main) await printFigures(bench());
