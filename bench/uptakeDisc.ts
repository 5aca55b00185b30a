import type { Boundary, FieldDescription } from '../src/engine/fields/field.ts';
import { createGrid } from '../src/engine/fields/grid.ts';
import { createFieldSolver } from '../src/engine/fields/solver.ts';
import { type Figure, printFigures } from './figure.ts';
import { createLodReference } from './lodReference.ts';

/**
 * Time to an accuracy of 0.1 % on the uptake disc at 512²: a 1000 µm square at 38, uptake 3.1175 /min within 250 µm of
 * its middle, D = 10⁵ µm²/min, decay 0.1 /min, for 1 min, with closed walls or with 38 held at them. For each scheme the
 * largest step (1 / a whole number of steps) whose maximum error relative to 38 is at most 10⁻³, then the time it takes.
 * Each scheme is measured against the converged solution of its own semi-discrete system: half-cell walls for ours,
 * outermost voxels held at 38 for the reference, which overwrites them (and so, with fixed walls, needs 73,000 steps: the
 * search stops at MOST_STEPS and the ratio is a lower bound).
 */
const N = 512;
const SIZE = 1000;
const START = 38;
const TOLERANCE = 1e-3;
const SPACING = SIZE / N;
const DIFFUSIVITY = 1e5;
const DECAY = 0.1;

const uptake = Float64Array.from({ length: N * N }, (_, v) => {
  const x = ((v % N) + 0.5) * SPACING - SIZE / 2;
  const y = (Math.floor(v / N) + 0.5) * SPACING - SIZE / 2;
  return Math.hypot(x, y) <= 250 ? 3.1175 : 0;
});

/** The state after one minute in `steps` steps. */
type Scheme = (steps: number) => Float64Array;

/** The scheme as it is, or `cut` into the parts that a model's window would be for the grid's sharpest modes to be damped. */
function trBdf2(
  wall: Boundary,
  sinks: Float64Array,
  cut: boolean,
  source: Float64Array | null = null,
): Scheme {
  const grid = createGrid(2, [N, N, 1], [SIZE, SIZE, 1]);
  const solver = createFieldSolver(grid);
  const field: FieldDescription = {
    name: 'oxygen',
    diffusivity: DIFFUSIVITY,
    decay: DECAY,
    initial: { kind: 'number', value: START },
    boundary: [wall, wall, wall, wall, wall, wall],
  };
  const exposure = new Float64Array(grid.voxels);
  return steps => {
    let c = new Float64Array(grid.voxels).fill(START);
    let next = new Float64Array(grid.voxels);
    for (let step = 0; step < steps; step++) {
      if (cut) solver.advance(field, c, 1 / steps, source, sinks, next, exposure);
      else solver.advanceBy('tr-bdf2', field, c, 1 / steps, source, sinks, next, exposure);
      [c, next] = [next, c];
    }
    return c;
  };
}

function lod(wall: number | null): Scheme {
  return steps => {
    const c = new Float64Array(N * N).fill(START);
    const { step } = createLodReference(N, SPACING, DIFFUSIVITY, DECAY, uptake, 1 / steps, wall);
    for (let i = 0; i < steps; i++) step(c);
    return c;
  };
}

/**
 * The converged solution with the outermost voxels held at 38: there a sink of 10⁹ /min and a source that balances it
 * leave nothing else to say (D/h² is 2.6 · 10⁴ /min, so they stay within 10⁻⁴ of the difference to their neighbours).
 */
function heldReference(): Float64Array {
  const pin = 1e9;
  const sinks = uptake.slice();
  const source = new Float64Array(N * N);
  for (let v = 0; v < N * N; v++) {
    const [i, j] = [v % N, Math.floor(v / N)];
    if (i > 0 && i < N - 1 && j > 0 && j < N - 1) continue;
    sinks[v] = pin;
    source[v] = START * (pin + DECAY);
  }
  return trBdf2({ kind: 'no-flux' }, sinks, true, source)(400);
}

function error(scheme: Scheme, steps: number, converged: Float64Array): number {
  const c = scheme(steps);
  let most = 0;
  for (let v = 0; v < c.length; v++) most = Math.max(most, Math.abs(c[v] - converged[v]));
  return most / START;
}

/** Where the search stops; what is still above the tolerance there gives a lower bound. */
const MOST_STEPS = 4000;

/** Least number of steps within the tolerance, or MOST_STEPS; the error falls with the given order of the step. */
function fewestSteps(scheme: Scheme, converged: Float64Array, order: number, guess: number): number {
  let steps = guess;
  for (let round = 0; round < 4 && steps < MOST_STEPS; round++) {
    const found = error(scheme, steps, converged);
    steps = Math.max(1, Math.round(steps * (found / TOLERANCE) ** (1 / order)));
  }
  while (steps < MOST_STEPS && error(scheme, steps, converged) > TOLERANCE) {
    steps = Math.max(steps + 1, Math.round(steps * 1.01));
  }
  return Math.min(steps, MOST_STEPS);
}

/** Milliseconds per step, the fastest of several runs of a few steps. */
function stepTime(scheme: Scheme, steps: number, runs: number): number {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    scheme(steps);
    best = Math.min(best, (performance.now() - start) / steps);
  }
  return best;
}

export function* bench(): Generator<Figure> {
  for (const [name, wall] of [
    ['closed walls', { kind: 'no-flux' }],
    ['fixed walls', { kind: 'value', value: START }],
  ] as const) {
    const held = wall.kind === 'value';
    const ours = trBdf2(wall, uptake, false);
    const damped = trBdf2(wall, uptake, true);
    const theirs = lod(held ? START : null);
    // TR-BDF2's error is second order: at 400 steps below 10⁻⁶, a thousandth of the tolerance.
    const converged = ours(400);
    const ourSteps = fewestSteps(ours, converged, 2, 20);
    const convergedHeld = held ? heldReference() : converged;
    const theirSteps = fewestSteps(theirs, convergedHeld, 1, 100);
    const ourTime = ourSteps * stepTime(ours, ourSteps, 20);
    // Steps are alike: time some of them and multiply.
    const theirTime = theirSteps * stepTime(theirs, Math.min(theirSteps, 50), 20);
    const note = `errors ${error(ours, ourSteps, converged).toExponential(2)}, ${error(theirs, theirSteps, convergedHeld).toExponential(2)}`;
    yield* [
      { name: `uptake disc, ${name}: TR-BDF2 steps`, value: ourSteps, unit: 'steps/min' },
      { name: `uptake disc, ${name}: LOD steps`, value: theirSteps, unit: 'steps/min' },
      { name: `uptake disc, ${name}: TR-BDF2 time`, value: ourTime, unit: 'ms' },
      { name: `uptake disc, ${name}: LOD time`, value: theirTime, unit: 'ms' },
      {
        name: `uptake disc, ${name}: LOD / TR-BDF2`,
        value: theirTime / ourTime,
        unit: '×',
        goal: 12,
        note,
      },
      {
        name: `uptake disc, ${name}: LOD / one damped window`,
        value: theirTime / stepTime(damped, 1, 5),
        unit: '×',
        note: `error ${error(damped, 1, converged).toExponential(2)}`,
      },
    ];
  }
}

if (import.meta.main) await printFigures(bench());
