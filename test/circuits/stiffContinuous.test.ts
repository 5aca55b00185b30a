import { describe, expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { fixture, populate, windowFor } from './fixtures.ts';

describe('stiff continuous channels of a cell', () => {
  /** Fast exchange of A and B, slow loss of B, beside a stochastic channel; A + B = 1000 e^(−t/20). */
  const type = fixture(
    { A: 1000, B: 0, N: 0 },
    {
      forth: ['A -> B', '1e6 * A', 'continuous'],
      back: ['B -> A', '1e6 * B', 'continuous'],
      lose: ['B ->', '0.1 * B', 'continuous'],
      count: ['-> N', '2'],
    },
  );

  test('are handed over to the stiff solver, the same in generated code and from tables', () => {
    const results = [true, false].map(generate => {
      const population = populate(type, 3);
      const window = windowFor(type, population, 10);
      expect(compileCircuit(type, 0, { generate }).advance(window)).toBeNull();
      return { amounts: population.amounts, extents: window.extents };
    });
    expect(results[1]).toEqual(results[0]);
    const [, a, b] = results[0].amounts;
    // Explicitly it would take 2·10⁷ steps. Tolerance 10⁻⁶ a step.
    expect(Math.abs((a + b) / (1000 * Math.exp(-0.5)) - 1)).toBeLessThan(1e-4);
    expect(Math.abs(a / b - 1)).toBeLessThan(1e-4);
    // Extents account for the change exactly, up to rounding of their own size.
    const { extents } = results[0];
    expect(Math.abs(3000 - 3 * (a + b) - extents[2])).toBeLessThan(1e-9 * 3000);
  });

  test('amounts stay ≥ 0 and rates may not be negative, by name', () => {
    const bad = fixture(
      { A: 1000, B: 0, C: 3 },
      {
        forth: ['A -> B', '1e6 * A', 'continuous'],
        back: ['B -> A', '1e6 * B', 'continuous'],
        drain: ['C ->', '1', 'continuous'],
      },
    );
    const fault = compileCircuit(bad, 0).advance(windowFor(bad, populate(bad, 1), 10));
    expect(fault).toMatchObject({ reaction: 'drain' });
    expect(fault?.message).toMatch(/would leave C at/);
    const negative = fixture(
      { A: 1000, B: 0, C: 3 },
      {
        forth: ['A -> B', '1e6 * A', 'continuous'],
        back: ['B -> A', '1e6 * B', 'continuous'],
        make: ['-> C', '5 - C', 'continuous'],
        more: ['-> C', '1', 'continuous'],
      },
    );
    expect(compileCircuit(negative, 0).advance(windowFor(negative, populate(negative, 1), 10))).toMatchObject(
      {
        reaction: 'make',
      },
    );
  });
});

describe('faults of flowing channels', () => {
  test.each(['langevin', 'hybrid'])('%s names the reaction whose rate has no value', method => {
    const type = fixture(
      { Y: 400, X: 1000 },
      { steady: ['-> Y', '400'], lose: ['Y ->', '1 * Y'], drain: ['X ->', '2e5 / (X - 500)'] },
    );
    const fault = compileCircuit(type, 0, { method }).advance(windowFor(type, populate(type, 1), 10));
    expect(fault?.reaction).toBe('drain');
    expect(fault?.message).toMatch(/rate is|changes too suddenly/);
  });
});

test('Langevin: the mean is of second order in the step', () => {
  // 2 X → nothing from so many molecules that the noise of the mean of all copies is small: x = x₀/(1 + 2 k x₀ t). With such an ε the
  // bound on bias leaves windows of 0.5/200 whole.
  const plain = fixture({ X: 1e12 }, { pair: ['2 X ->', '1e-12 * X * X'] });
  const type = { ...plain, methodOptions: { epsilon: 0.5 } };
  const circuit = compileCircuit(type, 0, { method: 'langevin' });
  const copies = 1600;
  const errorWith = (steps: number): number => {
    const population = populate(type, copies);
    const window = windowFor(type, population, 0.5 / steps);
    for (let i = 0; i < steps; i++) expect(circuit.advance(window)).toBeNull();
    let mean = 0;
    for (let i = 0; i < copies; i++) mean += population.amounts[2 * i + 1] / copies;
    return Math.abs(mean / 0.5e12 - 1);
  };
  const slope = Math.log2(errorWith(200) / errorWith(400));
  expect(slope).toBeGreaterThan(1.8);
  expect(slope).toBeLessThan(2.2);
});
