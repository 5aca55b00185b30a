/**
 * Kernels for the bulk of a grid, on a full block of rows. Rows at an edge, the first row of a stack, and a last block
 * that is not full take the kernels of rows.ts.
 */

/**
 * forwardRow for the four rows of a block, the first of them at `oz` and not the first of its stack: each row meets the
 * one below while it is still in a register.
 */
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

/** The same with a factor per voxel. */
export function forwardBlockWithUptake(
  z: Float64Array,
  oz: number,
  r: Float64Array,
  w: Float64Array,
  factor: Float64Array,
  c: number,
  n: number,
): void {
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = oz + i;
    const z0 = (r[i] - w[i] + c * z[a - n]) * factor[a];
    z[a] = z0;
    const z1 = (r[i + n] - w[i + n] + c * z0) * factor[a + n];
    z[a + n] = z1;
    const z2 = (r[i + n2] - w[i + n2] + c * z1) * factor[a + n2];
    z[a + n2] = z2;
    const z3 = (r[i + n3] - w[i + n3] + c * z2) * factor[a + n3];
    z[a + n3] = z3;
  }
}

/** startRow and shareRow together for a run of voxels whose neighbours along y and z lie `n` and `pitch` away. */
export function startRunDeep(
  t: Float64Array,
  w: Float64Array,
  wz: Float64Array,
  oz: number,
  p: number,
  u: Float64Array,
  q: number,
  v: Float64Array,
  o: number,
  n: number,
  pitch: number,
  c: number,
  k: number,
  cz: number,
  kz: number,
  length: number,
): void {
  const below = o - n;
  const above = o + n;
  const back = o - pitch;
  const front = o + pitch;
  const centre = 2 * c + k;
  const centreZ = 2 * cz + kz;
  for (let i = 0; i < length; i++) {
    const here = v[o + i];
    const y = c * (v[below + i] + v[above + i]) - centre * here;
    const z = cz * (v[back + i] + v[front + i]) - centreZ * here;
    w[i] = y;
    wz[oz + i] = z;
    t[i] = p * u[o + i] + q * here + y + z;
  }
}

/** The same with uptake κ; half = a / n. */
export function startRunDeepWithUptake(
  t: Float64Array,
  w: Float64Array,
  wz: Float64Array,
  oz: number,
  p: number,
  u: Float64Array,
  q: number,
  v: Float64Array,
  o: number,
  n: number,
  pitch: number,
  uptake: Float64Array,
  half: number,
  c: number,
  k: number,
  cz: number,
  kz: number,
  length: number,
): void {
  const below = o - n;
  const above = o + n;
  const back = o - pitch;
  const front = o + pitch;
  const centre = 2 * c + k;
  const centreZ = 2 * cz + kz;
  for (let i = 0; i < length; i++) {
    const here = v[o + i];
    const taken = half * uptake[o + i] * here;
    const y = c * (v[below + i] + v[above + i]) - centre * here - taken;
    const z = cz * (v[back + i] + v[front + i]) - centreZ * here - taken;
    w[i] = y;
    wz[oz + i] = z;
    t[i] = p * u[o + i] + q * here + y + z;
  }
}

/**
 * startRow for four rows at once, none of them at an edge of the y-axis: rows share their neighbours' loads. `o` is the
 * voxel where the first row starts.
 */
export function startBlock(
  t: Float64Array,
  w: Float64Array,
  p: number,
  u: Float64Array,
  q: number,
  v: Float64Array,
  o: number,
  c: number,
  k: number,
  n: number,
): void {
  const centre = 2 * c + k;
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = o + i;
    const v0 = v[a];
    const v1 = v[a + n];
    const v2 = v[a + n2];
    const v3 = v[a + n3];
    const w0 = c * (v[a - n] + v1) - centre * v0;
    w[i] = w0;
    t[i] = p * u[a] + q * v0 + w0;
    const w1 = c * (v0 + v2) - centre * v1;
    w[i + n] = w1;
    t[i + n] = p * u[a + n] + q * v1 + w1;
    const w2 = c * (v1 + v3) - centre * v2;
    w[i + n2] = w2;
    t[i + n2] = p * u[a + n2] + q * v2 + w2;
    const w3 = c * (v2 + v[a + n3 + n]) - centre * v3;
    w[i + n3] = w3;
    t[i + n3] = p * u[a + n3] + q * v3 + w3;
  }
}
