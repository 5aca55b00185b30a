/**
 * Integrated hazards Λ = ∫ a(t) dt of propensities that change in time, by adaptive Gauss–Legendre quadrature of order 10
 * (5 points): a step is accepted where it agrees with its two halves.
 */
const TOLERANCE = 1e-11;

/** No step is longer than this share of the span, so that a pulse in time is seen if it lasts twice that. */
const LONGEST_STEP = 1 / 32;
const SHORTEST_STEP = 2 ** -36;

/** Nodes and weights on [−1, 1]. */
const NODES = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
const WEIGHTS = [
  0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891,
];

export type Rate = (time: number) => number;

/** What `integrateHazard` found. */
export interface HazardResult {
  /** Where the integral reached the target; Infinity where it did not before `to`; NaN for a rate below 0 or not finite. */
  time: number;
  /** The integral from `from` up to there. */
  integral: number;
}

/** Integrates a rate from `from` to `to`, or until the integral reaches `target`, into `result`. */
export function integrateHazard(
  rate: Rate,
  from: number,
  to: number,
  target: number,
  result: HazardResult,
): void {
  const span = to - from;
  let start = from;
  let step = span * LONGEST_STEP;
  let sum = 0;
  while (start < to) {
    const end = start + step < to ? start + step : to;
    const middle = 0.5 * (start + end);
    const whole = quadrature(rate, start, end);
    const halves = quadrature(rate, start, middle) + quadrature(rate, middle, end);
    if (!(halves >= 0 && halves < Number.POSITIVE_INFINITY)) {
      result.time = Number.NaN;
      result.integral = halves;
      return;
    }
    const accepted = Math.abs(whole - halves) <= TOLERANCE * (halves + sum + 1e-3);
    if (!accepted && end - start > SHORTEST_STEP * span) {
      step = 0.5 * (end - start);
      continue;
    }
    if (sum + halves >= target) {
      result.time = solve(rate, start, end, target - sum);
      result.integral = target;
      return;
    }
    sum += halves;
    start = end;
    step = Math.min(2 * step, span * LONGEST_STEP);
  }
  result.time = Number.POSITIVE_INFINITY;
  result.integral = sum;
}

function quadrature(rate: Rate, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const centre = 0.5 * (to + from);
  let sum = 0;
  for (let i = 0; i < 5; i++) {
    const value = rate(centre + half * NODES[i]);
    if (!(value >= 0)) return Number.NaN;
    sum += WEIGHTS[i] * value;
  }
  return half * sum;
}

/** Where the integral from `from` reaches `target`, known to lie in [from, to]: Newton's method kept in its bracket. */
function solve(rate: Rate, from: number, to: number, target: number): number {
  let low = from;
  let high = to;
  let time = 0.5 * (from + to);
  for (let i = 0; i < 60; i++) {
    const excess = quadrature(rate, from, time) - target;
    if (excess > 0) high = time;
    else low = time;
    const slope = rate(time);
    let next = time - excess / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (Math.abs(next - time) <= 1e-14 * (to - from)) return next;
    time = next;
  }
  return time;
}
