import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canBeNegative,
  divideBy,
  reads,
  vanishesAt,
  vanishesAt0,
} from '../../src/engine/expression/algebra.ts';
import type { Variable } from '../../src/engine/expression/ast.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { bounds } from '../../src/engine/expression/interval.ts';
import type { Scope } from '../../src/engine/expression/scope.ts';
import { expression } from '../circuits/fixtures.ts';
import { anyExpression, anyScope } from './arbitrary.ts';

const F0: Variable = { of: 'field', index: 0 };
const A: Variable = { of: 'species', index: 0 };
const names = ['A', 'B'];
const e = (text: string) => expression(text, names);

function at(c: number, a = 3): Partial<Scope> {
  return { fields: Float64Array.of(c, 0.7), amounts: Float64Array.of(a, 5), volume: 1.5, time: 2, age: 1 };
}

describe('divideBy', () => {
  test.each([
    ['f0', 1],
    ['2 * volume * f0', 3],
    ['f0 * A / (10 + f0)', 0.3],
    ['-f0 * 3', -3],
    ['f0 ^ 2', 0],
    ['3 * f0 + A * f0', 6],
    ['f0 * A - f0', 2],
    ['hill(f0, 4, 1)', 0.25],
    ['hill(f0, 4, 2)', 0],
    ['5 * hill(2 * f0, 4, 1)', 2.5],
    ['A > 2 ? 4 * f0 : f0 ^ 2', 4],
    ['min(3 * f0, f0 * A * 2)', 3],
    ['max(f0, 2 * f0)', 2],
    ['abs(f0)', 1],
    ['0', 0],
  ])('cancels the factor of %s', (text, atZero) => {
    const whole = e(text);
    const quotient = divideBy(whole, F0);
    if (!quotient) throw new Error('no factor found');
    expect(evaluate(quotient, at(0))).toBeCloseTo(atZero, 14);
    for (const c of [1e-12, 0.1, 3.9, 4.1, 77, 1e9]) {
      const expected = evaluate(whole, at(c)) / c;
      expect(Math.abs(evaluate(quotient, at(c)) - expected)).toBeLessThanOrEqual(
        1e-13 * Math.max(Math.abs(expected), 1e-300),
      );
    }
  });

  test('does not overflow where the powers of hill would', () => {
    const quotient = divideBy(e('hill(f0, 4, 8)'), F0);
    if (!quotient) throw new Error('no factor found');
    expect(evaluate(quotient, at(1e60))).toBeCloseTo(1e-60, 70);
  });

  test.each(['1 + f0', 'exp(f0)', 'sqrt(f0)', 'A', '1 / f0', 'f0 ^ 0.5', 'A > 2 ? f0 : 1', '3', 'f1'])(
    'finds no factor in %s',
    text => {
      expect(divideBy(e(text), F0)).toBeNull();
    },
  );

  test('a quotient times the variable is the expression, on random trees', () => {
    let found = 0;
    fc.assert(
      fc.property(anyExpression, anyScope, (tree, scope) => {
        const quotient = divideBy(tree, F0);
        if (!quotient) return;
        const expected = evaluate(tree, scope);
        const product = evaluate(quotient, scope) * scope.fields[0];
        if (!Number.isFinite(expected) || !Number.isFinite(product) || Math.abs(expected) > 1e200) return;
        found++;
        expect(Math.abs(product - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-200);
      }),
      { seed: 99, numRuns: 20000 },
    );
    expect(found).toBeGreaterThan(300);
  });
});

describe('bounds', () => {
  test('contain every value on random trees', () => {
    let tight = 0;
    fc.assert(
      fc.property(anyExpression, anyScope, (tree, scope) => {
        const { low, high, wild } = bounds(tree);
        const value = evaluate(tree, scope);
        if (low > -Infinity && high < Infinity && low !== high) tight++;
        if (Number.isFinite(value)) expect(value >= low && value <= high).toBe(true);
        // Sums and products of large finite constants may overflow; that is left to run time.
        else if (!wild) expect(hasHugeConstant(JSON.stringify(tree))).toBe(true);
      }),
      { seed: 4242, numRuns: 20000 },
    );
    expect(tight).toBeGreaterThan(500);
  });

  test('canBeNegative proves rates of the usual forms', () => {
    const whole = (v: Variable): boolean => v.of === 'species';
    for (const text of [
      '0.1 * A',
      'A * (A - 1)',
      'A * (A - 1) * (A - 2) / 6',
      '0.5 * A * B / volume',
      '1 - hill(A, 50, 2)',
      'max(0, 3 - A)',
      'A > 5 ? 2 : exp(-A)',
      '(A - B) ^ 2',
      'abs(A - 3)',
    ]) {
      expect([text, canBeNegative(e(text), whole)]).toEqual([text, false]);
    }
    for (const text of ['3 - A', 'A - B', 'A * (A - 1.5)', 'ln(A)', '-1', 'A * (A - 5)', 'sin(time)']) {
      expect([text, canBeNegative(e(text), whole)]).toEqual([text, true]);
    }
    expect(canBeNegative(e('A * (A - 1)'))).toBe(true);
  });

  test('vanishesAt0 holds only where the value is exactly 0', () => {
    for (const text of [
      '2 * A',
      'A * B / (A + 3)',
      'hill(A, 3, 2) * B',
      'A ^ 2',
      'A > 0 ? 7 : 0',
      'min(A, B)',
    ]) {
      expect([text, vanishesAt0(e(text), A)]).toEqual([text, true]);
    }
    for (const text of ['2', 'A + 1', 'A / B', '(A + B) * 2', 'exp(A)', 'hill(B, 3, 2)', 'A * (1 / A)']) {
      expect([text, vanishesAt0(e(text), A)]).toEqual([text, false]);
    }
    expect(vanishesAt(e('A * (A - 1) / 2'), A, 1)).toBe(true);
    expect(vanishesAt(e('A * A'), A, 1)).toBe(false);
  });

  test('reads lists each variable once', () => {
    expect([...reads(e('A * A + (f0 > 2 ? hill(B, 2, 2) : volume) - time')).keys()].sort()).toEqual([
      'field 0',
      'species 0',
      'species 1',
      'time',
      'volume',
    ]);
  });
});

/** Whether a constant is so large that sums or products of a few can overflow. */
function hasHugeConstant(tree: string): boolean {
  return /e\+?\d{2,}/.test(tree) || /e-\d{2,}/.test(tree) || /\d{16,}/.test(tree);
}
