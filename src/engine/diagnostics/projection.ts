/**
 * The least change of the fields that takes residuals out of the balance. Each field f is scaled by 1 + s_f, which is what minimises
 *
 *     Σ_f Σ_voxels V δ²/c      subject to      Σ_f W_mf δ_f = −r_m  for every moiety m,   δ_f = Σ_voxels V δ
 *
 * (Lagrange multipliers λ: s = Wᵀλ with W diag(T) Wᵀ λ = −r, T_f the content of field f). In that norm, the change relative to the
 * square root of what is there, nothing that is not there can be taken: c (1 + s) ≥ 0 wherever s ≥ −1. Cells are left alone, for
 * whole molecules cannot be scaled. Moieties that have no field, or whose fields are empty, keep their residual.
 *
 * `weights[m][f]`, `contents[f]`, `residuals[m]`. Returns s, or null where a field would have to become negative.
 */
export function projectOntoBalance(
  weights: readonly Float64Array[],
  contents: Float64Array,
  residuals: Float64Array,
): Float64Array | null {
  const active = weights.flatMap((row, m) => (row.some((w, f) => w !== 0 && contents[f] > 0) ? [m] : []));
  const size = active.length;
  // Rows scaled to a unit diagonal, so that the rank does not depend on units.
  const norm = active.map(m => Math.sqrt(weights[m].reduce((sum, w, f) => sum + w * w * contents[f], 0)));
  const matrix = active.map((a, i) =>
    Float64Array.from(
      active,
      (b, j) =>
        weights[a].reduce((sum, w, f) => sum + w * weights[b][f] * contents[f], 0) / norm[i] / norm[j],
    ),
  );
  const right = Float64Array.from(active, (m, i) => -residuals[m] / norm[i]);
  const multiplier = solveSemidefinite(matrix, right);
  const scale = new Float64Array(contents.length);
  for (let i = 0; i < size; i++) {
    for (let f = 0; f < scale.length; f++) scale[f] += (weights[active[i]][f] * multiplier[i]) / norm[i];
  }
  return scale.every((s, f) => contents[f] === 0 || s > -1) ? scale : null;
}

/** Pivots below this (of a unit diagonal) are rounding: moieties that depend on one another. */
const RANK = 1e-11;

/** A solution of A x = b, A symmetric positive semidefinite and b in its range; unknowns without a pivot are 0. Changes both. */
function solveSemidefinite(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const order: number[] = [];
  for (;;) {
    let pivot = -1;
    for (let i = 0; i < n; i++) {
      if (!order.includes(i) && a[i][i] > RANK && (pivot < 0 || a[i][i] > a[pivot][pivot])) pivot = i;
    }
    if (pivot < 0) break;
    order.push(pivot);
    for (let i = 0; i < n; i++) {
      if (order.includes(i)) continue;
      const factor = a[i][pivot] / a[pivot][pivot];
      for (let j = 0; j < n; j++) a[i][j] -= factor * a[pivot][j];
      b[i] -= factor * b[pivot];
    }
  }
  const x = new Float64Array(n);
  for (const i of order.toReversed()) {
    let sum = b[i];
    for (let j = 0; j < n; j++) if (j !== i) sum -= a[i][j] * x[j];
    x[i] = sum / a[i][i];
  }
  return x;
}
