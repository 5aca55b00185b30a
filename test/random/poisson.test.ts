import { describe, expect, test } from 'vitest';
import { poisson } from '../../src/engine/random/poisson.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { chiSquareDeviate } from './goodnessOfFit.ts';

/** The Poisson law on lowest … lowest + length − 1 (ten standard deviations), by its ratio recursion from the mode. */
function poissonLaw(mean: number): { lowest: number; probability: Float64Array } {
  const mode = Math.floor(mean);
  const reach = Math.ceil(10 * Math.sqrt(mean) + 30);
  const lowest = Math.max(0, mode - reach);
  const probability = new Float64Array(mode + reach - lowest + 1);
  probability[mode - lowest] = 1;
  for (let k = mode + 1; k <= mode + reach; k++) {
    probability[k - lowest] = (probability[k - 1 - lowest] * mean) / k;
  }
  for (let k = mode; k > lowest; k--) probability[k - 1 - lowest] = (probability[k - lowest] * k) / mean;
  const total = probability.reduce((sum, p) => sum + p, 0);
  return { lowest, probability: probability.map(p => p / total) };
}

describe('Poisson deviates', () => {
  // On both sides of the change of method at 10, and where ln k! changes form (16).
  test.each([0.01, 0.5, 3, 9.99, 10, 11, 15.5, 40, 1000, 1e5])('follow the law for mean %d (χ²)', mean => {
    const { lowest, probability } = poissonLaw(mean);
    const observed = new Float64Array(probability.length);
    const state = rootStream(`poisson ${mean}`);
    for (let i = 0; i < 100_000; i++) observed[poisson(state, 0, mean) - lowest]++;
    expect(Math.abs(chiSquareDeviate(observed, probability))).toBeLessThan(4);
  });

  test('the χ² would see a mean that is off by 2 %', () => {
    const { lowest, probability } = poissonLaw(40);
    const observed = new Float64Array(probability.length);
    const state = rootStream('power');
    for (let i = 0; i < 100_000; i++) observed[Math.max(0, poisson(state, 0, 40.8) - lowest)]++;
    expect(chiSquareDeviate(observed, probability)).toBeGreaterThan(4);
  });

  test.each([1e6, 1e9, 1e12])('have mean and variance %d', mean => {
    const n = 50_000;
    const state = rootStream(`large ${mean}`);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const z = (poisson(state, 0, mean) - mean) / Math.sqrt(mean);
      sum += z;
      squares += z * z;
    }
    expect(Math.abs(sum) / Math.sqrt(n)).toBeLessThan(4);
    expect(Math.abs(squares / n - 1) / Math.sqrt(2 / n)).toBeLessThan(4);
  });

  test('a mean of 0 gives 0 without a draw', () => {
    const state = rootStream('0');
    const before = state.slice();
    expect(poisson(state, 0, 0)).toBe(0);
    expect(state).toEqual(before);
  });
});
