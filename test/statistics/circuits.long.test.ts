import { describe, expect, test } from 'vitest';
import { immigrationDeath, schlogl } from '../circuits/models.ts';
import { chainLaw, chiSquareZ, momentsOf, poisson, sampleAmounts, Z, zScores } from './circuits.ts';

describe('with many more cells', () => {
  test('immigration–death: 2·10⁶ cells against the Poisson law', () => {
    const values = sampleAmounts(immigrationDeath(2, 0.25), 'X', 2_000_000, [1, 0.5, 2.5], 41);
    const mean = 8 * (1 - Math.exp(-1));
    const z = zScores(values, mean, mean);
    expect(Math.abs(z.mean)).toBeLessThan(Z);
    expect(Math.abs(z.variance)).toBeLessThan(Z);
    expect(Math.abs(chiSquareZ(values, poisson(mean, 30)))).toBeLessThan(Z);
  });

  test('Schlögl: transient law over both modes', () => {
    const up = (n: number): number => 0.015 * n * (n - 1) + 200;
    const down = (n: number): number => (1e-4 / 6) * n * (n - 1) * (n - 2) + 3.5 * n;
    // Births at 900 are cut off: the law has no weight there.
    const law = chainLaw(900, 250, n => (n === 899 ? 0 : up(n)), down, 6);
    const values = sampleAmounts(schlogl(), 'X', 50_000, [2, 4], 42);
    const { mean, variance } = momentsOf(law);
    const z = zScores(values, mean, variance);
    expect(Math.abs(z.mean)).toBeLessThan(Z);
    expect(Math.abs(z.variance)).toBeLessThan(Z);
    expect(Math.abs(chiSquareZ(values, law))).toBeLessThan(Z);
  });
});
