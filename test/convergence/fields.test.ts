import { describe, expect, it } from 'vitest';
import type { SolverChoice } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import {
  all,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  observedOrder,
  rungeKutta,
} from '../fields/semiDiscrete.ts';

const DIFFUSIVITY = 1.7;
const DECAY = 0.2;
const END = 0.5;

/** cos along every axis of an n-voxel box of sides 2, 3 (and 2.5), one half wave each, plus 1 to stay positive. */
function cosineProblem(n: number, deep: boolean) {
  const size = [2, 3, deep ? 2.5 : 1] as const;
  const grid = makeGrid([n, n, deep ? n : 1], size);
  const axes = deep ? [0, 1, 2] : [0, 1];
  const mode = Float64Array.from({ length: grid.voxels }, (_, v) => {
    const place = [v % n, Math.floor(v / n) % n, Math.floor(v / (n * n))];
    return axes.reduce((product, axis) => product * Math.cos((Math.PI * (place[axis] + 0.5)) / n), 1);
  });
  const exactRate = axes.reduce((sum, axis) => sum + DIFFUSIVITY * (Math.PI / size[axis]) ** 2, 0);
  const discreteRate = axes.reduce((sum, axis) => {
    const h = grid.spacing[axis];
    return sum + DIFFUSIVITY * ((2 / h) * Math.sin(((Math.PI / size[axis]) * h) / 2)) ** 2;
  }, 0);
  /** The solution at END with the mode decaying at the given rate. */
  const at = (rate: number) =>
    mode.map(value => Math.exp(-DECAY * END) * (1 + value * Math.exp(-rate * END)));
  return { grid, start: mode.map(value => 1 + value), exact: at(exactRate), semiDiscrete: at(discreteRate) };
}

function run(
  grid: ReturnType<typeof makeGrid>,
  start: Float64Array,
  steps: number,
  name: SolverChoice = 'adi',
): Float64Array {
  const solver = createFieldSolver(grid);
  const field = { ...makeField(DIFFUSIVITY, DECAY, all(NO_FLUX)), solver: name };
  let c = start.slice();
  let next = new Float64Array(grid.voxels);
  for (let step = 0; step < steps; step++) {
    expect(solver.advance(field, c, END / steps, null, null, next, null).scheme).toBe('tr-bdf2');
    [c, next] = [next, c];
  }
  return c;
}

describe('decaying cosine mode on a closed box', () => {
  for (const [dimensions, deep, n] of [
    ['2-D', false, 16],
    ['3-D', true, 10],
  ] as const) {
    it(`is second order in time in ${dimensions}`, () => {
      const { grid, start, semiDiscrete } = cosineProblem(n, deep);
      const counts = [20, 40, 80, 160];
      const errors = counts.map(steps => maximumDifference(run(grid, start, steps), semiDiscrete));
      const order = observedOrder(
        counts.map(steps => END / steps),
        errors,
      );
      expect(Math.abs(order - 2)).toBeLessThan(0.15);
      expect(errors[3]).toBeLessThan(2e-4);
    });

    it(`is second order in space in ${dimensions}`, () => {
      const counts = deep ? [6, 9, 12, 18] : [8, 16, 32, 64];
      const errors = counts.map(count => {
        const { grid, start, exact } = cosineProblem(count, deep);
        // 1600 steps: the error in time is two orders below that in space.
        return maximumDifference(run(grid, start, deep ? 400 : 1600), exact);
      });
      const order = observedOrder(
        counts.map(count => 1 / count),
        errors,
      );
      expect(Math.abs(order - 2)).toBeLessThan(0.15);
    });

    for (const name of ['multigrid', 'spectral'] as const) {
      it(`is second order in time and in space in ${dimensions} without factorisation, by ${name}`, () => {
        const { grid, start, semiDiscrete } = cosineProblem(n, deep);
        const steps = [10, 20, 40];
        const inTime = steps.map(count => maximumDifference(run(grid, start, count, name), semiDiscrete));
        expect(
          Math.abs(
            observedOrder(
              steps.map(count => END / count),
              inTime,
            ) - 2,
          ),
        ).toBeLessThan(0.15);
        const sides = deep ? [5, 6, 9] : [8, 12, 16];
        const inSpace = sides.map(count => {
          const problem = cosineProblem(count, deep);
          return maximumDifference(run(problem.grid, problem.start, 100, name), problem.exact);
        });
        expect(
          Math.abs(
            observedOrder(
              sides.map(count => 1 / count),
              inSpace,
            ) - 2,
          ),
        ).toBeLessThan(0.15);
      });
    }
  }
});

describe('fixed values as rows of the matrix', () => {
  it('is second order in time against the semi-discrete system with dx ≠ dy and unequal walls', () => {
    const boundary = [fixed(3), NO_FLUX, fixed(0.5), fixed(2), NO_FLUX, NO_FLUX] as const;
    const grid = makeGrid([14, 9, 1], [7, 9, 1], boundary);
    const field = makeField(DIFFUSIVITY, DECAY, boundary);
    const start = Float64Array.from({ length: grid.voxels }, (_, v) => 1 + Math.cos(v / 9));
    const source = Float64Array.from({ length: grid.voxels }, (_, v) => (v % 5) / 4);
    const uptake = Float64Array.from({ length: grid.voxels }, (_, v) => (v % 3) / 2);
    const reference = rungeKutta(grid, field, start, source, uptake, END, 400);
    const counts = [20, 40, 80, 160];
    const errors = counts.map(steps => {
      const solver = createFieldSolver(grid);
      let c = start.slice();
      let next = new Float64Array(grid.voxels);
      for (let step = 0; step < steps; step++) {
        solver.advance(field, c, END / steps, source, uptake, next, null);
        [c, next] = [next, c];
      }
      return maximumDifference(c, reference);
    });
    const order = observedOrder(
      counts.map(steps => END / steps),
      errors,
    );
    expect(Math.abs(order - 2)).toBeLessThan(0.15);
  });

  it('the positive scheme and the prediction are first order', () => {
    const boundary = [fixed(3), NO_FLUX, fixed(0.5), fixed(2), NO_FLUX, NO_FLUX] as const;
    const grid = makeGrid([14, 9, 1], [7, 9, 1], boundary);
    const field = makeField(DIFFUSIVITY, DECAY, boundary);
    const start = Float64Array.from({ length: grid.voxels }, (_, v) => 1 + Math.cos(v / 9));
    const uptake = Float64Array.from({ length: grid.voxels }, (_, v) => (v % 3) / 2);
    const reference = rungeKutta(grid, field, start, null, uptake, END, 400);
    const solver = createFieldSolver(grid);
    const counts = [80, 160, 320];
    for (const scheme of ['positive', 'prediction']) {
      const errors = counts.map(steps => {
        let c = start.slice();
        let next = new Float64Array(grid.voxels);
        for (let step = 0; step < steps; step++) {
          if (scheme === 'prediction') solver.predict(field, c, END / steps, null, uptake, next);
          else solver.advanceBy('positive', field, c, END / steps, null, uptake, next, null);
          [c, next] = [next, c];
        }
        return maximumDifference(c, reference);
      });
      const order = observedOrder(
        counts.map(steps => END / steps),
        errors,
      );
      expect(Math.abs(order - 1)).toBeLessThan(0.15);
    }
  });
});

describe('secreting slab, steady', () => {
  // µm and min; a constant source in the left half.
  const length = 1000;
  const n = 50;
  const diffusivity = 1e5;
  const decay = 1;
  const rate = 2;
  const grid = makeGrid([n, 5, 1], [length, 100, 20]);
  const field = makeField(diffusivity, decay, all(NO_FLUX));
  const source = Float64Array.from({ length: grid.voxels }, (_, v) => (v % n < n / 2 ? rate : 0));

  /** Runs until it stands still; 60 min is e⁻⁶⁰ of the slowest transient. */
  function steady(step: number): Float64Array {
    const solver = createFieldSolver(grid);
    let c = new Float64Array(grid.voxels);
    let next = new Float64Array(grid.voxels);
    for (let i = Math.round(60 / step); i > 0; i--) {
      solver.advance(field, c, step, source, null, next, null);
      [c, next] = [next, c];
    }
    return c;
  }

  it('does not depend on the step', () => {
    const coarse = steady(1);
    const fine = steady(0.01);
    const largest = Math.max(...fine);
    expect(maximumDifference(coarse, fine) / largest).toBeLessThan(1e-10);
    expect(total(coarse)).toBeCloseTo((rate / decay) * (grid.voxels / 2), 8);
  });

  it('is the piecewise cosh, to second order in the spacing', () => {
    const reach = Math.sqrt(diffusivity / decay);
    const half = length / 2;
    const c = steady(0.1);
    // Both halves are closed at the outside; value and slope agree in the middle, so each half carries rate/2 there.
    const exact = (x: number) => {
      const shape = (0.5 * rate) / decay / Math.cosh(half / reach);
      return x < half ? rate / decay - shape * Math.cosh(x / reach) : shape * Math.cosh((length - x) / reach);
    };
    const h = length / n;
    let worst = 0;
    for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(c[i] - exact((i + 0.5) * h)));
    // Truncation: h²/24 · c″ per voxel mean and the like; (h/reach)² = 4e-3.
    expect(worst / rate).toBeLessThan((h / reach) ** 2 / 8);
    expect(worst).toBeGreaterThan(0);
  });
});
