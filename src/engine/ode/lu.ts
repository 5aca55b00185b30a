/** Factorises a dense n × n matrix (row by row) in place, with partial pivoting; false where it is singular. */
export function factorise(matrix: Float64Array, pivots: Int32Array, n: number): boolean {
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[best * n + k])) best = i;
    }
    const pivot = matrix[best * n + k];
    if (!(Math.abs(pivot) > 0 && Math.abs(pivot) < Number.POSITIVE_INFINITY)) return false;
    pivots[k] = best;
    if (best !== k) {
      for (let j = 0; j < n; j++) {
        const swap = matrix[k * n + j];
        matrix[k * n + j] = matrix[best * n + j];
        matrix[best * n + j] = swap;
      }
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / pivot;
      matrix[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j];
    }
  }
  return true;
}

/** Solves with the factors of `factorise`; the right-hand side becomes the solution. */
export function solveFactorised(
  factors: Float64Array,
  pivots: Int32Array,
  n: number,
  vector: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    const swap = vector[pivots[k]];
    vector[pivots[k]] = vector[k];
    vector[k] = swap;
  }
  for (let i = 1; i < n; i++) {
    let sum = vector[i];
    for (let j = 0; j < i; j++) sum -= factors[i * n + j] * vector[j];
    vector[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i];
    for (let j = i + 1; j < n; j++) sum -= factors[i * n + j] * vector[j];
    vector[i] = sum / factors[i * n + i];
  }
}
