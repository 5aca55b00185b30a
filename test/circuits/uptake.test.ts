import { describe, expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { fixture, populate, windowFor } from './fixtures.ts';

const type = fixture(
  { biomass: 3, A: 4, T: 2 },
  {
    linear: ['f0 -> A', '0.5 * volume * f0', 'continuous'],
    monod: ['2 f0 -> 0.4 biomass', '7 * T * f0 / (10 + f0)', 'continuous'],
    both: ['f0 + 3 f1 -> biomass', '0.2 * f0 * f1 / (1 + f1)', 'continuous'],
    odd: ['f1 ->', '0.1 * sqrt(f1)', 'continuous'],
    export: ['A -> 2 f1', '0.3 * A', 'continuous'],
    pulse: ['2 A -> f1', '6'],
    import: ['f0 -> A', '0.25 * f0'],
  },
);

describe.each([true, false])('generated: %s', generate => {
  const circuit = compileCircuit(type, 2, { generate });

  function coefficients(u: number, position: number, sampled: readonly number[]): number[] {
    const population = populate(type, 3);
    const out = new Float64Array(3 * 5).fill(-1);
    const fault = circuit.uptakes[u].coefficients(
      position,
      population,
      population.amounts,
      Int32Array.of(2, 0, 99),
      2,
      0,
      Float64Array.from([...sampled, ...sampled, ...sampled]),
      out,
      5,
      1,
    );
    expect(fault).toBeNull();
    expect(out[5 + 1]).toBe(-1);
    expect(out[2 * 5 + 1]).toBe(out[1]);
    return [out[1]];
  }

  test('lists the uptake channels with what they consume', () => {
    expect(circuit.isUptake).toEqual([true, true, true, true, false, false, false]);
    expect(circuit.readsFields).toBe(true);
    expect(
      circuit.uptakes.map(({ reaction, fields }) => [
        reaction,
        ...fields.map(f => [f.field, f.coefficient, f.dependsOnFields, f.dependsOnSpecies]),
      ]),
    ).toEqual([
      [0, [0, 1, false, true]],
      [1, [0, 2, true, true]],
      [2, [0, 1, true, false], [1, 3, true, false]],
      [3, [1, 1, true, false]],
    ]);
    expect(circuit.uptakes[1].cellChanges).toEqual([[0, 0.4]]);
    expect(circuit.uptakes[2].fieldChanges).toEqual([
      [0, -1],
      [1, -3],
    ]);
  });

  test('coefficients are rate/concentration, also at 0', () => {
    expect(coefficients(0, 0, [6, 0])).toEqual([1.5]);
    expect(coefficients(0, 0, [0, 0])).toEqual([1.5]);
    expect(coefficients(1, 0, [5, 0])[0]).toBeCloseTo(14 / 15, 14);
    expect(coefficients(1, 0, [0, 0])[0]).toBeCloseTo(1.4, 14);
    expect(coefficients(2, 0, [6, 4])[0]).toBeCloseTo(0.2 * 0.8, 14);
    expect(coefficients(2, 1, [6, 4])[0]).toBeCloseTo((0.2 * 6) / 5, 14);
    expect(coefficients(2, 1, [6, 0])[0]).toBeCloseTo(1.2, 14);
    expect(coefficients(3, 0, [6, 4])[0]).toBeCloseTo(0.05, 14);
    expect(coefficients(3, 0, [6, 0])).toEqual([0]);
  });

  test('a negative coefficient is a fault', () => {
    const bad = fixture({ A: 4 }, { bad: ['f0 -> A', 'f0 * (3 - A)', 'continuous'] });
    const population = populate(bad, 2);
    const out = new Float64Array(2);
    const fault = compileCircuit(bad, 1, { generate }).uptakes[0].coefficients(
      0,
      population,
      population.amounts,
      Int32Array.of(1),
      1,
      0,
      Float64Array.of(1, 1),
      out,
      1,
      0,
    );
    expect(fault).toMatchObject({ reaction: 'bad', slot: 1, value: -1 });
  });

  test('mean exchange: what is given per second, and what is taken per concentration, by every channel', () => {
    const population = populate(type, 2);
    population.amounts[1] = 1;
    const streams = population.streams.slice();
    const given = new Float64Array(4);
    const taken = new Float64Array(4);
    const sampled = Float64Array.of(8, 9, 8, 9);
    expect(circuit.meanExchange(population, Int32Array.of(0, 1), 2, 0, sampled, given, taken)).toBe(true);
    // Cell 0 holds one A: the pulse needs two.
    expect([...given]).toEqual([0, 0.6, 0, 2 * 0.3 * 4 + 6]);
    const [f0, f1] = [1.5 + (2 * 7 * 2) / 18 + (0.2 * 9) / 10 + 0.25, (3 * 0.2 * 8) / 10 + (0.1 * 3) / 9];
    [f0, f1, f0, f1].forEach((expected, i) => {
      expect(taken[i]).toBeCloseTo(expected, 12);
    });
    expect(population.streams).toEqual(streams);
    const window = windowFor(type, population, 1, { fieldCount: 2, sampled: 8 });
    expect(circuit.advance(window)).toBeNull();
  });
});
