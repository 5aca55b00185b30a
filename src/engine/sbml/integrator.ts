/** y' = f(t, y). */
export type Derivative = (time: number, state: Float64Array, out: Float64Array) => void;

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** One accepted step at a time, with the solution in between. */
export interface Integrator {
  /** Ends of the last step. */
  from: number;
  to: number;
  /** The solution at `to`. */
  readonly state: Float64Array;
  /** Starts anew, after a discontinuity. */
  restart(time: number, state: Float64Array): void;
  /**
   * Takes one step that ends at `limit` at the latest. `stiff`: a step was taken, and an implicit method would be cheaper;
   * `failed`: no step is short enough.
   */
  step(limit: number): 'done' | 'stiff' | 'failed';
  /** The solution at a time within the last step. */
  interpolate(time: number, out: Float64Array): void;
}

/** Root mean square of error over tolerance; at most 1 is accepted. NaN where anything is not finite. */
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
export function firstStep(state: Float64Array, slope: Float64Array, tolerance: Tolerance): number {
  let size = 0;
  let speed = 0;
  for (let i = 0; i < state.length; i++) {
    const scale = tolerance.absolute + tolerance.relative * Math.abs(state[i]);
    size += (state[i] / scale) ** 2;
    speed += (slope[i] / scale) ** 2;
  }
  if (!(size > 1e-10 && speed > 1e-10)) return 1e-6;
  return 0.01 * Math.sqrt(size / speed);
}

/** Shortest step that still moves the time. */
export function shortestStep(time: number): number {
  return 16 * 2 ** -52 * Math.max(Math.abs(time), 1e-9);
}
