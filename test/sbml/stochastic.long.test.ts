import { describe, expect, it } from 'vitest';
import { judgeStochastic } from './stochastic.ts';
import { absent, caseNames } from './suite.ts';

const missing = absent('stochastic');
if (missing !== null) console.log(missing);

describe.skipIf(missing !== null)('SBML test suite, every stochastic case at 10,000 runs', () => {
  const total = { points: 0, meansOut: 0, deviationsOut: 0 };
  for (const name of caseNames('stochastic')) {
    it(name, () => {
      const verdict = judgeStochastic(name, 10_000, `sbml ${name}`);
      total.points += verdict.points;
      total.meansOut += verdict.meansOut;
      total.deviationsOut += verdict.deviationsOut;
      // Neighbouring times are correlated: one excursion takes several.
      expect(verdict.meansOut).toBeLessThanOrEqual(0.1 * verdict.points);
      expect(verdict.deviationsOut).toBeLessThanOrEqual(0.02 * verdict.points);
    });
  }
  it('all together stay within what chance allows', () => {
    console.log(total);
    // 0.27 % of means lie beyond 3 σ; four times that, because they come in runs.
    expect(total.meansOut).toBeLessThanOrEqual(Math.max(5, 0.011 * total.points));
    expect(total.deviationsOut).toBeLessThanOrEqual(Math.max(2, 0.001 * total.points));
  });
});
