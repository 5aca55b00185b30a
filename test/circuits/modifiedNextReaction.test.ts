import { describe, expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { type HazardResult, integrateHazard } from '../../src/engine/circuits/hazard.ts';
import { createTimeTable } from '../../src/engine/circuits/timeTable.ts';
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

describe('rates in which time and state separate', () => {
  const result: HazardResult = { time: 0, integral: 0 };

  test('a table gives integrals and crossings of Σ h g(t) as quadrature does, across kinks and cuts', () => {
    const first = (t: number): number => 1 + Math.sin(t);
    const second = (t: number): number => Math.max(0, t < 7 ? t - 3 : 0.5);
    const table = createTimeTable([first, second]);
    expect(table.build(20, [7])).toBe(true);
    const weights = Float64Array.of(2, 0.7);
    expect(table.isNonNegative(weights)).toBe(true);
    expect(table.isNonNegative(Float64Array.of(1, -1))).toBe(false);
    // 2 (t − cos t) + 0.7 (8 + 0.5 (t − 7)) from 0
    const exact = (t: number): number =>
      2 * (t - Math.cos(t) + 1) + 0.7 * (t < 3 ? 0 : t < 7 ? (t - 3) ** 2 / 2 : 8 + 0.5 * (t - 7));
    for (let from = 0; from < 20; from += 0.37) {
      const p = table.panelAt(from, 0);
      for (let to = from; to < 20; to += 1.13) {
        const integral = table.integral(weights, from, p, to, table.panelAt(to, p));
        expect(Math.abs(integral - (exact(to) - exact(from)))).toBeLessThan(1e-9);
        if (!(integral > 0)) continue;
        table.solve(weights, from, p, integral, result);
        expect(Math.abs(exact(result.time) - exact(to))).toBeLessThan(1e-9);
      }
    }
    table.solve(weights, 0, 0, 1.001 * exact(20), result);
    expect(result.time).toBe(Number.POSITIVE_INFINITY);
    expect(createTimeTable([t => 1 / Math.max(0, t - 1)]).build(2, [])).toBe(false);
  });

  test('the same firings as by quadrature, in a fraction of the evaluations', () => {
    // hill(…) of both time and state, with no effect, keeps the second form from separating.
    const runs = [
      '0.3 * X * (1 + sin(2 * time))',
      '0.3 * X * (1 + sin(2 * time)) * hill(1 + X + time, 1e-9, 2)',
    ].map(rate => {
      const type = fixture({ X: 5 }, { make: ['-> X', '4 + 3 * cos(time) + 0.1 * X'], lose: ['X ->', rate] });
      return runEnsemble(type, { runs: 50, times: [2, 5, 9], seed: 'separate', method });
    });
    expect([...runs[0].extents]).toEqual([...runs[1].extents]);
    expect(runs[0].extents[1]).toBeGreaterThan(500);
    expect([...runs[0].mean]).toEqual([...runs[1].mean]);
  });

  test('ages differ from cell to cell', () => {
    const type = fixture({ X: 0 }, { make: ['-> X', '30 * max(0, sin(age))'] });
    const population = populate(type, 400);
    for (let i = 0; i < 400; i++) population.birthTime[i] = i % 2 === 0 ? 0 : -Math.PI;
    compileCircuit(type, 0, { method, exactTime: true }).advance(windowFor(type, population, Math.PI));
    let old = 0;
    let young = 0;
    for (let i = 0; i < 400; i += 2) {
      young += population.amounts[2 * i + 1];
      old += population.amounts[2 * (i + 1) + 1];
    }
    // ∫ sin over half a turn is 2.
    expect(Math.abs(young - 200 * 60) / Math.sqrt(200 * 60)).toBeLessThan(3.5);
    expect(old).toBe(0);
  });

  test('a target that rounding has left at 0 waits for a rate', () => {
    integrateHazard(() => 0, 0, 3, 0, result);
    expect(result.time).toBe(Number.POSITIVE_INFINITY);
    integrateHazard(t => Math.max(0, t - 1), 0, 3, 0, result);
    expect(result.time).toBeGreaterThanOrEqual(1 - 1e-6);
    expect(result.time).toBeLessThan(1.01);
    const table = createTimeTable([t => Math.max(0, t - 1)]);
    table.build(3, []);
    table.solve(Float64Array.of(1), 0, 0, 0, result);
    expect(result.time).toBeGreaterThanOrEqual(1 - 1e-6);
    expect(result.time).toBeLessThan(1.01);
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
