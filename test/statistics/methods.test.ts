import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import { fixture } from '../circuits/fixtures.ts';
import { FAMILIES, scores } from './families.ts';

const EXACT = [
  'direct',
  'next-reaction',
  'modified-next-reaction',
  'composition-rejection',
  'first-reaction',
  'rejection',
];

describe.each(FAMILIES)('$name', family => {
  test.each([...EXACT, 'tau-leaping'])('%s: mean and variance at every time', method => {
    for (const z of scores(family, method, '2')) {
      expect(Math.abs(z.mean)).toBeLessThan(3.5);
      expect(Math.abs(z.variance)).toBeLessThan(3.5);
    }
  });
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
    for (const z of scores(FAMILIES[3], method, '9')) {
      expect(Math.abs(z.mean)).toBeLessThan(3.5);
      expect(Math.abs(z.variance)).toBeLessThan(3.5);
    }
  });
});

describe('the thermodynamic limit', () => {
  test('the distance to the deterministic solution falls as V^(−1/2)', () => {
    const system = (volume: number) =>
      fixture(
        { A: 2 * volume, B: 0 },
        {
          pair: ['2 A -> B', `${0.5 / volume} * A * (A - 1)`],
          part: ['B -> 2 A', '0.3 * B'],
          feed: ['-> A', `${0.4 * volume}`],
          lose: ['B ->', '0.2 * B'],
        },
      );
    const times = [3];
    const limit = runEnsemble(system(1), {
      runs: 1,
      times,
      seed: '1',
      method: 'deterministic',
      tolerance: 1e-9,
    });
    const distance = (volume: number): number => {
      const runs = 2000;
      const { trajectories } = runEnsemble(system(volume), { runs, times, seed: '3', trajectories: runs });
      let squares = 0;
      for (let i = 0; i < runs; i++) squares += (trajectories[3 * i + 1] / volume - limit.mean[1]) ** 2;
      return Math.sqrt(squares / runs);
    };
    const [small, large] = [distance(50), distance(3200)];
    const slope = Math.log(small / large) / Math.log(3200 / 50);
    // Each distance is known to 1/√(2 · 2000) = 1.6 %, the slope to 0.0054.
    expect(slope).toBeGreaterThan(0.47);
    expect(slope).toBeLessThan(0.53);
  });
});
