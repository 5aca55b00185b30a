import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import { fixture } from '../circuits/fixtures.ts';
import { dimerisation, repressilator } from '../circuits/models.ts';
import { beyond, differences, EXACT, FAMILIES, PASSAGES, scores, shares } from './families.ts';
import { STATIONARY, stationaryScore } from './stationary.ts';
import { limitSlope } from './thermodynamicLimit.ts';

/** The last family takes long by some methods: those are in families.long.test.ts. */
const quick = FAMILIES.slice(0, -1);

describe.each(quick)('$name', family => {
  test.each([...EXACT, 'tau-leaping'])('%s: mean and variance at every time', method => {
    expect(beyond(scores(family, method, '2'))).toEqual([]);
  });
});

test('Schlögl, small, by direct: mean and variance at every time', () => {
  expect(beyond(scores(FAMILIES[FAMILIES.length - 1], 'direct', '2'))).toEqual([]);
});

test('the comparison has power: rates that are off by 1 % are found', () => {
  const [family] = FAMILIES;
  const off = fixture({ X: 0 }, { birth: ['-> X', '5.05'], death: ['X ->', '0.1 * X'] });
  expect(beyond(scores({ ...family, type: off }, 'direct', '2'))).not.toEqual([]);
});

test.each([
  ...EXACT.map(method => ({ family: STATIONARY[0], method })),
  { family: STATIONARY[1], method: 'direct' },
])('stationary law of $family.name by $method (χ²)', ({ family, method }) => {
  expect(Math.abs(stationaryScore(family, method, '3', 4000))).toBeLessThan(3.5);
});

test.each([
  { passage: PASSAGES[0], method: 'direct', runs: 4000 },
  { passage: PASSAGES[0], method: 'modified-next-reaction', runs: 2000 },
  { passage: PASSAGES[2], method: 'direct', runs: 4000 },
  { passage: PASSAGES[2], method: 'tau-leaping', runs: 2000 },
])('switching of $passage.name by $method', ({ passage, method, runs }) => {
  const law = passage.law();
  shares(passage, method, '2', runs).forEach((share, t) => {
    expect(Math.abs(share - law[t]) / Math.sqrt((law[t] * (1 - law[t])) / runs)).toBeLessThan(3.5);
  });
});

test.each(EXACT.filter(method => method !== 'direct'))('repressilator, small, by %s as by direct', method => {
  const family = {
    name: 'repressilator',
    type: repressilator(0.1),
    species: ['m1', 'p1', 'p2', 'p3'],
    times: [5, 20, 50],
  };
  expect(beyond(differences(family, ['direct', method], 400, '5'))).toEqual([]);
});

describe('tau-leaping with many molecules', () => {
  /** Immigration–death with mean 10⁶ in the stationary state. */
  const type = fixture({ X: 1e6 }, { birth: ['-> X', '1e5'], death: ['X ->', '0.1 * X'] });
  const runs = 2000;

  test.each([
    ['one output', [60]],
    ['a fine grid of outputs', Array.from({ length: 120 }, (_, i) => (i + 1) / 2)],
    ['an uneven grid of outputs', [0.001, 7, 7.3, 31, 59.99, 60]],
  ] as const)('mean and variance are right with %s', (_, times) => {
    const { mean, sd } = runEnsemble(type, { runs, times, seed: '5', method: 'tau-leaping' });
    const at = (times.length - 1) * 2 + 1;
    // Binomial survivors of 10⁶ and Poisson newcomers.
    const stay = Math.exp(-6);
    const variance = 1e6 * (stay * (1 - stay) + 1 - stay);
    expect((Math.abs(mean[at] - 1e6) / Math.sqrt(variance)) * Math.sqrt(runs)).toBeLessThan(3.5);
    expect(Math.abs(sd[at] ** 2 / variance - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
  });
});

describe('langevin and hybrid', () => {
  /** A gene that switches slowly; its protein is abundant while it is on. */
  const gene = fixture(
    { off: 1, on: 0, P: 300 },
    {
      activate: ['off -> on', '0.2 * off'],
      deactivate: ['on -> off', '0.2 * on'],
      make: ['on -> on + P', '600 * on'],
      lose: ['P ->', '1 * P'],
    },
  );
  const runs = 10_000;

  test.each([
    // Noise of what flows is left out: of the variance, about mean/variance.
    ['langevin', 0.005],
    ['hybrid', 0.02],
  ] as const)('%s: a switching gene, exact mean, variance within the stated error', (method, missing) => {
    const times = [2, 10];
    const law = projectLaw(gene, times, { tolerance: 1e-6 });
    const { mean, sd } = runEnsemble(gene, { runs, times, seed: '4', method });
    times.forEach((_, t) => {
      const exact = law.moments(t, 'P');
      const at = 4 * t + 3;
      expect((Math.abs(mean[at] - exact.mean) / Math.sqrt(exact.variance)) * Math.sqrt(runs)).toBeLessThan(
        3.5,
      );
      const error = 3.5 * Math.sqrt(2 / runs);
      expect(Math.abs(sd[at] ** 2 / exact.variance - 1)).toBeLessThan(missing + error);
    });
  });

  test('langevin: immigration–death of 200 molecules has the right variance, hybrid hardly any', () => {
    const type = fixture({ X: 150 }, { birth: ['-> X', '200'], death: ['X ->', '1 * X'] });
    const variance = 150 * Math.exp(-3) * (1 - Math.exp(-3)) + 200 * (1 - Math.exp(-3));
    const of = (method: string): number =>
      runEnsemble(type, { runs, times: [3], seed: '6', method }).sd[1] ** 2;
    expect(Math.abs(of('langevin') / variance - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
    expect(of('hybrid')).toBeLessThan(1);
  });

  test.each(['langevin', 'hybrid'])('%s: where all is rare it is exact', method => {
    expect(beyond(scores(FAMILIES[3], method, '9'))).toEqual([]);
  });
});

describe('the thermodynamic limit', () => {
  test.each(['direct', 'tau-leaping', 'langevin'])(
    '%s: the distance to the ODE falls as V^(−1/2)',
    method => {
      const { slope, error } = limitSlope(method, [50, 400, 3200], 1000);
      expect(error).toBeLessThan(0.012);
      expect(Math.abs(slope + 0.5)).toBeLessThan(3.5 * error);
    },
  );

  test('the mean of a nonlinear circuit comes to the ODE as 1/V', () => {
    const errors = [1, 4, 16].map(volume => {
      const type = dimerisation(volume);
      const exact = projectLaw(type, [5], { tolerance: 1e-10 }).moments(0, 'P2').mean / volume;
      const options = { runs: 1, times: [5], seed: '1', method: 'deterministic', tolerance: 1e-11 };
      return exact - runEnsemble(type, options).mean[2] / volume;
    });
    expect(errors[0] / errors[1]).toBeCloseTo(4, 1);
    expect(errors[1] / errors[2]).toBeCloseTo(4, 1);
  });
});
