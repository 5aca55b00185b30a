import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { METHODS } from '../../src/engine/circuits/methods.ts';
import { stationaryLaw } from '../../src/engine/circuits/stationaryLaw.ts';
import { immigrationDeath } from '../circuits/models.ts';
import { deviations, LARGE, place } from './families.ts';
import { limitSlope } from './thermodynamicLimit.ts';

const APPROXIMATE = METHODS.filter(({ exact, prepare }) => !exact && !prepare).map(({ name }) => name);

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
