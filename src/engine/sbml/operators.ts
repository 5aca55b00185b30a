import { power } from '../expression/power.ts';
import type { Operator } from './formula.ts';

/** The value of an operator. Domain errors give NaN, as in IEEE 754. */
export function applyOperator(operator: Operator, x: ArrayLike<number>): number {
  const n = x.length;
  const a = x[0];
  const b = x[1];
  switch (operator) {
    case 'plus': {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i];
      return sum;
    }
    case 'times': {
      let product = 1;
      for (let i = 0; i < n; i++) product *= x[i];
      return product;
    }
    case 'minus':
      return n === 1 ? -a : a - b;
    case 'divide':
      return a / b;
    case 'power':
      return power(a, b);
    case 'root':
      return root(a, b);
    case 'log':
      return a === 10 ? Math.log10(b) : a === 2 ? Math.log2(b) : Math.log(b) / Math.log(a);
    case 'max':
    case 'min': {
      let best = a;
      for (let i = 1; i < n; i++) best = operator === 'max' ? Math.max(best, x[i]) : Math.min(best, x[i]);
      return best;
    }
    case 'quotient':
      return Math.trunc(a / b);
    case 'rem':
      // Of the sign of the dividend, as MathML 2 has a = b·quotient + remainder with a truncated quotient.
      return a % b;
    case 'eq':
    case 'lt':
    case 'leq':
    case 'gt':
    case 'geq':
      for (let i = 1; i < n; i++) if (!compares(operator, x[i - 1], x[i])) return 0;
      return 1;
    case 'neq':
      return a !== b ? 1 : 0;
    case 'and':
      for (let i = 0; i < n; i++) if (x[i] === 0) return 0;
      return 1;
    case 'or':
      for (let i = 0; i < n; i++) if (x[i] !== 0) return 1;
      return 0;
    case 'xor': {
      let odd = 0;
      for (let i = 0; i < n; i++) if (x[i] !== 0) odd = 1 - odd;
      return odd;
    }
    case 'implies':
      return a === 0 || b !== 0 ? 1 : 0;
    case 'not':
      return a === 0 ? 1 : 0;
    default:
      return UNARY[operator](a);
  }
}

/** An odd root of a negative number is real. */
function root(degree: number, x: number): number {
  if (degree === 2) return Math.sqrt(x);
  if (degree === 3) return Math.cbrt(x);
  if (x < 0 && Math.abs(degree % 2) === 1) return -power(-x, 1 / degree);
  return power(x, 1 / degree);
}

function compares(operator: 'eq' | 'lt' | 'leq' | 'gt' | 'geq', a: number, b: number): boolean {
  switch (operator) {
    case 'eq':
      return a === b;
    case 'lt':
      return a < b;
    case 'leq':
      return a <= b;
    case 'gt':
      return a > b;
    case 'geq':
      return a >= b;
  }
}

type Unary = Exclude<
  Operator,
  | 'plus'
  | 'times'
  | 'minus'
  | 'divide'
  | 'power'
  | 'root'
  | 'log'
  | 'max'
  | 'min'
  | 'quotient'
  | 'rem'
  | 'eq'
  | 'neq'
  | 'lt'
  | 'leq'
  | 'gt'
  | 'geq'
  | 'and'
  | 'or'
  | 'xor'
  | 'not'
  | 'implies'
>;

const UNARY: Readonly<Record<Unary, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  ln: Math.log,
  floor: Math.floor,
  ceiling: Math.ceil,
  factorial,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sec: x => 1 / Math.cos(x),
  csc: x => 1 / Math.sin(x),
  cot: x => 1 / Math.tan(x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  sech: x => 1 / Math.cosh(x),
  csch: x => 1 / Math.sinh(x),
  coth: x => 1 / Math.tanh(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arcsec: x => Math.acos(1 / x),
  arccsc: x => Math.asin(1 / x),
  arccot: x => Math.atan(1 / x),
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  arcsech: x => Math.acosh(1 / x),
  arccsch: x => Math.asinh(1 / x),
  arccoth: x => Math.atanh(1 / x),
};

/** Of whole numbers ≥ 0; NaN elsewhere, Infinity beyond 170. */
function factorial(x: number): number {
  if (!(x >= 0 && Number.isInteger(x))) return Number.NaN;
  let product = 1;
  for (let i = 2; i <= x && product < Number.POSITIVE_INFINITY; i++) product *= i;
  return product;
}
