import { reads, variableKey } from './algebra.ts';
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

/**
 * ∂ expression / ∂ variable by the rules of calculus. Where the expression has a jump or a kink (comparisons, logic, the
 * branches of a conditional, `min`, `max`, `abs`) it is the derivative of the piece in force there; the jump itself
 * contributes nothing. `volumeSlope` says by how much the volume follows the variable where it does (1/dryDensity for biomass).
 */
export function derivative(expression: Expression, variable: Variable, volumeSlope = 0): Expression {
  const key = variableKey(variable);
  const depends = (e: Expression): boolean => {
    const found = reads(e);
    return found.has(key) || (volumeSlope !== 0 && found.has('volume'));
  };
  const d = (e: Expression): Expression => {
    if (!depends(e)) return number(0);
    switch (e.kind) {
      case 'number':
        return number(0);
      case 'variable':
        return number(variableKey(e.variable) === key ? 1 : volumeSlope);
      case 'negate':
        return negative(d(e.argument));
      case 'conditional':
        return conditional(e.test, d(e.then), d(e.otherwise));
      case 'binary':
        return ofBinary(e, d, depends);
      case 'call':
        return ofCall(e.function, e.arguments, d, depends);
    }
  };
  return d(expression);
}

type Rule = (e: Expression) => Expression;
type Depends = (e: Expression) => boolean;

function ofBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  d: Rule,
  depends: Depends,
): Expression {
  switch (operator) {
    case '+':
      return add(d(left), d(right));
    case '-':
      return isNumber(d(left), 0) ? negative(d(right)) : subtract(d(left), d(right));
    case '*':
      return add(times(d(left), right), times(left, d(right)));
    case '/':
      // (a/b)′ = a′/b − (a/b) b′/b
      return minus(over(d(left), right), times(divide(left, right), over(d(right), right)));
    case '^':
      return ofPower(left, right, d, depends);
    default:
      return number(0);
  }
}

/** (a^b)′ = b a^(b−1) a′ + a^b ln(a) b′ */
function ofPower(base: Expression, exponent: Expression, d: Rule, depends: Depends): Expression {
  const byBase = depends(base)
    ? times(times(exponent, powerOf(base, subtractOne(exponent))), d(base))
    : number(0);
  if (!depends(exponent)) return byBase;
  return add(byBase, times(times(binary('^', base, exponent), call('ln', base)), d(exponent)));
}

function ofCall(
  name: Extract<Expression, { kind: 'call' }>['function'],
  inputs: readonly Expression[],
  d: Rule,
  depends: Depends,
): Expression {
  const [x] = inputs;
  const self = call(name, ...inputs);
  switch (name) {
    case 'exp':
      return times(self, d(x));
    case 'ln':
      return over(d(x), x);
    case 'log10':
      return over(d(x), multiply(number(Math.LN10), x));
    case 'sqrt':
      return over(d(x), multiply(number(2), self));
    case 'sin':
      return times(call('cos', x), d(x));
    case 'cos':
      return negative(times(call('sin', x), d(x)));
    case 'abs':
      return conditional(binary('<', x, number(0)), negative(d(x)), d(x));
    case 'min':
    case 'max':
      return extremum(name === 'min' ? '<=' : '>=', inputs, d);
    case 'hill':
      return ofHill(inputs, d, depends);
    case 'mod': {
      // x − p ⌊x/p⌋ between its jumps.
      const [, p] = inputs;
      return depends(p) ? minus(d(x), times(divide(subtract(x, self), p), d(p))) : d(x);
    }
    case 'not':
      return number(0);
  }
}

function extremum(operator: '<=' | '>=', inputs: readonly Expression[], d: Rule): Expression {
  const name = operator === '<=' ? 'min' : 'max';
  return inputs.slice(1).reduceRight<{ value: Expression; slope: Expression }>(
    ({ value, slope }, _, i) => {
      const other = inputs[i];
      return {
        value: call(name, other, value),
        slope: conditional(binary(operator, other, value), d(other), slope),
      };
    },
    { value: inputs[inputs.length - 1], slope: d(inputs[inputs.length - 1]) },
  ).slope;
}

/**
 * h = xⁿ/(Kⁿ + xⁿ): ∂h/∂x = n h (1 − h)/x, ∂h/∂K = −n h (1 − h)/K, ∂h/∂n = h (1 − h) ln(x/K). At x = 0 the first is 1/K for
 * n = 1 and 0 for n > 1, which the quotient cannot say.
 */
function ofHill([x, k, n]: readonly Expression[], d: Rule, depends: Depends): Expression {
  const h = call('hill', x, k, n);
  const slope = multiply(h, subtract(number(1), h));
  const terms: Expression[] = [];
  if (depends(x)) {
    const inverse = divide(number(1), k);
    const isOne = n.kind === 'number' && n.value === 1;
    const ifNotOne =
      n.kind === 'number' ? number(0) : conditional(binary('==', n, number(1)), inverse, number(0));
    const atZero = isOne ? inverse : ifNotOne;
    const regular = divide(multiply(n, slope), x);
    terms.push(times(conditional(binary('==', x, number(0)), atZero, regular), d(x)));
  }
  if (depends(k)) terms.push(negative(times(divide(multiply(n, slope), k), d(k))));
  if (depends(n)) {
    const logarithm = multiply(slope, call('ln', divide(x, k)));
    terms.push(times(conditional(binary('==', x, number(0)), number(0), logarithm), d(n)));
  }
  return terms.reduce(add, number(0));
}

function times(a: Expression, b: Expression): Expression {
  return isNumber(a, 0) || isNumber(b, 0) ? number(0) : multiply(a, b);
}

function over(a: Expression, b: Expression): Expression {
  return isNumber(a, 0) ? a : divide(a, b);
}

function minus(a: Expression, b: Expression): Expression {
  return isNumber(a, 0) ? negative(b) : subtract(a, b);
}

function negative(a: Expression): Expression {
  return isNumber(a, 0) ? a : negate(a);
}

function subtractOne(exponent: Expression): Expression {
  return exponent.kind === 'number' ? number(exponent.value - 1) : subtract(exponent, number(1));
}

function powerOf(base: Expression, exponent: Expression): Expression {
  if (isNumber(exponent, 0)) return number(1);
  return isNumber(exponent, 1) ? base : binary('^', base, exponent);
}
