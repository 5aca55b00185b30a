import { children, reads, variableKey } from './algebra.ts';
import type { Expression } from './ast.ts';
import { add, subtract } from './build.ts';
import { type Closure, toClosure } from './closure.ts';
import { derivative } from './derivative.ts';
import type { Scope } from './scope.ts';

/**
 * The times at which an expression may jump while nothing but time passes: where the two sides of a comparison meet, and where
 * a `mod` starts anew. Found exactly where what is compared is linear in time; `complete` says whether all are. (The sides
 * of `sin(time) > 0.5` meet at times that only a search finds.)
 */
export interface Switches {
  readonly complete: boolean;
  /** Whether amounts play no part in when it switches. */
  readonly fixed: boolean;
  /** Whether the expression is constant in time from one switch to the next. */
  readonly flat: boolean;
  /** The first switch after `scope.time` (and `scope.age` with it), a rounding late; Infinity where there is none. */
  next(scope: Scope): number;
}

/** A switch is reported this much (relative) late, so that rounding never leaves it ahead of the time that was reported. */
const LATE = 16 * Number.EPSILON;

/** Null where nothing in the expression jumps in time. */
export function compileSwitches(expression: Expression): Switches | null {
  const found: ((scope: Scope) => number)[] = [];
  let complete = true;
  let fixed = true;
  const visit = (e: Expression): void => {
    for (const child of children(e)) visit(child);
    if (!readsTime(e)) return;
    if (isComparison(e) || (e.kind === 'call' && e.function === 'mod')) fixed &&= !readsAmounts(e);
    if (e.kind === 'binary' && isComparison(e)) {
      const difference = subtract(e.left, e.right);
      const slope = slopeOf(difference);
      if (slope === null) complete = false;
      else found.push(meeting(toClosure(difference), slope));
    } else if (e.kind === 'call' && e.function === 'mod') {
      const [x, period] = e.arguments;
      const slope = slopeOf(x);
      if (slope === null || readsTime(period)) complete = false;
      else found.push(wrap(toClosure(x), slope, toClosure(period)));
    } else if ((e.kind === 'binary' && ['and', 'or'].includes(e.operator)) || e.kind === 'conditional') {
      // A number used as a truth value is compared with 0.
      const tests = e.kind === 'conditional' ? [e.test] : [e.left, e.right];
      if (tests.some(test => readsTime(test) && !isTruth(test))) complete = false;
    }
  };
  visit(expression);
  if (found.length === 0 && complete) return null;
  return {
    complete,
    fixed,
    flat: complete && isFlat(expression),
    next(scope) {
      let first = Number.POSITIVE_INFINITY;
      for (const one of found) first = Math.min(first, one(scope));
      return first;
    },
  };
}

export function readsTime(expression: Expression): boolean {
  return [...reads(expression).keys()].some(key => TIMES.has(key));
}

export function readsAmounts(expression: Expression): boolean {
  return [...reads(expression).values()].some(({ of }) => of === 'species' || of === 'volume');
}

const TIMES = new Set([variableKey({ of: 'time' }), variableKey({ of: 'age' })]);

function isComparison(e: Expression): boolean {
  return e.kind === 'binary' && ['<', '<=', '>', '>=', '==', '!='].includes(e.operator);
}

/** The slope in time where it does not depend on time; null elsewhere. */
function slopeOf(expression: Expression): Closure | null {
  const slope = add(derivative(expression, { of: 'time' }), derivative(expression, { of: 'age' }));
  return readsTime(slope) ? null : toClosure(slope);
}

/** Whether a value is 0 or 1 by its form. */
export function isTruth(e: Expression): boolean {
  if (e.kind === 'call') return e.function === 'not' && isTruth(e.arguments[0]);
  return e.kind === 'binary' && !['+', '-', '*', '/', '^'].includes(e.operator);
}

/** Whether time enters through comparisons alone. */
function isFlat(e: Expression): boolean {
  return e.kind === 'variable' ? !readsTime(e) : isComparison(e) || children(e).every(isFlat);
}

function meeting(difference: Closure, slope: Closure): (scope: Scope) => number {
  return scope => {
    const rate = slope(scope);
    const ahead = rate === 0 ? -1 : -difference(scope) / rate;
    return after(scope.time, ahead);
  };
}

function wrap(x: Closure, slope: Closure, period: Closure): (scope: Scope) => number {
  return scope => {
    const rate = slope(scope);
    const length = period(scope);
    if (rate === 0 || !(length > 0)) return Number.POSITIVE_INFINITY;
    const turns = x(scope) / length;
    const into = turns - Math.floor(turns);
    const left = rate > 0 || into === 0 ? 1 - into : into;
    return after(scope.time, (left * length) / Math.abs(rate));
  };
}

function after(now: number, ahead: number): number {
  if (!(ahead > 0)) return Number.POSITIVE_INFINITY;
  const time = now + ahead;
  return Math.max(time + LATE * Math.abs(time), now + LATE * Math.abs(now));
}
