import { describe, expect, it } from 'vitest';
import {
  amplification,
  dampsBadly,
  longestDampedStep,
  persistence,
} from '../../src/engine/fields/damping.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { all, makeField, makeGrid, NO_FLUX, PERIODIC } from './semiDiscrete.ts';

const MEAN = 10;

/** What the solver multiplies a cosine mode with the given numbers of half waves by. */
function measured(cells: readonly [number, number, number], modes: readonly number[], step: number) {
  const grid = makeGrid(cells, [2, 3, 4], all(NO_FLUX), 3);
  const wave = Float64Array.from({ length: grid.voxels }, (_, v) => {
    const place = [v % cells[0], Math.floor(v / cells[0]) % cells[1], Math.floor(v / (cells[0] * cells[1]))];
    return place.reduce((p, i, axis) => p * Math.cos((Math.PI * modes[axis] * (i + 0.5)) / cells[axis]), 1);
  });
  const c = wave.map(value => MEAN + value);
  const next = new Float64Array(grid.voxels);
  const field = makeField(1, 0, all(NO_FLUX));
  createFieldSolver(grid).advanceBy('tr-bdf2', field, c, step, null, null, next, null);
  let product = 0;
  let square = 0;
  for (let v = 0; v < wave.length; v++) {
    product += (next[v] - MEAN) * wave[v];
    square += wave[v] ** 2;
  }
  const rates = modes.map(
    (mode, axis) => step * ((2 / grid.spacing[axis]) * Math.sin((Math.PI * mode) / (2 * cells[axis]))) ** 2,
  );
  return { gain: product / square, rates };
}

describe('amplification of a mode by a step', () => {
  it.each([
    [[1, 0, 0], 0.3],
    [[2, 1, 0], 0.3],
    [[5, 6, 7], 0.01],
    [[5, 6, 7], 1],
    [[5, 6, 7], 100],
    [[5, 6, 0], 100],
  ])('is what the solver does to mode %j in a step of %f', (modes, step) => {
    const { gain, rates } = measured([6, 7, 8], modes, step);
    // Rounding: of the order of 1e-16 of the mean and of the fluxes, H D/h² times a value.
    expect(Math.abs(gain - amplification(rates))).toBeLessThan(1e-13 * (MEAN + Math.max(...rates)));
  });

  it('is exp(−Σx) to third order for slow modes', () => {
    const errors = [0.01, 0.005].map(x => Math.abs(amplification([x, 2 * x, x / 2]) - Math.exp(-3.5 * x)));
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(2.95);
    expect(Math.log2(errors[0] / errors[1])).toBeLessThan(3.05);
  });

  it('stays below 1 over all combinations of rates in 3-D', () => {
    const rates = [0, ...Array.from({ length: 29 }, (_, i) => 10 ** (i / 4 - 3))];
    let least = 1;
    for (const x of rates) {
      for (const y of rates) {
        for (const z of rates) {
          const gain = amplification([x, y, z]);
          if (x + y + z > 0) expect(gain).toBeLessThan(1);
          least = Math.min(least, gain);
        }
      }
    }
    expect(least).toBeGreaterThan(-0.67);
    expect(least).toBeLessThan(-0.6);
  });
});

describe('steps too long to damp the modes of the grid', () => {
  const square = makeGrid([50, 50, 1], [50, 50, 1]);
  const cube = makeGrid([20, 20, 20], [20, 20, 20]);

  it('are those beyond D H / h² = 920 in 2-D and 33 in 3-D', () => {
    expect(dampsBadly(square, 900, 1)).toBe(false);
    expect(dampsBadly(square, 940, 1)).toBe(true);
    expect(dampsBadly(cube, 32, 1)).toBe(false);
    expect(dampsBadly(cube, 34, 1)).toBe(true);
  });

  it('do not exist in one dimension, nor where diffusion is slow anyway', () => {
    expect(persistence(makeGrid([100, 1, 1], [100, 1, 1]), 1e9, 1)).toBe(0);
    expect(persistence(cube, 1e-3, 1)).toBe(0);
  });

  it('are judged axis by axis: a long voxel along z makes a cube of squares', () => {
    const thick = makeGrid([20, 20, 20], [20, 20, 2e5]);
    expect(dampsBadly(thick, 900, 1)).toBe(false);
    expect(dampsBadly(thick, 940, 1)).toBe(true);
  });

  it('have a longest one that does, proportional to h² / D', () => {
    const longest = longestDampedStep(cube, 1250, 1);
    expect(dampsBadly(cube, 1250, longest)).toBe(false);
    expect(dampsBadly(cube, 1250, 1.002 * longest)).toBe(true);
    const fine = makeGrid([40, 40, 40], [20, 20, 20], all(PERIODIC));
    expect(longestDampedStep(fine, 1250, 1) / longest).toBeCloseTo(1 / 4, 2);
    expect(longestDampedStep(cube, 3, 1)).toBe(1);
  });
});
