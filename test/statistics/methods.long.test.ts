import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { METHODS } from '../../src/engine/circuits/methods.ts';
import { stationaryLaw } from '../../src/engine/circuits/stationaryLaw.ts';
import { immigrationDeath, repressilator, vilar } from '../circuits/models.ts';
import {
  beyond,
  COSTLY,
  deviations,
  differences,
  EXACT,
  FAMILIES,
  LARGE,
  moments,
  OSCILLATORS,
  PASSAGES,
  place,
  scores,
  shares,
} from './families.ts';
import { periods } from './periods.ts';
import { STATIONARY, stationaryScore } from './stationary.ts';
import { limitSlope } from './thermodynamicLimit.ts';

const others = EXACT.filter(method => method !== 'direct');
const APPROXIMATE = METHODS.filter(({ exact, prepare }) => !exact && !prepare).map(({ name }) => name);

describe.each(FAMILIES)('$name, five times as many runs', family => {
  test.each(EXACT)('%s', method => {
    expect(beyond(scores(family, method, 'long', 50_000))).toEqual([]);
  });
});

describe.each(COSTLY)('$name', family => {
  test.each(EXACT)('%s', method => {
    expect(beyond(scores(family, method, 'long', 10_000))).toEqual([]);
  });
});

describe.each(OSCILLATORS)('$name', family => {
  test.each(others)('%s as direct', method => {
    expect(beyond(differences(family, ['direct', method], 1000, 'long'))).toEqual([]);
  });
});

describe.each([
  { name: 'repressilator', type: repressilator(), species: 'p1', low: 500, high: 1500, end: 3000, step: 2 },
  { name: 'Vilar oscillator', type: vilar(), species: 'R', low: 300, high: 1000, end: 400, step: 0.2 },
])('periods of the $name', ({ type, species, low, high, end, step }) => {
  const of = (method: string): Float64Array =>
    periods(type, { method, species, low, high, end, step, runs: 60, seed: `long ${method}` });
  let reference: Float64Array | null = null;

  test.each(others)('%s: mean and spread as by direct', method => {
    reference ??= of('direct');
    const list = of(method);
    expect(Math.min(list.length, reference.length)).toBeGreaterThan(300);
    const [x, y] = [reference, list].map(moments);
    const error = (one: number, other: number): number =>
      Math.sqrt(one / (reference?.length ?? 0) + other / list.length);
    expect(Math.abs(y.mean - x.mean) / error(x.variance, y.variance)).toBeLessThan(3.5);
    const spread = error(x.fourth - x.variance ** 2, y.fourth - y.variance ** 2);
    expect(Math.abs(y.variance - x.variance) / spread).toBeLessThan(3.5);
  });
});

describe.each(STATIONARY)('stationary law of $name (χ²)', family => {
  test.each(EXACT)('%s', method => {
    expect(Math.abs(stationaryScore(family, method, 'long', 10_000))).toBeLessThan(3.5);
  });
});

describe.each(PASSAGES)('switching of $name', passage => {
  const runs = 10_000;
  const score = (method: string): number[] => {
    const law = passage.law();
    return shares(passage, method, 'long', runs).map(
      (share, t) => (share - law[t]) / Math.sqrt((law[t] * (1 - law[t])) / runs),
    );
  };

  test.each(EXACT)('%s', method => {
    for (const z of score(method)) expect(Math.abs(z)).toBeLessThan(3.5);
  });

  test.each(['tau-leaping', 'langevin'])('%s: probabilities within 5 %, as stated', method => {
    const law = passage.law();
    shares(passage, method, 'long', runs).forEach((share, t) => {
      const error = 3.5 * Math.sqrt((law[t] * (1 - law[t])) / runs);
      expect(Math.abs(share - law[t])).toBeLessThan(0.05 * law[t] + error);
    });
  });
});

test('hybrid misses switching that the noise of abundant species drives, as stated', () => {
  const law = PASSAGES[1].law();
  const late = shares(PASSAGES[1], 'hybrid', 'long', 4000)[3];
  expect(late).toBeLessThan(0.8 * law[3]);
});

describe.each(LARGE)('$name, approximately', family => {
  test.each(APPROXIMATE)('%s within its stated error', method => {
    for (const { mean, variance } of deviations(family, method, 'long', 20_000)) {
      // docs/numerics.md, "What is approximate, and by how much".
      expect(mean).toBeLessThan(method === 'hybrid' ? 5e-3 : 1e-3);
      if (method !== 'hybrid') expect(variance).toBeLessThan(0.02);
    }
  });
});

test.each(['tau-leaping', 'langevin'])('%s: mean and variance whatever the output grid', method => {
  const type = immigrationDeath(1000, 0.1, 10_000);
  const runs = 20_000;
  const exact = stationaryLaw(type, { tolerance: 1e-7 }).law.moments('X');
  for (const step of [40, 7, 1, 0.13]) {
    const times = Array.from({ length: Math.round(60 / step) }, (_, i) => (i + 1) * step);
    const result = runEnsemble(type, { runs, times, seed: 'long', method });
    const at = place(result, 'X', times.length - 1);
    expect(Math.abs(result.mean[at] - exact.mean) / Math.sqrt(exact.variance / runs)).toBeLessThan(3.5);
    const error = exact.variance * Math.sqrt(2 / runs);
    expect(Math.abs(result.sd[at] ** 2 - exact.variance) / error).toBeLessThan(3.5);
  }
});

test.each(['direct', 'tau-leaping', 'langevin'])('%s: the ODE is the limit, volumes 10 … 10⁴', method => {
  const { slope, error } = limitSlope(method, [10, 40, 160, 640, 2560, 10_240], 2000);
  expect(error).toBeLessThan(0.005);
  // In small volumes the mean differs from the ODE by 1/V, which steepens the slope by a little.
  expect(slope).toBeGreaterThan(-0.5 - 3.5 * error - 0.01);
  expect(slope).toBeLessThan(-0.5 + 3.5 * error);
});
