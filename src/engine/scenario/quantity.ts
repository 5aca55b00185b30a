import { constant, constantValue, fits, type Typed, textOf } from './algebra.ts';
import { readExpression, type Scope } from './expressions.ts';
import { LIMITS } from './limits.ts';
import { excerpt } from './problems.ts';
import type { Source } from './source.ts';
import { type Dimension, exampleOf, LENGTH, NONE, sameDimension } from './units.ts';

/** What one build works with: where faults go, and the names that constants may use. */
export interface Context {
  readonly source: Source;
  /** The parameters, as constants may use them. */
  readonly constants: Scope;
}

/** Bounds of a quantity in engine units. */
export interface Range {
  readonly above?: number;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

export const POSITIVE: Range = { above: 0 };
export const NOT_NEGATIVE: Range = { min: 0 };

/** A value as written (an expression, or a bare number) in a scope; null after a fault. */
export function readTyped(
  source: Source,
  scope: Scope,
  path: string,
  raw: string | number | undefined,
): Typed | null {
  if (raw === undefined) return null;
  if (typeof raw === 'number') return constant(raw);
  return readExpression(raw, scope, (message, allowed) => source.problem(path, message, allowed));
}

/** The same, of a wanted dimension. */
export function readOfDimension(
  source: Source,
  scope: Scope,
  path: string,
  raw: string | number | undefined,
  wanted: readonly Dimension[],
): Typed | null {
  const typed = readTyped(source, scope, path, raw);
  if (typed === null) return null;
  const { dimension } = typed;
  if (wanted.some(one => fits(dimension, one))) return typed;
  const examples = sameDimension(wanted[0], NONE) ? null : wanted.map(exampleOf).join(' or ');
  source.problem(path, mismatch(dimension, wanted), examples);
  return null;
}

function mismatch(dimension: Dimension | 'any', wanted: readonly Dimension[]): string {
  const plain = dimension === 'any' || sameDimension(dimension, NONE);
  const has = plain ? 'has no unit' : `has dimension ${textOf(dimension)}`;
  return `${has} but must be ${wanted.map(textOf).join(' or ')}`;
}

/** A constant in engine units, or null after a fault or where it is not given. */
export function readQuantity(
  { source, constants }: Context,
  path: string,
  raw: string | number | undefined,
  dimension: Dimension,
  range: Range = {},
): number | null {
  const typed = readOfDimension(source, constants, path, raw, [dimension]);
  const value = typed && constantValue(typed);
  if (value === null) return null;
  const fault = rangeFault(value, range);
  if (fault === null) return value;
  source.problem(path, fault);
  return null;
}

/** A length of the domain or of a cell: positive, from 1 nm to 1 m. */
export function readLength(context: Context, path: string, raw: string | number | undefined): number | null {
  const length = readQuantity(context, path, raw, LENGTH, POSITIVE);
  if (length === null) return null;
  if (length >= LIMITS.shortestLength && length <= LIMITS.longestLength) return length;
  context.source.problem(path, 'is out of range', '1 nm to 1 m');
  return null;
}

/** What is wrong with a value, or null. */
export function rangeFault(value: number, { above, min, max, whole }: Range): string | null {
  if (Math.abs(value) > LIMITS.magnitude) return `is out of range: ${excerpt(String(value))} in engine units`;
  if (above !== undefined && !(value > above)) return `must be greater than ${above}`;
  if (min !== undefined && !(value >= min))
    return min === 0 ? 'must not be negative' : `must be at least ${min}`;
  if (max !== undefined && !(value <= max)) return `must be at most ${max}`;
  if (whole && !Number.isSafeInteger(value)) return 'must be a whole number of molecules';
  return null;
}
