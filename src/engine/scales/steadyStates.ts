import { EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';
import type { LocalDynamics } from './localDynamics.ts';

/** A point at which the deterministic limit of a circuit rests. */
export interface SteadyState {
  /** By unknown of the dynamics, molecules. */
  readonly amounts: readonly number[];
  readonly stable: boolean;
}

/** Starting points of Newton's method beside the present state. */
const STARTS = 128;
const ITERATIONS = 100;
/** Change per gross change at which a point rests. */
const AT_REST = 1e-9;
/** Two points this close (relative to amount + 1) are one. */
const SAME = 1e-4;
/** Larger circuits take too long. */
const MOST_UNKNOWNS = 60;
/** Eigenvalues below this share of the largest are 0. */
const NOISE = 1e-10;

/** Eigenvalues of the dynamics at x, of what can change: real and imaginary parts, 1/s. Null where rates are undefined. */
export function eigenvaluesAt(
  dynamics: LocalDynamics,
  x: Float64Array,
): { readonly re: number; readonly im: number }[] | null {
  const jacobian = dynamics.jacobian(x);
  if (!jacobian) return null;
  const reduced = dynamics.basis.transpose().mmul(jacobian).mmul(dynamics.basis);
  const { realEigenvalues: re, imaginaryEigenvalues: im } = new EigenvalueDecomposition(reduced, {
    assumeSymmetric: false,
  });
  return re.map((value, i) => ({ re: value, im: im[i] }));
}

/**
 * The steady states that damped Newton iterations find from the present state and from points spread evenly over the logarithms of
 * the amounts (with conserved sums: over what these allow). More starts may find more: what is found is there, what is not may be.
 * Null where the circuit is too large.
 */
export function findSteadyStates(dynamics: LocalDynamics): SteadyState[] | null {
  const { start, basis } = dynamics;
  if (start.length > MOST_UNKNOWNS) return null;
  const found: Float64Array[] = [];
  for (const from of startsFor(start, basis)) {
    const x = newton(dynamics, from);
    if (x && !found.some(known => isSame(known, x))) found.push(x);
  }
  return found
    .map(x => {
      const eigenvalues = eigenvaluesAt(dynamics, x) ?? [];
      const largest = Math.max(0, ...eigenvalues.map(({ re, im }) => Math.hypot(re, im)));
      return { amounts: [...x], stable: eigenvalues.every(({ re }) => re < NOISE * largest) };
    })
    .sort((a, b) => a.amounts[0] - b.amounts[0]);
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => Math.abs(value - b[i]) <= SAME * (1 + Math.abs(value)));
}

function newton(dynamics: LocalDynamics, from: Float64Array): Float64Array | null {
  const { basis } = dynamics;
  const size = from.length;
  const [slope, gross, trial] = [from.slice(), from.slice(), from.slice()];
  let x = from.slice();
  if (!dynamics.evaluate(x, slope, gross)) return null;
  for (let n = 0; n < ITERATIONS; n++) {
    if (slope.every((value, i) => Math.abs(value) <= AT_REST * gross[i])) return x;
    const jacobian = dynamics.jacobian(x);
    if (!jacobian) return null;
    const right = basis
      .transpose()
      .mmul(Matrix.columnVector([...slope]))
      .mul(-1);
    const lu = new LuDecomposition(basis.transpose().mmul(jacobian).mmul(basis));
    if (lu.isSingular()) return null;
    const step = basis.mmul(lu.solve(right)).to1DArray();
    if (!step.every(Number.isFinite)) return null;
    const before = norm(slope, x);
    let accepted = false;
    for (let share = 1; share > 1e-6 && !accepted; share /= 2) {
      for (let i = 0; i < size; i++) {
        // Not below nothing: at most nine tenths of what is there go at once.
        trial[i] = x[i] + share * step[i];
      }
      if (trial.some((value, i) => value < 0.1 * x[i] - 1e-12)) continue;
      for (let i = 0; i < size; i++) trial[i] = Math.max(0, trial[i]);
      accepted = dynamics.evaluate(trial, slope, gross) && norm(slope, x) < before * (1 - 1e-4 * share);
    }
    if (!accepted) return null;
    x = trial.slice();
  }
  return null;
}

/** Size of a slope relative to amounts. */
function norm(slope: Float64Array, x: Float64Array): number {
  return Math.sqrt(slope.reduce((sum, value, i) => sum + (value / (1 + x[i])) ** 2, 0));
}

function* startsFor(start: Float64Array, basis: Matrix): Generator<Float64Array> {
  const size = start.length;
  const free = basis.columns === size;
  yield free ? start.map(value => Math.max(value, 1e-6)) : start;
  const largest = 10 * Math.max(100, ...start);
  const at = evenSequence(size);
  let x = start.slice();
  for (let n = 0; n < STARTS; n++) {
    const u = at(n);
    if (free) yield Float64Array.from(u, value => 0.1 * (largest / 0.1) ** value);
    else {
      // Along a direction of what can change, somewhere between the walls at 0.
      const direction = basis.mmul(
        Matrix.columnVector(Array.from({ length: basis.columns }, (_, c) => u[c] - 0.5)),
      );
      let [low, high] = [-largest, largest];
      for (let i = 0; i < size; i++) {
        const d = direction.get(i, 0);
        if (Math.abs(d) < 1e-12) continue;
        if (d > 0) low = Math.max(low, -x[i] / d);
        else high = Math.min(high, -x[i] / d);
      }
      const place = low + (high - low) * ((n * 0.618034) % 1);
      x = x.map((value, i) => Math.max(0, value + place * direction.get(i, 0)));
      yield x;
    }
  }
}

/** Evenly spread points of the unit cube: the additive recurrence with the powers of the root of y^(d+1) = y + 1. */
function evenSequence(dimensions: number): (n: number) => number[] {
  let root = 2;
  for (let i = 0; i < 60; i++) root = (1 + root) ** (1 / (dimensions + 1));
  const steps = Array.from({ length: dimensions }, (_, i) => (1 / root) ** (i + 1));
  return n => steps.map(step => (0.5 + (n + 1) * step) % 1);
}
