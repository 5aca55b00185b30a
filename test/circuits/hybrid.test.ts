import { expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { amountsOf, fixture, meanAndVariance, populate, varianceError, windowFor } from './fixtures.ts';

test('a given partition: the gene fires, its product flows, with the law of the piecewise-deterministic process', () => {
  const gene = fixture(
    { off: 1, on: 0, M: 0 },
    {
      activate: ['off -> on', '0.5 * off'],
      deactivate: ['on -> off', '1 * on'],
      make: ['on -> on + M', '90 * on'],
      lose: ['M ->', '1 * M'],
    },
  );
  const type = { ...gene, method: 'hybrid', methodOptions: { discrete: [0, 1] } };
  const circuit = compileCircuit(type, 0);
  const cells = 4000;
  const population = populate(type, cells);
  const window = windowFor(type, population, 12);
  expect(circuit.advance(window)).toBeNull();
  const amounts = amountsOf(type, population, 'M');
  const { mean, variance } = meanAndVariance(amounts);
  // On with probability p = ⅓, switching at s = 1.5: mean 90 p; variance 90² p (1 − p)/(1 + s), of which what flows adds none, and
  // at most ¼ per channel where M is made whole.
  expect(Math.abs(mean - 30)).toBeLessThan(4 * Math.sqrt(720 / cells));
  expect(Math.abs(variance - 720)).toBeLessThan(4 * varianceError(amounts) + 0.5);
  // The exact process has the Poisson noise of M on top: 30 more. The adaptive partition would fire M one by one.
  const adaptive = populate(type, cells);
  compileCircuit({ ...type, methodOptions: {} }, 0).advance(windowFor(type, adaptive, 12));
  expect(adaptive.amounts).not.toEqual(population.amounts);
  expect(amounts.every(Number.isInteger)).toBe(true);
});

test('what flows in an ensemble does not depend on its output times', () => {
  const type = fixture({ X: 150 }, { birth: ['-> X', '200'], death: ['X ->', '1 * X'] });
  const grid = Array.from({ length: 60 }, (_, i) => 0.05 * (i + 1));
  const runs = 300;
  const deviation = (times: number[], step: number | undefined): number => {
    const options = { runs, times, seed: 'grid', method: 'hybrid', ...(step === undefined ? {} : { step }) };
    return runEnsemble(type, options).sd.at(-1) as number;
  };
  // Over the whole time it flows, in 20 ms it fires 4 times.
  for (const times of [[3], grid]) {
    // Making extents whole at each output is all the noise there is.
    expect(deviation(times, undefined)).toBeLessThan(2);
    expect(Math.abs(deviation(times, 0.02) ** 2 / 200 - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
  }
});
