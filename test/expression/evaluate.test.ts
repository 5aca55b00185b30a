import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expression, Variable } from '../../src/engine/expression/ast.ts';
import { binary, call, number, species } from '../../src/engine/expression/build.ts';
import { toClosure } from '../../src/engine/expression/closure.ts';
import { canGenerateCode, instantiate } from '../../src/engine/expression/codeGeneration.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { numberText, toJavaScript } from '../../src/engine/expression/javascript.ts';
import { hill, modulo, power } from '../../src/engine/expression/power.ts';
import type { Scope } from '../../src/engine/expression/scope.ts';
import { anyExpression, anyScope } from './arbitrary.ts';

function scopeName(variable: Variable): string {
  switch (variable.of) {
    case 'species':
      return `scope.amounts[${variable.index}]`;
    case 'field':
      return `scope.fields[${variable.index}]`;
    case 'position':
      return `scope.position[${variable.axis}]`;
    default:
      return `scope.${variable.of}`;
  }
}

function compiled(expression: Expression): (scope: Scope) => number {
  return instantiate(`return scope => ${toJavaScript(expression, scopeName)};`) as (scope: Scope) => number;
}

describe('three ways to evaluate give the same bits', () => {
  test('generated code and closures equal the interpreter on random trees', () => {
    let finite = 0;
    fc.assert(
      fc.property(anyExpression, anyScope, (expression, scope) => {
        const expected = evaluate(expression, scope);
        if (Number.isFinite(expected) && expected !== 0) finite++;
        expect(Object.is(compiled(expression)(scope), expected)).toBe(true);
        expect(Object.is(toClosure(expression)(scope), expected)).toBe(true);
      }),
      { seed: 20240517, numRuns: 3000 },
    );
    // Guards the generator: most trees must not collapse to NaN or 0.
    expect(finite).toBeGreaterThan(600);
  });

  test('any double survives as a literal', () => {
    fc.assert(
      fc.property(fc.double(), value => {
        expect(Object.is(instantiate(`return ${numberText(value)};`), value)).toBe(true);
        // Embedded after a minus sign, where a bare negative number would be a syntax error or a decrement.
        expect(Object.is(instantiate(`return (1 -${numberText(value)});`), 1 - value)).toBe(true);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  test('a missing column is NaN, not an exception', () => {
    expect(evaluate(species(0), {})).toBeNaN();
    expect(evaluate({ kind: 'variable', variable: { of: 'time' } }, {})).toBeNaN();
  });

  test('code generation is possible here', () => {
    expect(canGenerateCode()).toBe(true);
  });
});

describe('powers and hill', () => {
  test('whole powers agree with Math.pow to rounding', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.integer({ min: -16, max: 16 }),
        (x, n) => {
          expect(Math.abs(power(x, n) / x ** n - 1)).toBeLessThan(16 * Number.EPSILON);
        },
      ),
      { seed: 3 },
    );
  });

  test.each([1, 2, 3, 4, 2.5, 8, 20])('hill of exponent %d: limits and midpoint', n => {
    expect(hill(0, 50, n)).toBe(0);
    expect(hill(50, 50, n)).toBeCloseTo(0.5, 14);
    expect(hill(1e300, 50, n)).toBe(1);
    expect(hill(Number.MAX_VALUE, 1e-300, n)).toBe(1);
    expect(hill(1e-300, 1e300, n)).toBe(0);
    expect(hill(3e200, 1e200, n)).toBeCloseTo(3 ** n / (1 + 3 ** n), 13);
    expect(hill(3e-200, 1e-200, n)).toBeCloseTo(3 ** n / (1 + 3 ** n), 13);
    expect(hill(10, 20, n)).toBeCloseTo(10 ** n / (20 ** n + 10 ** n), 14);
    expect(hill(10, 20, -n)).toBeCloseTo(1 - hill(10, 20, n), 13);
  });

  test('hill stays in [0, 1] for all non-negative arguments', () => {
    const magnitude = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(magnitude, positive, fc.double({ min: 0.1, max: 30, noNaN: true }), (x, k, n) => {
        const value = hill(x, k, n);
        expect(value >= 0 && value <= 1).toBe(true);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  test('generated hill with constant K and n is the interpreted one', () => {
    const e = call('hill', species(0), number(50), number(2.5));
    for (const x of [0, 1, 49, 51, 1e9, 1e200]) {
      const amounts = Float64Array.of(x);
      expect(compiled(e)({ amounts } as Scope)).toBe(evaluate(e, { amounts }));
    }
  });

  test('comparisons and logic are 1 or 0', () => {
    expect(evaluate(binary('<', number(1), number(2)), {})).toBe(1);
    expect(evaluate(binary('and', number(3), number(0)), {})).toBe(0);
    expect(evaluate(binary('or', number(3), number(0)), {})).toBe(1);
    expect(evaluate(call('not', number(3)), {})).toBe(0);
  });
});

test('a remainder lies between 0 and the period whatever the argument', () => {
  expect(modulo(7.5, 2)).toBe(1.5);
  expect(modulo(-0.5, 2)).toBe(1.5);
  expect(modulo(0.5, -2)).toBe(-1.5);
  expect(modulo(1, 0.1)).toBe(0);
  expect(Object.is(modulo(-4, 2), 0)).toBe(true);
  expect(modulo(8 ** 25.5, 0.1)).toBeLessThanOrEqual(0.1);
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: 1e-300, max: 1e300 }),
      (x, p) => {
        const value = modulo(x, p);
        return value >= 0 && value <= p;
      },
    ),
    { seed: 20261120, numRuns: 2000 },
  );
});
