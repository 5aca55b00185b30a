import { describe, expect, it } from 'vitest';
import { logNormal, normal } from '../../src/engine/random/normal.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { chiSquareDeviate } from './goodnessOfFit.ts';

/** Probabilities of classes of width `step` between −reach and reach, the first and last with the tails. */
function normalLaw(reach: number, step: number): Float64Array {
  const classes = Math.round((2 * reach) / step);
  const law = new Float64Array(classes);
  const inner = 64;
  for (let k = 0; k < classes; k++) {
    // Simpson's rule within the class.
    let sum = 0;
    for (let i = 0; i <= inner; i++) {
      const x = -reach + step * (k + i / inner);
      const weight = i === 0 || i === inner ? 1 : i % 2 === 1 ? 4 : 2;
      sum += weight * Math.exp(-0.5 * x * x);
    }
    law[k] = (sum * step) / inner / 3 / Math.sqrt(2 * Math.PI);
  }
  const tail = (1 - law.reduce((a, b) => a + b, 0)) / 2;
  law[0] += tail;
  law[classes - 1] += tail;
  return law;
}

describe('normal deviates', () => {
  it('follow the normal law in fine classes, through layers, wedges and tail', () => {
    const reach = 4;
    const step = 0.05;
    const law = normalLaw(reach, step);
    const observed = new Float64Array(law.length);
    const state = rootStream('normal');
    for (let draw = 0; draw < 2_000_000; draw++) {
      const k = Math.floor((normal(state, 0) + reach) / step);
      observed[Math.max(0, Math.min(law.length - 1, k))]++;
    }
    expect(chiSquareDeviate(observed, law)).toBeLessThan(4.5);
  });

  it('have tails beyond the last layer of the right weight and shape', () => {
    // P(|X| > 3.4426…) = 5.7616e-4; the mean excess over a threshold t is φ(t)/Q(t) − t.
    const threshold = 3.442619855899;
    const weight = 5.761e-4;
    const draws = 4_000_000;
    const state = rootStream('tail');
    let beyond = 0;
    let excess = 0;
    for (let draw = 0; draw < draws; draw++) {
      const x = Math.abs(normal(state, 0));
      if (x <= threshold) continue;
      beyond++;
      excess += x - threshold;
    }
    const expected = draws * weight;
    expect(Math.abs(beyond - expected)).toBeLessThan(4.5 * Math.sqrt(expected) + 2e-4 * expected);
    const density = Math.exp(-0.5 * threshold ** 2) / Math.sqrt(2 * Math.PI);
    const meanExcess = density / (weight / 2) - threshold;
    // The excess is nearly exponential, so its standard deviation is about its mean.
    expect(Math.abs(excess / beyond - meanExcess)).toBeLessThan(
      (4.5 * meanExcess) / Math.sqrt(beyond) + 1e-3,
    );
  });

  it('keep nothing outside the stream', () => {
    const state = rootStream('whole state');
    normal(state, 0);
    const saved = state.slice();
    const first = [normal(state, 0), normal(state, 0), normal(state, 0)];
    normal(rootStream('another'), 0);
    expect([normal(saved, 0), normal(saved, 0), normal(saved, 0)]).toEqual(first);
  });
});

describe('log-normal deviates', () => {
  it.each([0.05, 0.3, 1])('have the given mean and coefficient of variation %d', cv => {
    const draws = 400_000;
    const state = rootStream(`log-normal ${cv}`);
    let sum = 0;
    let logs = 0;
    let squaredLogs = 0;
    for (let draw = 0; draw < draws; draw++) {
      const x = logNormal(state, 0, 3, cv);
      sum += x;
      logs += Math.log(x);
      squaredLogs += Math.log(x) ** 2;
    }
    expect(Math.abs(sum / draws - 3)).toBeLessThan((4.5 * 3 * cv) / Math.sqrt(draws));
    // The variance of ln X is ln(1 + cv²); a normal sample's variance has relative standard error √(2/n).
    const variance = squaredLogs / draws - (logs / draws) ** 2;
    expect(Math.abs(variance / Math.log1p(cv * cv) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / draws));
  });

  it('are the mean itself, without a draw, where nothing varies', () => {
    const state = rootStream('constant');
    const before = state.slice();
    expect(logNormal(state, 0, 2.5, 0)).toBe(2.5);
    expect(state).toEqual(before);
  });
});
