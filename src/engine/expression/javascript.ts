import type { Expression, FunctionName, Variable } from './ast.ts';
import { cube, fourthPower, hill, hillFromPowers, modulo, power, square } from './power.ts';

/**
 * JavaScript source text of an expression. It is made from the checked tree alone (numbers, indices and fixed names),
 * so no user text can reach it. `nameOf` gives the identifier that holds a variable. The text refers to the
 * functions of HELPERS by name; `instantiate` supplies them. `replace` may give the text of a whole subtree itself.
 */
export function toJavaScript(
  expression: Expression,
  nameOf: (variable: Variable) => string,
  replace: (expression: Expression) => string | null = () => null,
): string {
  const replaced = replace(expression);
  if (replaced !== null) return replaced;
  const text = (e: Expression): string => toJavaScript(e, nameOf, replace);
  switch (expression.kind) {
    case 'number':
      return numberText(expression.value);
    case 'variable':
      return nameOf(expression.variable);
    case 'negate':
      return `(-${text(expression.argument)})`;
    case 'conditional':
      return `(${conditionText(expression.test, text)} ? ${text(expression.then)} : ${text(expression.otherwise)})`;
    case 'binary': {
      const { operator, left, right } = expression;
      switch (operator) {
        case '+':
        case '-':
        case '*':
        case '/':
          return `(${text(left)} ${operator} ${text(right)})`;
        case '^':
          return right.kind === 'number'
            ? powerText(text(left), right.value)
            : `(+power(${text(left)}, ${text(right)}))`;
        case '<':
        case '<=':
        case '>':
        case '>=':
          return `(${text(left)} ${operator} ${text(right)} ? 1 : 0)`;
        case '==':
        case '!=':
          return `(${text(left)} ${operator}= ${text(right)} ? 1 : 0)`;
        case 'and':
          return `(${text(left)} !== 0 && ${text(right)} !== 0 ? 1 : 0)`;
        case 'or':
          return `(${text(left)} !== 0 || ${text(right)} !== 0 ? 1 : 0)`;
      }
      break;
    }
    case 'call':
      return callText(expression.function, expression.arguments, text);
  }
}

/** Functions the text may call besides Math's, by the names it uses. */
export const HELPERS = { power, square, cube, fourthPower, hill, hillFromPowers, modulo } as const;

/**
 * A literal that evaluates to exactly `value`. ECMAScript's number-to-string gives the shortest text that reads back
 * as the same double; only −0 and the non-finite values need their own form.
 */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return '(0 / 0)';
  if (value === Number.POSITIVE_INFINITY) return '(1 / 0)';
  if (value === Number.NEGATIVE_INFINITY) return '(-1 / 0)';
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${String(value)})` : String(value);
}

/** A test as a JavaScript condition; a comparison needs no detour through 1 and 0. */
function conditionText(test: Expression, text: (e: Expression) => string): string {
  if (test.kind === 'binary' && ['<', '<=', '>', '>='].includes(test.operator)) {
    return `${text(test.left)} ${test.operator} ${text(test.right)}`;
  }
  return `${text(test)} !== 0`;
}

const MATH: Partial<Record<FunctionName, string>> = {
  exp: 'Math.exp',
  ln: 'Math.log',
  log10: 'Math.log10',
  sqrt: 'Math.sqrt',
  abs: 'Math.abs',
  min: 'Math.min',
  max: 'Math.max',
  sin: 'Math.sin',
  cos: 'Math.cos',
};

function callText(
  name: FunctionName,
  inputs: readonly Expression[],
  text: (e: Expression) => string,
): string {
  if (name === 'not') return `(${text(inputs[0])} === 0 ? 1 : 0)`;
  if (name === 'mod') return `(+modulo(${inputs.map(text).join(', ')}))`;
  if (name !== 'hill') return `${MATH[name]}(${inputs.map(text).join(', ')})`;
  const [x, k, n] = inputs;
  // The sign + tells the engine that a call yields a number; without it V8 keeps what depends on it on the heap.
  // xⁿ is written twice, so only a bare variable is expanded.
  if (x.kind === 'variable' && k.kind === 'number' && n.kind === 'number') {
    const xn = powerText(text(x), n.value);
    const kn = numberText(power(k.value, n.value));
    return `(+hillFromPowers(${text(x)}, ${numberText(k.value)}, ${numberText(n.value)}, ${xn}, ${kn}))`;
  }
  return `(+hill(${text(x)}, ${text(k)}, ${text(n)}))`;
}

function powerText(base: string, exponent: number): string {
  switch (exponent) {
    case 0.5:
      return `Math.sqrt(${base})`;
    case 1:
      return base;
    case 2:
      return `square(${base})`;
    case 3:
      return `cube(${base})`;
    case 4:
      return `fourthPower(${base})`;
    default:
      return `(+power(${base}, ${numberText(exponent)}))`;
  }
}
