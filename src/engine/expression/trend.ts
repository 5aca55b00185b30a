import { reads, variableKey } from './algebra.ts';
import type { Expression, Variable } from './ast.ts';
import { conditional, number, subtract } from './build.ts';
import { derivative } from './derivative.ts';
import { bounds } from './interval.ts';
import { NEGATIVE, POSITIVE, signsOf, slopeSigns, toRational } from './signomial.ts';
import { isTruth } from './switches.ts';

/** How a value may move as a variable grows, as bits: 0 not at all, RISES, FALLS, or 3 both or not known. */
export const RISES = POSITIVE;
export const FALLS = NEGATIVE;
const EITHER = RISES | FALLS;

/**
 * How the expression moves as the variable grows from 0 on, the others at any values ≥ 0. 0, RISES and FALLS are proofs; 3
 * may be caution. Jumps (comparisons, conditionals) count. In turn: the derivative of a rational form, term by term; the rules
 * of monotone functions; interval bounds on the derivative.
 */
export function trend(expression: Expression, variable: Variable): number {
  const key = variableKey(variable);
  if (!reads(expression).has(key)) return 0;
  const form = toRational(expression, variable);
  const signs = form && slopeSigns(form, variable);
  if (signs !== null && signs !== EITHER) return signs;
  const parts = byParts(expression, variable);
  if (parts !== EITHER || hasJump(expression, key)) return parts;
  return signsWithin(derivative(expression, variable));
}

/**
 * The same over the whole numbers 0, 1, 2 …, so that x (x − 1)/2, which falls between 0 and ½, rises: steps below 3 one by
 * one, from there on as `trend`.
 */
export function trendOfCount(expression: Expression, variable: Variable): number {
  const found = trend(expression, variable);
  if (found !== EITHER) return found;
  const at = (value: Expression): Expression => replace(expression, variable, value);
  let steps = 0;
  for (let count = 0; count < 3; count++) {
    steps |= signs(subtract(at(number(count + 1)), at(number(count))));
  }
  const beyond: Expression = {
    kind: 'binary',
    operator: '+',
    left: { kind: 'variable', variable },
    right: number(3),
  };
  return steps === EITHER ? EITHER : steps | trend(at(beyond), variable);
}

function flip(t: number): number {
  return ((t & RISES) === 0 ? 0 : FALLS) | ((t & FALLS) === 0 ? 0 : RISES);
}

/** The trend of a quantity times a factor of these signs. */
function times(t: number, factor: number): number {
  return ((factor & POSITIVE) === 0 ? 0 : t) | ((factor & NEGATIVE) === 0 ? 0 : flip(t));
}

function signsWithin(expression: Expression): number {
  const { low, high } = bounds(expression);
  return (high > 0 ? POSITIVE : 0) | (low < 0 ? NEGATIVE : 0);
}

/** Signs that an expression can have: bounds, and where they leave it open, its rational form. */
function signs(expression: Expression): number {
  const within = signsWithin(expression);
  if (within !== EITHER) return within;
  const form = toRational(expression, { of: 'position', axis: 0 });
  return form ? signsOf(form) : EITHER;
}

function byParts(expression: Expression, variable: Variable): number {
  const t = (e: Expression): number => trend(e, variable);
  switch (expression.kind) {
    case 'number':
      return 0;
    case 'variable':
      return RISES;
    case 'negate':
      return flip(t(expression.argument));
    case 'binary':
      return ofBinary(expression, t);
    case 'call':
      return ofCall(expression, t);
    case 'conditional': {
      const { test, then, otherwise } = expression;
      const turning = truth(test, t);
      const pieces = t(then) | t(otherwise);
      return turning === 0 ? pieces : pieces | times(turning, signs(subtract(then, otherwise)));
    }
  }
}

type TrendOf = (e: Expression) => number;

/** Trend of whether a value holds, that is, is not 0: its own where it has one sign, reversed for the negative. */
function truth(e: Expression, t: TrendOf): number {
  const own = t(e);
  if (own === 0 || isTruth(e)) return own;
  const within = signs(e);
  return within === EITHER ? EITHER : times(own, within);
}

function ofBinary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, t: TrendOf): number {
  const [a, b] = [t(left), t(right)];
  switch (operator) {
    case '+':
      return a | b;
    case 'and':
    case 'or':
      return truth(left, t) | truth(right, t);
    case '-':
    case '>':
    case '>=':
      return a | flip(b);
    case '<':
    case '<=':
      return flip(a) | b;
    case '*':
      return times(a, signs(right)) | times(b, signs(left));
    case '/': {
      const divisor = signs(right);
      if (divisor === EITHER) return EITHER;
      return times(a, divisor) | times(flip(b), signs(left));
    }
    case '^':
      return ofPower(left, right, a, b);
    default:
      return EITHER;
  }
}

function ofPower(base: Expression, exponent: Expression, a: number, b: number): number {
  if (bounds(base).low >= 0) {
    const { low, high } = bounds(base);
    const growing = (high > 1 ? POSITIVE : 0) | (low < 1 ? NEGATIVE : 0);
    return times(a, signsWithin(exponent)) | times(b, growing);
  }
  const isOdd = exponent.kind === 'number' && exponent.value > 0 && Math.abs(exponent.value % 2) === 1;
  return isOdd ? a : EITHER;
}

function ofCall(
  { function: name, arguments: inputs }: Extract<Expression, { kind: 'call' }>,
  t: TrendOf,
): number {
  switch (name) {
    case 'exp':
    case 'ln':
    case 'log10':
    case 'sqrt':
      return t(inputs[0]);
    case 'min':
    case 'max':
      return inputs.reduce((all, input) => all | t(input), 0);
    case 'abs':
      return times(t(inputs[0]), signs(inputs[0]));
    case 'not':
      return flip(truth(inputs[0], t));
    case 'hill': {
      const [x, k, n] = inputs;
      const isUsual = bounds(x).low >= 0 && bounds(k).low >= 0;
      return isUsual && t(n) === 0 ? times(t(x) | flip(t(k)), signsWithin(n)) : EITHER;
    }
    case 'sin':
    case 'cos':
    case 'mod':
      return EITHER;
  }
}

/** Whether the value may jump as the variable grows. */
function hasJump(expression: Expression, key: string): boolean {
  const isTest = (e: Expression): boolean =>
    (e.kind === 'binary' && !['+', '-', '*', '/', '^'].includes(e.operator)) ||
    (e.kind === 'call' && (e.function === 'not' || e.function === 'mod'));
  const visit = (e: Expression): boolean => {
    if (!reads(e).has(key)) return false;
    if (isTest(e)) return true;
    if (e.kind === 'conditional') return reads(e.test).has(key) || visit(e.then) || visit(e.otherwise);
    if (e.kind === 'negate') return visit(e.argument);
    if (e.kind === 'binary') return visit(e.left) || visit(e.right);
    return e.kind === 'call' && e.arguments.some(visit);
  };
  return visit(expression);
}

function replace(expression: Expression, variable: Variable, value: Expression): Expression {
  const key = variableKey(variable);
  const visit = (e: Expression): Expression => {
    switch (e.kind) {
      case 'number':
        return e;
      case 'variable':
        return variableKey(e.variable) === key ? value : e;
      case 'negate':
        return { ...e, argument: visit(e.argument) };
      case 'binary':
        return { ...e, left: visit(e.left), right: visit(e.right) };
      case 'call':
        return { ...e, arguments: e.arguments.map(visit) };
      case 'conditional':
        return conditional(visit(e.test), visit(e.then), visit(e.otherwise));
    }
  };
  return visit(expression);
}
