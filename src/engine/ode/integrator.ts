/** An initial value problem y' = f(t, y). */
export interface Problem {
  /** Number of unknowns. */
  readonly size: number;
  /** f into `out`; false where it is not defined: the step is then taken again, shorter. */
  derivative(time: number, y: Float64Array, out: Float64Array): boolean;
  /** Size of a step's error in units of what is allowed: accepted up to 1. NaN or Infinity where `after` is no valid state. */
  norm(error: Float64Array, before: Float64Array, after: Float64Array): number;
  /** Distance of two vectors of unknowns, for the estimate of stiffness. Default Euclidean. */
  distance?(a: Float64Array, b: Float64Array): number;
}

/** Solves with σI − J, J = ∂f/∂y; dense (dense.ts) or with the structure of a problem. */
export interface Linearisation {
  /** Takes J at (t, y), where f is `slope`, and writes ∂f/∂t; `step` is about how far the step will go. */
  evaluate(time: number, y: Float64Array, slope: Float64Array, step: number, timeSlope: Float64Array): void;
  /** Prepares σI − J; false where it is singular. */
  factorise(sigma: number): boolean;
  /** x becomes (σI − J)⁻¹ x. */
  solve(x: Float64Array): void;
}

/** `stiff`: a step was taken, and an implicit method would be cheaper; `failed`: no step is short enough. */
export type Outcome = 'done' | 'stiff' | 'failed';

/** One accepted step at a time, with the solution in between. */
export interface Integrator {
  /** Ends of the last step. */
  readonly from: number;
  readonly to: number;
  /**
   * The solution at `to`. May be shifted between steps by a caller whose f and norm shift with it (unknowns that are counted from
   * the step's beginning).
   */
  readonly state: Float64Array;
  /** Starts anew, after a discontinuity; false where f is not defined. `length` of the first step; default by `firstStep`. */
  restart(time: number, state: Float64Array, length?: number): boolean;
  /** Takes one step that ends at `limit` at the latest. */
  step(limit: number): Outcome;
  /** The solution at a time within the last step. */
  interpolate(time: number, out: Float64Array): void;
}

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Root mean square of error over tolerance; NaN where anything is not finite. */
export function errorNorm(
  error: Float64Array,
  before: Float64Array,
  after: Float64Array,
  { relative, absolute }: Tolerance,
): number {
  const n = error.length;
  if (n === 0) return 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const scale = absolute + relative * Math.max(Math.abs(before[i]), Math.abs(after[i]));
    sum += (error[i] / scale) ** 2;
  }
  return Math.sqrt(sum / n);
}

/** A first step from the size of the solution and of its derivative (Hairer, Nørsett & Wanner 1993, II.4). */
export function firstStep(state: Float64Array, slope: Float64Array, problem: Problem): number {
  const size = problem.norm(state, state, state);
  const speed = problem.norm(slope, state, state);
  if (!(size > 1e-5 && speed > 1e-5)) return 1e-6;
  return (0.01 * size) / speed;
}

/** Shortest step: it still moves the time, and is no vanishing share of the way left. */
export function shortestStep(time: number, left: number): number {
  return Math.max(16 * 2 ** -52 * Math.abs(time), left * 2 ** -80);
}

export function euclidean(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
