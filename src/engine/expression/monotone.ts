import { reads, variableKey } from './algebra.ts';
import type { Expression, Variable } from './ast.ts';
import { bounds } from './interval.ts';

/** How a value follows a variable: rises (1), falls (−1), neither (0), or not known to do one only (null). */
export type Trend = -1 | 0 | 1 | null;

/**
 * The trend of an expression in one variable, for amounts ≥ 0 (of `isWhole` variables: whole numbers), by its form. Floating point keeps
 * it: every operation of a monotone form is rounded monotonically (powers, logarithms and saturation to their last bit).
 */
export function trend(
  expression: Expression,
  variable: Variable,
  isWhole: (variable: Variable) => boolean = () => false,
): Trend {
  const key = variableKey(variable);
  const of = (e: Expression): Trend => {
    if (!reads(e).has(key)) return 0;
    switch (e.kind) {
      case 'number':
        return 0;
      case 'variable':
        return 1;
      case 'negate':
        return opposite(of(e.argument));
      case 'conditional':
        return ofConditional(e);
      case 'binary':
        return ofBinary(e);
      case 'call':
        return ofCall(e);
    }
  };

  function ofConditional({ test, then, otherwise }: Extract<Expression, { kind: 'conditional' }>): Trend {
    if (!reads(test).has(key)) return both(of(then), of(otherwise));
    // A gate: nothing below a threshold, something ≥ 0 from there on.
    const gate =
      test.kind === 'binary' &&
      (test.operator === '>=' || test.operator === '>') &&
      isVariable(test.left) &&
      !reads(test.right).has(key);
    return gate && otherwise.kind === 'number' && otherwise.value === 0 && isNonNegative(then)
      ? both(of(then), 1)
      : null;
  }

  function ofBinary(e: Extract<Expression, { kind: 'binary' }>): Trend {
    const { operator, left, right } = e;
    switch (operator) {
      case '+':
        return both(of(left), of(right));
      case '-':
        return both(of(left), opposite(of(right)));
      case '*':
        return ofProduct(e);
      case '/':
        if (isPositiveFactor(right)) return ofProduct(e);
        if (!isNonNegative(left) || !isNonNegative(right)) return null;
        return isSaturating(left, right) ? 1 : both(of(left), opposite(of(right)));
      case '^':
        if (reads(right).size > 0 || !isNonNegative(left)) return null;
        return isNonNegative(right) ? of(left) : opposite(of(left));
      default:
        return null;
    }
  }

  /** V x/(K + x). */
  function isSaturating(above: Expression, below: Expression): boolean {
    if (below.kind !== 'binary' || below.operator !== '+') return false;
    const { left, right } = below;
    if (!(isVariable(left) && of(right) === 0) && !(isVariable(right) && of(left) === 0)) return false;
    if (isVariable(above)) return true;
    if (above.kind !== 'binary' || above.operator !== '*') return false;
    return (
      (isVariable(above.left) && of(above.right) === 0) || (isVariable(above.right) && of(above.left) === 0)
    );
  }

  /** Factors ≥ 0; x (x − 1) … of a whole number counts as one. */
  function ofProduct(product: Expression): Trend {
    const factors: Expression[] = [];
    const collect = (e: Expression): void => {
      if (e.kind === 'binary' && e.operator === '*') {
        collect(e.left);
        collect(e.right);
      } else if (e.kind === 'binary' && e.operator === '/' && isPositiveFactor(e.right)) {
        collect(e.left);
      } else factors.push(e);
    };
    collect(product);
    const lowered = new Set<number>();
    if (isWhole(variable) && factors.some(isVariable)) {
      for (let j = 1; factors.some(e => isLowered(e, j)); j++) lowered.add(j);
    }
    let sum: Trend = 0;
    for (const factor of factors) {
      if ([...lowered].some(j => isLowered(factor, j))) sum = both(sum, 1);
      else sum = isNonNegative(factor) ? both(sum, of(factor)) : null;
      if (sum === null) return null;
    }
    return sum;
  }

  function ofCall(e: Extract<Expression, { kind: 'call' }>): Trend {
    const [x, k, n] = e.arguments;
    switch (e.function) {
      case 'exp':
      case 'ln':
      case 'log10':
      case 'sqrt':
        return of(x);
      case 'min':
      case 'max':
        return e.arguments.map(of).reduce(both);
      case 'hill':
        if (n.kind !== 'number' || !(n.value > 0) || !isNonNegative(x) || !isNonNegative(k)) return null;
        return both(of(x), opposite(of(k)));
      default:
        return null;
    }
  }

  const isPositiveFactor = (e: Expression): boolean => !reads(e).has(key) && isNonNegative(e);
  const isVariable = (e: Expression): boolean => e.kind === 'variable' && variableKey(e.variable) === key;
  const isLowered = (e: Expression, by: number): boolean =>
    e.kind === 'binary' &&
    e.operator === '-' &&
    e.right.kind === 'number' &&
    e.right.value === by &&
    isVariable(e.left);

  return of(expression);
}

function isNonNegative(e: Expression): boolean {
  return bounds(e).low >= 0;
}

function opposite(a: Trend): Trend {
  return a === null ? null : a === 0 ? 0 : a === 1 ? -1 : 1;
}

function both(a: Trend, b: Trend): Trend {
  if (a === null || b === null) return null;
  if (a === 0) return b;
  return b === 0 || a === b ? a : null;
}
