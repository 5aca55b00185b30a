import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { createLeapSelection } from '../../src/engine/circuits/leapSelection.ts';
import { createSystem } from '../../src/engine/circuits/reactionSystem.ts';
import { steepness } from '../../src/engine/expression/elasticity.ts';
import { expression, fixture, populate, windowFor } from './fixtures.ts';

/** The longest leap of a cell in its initial state. */
function longestLeap(type: Parameters<typeof populate>[0]): number {
  const system = createSystem(type, 0, { guarded: false, generate: false });
  if (!system) throw new Error('no channels');
  const window = windowFor(type, populate(type, 1), 1);
  system.enter(window, 0);
  system.evaluate();
  return createLeapSelection(type, system).select();
}

describe('orders of rates', () => {
  test.each([
    ['3 * A', 1],
    ['A * A', 2],
    ['A * (A - 1) / 2', 2],
    ['A * B', 1],
    ['A / (5 + A)', 1],
    ['1 / (1 + A^3)', 3],
    ['hill(A, 50, 4) * A', 5],
    ['hill(A, 50, 2 + B)', 12],
    ['sqrt(A)', 0.5],
    ['B > 3 ? A^2 : A', 2],
    ['min(A, 7)', 1],
    ['B', 0],
  ])('%s has the steepness %d in A', (text, steep) => {
    const rate = expression(text, ['biomass', 'A', 'B']);
    expect(steepness(rate, { of: 'species', index: 1 })).toBe(steep);
  });

  test('a rate of second order leaps as far without its reactants as with them', () => {
    const [one, pair, square] = [
      ['A -> ', '1e-3 * A'],
      ['A -> ', '1e-6 * A * B'],
      ['A -> ', '1e-6 * A * A'],
    ].map(([equation, rate]) =>
      longestLeap(fixture({ A: 1000, B: 1000 }, { use: [equation, rate], other: ['B ->', '1e-9 * B'] })),
    );
    const declared = longestLeap(
      fixture({ A: 1000, B: 1000 }, { use: ['A + B -> B', '1e-6 * A * B'], other: ['B ->', '1e-9 * B'] }),
    );
    expect(pair).toBe(declared);
    // g = 2 + 1/(x − 1)
    expect(pair / one).toBeCloseTo(1 / (2 + 1 / 999), 12);
    expect(square).toBe(pair);
  });
});

describe('means on their way', () => {
  test('of 10⁶ molecules stay within a tenth of their noise, whatever the output grid', () => {
    const size = 1e6;
    const type = fixture({ X: 0 }, { make: ['-> X', '1e6'], lose: ['X ->', 'X'] });
    const runs = 2000;
    for (const times of [[3], [1, 2, 3]]) {
      const { mean, sd } = runEnsemble(type, { runs, times, seed: 'way', method: 'tau-leaping' });
      times.forEach((time, t) => {
        const exact = size * (1 - Math.exp(-time));
        const allowed = 0.1 + 3.5 / Math.sqrt(runs);
        expect(Math.abs(mean[2 * t + 1] - exact) / Math.sqrt(exact)).toBeLessThan(allowed);
        expect(Math.abs(sd[2 * t + 1] ** 2 / exact - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
      });
    }
  });

  test('at stationarity leaps stay as long as the turnover allows', () => {
    for (const amount of [1e6 - 2000, 1e6, 1e6 + 2000]) {
      const type = fixture({ X: amount }, { make: ['-> X', '1e5'], lose: ['X ->', '0.1 * X'] });
      expect(longestLeap(type)).toBeCloseTo(2, 2);
    }
  });
});

test('options of a method are for the type’s own method or for any where it names none, and those of an ensemble go before', () => {
  const plain = fixture({ X: 5000 }, { make: ['-> X', '5000'], lose: ['X ->', 'X'] });
  const leaps = (methodOptions: object, own?: string, given?: object): number => {
    const type = { ...plain, methodOptions, ...(own === undefined ? {} : { method: own }) };
    const options = { runs: 1, times: [4], seed: '1', method: 'tau-leaping' };
    return runEnsemble(type, given ? { ...options, methodOptions: given } : options).work?.explicit ?? 0;
  };
  const fine = { epsilon: 0.003, leap: 'explicit' };
  const usual = leaps({ leap: 'explicit' });
  const defaults = leaps({});
  expect(leaps(fine)).toBeGreaterThan(5 * usual);
  expect(leaps(fine, 'tau-leaping')).toBe(leaps(fine));
  expect(leaps(fine, 'langevin')).toBe(defaults);
  expect(leaps({}, 'langevin', fine)).toBe(leaps(fine));
});
