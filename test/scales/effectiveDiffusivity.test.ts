import { describe, expect, it } from 'vitest';
import { effectiveDiffusivity } from '../../src/engine/scales/effectiveDiffusivity.ts';

/** A square of n × n voxels with D = 1 but within a disc of area fraction φ in its middle. */
function disc(n: number, fraction: number, inside: number): Float64Array {
  const radius = Math.sqrt(fraction / Math.PI);
  return Float64Array.from({ length: n * n }, (_, v) => {
    const [x, y] = [((v % n) + 0.5) / n - 0.5, (Math.floor(v / n) + 0.5) / n - 0.5];
    return Math.hypot(x, y) < radius ? inside : 1;
  });
}

describe('the effective diffusivity', () => {
  it('of a laminate is the harmonic mean across and the arithmetic mean along', () => {
    const layers = Float64Array.from({ length: 40 * 8 }, (_, v) => (v % 40 < 10 ? 5 : 0.2));
    const along = (axis: 0 | 1) => effectiveDiffusivity([40, 8, 1], [0.5, 2, 1], layers, axis);
    expect(along(0)).toBeCloseTo(1 / (0.25 / 5 + 0.75 / 0.2), 8);
    expect(along(1)).toBeCloseTo(0.25 * 5 + 0.75 * 0.2, 8);
  });

  it('is 0 across a wall, and that of the open part along it', () => {
    const walls = Float64Array.from({ length: 64 }, (_, v) => (v % 8 === 3 ? 0 : 2));
    expect(effectiveDiffusivity([8, 8, 1], [1, 1, 1], walls, 0)).toBeCloseTo(0, 12);
    expect(effectiveDiffusivity([8, 8, 1], [1, 1, 1], walls, 1)).toBeCloseTo(1.75, 12);
  });

  it.each([
    { inside: 0, fraction: 0.05 },
    { inside: 0, fraction: 0.15 },
    { inside: 4, fraction: 0.1 },
  ])('of discs ($inside inside, share $fraction) is Maxwell’s', ({ inside, fraction }) => {
    const n = 96;
    const medium = disc(n, fraction, inside);
    const filled = medium.reduce((sum, d) => sum + (d === 1 ? 0 : 1), 0) / n ** 2;
    // D_eff = (1 + β φ)/(1 − β φ), β = (D − 1)/(D + 1), with the share that the voxels really fill.
    const beta = (inside - 1) / (inside + 1);
    const maxwell = (1 + beta * filled) / (1 - beta * filled);
    const found = effectiveDiffusivity([n, n, 1], [1 / n, 1 / n, 1], medium, 0);
    expect(Math.abs(found / maxwell - 1)).toBeLessThan(0.01);
    expect(effectiveDiffusivity([n, n, 1], [1 / n, 1 / n, 1], medium, 1)).toBeCloseTo(found, 8);
  });
});
