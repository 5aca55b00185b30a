import type { Expression } from './ast.ts';
import { add, conditional, divide, multiply, negate, number } from './build.ts';

/** A product: `first` reads only what the first kind of variable may be read by, `second` only the other kind. */
export interface SeparatedTerm {
  readonly first: Expression;
  readonly second: Expression;
}

/** More terms are not worth it: each costs at every evaluation. */
const MOST_TERMS = 6;

/**
 * An expression as Σ firstᵢ · secondᵢ (separation of variables), by its form: products, quotients, sums, and conditions on the second
 * kind with 0 on one side. `isFirst` and `isSecond` say of an expression whether it may stand in either factor. Null where the
 * form does not allow it. Differs from the expression by rounding.
 */
export function separate(
  expression: Expression,
  isFirst: (e: Expression) => boolean,
  isSecond: (e: Expression) => boolean,
): readonly SeparatedTerm[] | null {
  const visit = (e: Expression): readonly SeparatedTerm[] | null => {
    if (isSecond(e)) return [{ first: number(1), second: e }];
    if (isFirst(e)) return [{ first: e, second: number(1) }];
    if (e.kind === 'negate') {
      return visit(e.argument)?.map(({ first, second }) => ({ first, second: negate(second) })) ?? null;
    }
    if (e.kind === 'conditional') return visitConditional(e);
    if (e.kind !== 'binary') return null;
    const left = visit(e.left);
    if (left === null) return null;
    if (e.operator === '/') return visitQuotient(left, e.right);
    const right = visit(e.right);
    if (right === null) return null;
    if (e.operator === '+') return gather([...left, ...right]);
    if (e.operator === '-') {
      return gather([...left, ...right.map(({ first, second }) => ({ first, second: negate(second) }))]);
    }
    if (e.operator !== '*' || left.length * right.length > MOST_TERMS) return null;
    return gather(
      left.flatMap(a =>
        right.map(b => ({ first: multiply(a.first, b.first), second: multiply(a.second, b.second) })),
      ),
    );
  };

  function visitQuotient(left: readonly SeparatedTerm[], right: Expression): readonly SeparatedTerm[] | null {
    const divisor = visit(right);
    if (divisor === null || divisor.length > 1) return null;
    const [by] = divisor;
    return left.map(({ first, second }) => ({
      first: divide(first, by.first),
      second: divide(second, by.second),
    }));
  }

  function visitConditional(
    e: Extract<Expression, { kind: 'conditional' }>,
  ): readonly SeparatedTerm[] | null {
    if (!isSecond(e.test)) return null;
    const then = visit(e.then);
    const otherwise = visit(e.otherwise);
    if (then === null || otherwise === null) return null;
    return gather([
      ...then.map(({ first, second }) => ({ first, second: conditional(e.test, second, number(0)) })),
      ...otherwise.map(({ first, second }) => ({ first, second: conditional(e.test, number(0), second) })),
    ]);
  }

  const terms = visit(expression);
  return terms !== null && terms.length <= MOST_TERMS ? terms : null;
}

/** Terms of one first factor become one; terms that are 0 by their form go. */
function gather(terms: readonly SeparatedTerm[]): readonly SeparatedTerm[] {
  const found = new Map<string, SeparatedTerm>();
  for (const { first, second } of terms) {
    if (isZero(second)) continue;
    const key = JSON.stringify(first);
    const other = found.get(key);
    found.set(key, other ? { first, second: add(other.second, second) } : { first, second });
  }
  return [...found.values()];
}

function isZero(e: Expression): boolean {
  if (e.kind === 'number') return e.value === 0;
  return e.kind === 'conditional' && isZero(e.then) && isZero(e.otherwise);
}
