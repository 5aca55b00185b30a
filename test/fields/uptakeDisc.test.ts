import { describe, expect, it } from 'vitest';
import type { Boundary } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { all, fixed, makeField, makeGrid, maximumDifference, NO_FLUX, rungeKutta } from './semiDiscrete.ts';

// Lengths in µm, times in minutes here: the solver only sees numbers.
const START = 38;
const END = 1;

/** Uptake 3.1175 /min in the voxels whose centre is within a radius of the middle of the domain. */
function uptakeBall(n: number, spacing: number, radius: number, deep: boolean): Float64Array {
  const uptake = new Float64Array(deep ? n ** 3 : n ** 2);
  for (let v = 0; v < uptake.length; v++) {
    const place = [v % n, Math.floor(v / n) % n, deep ? Math.floor(v / (n * n)) : (n - 1) / 2];
    const distance = spacing * Math.hypot(...place.map(i => i - (n - 1) / 2));
    if (distance <= radius) uptake[v] = 3.1175;
  }
  return uptake;
}

/** Maximum error relative to the start value at t = 1 min, for each step. */
function errors(
  n: number,
  radius: number,
  deep: boolean,
  wall: Boundary,
  steps: readonly number[],
  references: number,
) {
  const spacing = 20;
  const field = makeField(1e5, 0.1, all(wall));
  const size = n * spacing;
  const grid = makeGrid([n, n, deep ? n : 1], [size, size, deep ? size : 20]);
  const uptake = uptakeBall(n, spacing, radius, deep);
  const start = new Float64Array(grid.voxels).fill(START);
  const reference = rungeKutta(grid, field, start, null, uptake, END, references);
  const solver = createFieldSolver(grid);
  return steps.map(step => {
    let now = start.slice();
    let next = new Float64Array(grid.voxels);
    for (let i = Math.round(END / step); i > 0; i--) {
      expect(solver.advance(field, now, step, null, uptake, next, null).scheme).toBe('tr-bdf2');
      [now, next] = [next, now];
    }
    return maximumDifference(now, reference) / START;
  });
}

describe('uptake disc, 50 × 50', () => {
  // λ_max ≤ 8 D/h² (fixed walls 12 D/h²) = 3000 /min: 1600 steps of Runge–Kutta are stable, their error ~1e-9.
  it('has the expected error with closed walls', () => {
    const [coarse, fine] = errors(50, 250, false, NO_FLUX, [0.1, 0.01], 1600);
    expect(coarse).toBeLessThan(2.5e-4);
    expect(fine).toBeLessThan(2.3e-6);
  });
  it('has the expected error with fixed walls', () => {
    const [coarse, fine] = errors(50, 250, false, fixed(START), [0.1, 0.01], 1600);
    expect(coarse).toBeLessThan(2.5e-4);
    expect(fine).toBeLessThan(2.3e-6);
  });
});

describe('uptake ball, 16 × 16 × 16', () => {
  it('has the expected error with closed walls', () => {
    const [coarse, fine] = errors(16, 90, true, NO_FLUX, [0.1, 0.01], 1600);
    expect(coarse).toBeLessThan(8.4e-4);
    expect(fine).toBeLessThan(2.4e-6);
  });
  it('has the expected error with fixed walls', () => {
    const [coarse, fine] = errors(16, 90, true, fixed(START), [0.1, 0.01], 2400);
    expect(coarse).toBeLessThan(4.5e-4);
    expect(fine).toBeLessThan(1e-13);
  });
});
