import type { Expression, Variable } from './ast.ts';
import {
  add,
  binary,
  call,
  conditional,
  divide,
  isNumber,
  multiply,
  negate,
  number,
  subtract,
} from './build.ts';
import { bounds, type Interval, point, usualRange } from './interval.ts';

/** A text that is equal for equal variables. */
export function variableKey(variable: Variable): string {
  switch (variable.of) {
    case 'species':
    case 'field':
      return `${variable.of} ${variable.index}`;
    case 'position':
      return `position ${variable.axis}`;
    default:
      return variable.of;
  }
}

/** The direct parts of a node. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'variable':
      return [];
    case 'negate':
      return [expression.argument];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.arguments;
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise];
  }
}

/** The variables an expression reads, by key. */
export function reads(expression: Expression): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const visit = (e: Expression): void => {
    if (e.kind === 'variable') found.set(variableKey(e.variable), e.variable);
    for (const child of children(e)) visit(child);
  };
  visit(expression);
  return found;
}

/** Whether the value is a truth, by form: comparisons and what joins them. */
export function isCondition(e: Expression): boolean {
  if (e.kind === 'call') return e.function === 'not' && isCondition(e.arguments[0]);
  if (e.kind === 'conditional') return isCondition(e.then) && isCondition(e.otherwise);
  if (e.kind !== 'binary') return false;
  if (e.operator === 'and' || e.operator === 'or') return isCondition(e.left) && isCondition(e.right);
  return ['<', '<=', '>', '>=', '==', '!='].includes(e.operator);
}

/** The expression with others in place of some of its variables. */
export function substitute(
  expression: Expression,
  replace: (variable: Variable) => Expression | null,
): Expression {
  const inner = (e: Expression): Expression => substitute(e, replace);
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'variable':
      return replace(expression.variable) ?? expression;
    case 'negate':
      return negate(inner(expression.argument));
    case 'binary':
      return binary(expression.operator, inner(expression.left), inner(expression.right));
    case 'call':
      return call(expression.function, ...expression.arguments.map(inner));
    case 'conditional':
      return conditional(inner(expression.test), inner(expression.then), inner(expression.otherwise));
  }
}

/** Whether the expression is exactly 0 (and finite) at variable = 0, whatever the other variables are. */
export function vanishesAt0(expression: Expression, variable: Variable): boolean {
  return vanishesAt(expression, variable, 0);
}

export function vanishesAt(expression: Expression, variable: Variable, value: number): boolean {
  const key = variableKey(variable);
  const { low, high, wild } = bounds(expression, v =>
    variableKey(v) === key ? point(value) : usualRange(v),
  );
  return !wild && low === 0 && high === 0;
}

/** At most this many whole-number variables are split into cases, 4 each. */
const MOST_SPLIT = 4;

/**
 * Whether the expression may evaluate below 0, with all variables ≥ 0 (positions excepted). `isWhole` names the
 * variables that hold whole numbers: they are split into the cases 0, 1, 2 and ≥ 3, so that x (x − 1) (x − 2) is seen
 * to be non-negative. A `false` is a proof; a `true` may be caution.
 */
export function canBeNegative(
  expression: Expression,
  isWhole: (variable: Variable) => boolean = () => false,
): boolean {
  const whole = [...reads(expression)].filter(([, variable]) => isWhole(variable)).slice(0, MOST_SPLIT);
  const cases: Interval[] = [point(0), point(1), point(2), { low: 3, high: Infinity, wild: false }];
  const chosen = new Map<string, Interval>();
  const search = (depth: number): boolean => {
    if (depth === whole.length) {
      return bounds(expression, v => chosen.get(variableKey(v)) ?? usualRange(v)).low < 0;
    }
    return cases.some(interval => {
      chosen.set(whole[depth][0], interval);
      return search(depth + 1);
    });
  };
  return search(0);
}

/**
 * expression / variable with the factor cancelled algebraically, so that it is defined at variable = 0; null where the
 * expression does not have the variable as a factor by its form. For variable ≥ 0.
 */
export function divideBy(expression: Expression, variable: Variable): Expression | null {
  const quotient = (e: Expression): Expression | null => divideBy(e, variable);
  switch (expression.kind) {
    case 'number':
      return expression.value === 0 ? expression : null;
    case 'variable':
      return variableKey(expression.variable) === variableKey(variable) ? number(1) : null;
    case 'negate': {
      const inner = quotient(expression.argument);
      return inner && negate(inner);
    }
    case 'conditional': {
      const then = quotient(expression.then);
      const otherwise = quotient(expression.otherwise);
      return then && otherwise && conditional(expression.test, then, otherwise);
    }
    case 'call':
      return divideCall(expression, quotient);
    case 'binary':
      return divideBinary(expression, quotient);
  }
}

type Quotient = (e: Expression) => Expression | null;

function divideBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  quotient: Quotient,
): Expression | null {
  switch (operator) {
    case '+':
    case '-': {
      const a = quotient(left);
      const b = quotient(right);
      return a && b && (operator === '+' ? add(a, b) : subtract(a, b));
    }
    case '*': {
      const a = quotient(left);
      if (a) return multiply(a, right);
      const b = quotient(right);
      return b && multiply(left, b);
    }
    case '/': {
      const a = quotient(left);
      return a && divide(a, right);
    }
    case '^': {
      // gⁿ/x = (g/x) gⁿ⁻¹
      if (right.kind !== 'number' || !(right.value >= 1)) return null;
      const a = quotient(left);
      return a && multiply(a, powerOf(left, right.value - 1));
    }
    default:
      return null;
  }
}

function divideCall(
  { function: name, arguments: inputs }: Extract<Expression, { kind: 'call' }>,
  quotient: Quotient,
): Expression | null {
  switch (name) {
    case 'hill': {
      // gⁿ/(Kⁿ + gⁿ)/x = (g/x) gⁿ⁻¹/(Kⁿ + gⁿ); above K as (g/x) hill/g, whose powers cannot overflow
      const [g, k, n] = inputs;
      if (n.kind !== 'number' || !(n.value >= 1)) return null;
      const a = quotient(g);
      if (!a) return null;
      if (n.value === 1) return multiply(a, divide(number(1), add(k, g)));
      const below = divide(powerOf(g, n.value - 1), add(powerOf(k, n.value), powerOf(g, n.value)));
      const above = divide(call('hill', g, k, n), g);
      return multiply(a, conditional(binary('>', g, k), above, below));
    }
    case 'min':
    case 'max':
    case 'abs': {
      // min(x a, x b) = x min(a, b) for x ≥ 0
      const quotients: Expression[] = [];
      for (const input of inputs) {
        const a = quotient(input);
        if (!a) return null;
        quotients.push(a);
      }
      return call(name, ...quotients);
    }
    default:
      return null;
  }
}

function powerOf(base: Expression, exponent: number): Expression {
  if (exponent === 0) return number(1);
  if (isNumber(base, 1)) return base;
  return exponent === 1 ? base : binary('^', base, number(exponent));
}
