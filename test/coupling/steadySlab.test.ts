import { describe, expect, it } from 'vitest';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { describeModel, field, fieldOf, reaction, typeOf, value } from '../support/describe.ts';

/**
 * Cells that secrete at a constant rate in the left half of a slab: D = 10⁵ µm²/min, decay 1 /min, length 1000 µm. The
 * steady state must not depend on the step, although the windows differ a hundredfold and D H/h² reaches 250.
 */
const MINUTE = 60;
const SPACING = 20;
const VOXELS = 50;
/** Molecules per minute and cell, one cell in every voxel of the left half. */
const SECRETION = 3000;

function steady(step: number, end: number, splitting: 'lie' | 'strang'): Float64Array {
  const points = Array.from({ length: VOXELS / 2 }, (_, i) => [(i + 0.5) * SPACING, 10, 0.5] as const);
  const model = createModel(
    describeModel({
      grid: createGrid(2, [VOXELS, 1, 1], [VOXELS * SPACING, SPACING, 1]),
      time: { step: step * MINUTE, steps: Math.round(end / step), recordEvery: 1 },
      fields: [fieldOf({ diffusivity: 1e5 / MINUTE, decay: 1 / MINUTE })],
      cellTypes: [typeOf([], [reaction('secrete', [], [field(0)], value(SECRETION / MINUTE), true)])],
      population: [{ type: 0, count: points.length, region: { kind: 'points', points }, amounts: [] }],
      coupling: { schedule: 'weak', splitting, kernel: 'nearest' },
    }),
  );
  return simulate(model).fields[0];
}

/** Piecewise cosh of the steady equation with source S in the left half, λ = √(D/decay). */
function exact(x: number): number {
  const length = VOXELS * SPACING;
  const lambda = Math.sqrt(1e5);
  const plateau = SECRETION / (SPACING * SPACING);
  const middle = length / 2;
  const amplitude = (plateau * Math.sinh(middle / lambda)) / Math.sinh(length / lambda);
  return x < middle
    ? plateau - amplitude * Math.cosh(x / lambda)
    : amplitude * Math.cosh((length - x) / lambda);
}

describe('a slab with cells secreting in its left half', () => {
  it.each(['lie', 'strang'] as const)(
    'has a steady state that does not depend on the step (%s)',
    splitting => {
      const coarse = steady(1, 60, splitting);
      const fine = steady(0.01, 40, splitting);
      for (let i = 0; i < VOXELS; i++) expect(Math.abs(coarse[i] / fine[i] - 1)).toBeLessThan(1e-6);
    },
  );

  it('has the exact profile, up to the second order of the grid', () => {
    const profile = steady(1, 60, 'lie');
    for (let i = 0; i < VOXELS; i++) {
      expect(Math.abs(profile[i] / exact((i + 0.5) * SPACING) - 1)).toBeLessThan(1e-3);
    }
  });
});
