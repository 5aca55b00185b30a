import { advance } from '../src/engine/coupling/step.ts';
import { createModel, type Model } from '../src/engine/model/model.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';
import { createSweeps } from './lodReference.ts';

/**
 * Time to an accuracy of 0.1 % over one hour of 10⁴ cells that eat a nutrient by Monod's law: a dish of 512 µm at 128², the cells in a
 * disc of 200 µm. `fed`: walls held at what is there at first, uptake as fast as diffusion (Thiele modulus 3 where food is scarce).
 * `batch`: closed walls, uptake that starts at ten times its half-saturation and has emptied the dish within the hour.
 *
 * The whole engine (weak coupling, Strang: sampling, circuits, uptake in the field's operator, both sides booked, the balance audited)
 * against first-order LOD with step-lagged uptake, which has the same cells and weights and walls, and books nothing.
 *
 * Each with the longest step (of those that divide a minute, or are a multiple of it that divides the hour) whose largest error at any whole
 * minute that it meets is at most 10⁻³ of the initial concentration. Both are measured against the same converged solution, as both have the
 * same semi-discrete system. Time is the processor's, so that other programs disturb little.
 */
const N = 128;
const SIZE = 512;
const CELLS = 10_000;
const DIFFUSIVITY = 600;
const START = 100;
const HOUR = 3600;
const LOOKS = 60;
const TOLERANCE = 1e-3;

interface Case {
  readonly name: string;
  readonly held: boolean;
  /** Molecules per cell and second at saturation, and molecules/µm³ at half of it. */
  readonly most: number;
  readonly half: number;
}

const CASES: readonly Case[] = [
  { name: 'fed', held: true, most: 170, half: 100 },
  // All would be gone in 2000 s.
  { name: 'batch', held: false, most: (START * SIZE * SIZE) / CELLS / 2000, half: 10 },
];

const scenario = ({ held, most, half }: Case, steps: number) => `
cellfield: 1
title: bench
seed: 1
domain: { size: [${SIZE} um, ${SIZE} um], grid: [${N}, ${N}], thickness: 1 um }
time: { end: ${HOUR} s, step: ${HOUR / steps} s, record: ${HOUR} s }
fields:
  food:
    diffusivity: ${DIFFUSIVITY} um^2/s
    initial: ${START} /um^3
    boundary: { all: ${held ? `{ value: ${START} /um^3 }` : 'no-flux'} }
cells:
  eater:
    shape: { disc: { radius: 0.9 um } }
    species: { eaten: 0 }
    reactions:
      eat: { equation: field.food -> eaten, continuous: true, rate: "${most} /s * field.food / (${half} /um^3 + field.food)" }
population: [{ type: eater, count: ${CELLS}, in: { disc: { centre: [256 um, 256 um], radius: 200 um } } }]
mechanics: none
coupling: { schedule: weak, splitting: strang, kernel: linear }
`;

/** The fields at every minute, and the processor's time, ms. */
interface Run {
  readonly looks: readonly Float64Array[];
  readonly time: number;
}

type Scheme = (steps: number) => Run;

const clock = (): number => process.cpuUsage().user / 1000;

const modelOf = (which: Case, steps: number): Model =>
  createModel(loadScenario(scenario(which, steps)).description);

function ours(which: Case): Scheme {
  return steps => {
    const model = modelOf(which, steps);
    const looks: Float64Array[] = [];
    const start = clock();
    for (let step = 1; step <= steps; step++) {
      advance(model);
      if (step % (steps / LOOKS) === 0) looks.push(model.fields[0].slice());
    }
    return { looks, time: clock() - start };
  };
}

/** Per step: concentrations at the cells, their take at them, spread; applied voxel by voxel, c/(1 + h κ); then the two sweeps. */
function theirs(which: Case): Scheme {
  const { voxel, weight, points } = modelOf(which, LOOKS).kernel;
  const { held, most, half } = which;
  const spacing = SIZE / N;
  return steps => {
    const h = HOUR / steps;
    const sweep = createSweeps(N, (h * DIFFUSIVITY) / spacing ** 2, held ? START : null);
    const c = new Float64Array(N * N).fill(START);
    const kappa = new Float64Array(N * N);
    const scale = (h * most) / (spacing * spacing);
    const looks: Float64Array[] = [];
    const start = clock();
    for (let step = 1; step <= steps; step++) {
      kappa.fill(1);
      for (let first = 0; first < CELLS * points; first += points) {
        let seen = 0;
        for (let k = first; k < first + points; k++) seen += weight[k] * c[voxel[k]];
        const taken = scale / (half + seen);
        for (let k = first; k < first + points; k++) kappa[voxel[k]] += weight[k] * taken;
      }
      for (let v = 0; v < c.length; v++) c[v] /= kappa[v];
      sweep(c);
      if (step % (steps / LOOKS) === 0) looks.push(c.slice());
    }
    return { looks, time: clock() - start };
  };
}

function error({ looks }: Run, converged: Run): number {
  let most = 0;
  looks.forEach((c, i) => {
    c.forEach((value, v) => {
      most = Math.max(most, Math.abs(value - converged.looks[i][v]));
    });
  });
  return most / START;
}

/** Where the search for the reference stops: what is still above the tolerance there is taken on by its first order. */
const MOST_STEPS = 14_400;

/** Least number of steps within the tolerance, a multiple of LOOKS, and the error with it; the error falls with the given order. */
function fewestSteps(scheme: Scheme, converged: Run, order: number, guess: number): [number, number] {
  const whole = (steps: number) => Math.min(MOST_STEPS, Math.max(1, Math.ceil(steps / LOOKS)) * LOOKS);
  let steps = whole(guess);
  let [least, off] = [MOST_STEPS, Number.NaN];
  for (let round = 0; round < 5; round++) {
    const found = error(scheme(steps), converged);
    if (found <= TOLERANCE && steps <= least) [least, off] = [steps, found];
    if (found > TOLERANCE && steps === MOST_STEPS) return [steps, found];
    const next = whole(steps * (found / TOLERANCE) ** (1 / order));
    if (next === steps) break;
    steps = next;
  }
  return [least, off];
}

export function* bench(): Generator<Figure> {
  for (const which of CASES) {
    const converged = ours(which)(3600);
    const [ourSteps, ourError] = fewestSteps(ours(which), converged, 2, 120);
    const [reached, theirError] = fewestSteps(theirs(which), converged, 1, 2400);
    const theirSteps = Math.round(reached * Math.max(1, theirError / TOLERANCE));
    const best = (scheme: Scheme, steps: number, runs: number) =>
      Math.min(...Array.from({ length: runs }, () => scheme(steps).time));
    const ourTime = best(ours(which), ourSteps, 3);
    // Steps are alike: time some of them and multiply.
    const timed = Math.min(theirSteps, 1200);
    const theirTime = (best(theirs(which), timed, 3) * theirSteps) / timed;
    const name = `10⁴ cells eat for an hour, ${which.name}`;
    const bound = theirError > TOLERANCE ? ` at ${reached} steps, and from there of first order` : '';
    yield { name: `${name}: steps`, value: ourSteps, unit: 'steps' };
    yield { name: `${name}: LOD steps`, value: theirSteps, unit: 'steps' };
    yield { name: `${name}: time`, value: ourTime, unit: 'ms' };
    yield { name: `${name}: LOD time`, value: theirTime, unit: 'ms' };
    yield {
      name: `${name}: LOD / ours`,
      value: theirTime / ourTime,
      unit: '×',
      // Nothing stiff and no gradients to speak of: there is less to gain.
      ...(which.held ? { goal: 20 } : {}),
      note: `errors ${ourError.toExponential(2)}, ${theirError.toExponential(2)}${bound}`,
    };
  }
}

if (import.meta.main) await printFigures(bench());
