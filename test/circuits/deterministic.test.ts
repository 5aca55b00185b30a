import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { compileDeterministic, deterministicLimit } from '../../src/engine/circuits/deterministic.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { createFailure } from '../../src/engine/circuits/window.ts';
import { expression, fixture, populate, windowFor } from './fixtures.ts';
import { dimerisation, immigrationDeath, vilar } from './models.ts';

function solve(
  type: CellType,
  time: number,
  tolerance: number,
  solver?: 'explicit' | 'stiff',
  generate = true,
) {
  const limit = { ...type, circuit: deterministicLimit(type.circuit) };
  const options = { tolerance, timed: true, generate, ...(solver ? { solver } : {}) };
  const kernel = compileDeterministic(limit, 0, false, options);
  const population = populate(limit, 2);
  const window = windowFor(limit, population, time);
  expect(kernel?.(window, time, createFailure())).toBe(true);
  return { amounts: population.amounts.slice(0, population.stride), extents: window.extents };
}

describe.each(['explicit', 'stiff'] as const)('%s solver', solver => {
  test('immigration–death against its exponential', () => {
    const { amounts } = solve(immigrationDeath(10, 0.1, 3), 7, 1e-9, solver);
    expect(amounts[1]).toBeCloseTo(100 - 97 * Math.exp(-0.7), 5);
  });

  test('the error falls with the tolerance', () => {
    const exact = solve(vilar(), 2, 1e-12, 'explicit').amounts;
    const errorAt = (tolerance: number): number => {
      const { amounts } = solve(vilar(), 2, tolerance, solver);
      return Math.max(...amounts.map((x, s) => Math.abs(x - exact[s]) / (1 + Math.abs(exact[s]))));
    };
    expect(errorAt(1e-4)).toBeLessThan(3e-2);
    expect(errorAt(1e-7)).toBeLessThan(3e-5);
    expect(errorAt(1e-9)).toBeLessThan(3e-7);
  });

  test('rates that depend on time are followed', () => {
    const type = fixture({ X: 0 }, { make: ['-> X', '3 * (1 + sin(2 * time))', 'continuous'] });
    const { amounts } = solve(type, 5, 1e-9, solver);
    expect(amounts[1]).toBeCloseTo(15 + 1.5 * (1 - Math.cos(10)), 5);
  });

  test('moieties are kept to rounding', () => {
    const { amounts } = solve(dimerisation(), 500, 1e-5, solver);
    expect(Math.abs(amounts[1] + 2 * amounts[2] - 100)).toBeLessThan(1e-11);
  });

  test('generated code and closures agree to rounding', () => {
    const [a, b] = [true, false].map(generate => solve(vilar(), 3, 1e-7, solver, generate).amounts);
    a.forEach((x, s) => {
      expect(Math.abs(x - b[s])).toBeLessThan(1e-9 * (1 + Math.abs(x)));
    });
  });
});

describe('stiffness', () => {
  /** Robertson's kinetics (1966), rates 0.04, 3·10⁷ and 10⁴ for amounts around 1; here scaled to 10⁶ molecules. */
  const robertson = fixture(
    { A: 1e6, B: 0, C: 0 },
    {
      slow: ['A -> B', '0.04 * A', 'continuous'],
      fast: ['2 B -> B + C', '30 * B * B', 'continuous'],
      back: ['B + C -> A + C', '0.01 * B * C', 'continuous'],
    },
  );

  test('Robertson’s problem to 4·10³ s against the published solution', () => {
    const { amounts } = solve(robertson, 4e3, 1e-8);
    // Hairer & Wanner II: y(4·10³) = 0.1832, 8.942·10⁻⁷, 0.8168.
    expect(amounts[1] / 1e6).toBeCloseTo(0.1832, 3);
    expect(amounts[2] / 1e6).toBeCloseTo(8.942e-7, 9);
    expect(amounts[3] / 1e6).toBeCloseTo(0.8168, 3);
  });

  test('a stiff window takes the stiff solver by itself: it is fast', () => {
    const start = performance.now();
    solve(robertson, 1e9, 1e-6);
    // Explicitly it would take about 10¹² steps.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the limit', () => {
  test('x (x − 1) becomes x², other rates stay', () => {
    const names = ['biomass', 'X', 'Y'];
    const type = fixture(
      { X: 9, Y: 4 },
      {
        pair: ['2 X -> Y', '0.5 * X * (X - 1) / 2'],
        mixed: ['X + Y ->', '3 * X * (Y - 1)'],
        decay: ['Y ->', '2 * Y'],
      },
    );
    const { reactions, species } = deterministicLimit(type.circuit);
    expect(reactions.every(({ continuous }) => continuous)).toBe(true);
    expect(species.map(({ continuous }) => continuous)).toEqual([true, true, true]);
    expect(reactions[1].rate).toEqual(expression('3 * X * (Y - 1)', names));
    expect(reactions[2].rate).toEqual(expression('2 * Y', names));
    expect(JSON.stringify(reactions[0].rate)).not.toContain('"-"');
  });

  test('as a method: one run of an ensemble is the solution', () => {
    const { mean, method } = runEnsemble(immigrationDeath(10, 0.1), {
      runs: 1,
      times: [5, 20],
      seed: '1',
      method: 'deterministic',
      tolerance: 1e-9,
    });
    expect(method).toBe('deterministic');
    expect(mean[1]).toBeCloseTo(100 * (1 - Math.exp(-0.5)), 5);
    expect(mean[3]).toBeCloseTo(100 * (1 - Math.exp(-2)), 5);
  });

  test('a rate that is not finite, or would take an amount below 0, is a fault by name', () => {
    const bad = { ...fixture({ X: 0 }, { bad: ['-> X', '1 / X'] }), method: 'deterministic' };
    expect(compileCircuit(bad, 0).advance(windowFor(bad, populate(bad, 1), 1))).toMatchObject({
      reaction: 'bad',
    });
    const empty = { ...fixture({ X: 1 }, { drain: ['X ->', '2'] }), method: 'deterministic' };
    const fault = compileCircuit(empty, 0).advance(windowFor(empty, populate(empty, 1), 1));
    expect(fault).toMatchObject({ reaction: 'drain' });
  });

  test('too many steps, and a solution that blows up, are faults that say so', () => {
    const limit = (type: CellType): CellType => ({ ...type, circuit: deterministicLimit(type.circuit) });
    const failure = createFailure();
    const clock = limit(fixture({ X: 5 }, { make: ['-> X', '3 * (1 + sin(900 * time))'] }));
    const options = { tolerance: 1e-6, timed: true, generate: true, mostSteps: 100 };
    const kernel = compileDeterministic(clock, 0, false, options);
    expect(kernel?.(windowFor(clock, populate(clock, 1), 10), 10, failure)).toBe(false);
    expect(failure).toMatchObject({ cause: 'steps', reaction: 0 });
    const explosive = {
      ...fixture({ X: 1, Y: 3 }, { grow: ['-> X', 'X * X'], idle: ['Y ->', 'Y'] }),
      method: 'deterministic',
    };
    const fault = compileCircuit(explosive, 0, { exactTime: true }).advance(
      windowFor(explosive, populate(explosive, 1), 2),
    );
    expect(fault).toMatchObject({ reaction: 'grow' });
    expect(fault?.message).toMatch(/changes too suddenly/);
  });
});
