import type { BinaryOperator, Expression, FunctionName } from '../expression/ast.ts';
import {
  add,
  binary,
  call,
  conditional,
  divide,
  multiply,
  negate,
  number,
  subtract,
  variable,
} from '../expression/build.ts';
import { fail, SbmlError } from './errors.ts';
import { ARITY, type Formula, type Operator } from './formula.ts';
import { applyOperator } from './operators.ts';

/** How leaves of a formula read in the engine's expressions. */
export interface Leaves {
  /** For messages. */
  readonly where: string;
  readonly symbol: (name: string) => Expression;
  /** Unit of the model's time, s. */
  readonly timeUnit: number;
}

/**
 * A formula as an expression of the engine. What is constant is evaluated, so that only varying parts need operators that the
 * engine has. @throws SbmlError that names the operator it has not
 */
export function toExpression(formula: Formula, leaves: Leaves): Expression {
  switch (formula.kind) {
    case 'number':
      return number(formula.value);
    case 'symbol':
      return leaves.symbol(formula.name);
    case 'time':
      return divide(variable({ of: 'time' }), number(leaves.timeUnit));
    case 'rateOf':
      throw new RangeError(`rateOf(${formula.name}) has not been replaced`);
    case 'piecewise': {
      const otherwise = formula.otherwise ? toExpression(formula.otherwise, leaves) : number(Number.NaN);
      return formula.pieces.reduceRight((rest, [value, test]) => {
        const decided = toExpression(test, leaves);
        if (decided.kind === 'number') return decided.value !== 0 ? toExpression(value, leaves) : rest;
        return conditional(decided, toExpression(value, leaves), rest);
      }, otherwise);
    }
    case 'apply': {
      const inputs = formula.inputs.map(input => toExpression(input, leaves));
      const values = inputs.flatMap(input => (input.kind === 'number' ? [input.value] : []));
      if (values.length === inputs.length) return number(applyOperator(formula.operator, values));
      return applied(formula.operator, inputs, leaves.where);
    }
  }
}

/** Whether the engine's expressions can say this of something that varies. */
export function isExpressible(operator: Operator): boolean {
  const [, most] = ARITY[operator];
  const inputs = new Array<Expression>(Math.min(2, most)).fill(variable({ of: 'time' }));
  try {
    applied(operator, inputs, operator);
    return true;
  } catch (error) {
    if (error instanceof SbmlError) return false;
    throw error;
  }
}

const FUNCTIONS: Partial<Record<Operator, FunctionName>> = {
  abs: 'abs',
  exp: 'exp',
  ln: 'ln',
  sin: 'sin',
  cos: 'cos',
  not: 'not',
  max: 'max',
  min: 'min',
};

const RELATIONS: Partial<Record<Operator, BinaryOperator>> = {
  eq: '==',
  neq: '!=',
  lt: '<',
  leq: '<=',
  gt: '>',
  geq: '>=',
};

function applied(operator: Operator, inputs: readonly Expression[], where: string): Expression {
  const [a, b] = inputs;
  const name = FUNCTIONS[operator];
  if (name) return call(name, ...inputs);
  const relation = RELATIONS[operator];
  if (relation) {
    const pairs = inputs.slice(1).map((right, i) => binary(relation, inputs[i], right));
    if (pairs.length === 0) return number(1);
    return pairs.reduce((all, pair) => binary('and', all, pair));
  }
  switch (operator) {
    case 'plus':
      return inputs.reduce(add);
    case 'times':
      return inputs.reduce(multiply);
    case 'minus':
      return inputs.length === 1 ? negate(a) : subtract(a, b);
    case 'divide':
      return divide(a, b);
    case 'power':
      return b.kind === 'number' && b.value === 1 ? a : binary('^', a, b);
    case 'floor':
      return floorOf(a);
    case 'ceiling':
      return negate(floorOf(negate(a)));
    case 'root':
      if (a.kind === 'number' && a.value === 2) return call('sqrt', b);
      return binary('^', b, divide(number(1), a));
    case 'log':
      return a.kind === 'number' && a.value === 10 ? call('log10', b) : divide(call('ln', b), call('ln', a));
    case 'tan':
      return divide(call('sin', a), call('cos', a));
    case 'sec':
      return divide(number(1), call('cos', a));
    case 'csc':
      return divide(number(1), call('sin', a));
    case 'cot':
      return divide(call('cos', a), call('sin', a));
    case 'sinh':
      return divide(subtract(call('exp', a), call('exp', negate(a))), number(2));
    case 'cosh':
      return divide(add(call('exp', a), call('exp', negate(a))), number(2));
    case 'tanh':
      // 1 − 2/(e²ˣ + 1) does not overflow into ∞/∞.
      return subtract(number(1), divide(number(2), add(call('exp', multiply(number(2), a)), number(1))));
    case 'and':
    case 'or':
      return inputs.reduce((all, input) => binary(operator, all, input));
    case 'xor':
      return inputs
        .map(input => binary('!=', input, number(0)))
        .reduce((all, input) => binary('!=', all, input));
    case 'implies':
      return binary('or', call('not', a), b);
    default:
      return fail(where, `<${operator}> of something that varies is not supported in a circuit`);
  }
}

/** Exact: x − ⌊x⌋ is a double for every x ≥ 0. */
function floorOf(x: Expression): Expression {
  return subtract(x, call('mod', x, number(1)));
}
