import type { Expression, Variable } from './ast.ts';
import { applyFunction, applyOperator } from './evaluate.ts';
import { power } from './power.ts';

/**
 * Bounds on what an expression evaluates to in floating point: every finite value lies in [low, high]; `wild` says
 * that it may also be NaN or infinite. Rounding is monotone, so evaluating the bounds with the same operations bounds
 * the computed values too. Overflow of sums and products of in-range quantities is left to run-time checks.
 */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly wild: boolean;
}

const NON_NEGATIVE: Interval = { low: 0, high: Infinity, wild: false };
const TRUTH: Interval = { low: 0, high: 1, wild: false };
const ANYTHING: Interval = { low: -Infinity, high: Infinity, wild: true };

/** Far below any cell, µm³, and yet no underflow of its square or cube, which mass action divides by. */
const LEAST_VOLUME = 1e-30;

/** What is known of a variable without looking: amounts, concentrations and times are ≥ 0, a volume is > 0. */
export function usualRange(variable: Variable): Interval {
  if (variable.of === 'volume' || variable.of === 'birthVolume' || variable.of === 'divisionVolume')
    return { low: LEAST_VOLUME, high: Infinity, wild: false };
  if (variable.of === 'position') return { low: -Infinity, high: Infinity, wild: false };
  return NON_NEGATIVE;
}

export function point(value: number): Interval {
  return { low: value, high: value, wild: !Number.isFinite(value) };
}

/** Interval arithmetic (Moore 1966) over the tree. */
export function bounds(
  expression: Expression,
  range: (variable: Variable) => Interval = usualRange,
): Interval {
  const result = nodeBounds(expression, range);
  // Only where constants overflow can bounds become undefined.
  return Number.isNaN(result.low) || Number.isNaN(result.high) ? ANYTHING : result;
}

function nodeBounds(expression: Expression, range: (variable: Variable) => Interval): Interval {
  switch (expression.kind) {
    case 'number':
      return Number.isFinite(expression.value) ? point(expression.value) : ANYTHING;
    case 'variable':
      return range(expression.variable);
    case 'negate': {
      const { low, high, wild } = bounds(expression.argument, range);
      return { low: -high, high: -low, wild };
    }
    case 'binary':
      return binaryBounds(expression, bounds(expression.left, range), bounds(expression.right, range));
    case 'call':
      return callBounds(
        expression,
        expression.arguments.map(argument => bounds(argument, range)),
      );
    case 'conditional': {
      const test = bounds(expression.test, range);
      const then = bounds(expression.then, range);
      const otherwise = bounds(expression.otherwise, range);
      if (!test.wild && test.low === 0 && test.high === 0) return otherwise;
      if (test.low > 0 || test.high < 0) return then;
      return {
        low: Math.min(then.low, otherwise.low),
        high: Math.max(then.high, otherwise.high),
        wild: then.wild || otherwise.wild,
      };
    }
  }
}

function binaryBounds(
  expression: Extract<Expression, { kind: 'binary' }>,
  a: Interval,
  b: Interval,
): Interval {
  const wild = a.wild || b.wild;
  switch (expression.operator) {
    case '+':
      return { low: a.low + b.low, high: a.high + b.high, wild };
    case '-':
      return { low: a.low - b.high, high: a.high - b.low, wild };
    case '*':
      return cornerBounds(a, b, product);
    case '/':
      if (b.low > 0 || b.high < 0) return cornerBounds(a, b, quotient);
      // A divisor that may be 0: the sign is still known where both keep theirs.
      if (b.low === 0 && a.low >= 0) return { low: 0, high: Infinity, wild: true };
      return ANYTHING;
    case '^':
      return powerBounds(a, b);
    case 'and':
    case 'or':
      return TRUTH;
    default:
      // A comparison is decided where it comes out the same at all four corners of non-overlapping ranges.
      if (!wild && (a.high < b.low || b.high < a.low || (a.low === a.high && b.low === b.high))) {
        return point(applyOperator(expression.operator, a.low, b.low));
      }
      return TRUTH;
  }
}

/** Bounds of an operation that is monotone in each argument: its values at the four corners. */
function cornerBounds(a: Interval, b: Interval, operation: (x: number, y: number) => number): Interval {
  const corners = [
    operation(a.low, b.low),
    operation(a.low, b.high),
    operation(a.high, b.low),
    operation(a.high, b.high),
  ];
  return { low: Math.min(...corners), high: Math.max(...corners), wild: a.wild || b.wild };
}

/** A bound of ∞ stands for arbitrarily large finite values, so 0 · ∞ = 0. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** For a divisor that keeps its sign; ∞/∞ stands for anything between 0 and the other corners. */
function quotient(a: number, b: number): number {
  return a === 0 || Math.abs(b) === Infinity ? 0 : a / b;
}

function powerBounds(base: Interval, exponent: Interval): Interval {
  if (exponent.wild || exponent.low !== exponent.high) {
    return base.low >= 0 ? { low: 0, high: Infinity, wild: true } : ANYTHING;
  }
  const n = exponent.low;
  const overflows = Math.abs(n) > 8 && base.high === Infinity;
  if (n === 0) return point(1);
  if (base.low < 0) {
    if (!Number.isInteger(n) || n < 0) return ANYTHING;
    const wild = base.wild || overflows;
    const ends = [power(base.low, n), power(base.high, n)];
    if (n % 2 === 1) return { low: ends[0], high: ends[1], wild };
    return { low: base.high < 0 ? ends[1] : 0, high: Math.max(...ends), wild };
  }
  if (n < 0) return { low: power(base.high, n), high: power(base.low, n), wild: base.wild || base.low === 0 };
  return { low: power(base.low, n), high: power(base.high, n), wild: base.wild || overflows };
}

function callBounds(
  expression: Extract<Expression, { kind: 'call' }>,
  inputs: readonly Interval[],
): Interval {
  const wild = inputs.some(input => input.wild);
  const a = inputs[0];
  switch (expression.function) {
    case 'exp':
      return { low: Math.exp(a.low), high: Math.exp(a.high), wild: wild || a.high > 700 };
    case 'ln':
    case 'log10':
      if (a.low <= 0) return ANYTHING;
      return {
        low: applyFunction(expression.function, [a.low]),
        high: applyFunction(expression.function, [a.high]),
        wild,
      };
    case 'sqrt':
      return {
        low: Math.sqrt(Math.max(0, a.low)),
        high: Math.sqrt(Math.max(0, a.high)),
        wild: wild || a.low < 0,
      };
    case 'abs':
      return {
        low: a.low <= 0 && a.high >= 0 ? 0 : Math.min(Math.abs(a.low), Math.abs(a.high)),
        high: Math.max(Math.abs(a.low), Math.abs(a.high)),
        wild,
      };
    case 'min':
    case 'max':
      return {
        low: applyFunction(
          expression.function,
          inputs.map(input => input.low),
        ),
        high: applyFunction(
          expression.function,
          inputs.map(input => input.high),
        ),
        wild,
      };
    case 'hill': {
      const [x, k, n] = inputs;
      if (x.low < 0 || k.low < 0) return ANYTHING;
      const defined = k.low > 0 || x.low > 0;
      if (!wild && x.high === 0 && k.low > 0 && n.low > 0) return point(0);
      return { low: 0, high: 1, wild: wild || !defined };
    }
    case 'sin':
    case 'cos':
      return { low: -1, high: 1, wild };
    case 'mod':
      return inputs[1].low > 0 ? { low: 0, high: inputs[1].high, wild } : ANYTHING;
    case 'not':
      return TRUTH;
  }
}
