import { Matrix, solve } from 'ml-matrix';

/** Differences kept; more of them no longer describe where the iterates now are. */
const DEPTH = 6;

/**
 * Anderson mixing (1965, doi:10.1145/321296.321305) of an iteration u ← u + d(u), which for a coupling is the interface quasi-Newton
 * method IQN-ILS: the combination of the last differences that makes the step least in the least-squares sense,
 *
 *     γ = argmin ‖d − ΔD γ‖,     u ← u + d − (ΔU + ΔD) γ.
 */
export interface Mixing {
  begin(): void;
  /** The next u. The arguments are kept: they must not be changed afterwards. */
  next(u: Float64Array, d: Float64Array): Float64Array;
}

export function createMixing(): Mixing {
  let last: { u: Float64Array; d: Float64Array } | null = null;
  const uSteps: Float64Array[] = [];
  const dSteps: Float64Array[] = [];
  return {
    begin() {
      last = null;
      uSteps.length = 0;
      dSteps.length = 0;
    },
    next(u, d) {
      if (last !== null) {
        uSteps.push(difference(u, last.u));
        dSteps.push(difference(d, last.d));
        if (uSteps.length > DEPTH) {
          uSteps.shift();
          dSteps.shift();
        }
      }
      last = { u, d };
      const gamma = leastSquares(dSteps, d);
      return u.map((value, i) => {
        let next = value + d[i];
        for (let j = 0; j < gamma.length; j++) next -= (uSteps[j][i] + dSteps[j][i]) * gamma[j];
        return next;
      });
    },
  };
}

function leastSquares(columns: readonly Float64Array[], target: Float64Array): number[] {
  if (columns.length === 0) return [];
  // Columns of length 1: their Gram matrix is then as well conditioned as they allow.
  const norms = columns.map(column => Math.sqrt(dot(column, column)) || 1);
  const gram = new Matrix(columns.map((a, i) => columns.map((b, j) => dot(a, b) / (norms[i] * norms[j]))));
  const right = Matrix.columnVector(columns.map((a, i) => dot(a, target) / norms[i]));
  // By singular values: differences may be parallel.
  const gamma = solve(gram, right, true).to1DArray();
  return gamma.every(Number.isFinite) ? gamma.map((value, i) => value / norms[i]) : [];
}

export function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
