import { describe, expect, it } from 'vitest';
import { binomial } from '../../src/engine/random/binomial.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { binomialLaw, chiSquareDeviate } from './goodnessOfFit.ts';

function histogram(
  seed: string,
  draws: number,
  n: number,
  p: number,
): { observed: Float64Array; law: Float64Array } {
  const { lowest, probability } = binomialLaw(n, p);
  const observed = new Float64Array(probability.length);
  const state = rootStream(seed);
  for (let draw = 0; draw < draws; draw++) observed[binomial(state, 0, n, p) - lowest]++;
  return { observed, law: probability };
}

describe('binomial deviates', () => {
  // On both sides of every change of method: 512 | 513 coins, and n·min(p, 1 − p) = 10.
  const cases: [n: number, p: number][] = [
    [1, 0.5],
    [2, 0.5],
    [31, 0.5],
    [32, 0.5],
    [33, 0.5],
    [100, 0.5],
    [512, 0.5],
    [513, 0.5],
    [1, 0.3],
    [7, 0.9],
    [19, 0.499],
    [20, 0.501],
    [21, 0.52],
    [1000, 0.0099],
    [1000, 0.0101],
    [1000, 0.9901],
    [100_000, 1e-5],
    [200, 0.3],
    [5000, 0.47],
    [1_000_000, 0.5],
    [1_000_000, 0.2],
    [1_000_000_000, 0.51],
  ];
  it.each(cases)('follow the exact law for n = %d, p = %d', (n, p) => {
    const { observed, law } = histogram(`binomial ${n} ${p}`, 200_000, n, p);
    // A correct law exceeds 4.5 standard deviations once in 3 · 10⁵ cases.
    expect(chiSquareDeviate(observed, law)).toBeLessThan(4.5);
  });

  it('would be told from the neighbouring law by this test', () => {
    const { observed } = histogram('control', 200_000, 200, 0.3);
    const { probability } = binomialLaw(200, 0.303);
    const shift = binomialLaw(200, 0.3).lowest - binomialLaw(200, 0.303).lowest;
    const aligned = Float64Array.from(observed, (_, i) => probability[i + shift] ?? 0);
    expect(chiSquareDeviate(observed, aligned)).toBeGreaterThan(10);
  });

  it('has the certain outcomes without a draw', () => {
    const state = rootStream('certain');
    const before = state.slice();
    expect(binomial(state, 0, 0, 0.5)).toBe(0);
    expect(binomial(state, 0, 1000, 0)).toBe(0);
    expect(binomial(state, 0, 1000, 1)).toBe(1000);
    expect(state).toEqual(before);
  });

  it('stays within 0 and n where nearly every or no trial succeeds', () => {
    const state = rootStream('extreme');
    for (let draw = 0; draw < 20_000; draw++) {
      const rare = binomial(state, 0, 3, 1e-12);
      const common = binomial(state, 0, 40, 1 - 1e-12);
      expect(rare === 0 || rare === 1).toBe(true);
      expect(common === 40 || common === 39).toBe(true);
    }
  });
});
