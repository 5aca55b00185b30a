import { variableKey } from './algebra.ts';
import type { Expression, Variable } from './ast.ts';
import { bounds } from './interval.ts';

/** Exponents that vary without bound count as this. */
const STEEPEST = 12;

/** Least and largest ∂ ln e/∂ ln x. */
type Range = readonly [low: number, high: number];

const NONE: Range = [0, 0];

/**
 * How steep an expression can be: the largest |∂ ln e/∂ ln x| by its form, for variables ≥ 0. The order in x of mass action, the
 * exponent of a Hill function. Exact for products, quotients, powers and sums of terms ≥ 0; a difference counts as its steeper
 * part, far from where it vanishes; `exp`, `sin` and the like as once their argument (or 1).
 */
export function steepness(expression: Expression, variable: Variable): number {
  const [low, high] = elasticity(expression, variableKey(variable));
  return Math.max(-low, high);
}

function elasticity(e: Expression, key: string): Range {
  const of = (part: Expression): Range => elasticity(part, key);
  switch (e.kind) {
    case 'number':
      return NONE;
    case 'variable':
      return variableKey(e.variable) === key ? [1, 1] : NONE;
    case 'negate':
      return of(e.argument);
    case 'conditional':
      return hull([of(e.then), of(e.otherwise)]);
    case 'binary':
      return ofBinary(e, of);
    case 'call':
      return ofCall(e, of);
  }
}

function ofBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  of: (e: Expression) => Range,
): Range {
  const [a, b] = [of(left), of(right)];
  switch (operator) {
    case '*':
      return [a[0] + b[0], a[1] + b[1]];
    case '/':
      return [a[0] - b[1], a[1] - b[0]];
    case '+':
    case '-':
      return hull([a, b]);
    case '^':
      return scaled(a, right);
    default:
      return NONE;
  }
}

function ofCall(
  { function: name, arguments: inputs }: Extract<Expression, { kind: 'call' }>,
  of: (e: Expression) => Range,
): Range {
  switch (name) {
    case 'sqrt':
      return scaled(of(inputs[0]), { kind: 'number', value: 0.5 });
    case 'hill': {
      // n (1 − hill) times that of x/K
      const [x, k] = [of(inputs[0]), of(inputs[1])];
      return hull([NONE, scaled([x[0] - k[1], x[1] - k[0]], inputs[2])]);
    }
    case 'min':
    case 'max':
    case 'abs':
      return hull(inputs.map(of));
    default: {
      const [low, high] = hull(inputs.map(of));
      if (low === 0 && high === 0) return NONE;
      const most = Math.max(1, -low, high);
      return [-most, most];
    }
  }
}

function scaled([low, high]: Range, exponent: Expression): Range {
  if (low === 0 && high === 0) return NONE;
  const { low: least, high: most } = bounds(exponent);
  const ends = [Math.max(least, -STEEPEST), Math.min(most, STEEPEST)];
  const n = exponent.kind === 'number' ? [exponent.value] : ends;
  const corners = n.flatMap(p => [p * low, p * high]);
  return [Math.min(...corners), Math.max(...corners)];
}

function hull(ranges: readonly Range[]): Range {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}
