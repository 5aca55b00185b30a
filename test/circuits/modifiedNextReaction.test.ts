import { describe, expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { type HazardResult, integrateHazard } from '../../src/engine/circuits/hazard.ts';
import { nextUint32 } from '../../src/engine/random/xoshiro.ts';
import { fixture, populate, windowFor } from './fixtures.ts';

const method = 'modified-next-reaction';

describe('rates that depend on time', () => {
  test.each([3, 7])(
    'immigration k (1 + sin ωt) and decay at t = %d s: Poisson with the mean of the ODE',
    time => {
      const [k, omega, mu] = [20, 1.3, 0.4];
      const type = fixture(
        { X: 0 },
        { make: ['-> X', '20 * (1 + sin(1.3 * time))'], lose: ['X ->', '0.4 * X'] },
      );
      const runs = 1000;
      const result = runEnsemble(type, { runs, times: [time], seed: 'wave', method });
      // dm/dt = k (1 + sin ωt) − μ m, m(0) = 0.
      const steady =
        (mu * Math.sin(omega * time) - omega * Math.cos(omega * time)) / (mu * mu + omega * omega);
      const start = 1 / mu - omega / (mu * mu + omega * omega);
      const mean = k * (1 / mu + steady - start * Math.exp(-mu * time));
      expect(Math.abs(result.mean[1] - mean) / Math.sqrt(mean / runs)).toBeLessThan(3.5);
      expect(Math.abs(result.sd[1] ** 2 / mean - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
    },
  );

  test('a rate that jumps in time is followed to the jump', () => {
    const wide = fixture({ X: 0 }, { pulse: ['-> X', '(time > 2.5 ? 1 : 0) * (time < 4 ? 1 : 0) * 200'] });
    const runs = 1000;
    const { mean, sd } = runEnsemble(wide, { runs, times: [2.5, 6], seed: 'pulse', method });
    expect(mean[1]).toBe(0);
    expect(Math.abs(mean[3] - 300) / Math.sqrt(300 / runs)).toBeLessThan(3.5);
    expect(Math.abs(sd[3] ** 2 / 300 - 1) * Math.sqrt(runs / 2)).toBeLessThan(3.5);
  });

  test('a hazard is integrated and its crossing found to rounding', () => {
    const result: HazardResult = { time: 0, integral: 0 };
    integrateHazard(t => t * t, 0, 3, Number.POSITIVE_INFINITY, result);
    expect(result.time).toBe(Number.POSITIVE_INFINITY);
    expect(result.integral).toBeCloseTo(9, 12);
    integrateHazard(t => Math.exp(-t), 0, 5, 0.5, result);
    expect(result.time).toBeCloseTo(Math.LN2, 11);
    integrateHazard(t => 1 - t, 0, 5, 2, result);
    expect(result.time).toBeNaN();
  });
});

describe('Poisson processes of their own', () => {
  const type = (k: number) =>
    fixture(
      { X: 0, Y: 30 },
      { make: ['-> X', `${k}`], other: ['Y ->', '0.2 * Y'], pair: ['X ->', '0.1 * X'] },
    );

  test('what one channel draws does not depend on the rate of another', () => {
    const results = [3, 50].map(k => {
      const cell = type(k);
      const population = populate(cell, 20);
      compileCircuit(cell, 0, { method }).advance(windowFor(cell, population, 4));
      return population;
    });
    for (let i = 0; i < 20; i++) {
      expect(results[1].amounts[3 * i + 2]).toBe(results[0].amounts[3 * i + 2]);
      expect(results[1].amounts[3 * i + 1]).toBeGreaterThan(results[0].amounts[3 * i + 1]);
    }
  });

  test('the cell’s stream moves by four words per window, whatever happened', () => {
    const cell = type(7);
    const population = populate(cell, 5);
    const expected = population.streams.slice();
    for (let i = 0; i < 5; i++) for (let word = 0; word < 8; word++) nextUint32(expected, 4 * i);
    const circuit = compileCircuit(cell, 0, { method });
    circuit.advance(windowFor(cell, population, 4));
    circuit.advance(windowFor(cell, population, 0.01));
    expect(population.streams).toEqual(expected);
  });

  test('iterates that repeat a window at a little other rate differ little', () => {
    // The same unit processes: only firings within 1 % of the internal time can differ.
    const counts = [10, 10.1].map(k => {
      const cell = fixture({ X: 0 }, { make: ['-> X', `${k}`] });
      const population = populate(cell, 1000);
      compileCircuit(cell, 0, { method }).advance(windowFor(cell, population, 10));
      return population.amounts;
    });
    let spread = 0;
    for (let i = 0; i < 1000; i++) spread += (counts[1][2 * i + 1] - counts[0][2 * i + 1] - 1) ** 2 / 1000;
    // Poisson(1) has variance 1; independent processes would have 201.
    expect(spread).toBeLessThan(1.3);
  });
});
