import type { BinaryOperator, Expression, FunctionName, Variable } from '../expression/ast.ts';
import { fail } from './errors.ts';

/** The MathML of a variable. */
export type VariableMath = (variable: Variable) => string;

const OPERATORS: Readonly<Record<BinaryOperator, string>> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'divide',
  '^': 'power',
  '<': 'lt',
  '<=': 'leq',
  '>': 'gt',
  '>=': 'geq',
  '==': 'eq',
  '!=': 'neq',
  and: 'and',
  or: 'or',
};

const FUNCTIONS: Readonly<Record<Exclude<FunctionName, 'hill' | 'mod' | 'sqrt' | 'log10'>, string>> = {
  exp: 'exp',
  ln: 'ln',
  abs: 'abs',
  min: 'min',
  max: 'max',
  sin: 'sin',
  cos: 'cos',
  not: 'not',
};

/**
 * Content MathML of an expression, without the `math` element. `hill(x, K, n)` becomes 1/(1 + (K/x)ⁿ) where x > 0, which the
 * powers cannot overflow, and 0 elsewhere.
 */
export function writeMath(expression: Expression, variable: VariableMath, where: string): string {
  const write = (part: Expression): string => writeMath(part, variable, where);
  switch (expression.kind) {
    case 'number':
      return writeNumber(expression.value, where);
    case 'variable':
      return variable(expression.variable);
    case 'negate':
      return apply('minus', write(expression.argument));
    case 'binary': {
      const { operator, left, right } = expression;
      const sides = [left, right];
      // `and` and `or` join truth values in MathML; here any number but 0 is true.
      const inputs =
        operator === 'and' || operator === 'or'
          ? sides.map(side => writeTest(side, variable, where))
          : sides.map(write);
      const math = apply(OPERATORS[operator], ...inputs);
      return isTruth(expression) ? asNumber(math) : math;
    }
    case 'conditional':
      return piecewise(
        write(expression.then),
        writeTest(expression.test, variable, where),
        write(expression.otherwise),
      );
    case 'call': {
      const { function: name } = expression;
      if (name === 'not') return asNumber(writeTest(expression, variable, where));
      const inputs = expression.arguments.map(write);
      if (name === 'sqrt') return apply('root', ...inputs);
      if (name === 'log10') return apply('log', ...inputs);
      if (name === 'mod') {
        const [value, period] = inputs;
        const turns = apply('floor', apply('divide', value, period));
        return apply('minus', value, apply('times', period, turns));
      }
      if (name !== 'hill') return apply(FUNCTIONS[name], ...inputs);
      const [x, k, n] = inputs;
      const one = writeNumber(1, where);
      const zero = writeNumber(0, where);
      const ratio = apply('power', apply('divide', k, x), n);
      return piecewise(apply('divide', one, apply('plus', one, ratio)), apply('gt', x, zero), zero);
    }
  }
}

/** An expression as a truth value. */
export function writeTest(expression: Expression, variable: VariableMath, where: string): string {
  if (expression.kind === 'binary' && isTruth(expression)) {
    const { operator, left, right } = expression;
    const inputs = [left, right].map(side =>
      operator === 'and' || operator === 'or'
        ? writeTest(side, variable, where)
        : writeMath(side, variable, where),
    );
    return apply(OPERATORS[operator], ...inputs);
  }
  if (expression.kind === 'call' && expression.function === 'not') {
    return apply('not', writeTest(expression.arguments[0], variable, where));
  }
  return apply('neq', writeMath(expression, variable, where), writeNumber(0, where));
}

function isTruth(expression: Expression): boolean {
  return expression.kind === 'binary' && !['+', '-', '*', '/', '^'].includes(expression.operator);
}

function asNumber(test: string): string {
  return piecewise('<cn>1</cn>', test, '<cn>0</cn>');
}

function apply(operator: string, ...inputs: string[]): string {
  return `<apply><${operator}/>${inputs.join('')}</apply>`;
}

function piecewise(value: string, test: string, otherwise: string): string {
  return `<piecewise><piece>${value}${test}</piece><otherwise>${otherwise}</otherwise></piecewise>`;
}

/** The shortest decimal that reads back as the same double. */
function writeNumber(value: number, where: string): string {
  if (!Number.isFinite(value)) fail(where, `it contains ${value}`);
  const [mantissa, exponent] = (Object.is(value, -0) ? '-0' : String(value)).split('e');
  if (exponent === undefined) return `<cn>${mantissa}</cn>`;
  return `<cn type="e-notation">${mantissa}<sep/>${Number(exponent)}</cn>`;
}
