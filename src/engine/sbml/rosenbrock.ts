import {
  type Derivative,
  errorNorm,
  firstStep,
  type Integrator,
  shortestStep,
  type Tolerance,
} from './integrator.ts';

/**
 * The Rosenbrock method of Kaps and Rentrop, order 4(3), with the parameters of Shampine (1982,
 * doi:10.1145/355993.355994), for stiff problems. In the form of g = Γ·k, which saves products with the Jacobian:
 * (I/(γh) − J) gᵢ = f(y + Σ aᵢⱼ gⱼ) + Σ cᵢⱼ gⱼ/h + cᵢ h ∂f/∂t.
 */
const GAMMA = 1 / 2;
const A21 = 2;
const A31 = 48 / 25;
const A32 = 6 / 25;
const C21 = -8;
const C31 = 372 / 25;
const C32 = 12 / 5;
const C41 = -112 / 125;
const C42 = -54 / 125;
const C43 = -2 / 5;
const B = [19 / 9, 1 / 2, 25 / 108, 125 / 108];
const E = [17 / 54, 7 / 36, 0, 125 / 108];
/** Factors of ∂f/∂t, and the times of the stages. */
const T = [1 / 2, -3 / 2, 121 / 50, 29 / 250];
const A2T = 1;
const A3T = 3 / 5;

/** Jacobian by forward differences: the error, 10⁻⁸ of its entries, is below what the method notices. */
const DIFFERENCE = 2 ** -26;

export function createRosenbrock(n: number, f: Derivative, tolerance: Tolerance): Integrator {
  const state = new Float64Array(n);
  const before = new Float64Array(n);
  const trial = new Float64Array(n);
  const error = new Float64Array(n);
  const slope = new Float64Array(n);
  const nextSlope = new Float64Array(n);
  const shifted = new Float64Array(n);
  const stage = new Float64Array(n);
  const jacobian = new Float64Array(n * n);
  const timeSlope = new Float64Array(n);
  const matrix = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  const g = Array.from({ length: 4 }, () => new Float64Array(n));
  let length = 0;

  function differentiate(time: number, h: number): void {
    trial.set(before);
    for (let j = 0; j < n; j++) {
      const size = Math.max(
        Math.abs(before[j]),
        Math.abs(h * slope[j]),
        tolerance.absolute / tolerance.relative,
      );
      trial[j] = before[j] + DIFFERENCE * size;
      const step = trial[j] - before[j];
      f(time, trial, shifted);
      for (let i = 0; i < n; i++) jacobian[i * n + j] = (shifted[i] - slope[i]) / step;
      trial[j] = before[j];
    }
    const later = time + DIFFERENCE * Math.max(Math.abs(time), h);
    f(later, before, shifted);
    for (let i = 0; i < n; i++) timeSlope[i] = (shifted[i] - slope[i]) / (later - time);
  }

  function attempt(time: number, h: number): number {
    for (let i = 0; i < n * n; i++) matrix[i] = -jacobian[i];
    for (let i = 0; i < n; i++) matrix[i * n + i] += 1 / (GAMMA * h);
    if (!factorise(matrix, pivots, n)) return Number.NaN;
    const [g1, g2, g3, g4] = g;
    for (let i = 0; i < n; i++) g1[i] = slope[i] + h * T[0] * timeSlope[i];
    substitute(matrix, pivots, n, g1);
    for (let i = 0; i < n; i++) trial[i] = before[i] + A21 * g1[i];
    f(time + A2T * h, trial, stage);
    for (let i = 0; i < n; i++) g2[i] = stage[i] + h * T[1] * timeSlope[i] + (C21 * g1[i]) / h;
    substitute(matrix, pivots, n, g2);
    for (let i = 0; i < n; i++) trial[i] = before[i] + A31 * g1[i] + A32 * g2[i];
    f(time + A3T * h, trial, stage);
    for (let i = 0; i < n; i++) {
      g3[i] = stage[i] + h * T[2] * timeSlope[i] + (C31 * g1[i] + C32 * g2[i]) / h;
    }
    substitute(matrix, pivots, n, g3);
    for (let i = 0; i < n; i++) {
      g4[i] = stage[i] + h * T[3] * timeSlope[i] + (C41 * g1[i] + C42 * g2[i] + C43 * g3[i]) / h;
    }
    substitute(matrix, pivots, n, g4);
    for (let i = 0; i < n; i++) {
      trial[i] = before[i] + B[0] * g1[i] + B[1] * g2[i] + B[2] * g3[i] + B[3] * g4[i];
      error[i] = E[0] * g1[i] + E[1] * g2[i] + E[2] * g3[i] + E[3] * g4[i];
    }
    return errorNorm(error, before, trial, tolerance);
  }

  const integrator: Integrator = {
    from: 0,
    to: 0,
    state,
    restart(time, start) {
      state.set(start);
      integrator.from = time;
      integrator.to = time;
      f(time, state, nextSlope);
      length = firstStep(state, nextSlope, tolerance);
    },
    step(limit) {
      const time = integrator.to;
      before.set(state);
      slope.set(nextSlope);
      differentiate(time, Math.min(length, limit - time));
      for (let h = length; ; ) {
        const left = limit - time;
        if (h >= left * (1 - 1e-12)) h = left;
        const norm = attempt(time, h);
        if (norm <= 1) {
          const growth = norm === 0 ? 4 : Math.min(4, Math.max(0.5, 0.9 * norm ** -0.25));
          length = h === left ? Math.max(length, h * growth) : h * growth;
          integrator.from = time;
          integrator.to = h === left ? limit : time + h;
          state.set(trial);
          f(integrator.to, state, nextSlope);
          return 'done';
        }
        h *= norm > 1 ? Math.max(0.2, 0.9 * norm ** (-1 / 3)) : 0.1;
        length = h;
        if (h < shortestStep(time)) return 'failed';
      }
    },
    /** Cubic Hermite. */
    interpolate(time, out) {
      const h = integrator.to - integrator.from;
      const theta = h > 0 ? (time - integrator.from) / h : 1;
      const rest = 1 - theta;
      for (let i = 0; i < n; i++) {
        const rise = state[i] - before[i];
        const bend = (1 - 2 * theta) * rise + h * (theta - 1) * slope[i] + h * theta * nextSlope[i];
        out[i] = rest * before[i] + theta * state[i] + theta * (theta - 1) * bend;
      }
    },
  };
  return integrator;
}

/** LU in place with partial pivoting; false where the matrix is singular or not finite. */
function factorise(matrix: Float64Array, pivots: Int32Array, n: number): boolean {
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) {
      if (Math.abs(matrix[r * n + c]) > Math.abs(matrix[best * n + c])) best = r;
    }
    pivots[c] = best;
    if (best !== c) {
      for (let j = 0; j < n; j++) {
        const kept = matrix[c * n + j];
        matrix[c * n + j] = matrix[best * n + j];
        matrix[best * n + j] = kept;
      }
    }
    const pivot = matrix[c * n + c];
    if (!(Math.abs(pivot) > 0 && Math.abs(pivot) < Number.POSITIVE_INFINITY)) return false;
    for (let r = c + 1; r < n; r++) {
      const factor = matrix[r * n + c] / pivot;
      matrix[r * n + c] = factor;
      if (factor !== 0) for (let j = c + 1; j < n; j++) matrix[r * n + j] -= factor * matrix[c * n + j];
    }
  }
  return true;
}

function substitute(matrix: Float64Array, pivots: Int32Array, n: number, x: Float64Array): void {
  for (let r = 0; r < n; r++) {
    const kept = x[r];
    x[r] = x[pivots[r]];
    x[pivots[r]] = kept;
  }
  for (let r = 0; r < n; r++) for (let j = 0; j < r; j++) x[r] -= matrix[r * n + j] * x[j];
  for (let r = n - 1; r >= 0; r--) {
    for (let j = r + 1; j < n; j++) x[r] -= matrix[r * n + j] * x[j];
    x[r] /= matrix[r * n + r];
  }
}
