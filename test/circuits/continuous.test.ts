import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { amountsOf, fixture, populate, windowFor } from './fixtures.ts';

const enzyme = (): CellType =>
  fixture(
    { S: 50, E: 10, C: 0, P: 0 },
    {
      bind: ['S + E -> C', '0.02 * S * E / volume', 'continuous'],
      unbind: ['C -> S + E', '0.3 * C', 'continuous'],
      convert: ['C -> E + P', '0.7 * C', 'continuous'],
    },
  );

describe('continuous channels', () => {
  test('first-order decay against the exponential, within the tolerance', () => {
    const type = fixture({ A: 1000 }, { decay: ['A ->', '0.3 * A', 'continuous'] });
    for (const tolerance of [1e-4, 1e-6, 1e-9]) {
      const population = populate(type, 1);
      const window = windowFor(type, population, 7);
      expect(compileCircuit(type, 0, { tolerance }).advance(window)).toBeNull();
      const error = Math.abs(population.amounts[1] / (1000 * Math.exp(-2.1)) - 1);
      expect(error).toBeLessThan(50 * tolerance);
      expect(1000 - population.amounts[1]).toBeCloseTo(window.extents[0], 9);
    }
  });

  test('order 3: the error of single steps over a fixed time falls with slope 3', () => {
    // A tolerance that accepts everything makes each window one step.
    const type = fixture(
      { A: 100, B: 3 },
      { convert: ['A + B -> 2 B', '0.01 * A * B', 'continuous'], lose: ['B ->', '0.2 * B', 'continuous'] },
    );
    const end = 4;
    const run = (steps: number, tolerance: number): number => {
      const circuit = compileCircuit(type, 0, { tolerance });
      const population = populate(type, 1);
      for (let i = 0; i < steps; i++) circuit.advance(windowFor(type, population, end / steps));
      return population.amounts[2];
    };
    const reference = run(4000, 1e-11);
    const errors = [16, 32, 64, 128].map(steps => Math.abs(run(steps, 1e9) - reference));
    for (let i = 1; i < errors.length; i++) {
      const slope = Math.log2(errors[i - 1] / errors[i]);
      expect(slope).toBeGreaterThan(2.75);
      expect(slope).toBeLessThan(3.3);
    }
  });

  test('moieties are conserved to rounding', () => {
    const type = enzyme();
    const population = populate(type, 20);
    const circuit = compileCircuit(type, 0);
    for (let i = 0; i < 100; i++) expect(circuit.advance(windowFor(type, population, 0.5))).toBeNull();
    const [S, E, C, P] = ['S', 'E', 'C', 'P'].map(name => amountsOf(type, population, name)[7]);
    expect(Math.abs(E + C - 10)).toBeLessThan(1e-12);
    expect(Math.abs(S + C + P - 50)).toBeLessThan(1e-11);
    expect(P).toBeGreaterThan(40);
  });

  test('generated code and tables give the same bits', () => {
    const growing = fixture(
      { biomass: 2, A: 5, B: 0 },
      {
        grow: ['-> 0.5 biomass', '0.2 * volume * f0 / (1 + f0)', 'continuous'],
        make: ['-> A', '3 * hill(B, 2, 3) + 1', 'continuous'],
        turn: ['2 A -> B', '0.1 * A^2 / volume', 'continuous'],
        export: ['B -> f1', 'max(0.3 * B - 0.1, 0)', 'continuous'],
        eat: ['f0 -> A', '0.4 * volume * f0 / (3 + f0)', 'continuous'],
        fire: ['-> B', '2'],
      },
    );
    for (const includeUptake of [false, true]) {
      const results = [true, false].map(generate => {
        const circuit = compileCircuit(growing, 2, { generate });
        const population = populate(growing, 6);
        const choices = { fieldCount: 2, sampled: 1.7, includeUptake };
        const window = windowFor(growing, population, 3, choices);
        expect(circuit.advance(window)).toBeNull();
        window.duration = 0.5;
        expect(circuit.advance(window)).toBeNull();
        const { released, expectedUptake, extents } = window;
        return { population, released, expectedUptake, extents };
      });
      expect(results[1]).toEqual(results[0]);
    }
  });

  test('amounts stay non-negative near exhaustion, without clipping', () => {
    // Fast, saturating consumption: the amount falls almost linearly to 0 and then decays at rate 10⁵ /s.
    const type = fixture({ A: 1, W: 0 }, { burn: ['A -> W', '1 * A / (1e-5 + A)', 'continuous'] });
    const population = populate(type, 1);
    const circuit = compileCircuit(type, 0);
    let last = 1;
    for (let i = 0; i < 20; i++) {
      expect(circuit.advance(windowFor(type, population, 0.1))).toBeNull();
      const [, a, w] = population.amounts;
      expect(a).toBeGreaterThanOrEqual(0);
      expect(a).toBeLessThanOrEqual(last);
      expect(Math.abs(a + w - 1)).toBeLessThan(1e-14);
      last = a;
    }
    expect(last).toBeLessThan(1e-6);
  });

  test.each([true, false])('a rate that does not stop at exhaustion is a fault (generated: %s)', generate => {
    const type = fixture({ A: 1 }, { burn: ['A ->', '1', 'continuous'] });
    const population = populate(type, 3);
    population.amounts[2 * 0 + 1] = 5;
    const fault = compileCircuit(type, 0, { generate }).advance(windowFor(type, population, 2));
    expect(fault).toMatchObject({ reaction: 'burn', slot: 1 });
    expect(fault?.message).toMatch(/it would leave A at -/);
  });

  test.each([true, false])('a rate that turns negative is a fault (generated: %s)', generate => {
    const type = fixture(
      { A: 3, B: 0 },
      { drop: ['A ->', '0.5 * A', 'continuous'], odd: ['-> B', 'A - 1', 'continuous'] },
    );
    const fault = compileCircuit(type, 0, { generate }).advance(windowFor(type, populate(type, 1), 10));
    expect(fault).toMatchObject({ reaction: 'odd', slot: 0 });
    expect(fault?.value).toBeLessThan(0);
    expect(fault?.value).toBeGreaterThan(-1e-3);
  });

  test('an export adds its extent to the field, once', () => {
    const type = fixture({ A: 100 }, { export: ['A -> 3 f0', '0.2 * A', 'continuous'] });
    const population = populate(type, 2);
    const window = windowFor(type, population, 1, { fieldCount: 1 });
    compileCircuit(type, 1).advance(window);
    const taken = 100 - population.amounts[1];
    expect(taken).toBeCloseTo(100 * (1 - Math.exp(-0.2)), 3);
    expect(window.released[0]).toBeCloseTo(3 * taken, 11);
    expect(window.extents[0]).toBeCloseTo(2 * taken, 11);
  });

  test('uptake runs only where asked for, reports its extent and gives nothing to the field', () => {
    const type = fixture(
      { biomass: 2, A: 0 },
      {
        eat: ['2 f0 -> A', '0.5 * volume * f0', 'continuous'],
        drink: ['f1 -> biomass', '0.1 * f1', 'continuous'],
      },
    );
    const circuit = compileCircuit(type, 2);
    const population = populate(type, 2);
    const window = windowFor(type, population, 3, { fieldCount: 2, sampled: 4 });
    circuit.advance(window);
    expect([...population.amounts]).toEqual([2, 0, 2, 0]);
    const withUptake = windowFor(type, population, 3, {
      fieldCount: 2,
      sampled: 4,
      includeUptake: true,
      uptakeStride: 3,
    });
    withUptake.expectedUptake?.fill(77);
    circuit.advance(withUptake);
    // Biomass grows by 0.4 fg/s, so A = ∫ 0.5 (2 + 0.4 t) 4 dt.
    expect(population.amounts[0]).toBeCloseTo(3.2, 12);
    expect(population.amounts[1]).toBeCloseTo(4 * 3 + 0.4 * 9, 5);
    const expected = withUptake.expectedUptake ?? [];
    expect(expected[0]).toBeCloseTo(population.amounts[1], 12);
    expect(expected[1]).toBeCloseTo(1.2, 12);
    expect([expected[2], expected[5]]).toEqual([77, 77]);
    expect([...withUptake.released]).toEqual([0, 0, 0, 0]);
  });

  test('dilution enters through the volume while biomass grows', () => {
    // dx/dt = k/V with V = e^{gt}: x = k/g (1 − e^{−gt})
    const type = fixture(
      { biomass: 1, X: 0 },
      { grow: ['-> biomass', '0.1 * volume', 'continuous'], make: ['-> X', '2 / volume', 'continuous'] },
    );
    const population = populate(type, 1);
    compileCircuit(type, 0).advance(windowFor(type, population, 10));
    expect(population.amounts[1] / (20 * (1 - Math.exp(-1)))).toBeCloseTo(1, 5);
  });

  test('beside a stochastic channel the two half windows make a whole one', () => {
    const type = fixture(
      { A: 10, B: 0 },
      { decay: ['A ->', '0.5 * A', 'continuous'], never: ['B ->', '1 * B'] },
    );
    const population = populate(type, 1);
    const window = windowFor(type, population, 2);
    compileCircuit(type, 0).advance(window);
    expect(population.amounts[1]).toBeCloseTo(10 * Math.exp(-1), 4);
    expect(window.extents[0]).toBeCloseTo(10 - population.amounts[1], 12);
  });
});
