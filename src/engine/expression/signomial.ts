import { reads, variableKey } from './algebra.ts';
import type { Expression, Variable } from './ast.ts';
import { bounds } from './interval.ts';

/** A sum of terms c·x₁^p₁·x₂^p₂… in variables that are ≥ 0, with real powers, like powers collected. */
export type Signomial = ReadonlyMap<string, Term>;

interface Term {
  readonly coefficient: number;
  /** Sum of the magnitudes that were collected: what is small against it is rounding. */
  readonly magnitude: number;
  /** Power by variable, without zeros. */
  readonly powers: ReadonlyMap<string, number>;
}

/** above/below, with every coefficient below positive. */
export interface Rational {
  readonly above: Signomial;
  readonly below: Signomial;
}

/** Signs that a value may have, as bits. */
export const POSITIVE = 1;
export const NEGATIVE = 2;

/** Beyond so many terms a form is not worked out. */
const MOST_TERMS = 300;
const MOST_POWER = 12;
const ROUNDING = 1e-12;

/**
 * An expression as a quotient of signomials: sums, products, quotients, powers and Hill functions; anything else is taken as
 * a variable of its own where it does not read `variable` and is never negative. Null where that does not reach.
 */
export function toRational(expression: Expression, variable: Variable): Rational | null {
  const recur = (e: Expression): Rational | null => toRational(e, variable);
  switch (expression.kind) {
    case 'number':
      return Number.isFinite(expression.value) ? whole(constant(expression.value)) : null;
    case 'variable': {
      if (expression.variable.of === 'position') return null;
      return whole(monomial(variableKey(expression.variable)));
    }
    case 'negate': {
      const inner = recur(expression.argument);
      return inner && { above: scaled(inner.above, -1), below: inner.below };
    }
    case 'binary':
      return ofBinary(expression, recur) ?? asAtom(expression, variable);
    case 'call': {
      const [x, k, n] = expression.arguments;
      if (expression.function === 'hill' && n.kind === 'number' && n.value > 0) {
        const a = powerOf(recur(x), n.value);
        const b = powerOf(recur(k), n.value);
        const sum = a && b && added(a, b);
        return (sum && a && quotient(a, sum)) ?? asAtom(expression, variable);
      }
      if (expression.function === 'sqrt') return powerOf(recur(x), 0.5) ?? asAtom(expression, variable);
      return asAtom(expression, variable);
    }
    case 'conditional':
      return asAtom(expression, variable);
  }
}

/** Which signs a rational form can have, over all variables > 0: 0 where it is 0 everywhere. */
export function signsOf({ above }: Rational): number {
  return signsOfSum(above);
}

/** Which signs its derivative by a variable can have: those of above′·below − above·below′. */
export function slopeSigns({ above, below }: Rational, variable: Variable): number | null {
  const key = variableKey(variable);
  const first = product(slope(above, key), below);
  const second = product(above, slope(below, key));
  const difference = first && second && sum(first, scaled(second, -1));
  return difference && signsOfSum(difference);
}

function signsOfSum(terms: Signomial): number {
  let signs = 0;
  for (const { coefficient } of terms.values()) signs |= coefficient > 0 ? POSITIVE : NEGATIVE;
  return signs;
}

function ofBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  recur: (e: Expression) => Rational | null,
): Rational | null {
  if (!['+', '-', '*', '/', '^'].includes(operator)) return null;
  const a = recur(left);
  if (!a) return null;
  if (operator === '^') return right.kind === 'number' ? powerOf(a, right.value) : null;
  const b = recur(right);
  if (!b) return null;
  switch (operator) {
    case '+':
      return added(a, b);
    case '-':
      return added(a, { above: scaled(b.above, -1), below: b.below });
    case '*':
      return rational(product(a.above, b.above), product(a.below, b.below));
    default:
      return quotient(a, b);
  }
}

function asAtom(expression: Expression, variable: Variable): Rational | null {
  if (reads(expression).has(variableKey(variable)) || bounds(expression).low < 0) return null;
  return whole(monomial(JSON.stringify(expression)));
}

function whole(above: Signomial): Rational {
  return { above, below: constant(1) };
}

function rational(above: Signomial | null, below: Signomial | null): Rational | null {
  if (!above || !below) return null;
  const signs = signsOfSum(below);
  if (signs === POSITIVE) return { above, below };
  return signs === NEGATIVE ? { above: scaled(above, -1), below: scaled(below, -1) } : null;
}

function added(a: Rational, b: Rational): Rational | null {
  if (sameSum(a.below, b.below)) return rational(sum(a.above, b.above), a.below);
  const left = product(a.above, b.below);
  const right = product(b.above, a.below);
  return rational(left && right && sum(left, right), product(a.below, b.below));
}

function quotient(a: Rational, b: Rational): Rational | null {
  if (sameSum(a.below, b.below)) return rational(a.above, b.above);
  return rational(product(a.above, b.below), product(a.below, b.above));
}

function powerOf(base: Rational | null, n: number): Rational | null {
  if (!base) return null;
  if (n < 0) {
    const inverse = rational(base.below, base.above);
    return powerOf(inverse, -n);
  }
  if (Number.isInteger(n) && n <= MOST_POWER) {
    let result: Rational | null = whole(constant(1));
    for (let i = 0; i < n && result; i++) {
      result = rational(product(result.above, base.above), product(result.below, base.below));
    }
    return result;
  }
  const above = termPower(base.above, n);
  const below = termPower(base.below, n);
  return above && below && { above, below };
}

/** A real power of a single positive term. */
function termPower(terms: Signomial, n: number): Signomial | null {
  const [term, more] = terms.values();
  if (!term || more || term.coefficient <= 0) return null;
  const powers = new Map([...term.powers].map(([key, power]) => [key, power * n]));
  const coefficient = term.coefficient ** n;
  return Number.isFinite(coefficient) && coefficient > 0
    ? collect([{ coefficient, magnitude: coefficient, powers }])
    : null;
}

function constant(value: number): Signomial {
  return collect([{ coefficient: value, magnitude: Math.abs(value), powers: new Map() }]);
}

function monomial(key: string): Signomial {
  return collect([{ coefficient: 1, magnitude: 1, powers: new Map([[key, 1]]) }]);
}

function scaled(terms: Signomial, by: number): Signomial {
  return new Map([...terms].map(([key, term]) => [key, { ...term, coefficient: by * term.coefficient }]));
}

function sum(a: Signomial, b: Signomial): Signomial {
  return collect([...a.values(), ...b.values()]);
}

function product(a: Signomial, b: Signomial): Signomial | null {
  if (a.size * b.size > MOST_TERMS) return null;
  const terms: Term[] = [];
  for (const x of a.values()) {
    for (const y of b.values()) {
      const powers = new Map(x.powers);
      for (const [key, power] of y.powers) powers.set(key, (powers.get(key) ?? 0) + power);
      for (const [key, power] of powers) if (Math.abs(power) < ROUNDING) powers.delete(key);
      terms.push({
        coefficient: x.coefficient * y.coefficient,
        magnitude: x.magnitude * y.magnitude,
        powers,
      });
    }
  }
  return collect(terms);
}

function slope(terms: Signomial, key: string): Signomial {
  const slopes: Term[] = [];
  for (const { coefficient, magnitude, powers } of terms.values()) {
    const power = powers.get(key);
    if (power === undefined) continue;
    const lowered = new Map(powers);
    if (power === 1) lowered.delete(key);
    else lowered.set(key, power - 1);
    slopes.push({
      coefficient: power * coefficient,
      magnitude: Math.abs(power) * magnitude,
      powers: lowered,
    });
  }
  return collect(slopes);
}

function collect(terms: readonly Term[]): Signomial {
  const collected = new Map<string, Term>();
  for (const term of terms) {
    const key = powersKey(term.powers);
    const other = collected.get(key);
    collected.set(
      key,
      other
        ? {
            coefficient: other.coefficient + term.coefficient,
            magnitude: other.magnitude + term.magnitude,
            powers: term.powers,
          }
        : term,
    );
  }
  for (const [key, { coefficient, magnitude }] of collected) {
    if (!(Math.abs(coefficient) > ROUNDING * magnitude)) collected.delete(key);
  }
  return collected;
}

function powersKey(powers: ReadonlyMap<string, number>): string {
  // 12 digits, so that 0.1 + 0.2 and 0.3 are the same power.
  return [...powers]
    .map(([key, power]) => `${key}^${Number(power.toPrecision(12))}`)
    .sort()
    .join(' ');
}

function sameSum(a: Signomial, b: Signomial): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { coefficient }] of a) if (b.get(key)?.coefficient !== coefficient) return false;
  return true;
}
