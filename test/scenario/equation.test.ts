import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { createScope } from '../../src/engine/expression/scope.ts';
import { readEquation } from '../../src/engine/scenario/equation.ts';
import { constantDimension, massAction } from '../../src/engine/scenario/massAction.ts';
import { dimensionText } from '../../src/engine/scenario/units.ts';

const substances = {
  species: new Map([
    ['biomass', 0],
    ['A', 1],
    ['B', 2],
  ]),
  fields: new Map([['glucose', 0]]),
};

function read(text: string) {
  const faults: string[] = [];
  const equation = readEquation(text, substances, message => faults.push(message));
  expect(faults).toEqual([]);
  if (equation === null) throw new Error('nothing was read');
  return equation;
}

function side(terms: readonly { in: string; index: number; exact: string }[]): string {
  return terms.map(term => `${term.exact} ${term.in}${term.index}`).join(' + ');
}

describe('equations', () => {
  it.each([
    ['1e9 field.glucose + 2 A -> biomass', '1000000000 field0 + 2 cell1', '1 cell0'],
    ['-> A', '', '1 cell1'],
    ['A ->', '1 cell1', ''],
    ['0 -> A', '', '1 cell1'],
    ['A → ∅', '1 cell1', ''],
    ['A + A -> B', '2 cell1', '1 cell2'],
    ['2A->B', '2 cell1', '1 cell2'],
    ['0.1 A -> 1/3 B', '1/10 cell1', '1/3 cell2'],
    ['0.1 A + 0.2 A -> B', '3/10 cell1', '1 cell2'],
    ['1.5e-3 * A -> 6.02e+2 B', '3/2000 cell1', '602 cell2'],
    ['A -> field . glucose', '1 cell1', '1 field0'],
    ['4/2 A -> .5 B', '2 cell1', '1/2 cell2'],
  ])('%s', (text, left, right) => {
    const { reactants, products } = read(text);
    expect([side(reactants), side(products)]).toEqual([left, right]);
  });

  it('gives coefficients as numbers too', () => {
    expect(read('0.1 A + 0.2 A -> B').reactants[0].coefficient).toBe(0.3);
  });
});

describe('mass action', () => {
  const k = 0.7;
  const P = 5;
  const Q = 3;
  const V = 2.5;
  const c = 4;
  const propensity = (text: string, continuous = false, real = false): number => {
    const scope = createScope();
    scope.amounts = Float64Array.of(100, P, Q);
    scope.fields = Float64Array.of(c);
    scope.volume = V;
    return evaluate(
      massAction(k, read(text).reactants, continuous, () => real),
      scope,
    );
  };

  it.each([
    ['-> A', k * V],
    ['A ->', k * P],
    ['2 A -> B', ((k / V) * (P * (P - 1))) / 2],
    ['A + B ->', (k / V) * P * Q],
    ['3 A -> B', ((k / V ** 2) * (P * (P - 1) * (P - 2))) / 6],
    ['field.glucose -> A', k * c * V],
    ['A + field.glucose -> B', (k / V) * P * c * V],
    ['2 field.glucose -> B', (k / V) * (c * V) ** 2],
  ])('propensity of %s', (text, value) => {
    expect(propensity(text)).toBeCloseTo(value, 12);
  });

  it('counts sets of a real amount without correction in a continuous channel', () => {
    expect(propensity('2 A -> B', true)).toBeCloseTo(((k / V) * P ** 2) / 2, 12);
    expect(propensity('3 A -> B', true)).toBeCloseTo(((k / V ** 2) * P ** 3) / 6, 12);
  });

  it('does not fire a whole reaction without its molecules', () => {
    expect(propensity('6 A -> B', false, true)).toBe(0);
    expect(propensity('6 A -> B')).toBe(0);
    expect(propensity('5 A -> B', false, true)).toBeCloseTo(k / V ** 4, 12);
  });

  it('has a constant of volume^(n−1)/time', () => {
    expect([0, 1, 2, 3].map(n => dimensionText(constantDimension(n)))).toEqual([
      '1/length^3/time',
      '1/time',
      'length^3/time',
      'length^6/time',
    ]);
  });
});
