import { describe, expect, it } from 'vitest';
import { projectOntoBalance } from '../../src/engine/diagnostics/projection.ts';

const moved = (weights: number[][], contents: number[], s: Float64Array) =>
  weights.map(row => row.reduce((sum, w, f) => sum + w * contents[f] * s[f], 0));

describe('the projection onto the balance', () => {
  it('meets every constraint, of moieties that depend on one another too', () => {
    const weights = [
      [1, 0, 2],
      [0, 1, 1],
      [1, 1, 3],
    ];
    const contents = [100, 1e6, 30];
    const s = projectOntoBalance(
      weights.map(row => Float64Array.from(row)),
      Float64Array.from(contents),
      Float64Array.of(2, -3, -1),
    ) as Float64Array;
    moved(weights, contents, s).forEach((got, m) => {
      expect(got).toBeCloseTo([-2, 3, 1][m], 9);
    });
  });

  it('is the least change: no other that meets the constraint is smaller in the norm Σ δ²/T', () => {
    const contents = [10, 40];
    const s = projectOntoBalance([Float64Array.of(1, 3)], Float64Array.from(contents), Float64Array.of(1));
    const norm = (d: number[]) => d.reduce((sum, x, f) => sum + (x * x) / contents[f], 0);
    const least = [...(s as Float64Array)].map((x, f) => x * contents[f]);
    // (3, −1) is the direction along which the constraint stays met.
    for (const t of [-1, -0.01, 0.01, 1])
      expect(norm([least[0] + 3 * t, least[1] - t])).toBeGreaterThan(norm(least));
  });

  it('refuses to take more than there is, and leaves empty fields empty', () => {
    expect(projectOntoBalance([Float64Array.of(1)], Float64Array.of(5), Float64Array.of(6))).toBeNull();
    const s = projectOntoBalance([Float64Array.of(1, 1)], Float64Array.of(0, 5), Float64Array.of(1));
    expect(s?.[1]).toBeCloseTo(-0.2, 12);
  });
});
