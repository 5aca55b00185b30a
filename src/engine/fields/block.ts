/**
 * Elimination along y for four rows at once, for the bulk of a grid: each row meets the one below while it is still in
 * a register. The first row of a stack, and a last block that is not full, take the kernels of rows.ts.
 */

/** forwardRow for the four rows of a block, the first of them at `oz` and not the first of its stack. */
export function forwardBlock(
  z: Float64Array,
  oz: number,
  r: Float64Array,
  w: Float64Array,
  factor: Float64Array,
  index: number,
  c: number,
  n: number,
): void {
  const f0 = factor[index];
  const f1 = factor[index + 1];
  const f2 = factor[index + 2];
  const f3 = factor[index + 3];
  const g0 = c * f0;
  const g1 = c * f1;
  const g2 = c * f2;
  const g3 = c * f3;
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = oz + i;
    const z0 = (r[i] - w[i]) * f0 + g0 * z[a - n];
    z[a] = z0;
    const z1 = (r[i + n] - w[i + n]) * f1 + g1 * z0;
    z[a + n] = z1;
    const z2 = (r[i + n2] - w[i + n2]) * f2 + g2 * z1;
    z[a + n2] = z2;
    const z3 = (r[i + n3] - w[i + n3]) * f3 + g3 * z2;
    z[a + n3] = z3;
  }
}

/** The same with a factor per voxel, the first at `of`. */
export function forwardBlockWithUptake(
  z: Float64Array,
  oz: number,
  r: Float64Array,
  w: Float64Array,
  factor: Float64Array,
  of: number,
  c: number,
  n: number,
): void {
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = oz + i;
    const b = of + i;
    const z0 = (r[i] - w[i] + c * z[a - n]) * factor[b];
    z[a] = z0;
    const z1 = (r[i + n] - w[i + n] + c * z0) * factor[b + n];
    z[a + n] = z1;
    const z2 = (r[i + n2] - w[i + n2] + c * z1) * factor[b + n2];
    z[a + n2] = z2;
    const z3 = (r[i + n3] - w[i + n3] + c * z2) * factor[b + n3];
    z[a + n3] = z3;
  }
}
