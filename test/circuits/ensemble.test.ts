import { describe, expect, test } from 'vitest';
import { createEnsemble, mergeBlocks, runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { methodType, selectMethod } from '../../src/engine/circuits/methods.ts';
import { fixture } from './fixtures.ts';
import { immigrationDeath, vilar } from './models.ts';

const options = { runs: 300, times: [0, 1, 2.5], seed: '7', trajectories: 150, binWidth: 1 } as const;

describe('ensembles', () => {
  test('do not depend on the order in which blocks are run', () => {
    const type = immigrationDeath();
    const straight = runEnsemble(type, options);
    const ensemble = createEnsemble(type, options);
    expect(ensemble.blocks).toBe(3);
    const shuffled = [2, 0, 1].map(block => createEnsemble(type, options).run(block));
    expect(mergeBlocks(ensemble, options, shuffled)).toEqual(straight);
    expect(runEnsemble(type, { ...options, seed: '8' }).mean).not.toEqual(straight.mean);
  });

  test('a type of the deterministic limit can be simulated by other methods, as it was written', () => {
    const type = { ...immigrationDeath(), method: 'deterministic' };
    const limit = methodType(type, selectMethod(type.circuit, 'deterministic'));
    expect(limit.circuit.reactions.every(({ continuous }) => continuous)).toBe(true);
    expect(runEnsemble(limit, { ...options, method: 'direct' })).toEqual(
      runEnsemble(type, { ...options, method: 'direct' }),
    );
    expect(Math.max(...runEnsemble(limit, options).sd)).toBeLessThan(1e-9);
  });

  test('statistics are those of the trajectories', () => {
    const { mean, sd, trajectories, histograms, species, times } = runEnsemble(vilar(), {
      ...options,
      trajectories: 300,
    });
    const width = species.length;
    for (let t = 0; t < times.length; t++) {
      for (let s = 0; s < width; s++) {
        const values = Array.from(
          { length: 300 },
          (_, i) => trajectories[(i * times.length + t) * width + s],
        );
        const m = values.reduce((a, b) => a + b) / 300;
        expect(mean[t * width + s]).toBeCloseTo(m, 9);
        const variance = values.reduce((a, b) => a + (b - m) ** 2, 0) / 299;
        expect(sd[t * width + s]).toBeCloseTo(Math.sqrt(variance), 9);
        const { bins, counts } = histograms[t * width + s];
        expect([...bins]).toEqual([...new Set(values)].sort((a, b) => a - b));
        expect([...counts]).toEqual([...bins].map(bin => values.filter(v => v === bin).length));
      }
    }
  });

  test('copies are independent and start from the initial amounts', () => {
    const { mean, sd, trajectories } = runEnsemble(immigrationDeath(5e4, 0.1, 77), {
      ...options,
      trajectories: 300,
    });
    expect(mean[1]).toBe(77);
    expect(sd[1]).toBe(0);
    const ends = new Set(Array.from({ length: 300 }, (_, i) => trajectories[(i * 3 + 2) * 2 + 1]));
    // Standard deviation about 330: of 300 independent copies about 30 share a value with another by chance.
    expect(ends.size).toBeGreaterThan(200);
  });

  test('continuous channels and held fields', () => {
    const type = fixture(
      { A: 10 },
      { fade: ['A ->', '0.5 * A', 'continuous'], feed: ['-> A', '2 * f0', 'continuous'] },
    );
    const { mean } = runEnsemble(type, { runs: 1, times: [3], seed: '1', fields: [1.5] });
    expect(mean[1]).toBeCloseTo(6 + 4 * Math.exp(-1.5), 4);
  });

  test('continuous channels beside stochastic ones do not depend on the output times', () => {
    const type = fixture(
      { M: 0, P: 0 },
      {
        tx: ['-> M', '1'],
        decay: ['M ->', '0.1 * M'],
        tl: ['M -> M + P', 'M', 'continuous'],
        dilution: ['P ->', '0.05 * P', 'continuous'],
      },
    );
    const run = (times: readonly number[]) =>
      runEnsemble(type, { runs: 2000, times, seed: '3', step: 1, trajectories: 2000 });
    const coarse = run([200]);
    const fine = run([20, 90, 200]);
    expect(fine.trajectories.filter((_, i) => i % 9 >= 6)).toEqual(coarse.trajectories);
    // Stationary to e⁻¹⁰: mean 10/0.05; variance 10/(0.05 · (0.05 + 0.1)), that of Poisson M filtered once.
    const sd = Math.sqrt(10 / (0.05 * 0.15));
    expect(Math.abs(coarse.mean[2] - 200) / (sd / Math.sqrt(2000))).toBeLessThan(3.5);
    expect(Math.abs(coarse.sd[2] ** 2 / sd ** 2 - 1) * Math.sqrt(2000 / 2)).toBeLessThan(5);
  });

  test('continuous rates follow time, not the output times', () => {
    const type = fixture(
      { M: 0, P: 0 },
      { tx: ['-> M', '1'], ramp: ['-> P', '0.003 * time ^ 2', 'continuous'] },
    );
    for (const times of [[100], [40, 100]]) {
      const { mean } = runEnsemble(type, { runs: 3, times, seed: '1', step: 1 });
      // The midpoint rule errs by H²/24 times the difference of the slopes, 0.6, at the ends.
      expect(Math.abs(mean[mean.length - 1] - 1000)).toBeLessThan(0.0251);
    }
    const { mean } = runEnsemble(type, { runs: 3, times: [100], seed: '1' });
    expect(Math.abs(mean[2] - 1000)).toBeLessThan(0.0251);
  });

  test('what makes no sense is refused', () => {
    const type = immigrationDeath();
    expect(() => createEnsemble(type, { ...options, runs: 0 })).toThrow('runs must be a whole number');
    expect(() => createEnsemble(type, { ...options, times: [2, 1] })).toThrow('must ascend');
    expect(() => createEnsemble(type, { ...options, step: 0 })).toThrow('step must be above 0');
    expect(() => createEnsemble(type, { ...options, method: 'x' })).toThrow('unknown circuit method');
    const bad = fixture({ X: 5 }, { ramp: ['-> X', '6 - X'] });
    expect(() => runEnsemble(bad, { ...options, times: [100] })).not.toThrow();
    const worse = fixture({ X: 7 }, { ramp: ['-> X', '6 - X'] });
    expect(() => runEnsemble(worse, options)).toThrow(
      'ramp: the rate is -1; it must be finite and at least 0 in copy 1',
    );
  });
});
