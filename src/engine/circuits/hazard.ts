/**
 * Integrated hazards Λ = ∫ a(t) dt of propensities that change in time, by adaptive Gauss–Kronrod quadrature (3 and 7
 * points): a step is accepted where the two agree to TOLERANCE; the result is that of 7 points, orders better.
 */
const TOLERANCE = 1e-8;

/** No step is longer than this share of the span, so that a pulse in time is seen if it lasts twice that. */
const LONGEST_STEP = 1 / 32;
const SHORTEST_STEP = 2 ** -36;

/** Nodes on [0, 1], of Kronrod's rule and (odd ones) of Gauss's, with their weights. */
const NODES = [0.96049126870802, 0.774596669241483, 0.434243749346802, 0];
const KRONROD = [0.104656226026467, 0.268488089868333, 0.401397414775962, 0.450916538658474];
const GAUSS = [0, 5 / 9, 0, 8 / 9];

export type Rate = (time: number) => number;

/** What `integrateHazard` found. */
export interface HazardResult {
  /** Where the integral reached the target; Infinity where it did not before `to`; NaN for a rate below 0 or not finite. */
  time: number;
  /** The integral from `from` up to there. */
  integral: number;
}

/**
 * Integrates a rate from `from` to `to`, or until the integral reaches `target`, into `result`. `share`: the longest step, as a part of the
 * span; longer where it is known that nothing comes and goes.
 */
export function integrateHazard(
  rate: Rate,
  from: number,
  to: number,
  target: number,
  result: HazardResult,
  share = LONGEST_STEP,
): void {
  const span = to - from;
  const longest = span * share;
  let start = from;
  // Twice the time that the target takes at the present rate.
  let step = Math.min(longest, Math.max((2 * target) / rate(from), SHORTEST_STEP * span));
  if (!(step > 0)) step = longest;
  let sum = 0;
  while (start < to) {
    const end = start + step < to ? start + step : to;
    const integral = quadrature(rate, start, end);
    if (!(integral >= 0 && integral < Number.POSITIVE_INFINITY)) {
      result.time = Number.NaN;
      result.integral = integral;
      return;
    }
    const accepted = disagreement <= TOLERANCE * (integral + sum + 1e-3);
    if (!accepted && end - start > SHORTEST_STEP * span) {
      step = 0.5 * (end - start);
      continue;
    }
    // A target of 0 is reached where the rate is not 0: nothing fires without a rate.
    if (sum + integral >= target && integral > 0) {
      result.time = solve(rate, start, end, target - sum, integral);
      result.integral = target;
      return;
    }
    sum += integral;
    start = end;
    step = Math.min(2 * step, longest);
  }
  result.time = Number.POSITIVE_INFINITY;
  result.integral = sum;
}

/** |Kronrod − Gauss| of the last quadrature. */
let disagreement = 0;

/** NaN for a rate below 0 or undefined. */
function quadrature(rate: Rate, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const centre = 0.5 * (to + from);
  const middle = rate(centre);
  let valid = middle >= 0;
  let kronrod = KRONROD[3] * middle;
  let gauss = GAUSS[3] * middle;
  for (let i = 0; i < 3; i++) {
    const low = rate(centre - half * NODES[i]);
    const high = rate(centre + half * NODES[i]);
    valid = valid && low >= 0 && high >= 0;
    kronrod += KRONROD[i] * (low + high);
    gauss += GAUSS[i] * (low + high);
  }
  disagreement = half * Math.abs(kronrod - gauss);
  return valid ? half * kronrod : Number.NaN;
}

/**
 * Where the integral from `from` reaches `target`, known to lie before `to`, up to which it is `integral`: Newton's method
 * kept in its bracket.
 */
function solve(rate: Rate, from: number, to: number, target: number, integral: number): number {
  let low = from;
  let high = to;
  let time = from + (to - from) * (target / integral);
  for (let i = 0; i < 60; i++) {
    const excess = quadrature(rate, from, time) - target;
    if (excess > 0) high = time;
    else low = time;
    const next = time - excess / rate(time);
    const inside = next > low && next < high;
    if (inside && Math.abs(next - time) <= 1e-10 * (to - from)) return next;
    if (high - low <= 1e-14 * (to - from)) return time;
    time = inside ? next : 0.5 * (low + high);
  }
  return time;
}
