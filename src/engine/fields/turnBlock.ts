/**
 * Where a sweep along y ends and the one along z goes on, for four rows of a plane at once, from the highest down: each
 * row's potentials go from the back-substitution along y straight into the elimination along z. `oy` is the lowest row's
 * place in the stack along y, `oz` in that along z, `previous` and `op` say where the plane below it lies in the latter.
 */

/** backwardRow, then forwardRow, for four rows. `fz` is the plane's factor. */
export function turnBlock(
  potential: Float64Array,
  zy: Float64Array,
  oy: number,
  factor: Float64Array,
  index: number,
  c: number,
  zz: Float64Array,
  oz: number,
  previous: Float64Array,
  op: number,
  w: Float64Array,
  fz: number,
  cz: number,
  n: number,
): void {
  const g0 = c * factor[index];
  const g1 = c * factor[index + 1];
  const g2 = c * factor[index + 2];
  const g3 = c * factor[index + 3];
  const gz = cz * fz;
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = oy + i;
    const b = oz + i;
    const d = op + i;
    const p3 = zy[a + n3] + g3 * potential[i];
    zz[b + n3] = (p3 - w[a + n3]) * fz + gz * previous[d + n3];
    const p2 = zy[a + n2] + g2 * p3;
    zz[b + n2] = (p2 - w[a + n2]) * fz + gz * previous[d + n2];
    const p1 = zy[a + n] + g1 * p2;
    zz[b + n] = (p1 - w[a + n]) * fz + gz * previous[d + n];
    const p0 = zy[a] + g0 * p1;
    zz[b] = (p0 - w[a]) * fz + gz * previous[d];
    potential[i] = p0;
  }
}

/** The same with a factor per voxel. */
export function turnBlockWithUptake(
  potential: Float64Array,
  zy: Float64Array,
  oy: number,
  factorY: Float64Array,
  c: number,
  zz: Float64Array,
  oz: number,
  previous: Float64Array,
  op: number,
  w: Float64Array,
  factorZ: Float64Array,
  cz: number,
  n: number,
): void {
  const n2 = 2 * n;
  const n3 = 3 * n;
  for (let i = 0; i < n; i++) {
    const a = oy + i;
    const b = oz + i;
    const d = op + i;
    const p3 = zy[a + n3] + c * factorY[a + n3] * potential[i];
    zz[b + n3] = (p3 - w[a + n3] + cz * previous[d + n3]) * factorZ[b + n3];
    const p2 = zy[a + n2] + c * factorY[a + n2] * p3;
    zz[b + n2] = (p2 - w[a + n2] + cz * previous[d + n2]) * factorZ[b + n2];
    const p1 = zy[a + n] + c * factorY[a + n] * p2;
    zz[b + n] = (p1 - w[a + n] + cz * previous[d + n]) * factorZ[b + n];
    const p0 = zy[a] + c * factorY[a] * p1;
    zz[b] = (p0 - w[a] + cz * previous[d]) * factorZ[b];
    potential[i] = p0;
  }
}

/** turnBlock with the y-axis's part of the update, as in backwardBlockUpdate. */
export function turnBlockUpdate(
  potential: Float64Array,
  flux: Float64Array,
  zy: Float64Array,
  oy: number,
  factor: Float64Array,
  index: number,
  c: number,
  zz: Float64Array,
  oz: number,
  previous: Float64Array,
  op: number,
  w: Float64Array,
  fz: number,
  cz: number,
  next: Float64Array,
  cu: number,
  s: number,
  sums: Float64Array,
  n: number,
): void {
  const g0 = c * factor[index];
  const g1 = c * factor[index + 1];
  const g2 = c * factor[index + 2];
  const g3 = c * factor[index + 3];
  const gz = cz * fz;
  const n2 = 2 * n;
  const n3 = 3 * n;
  const n4 = 4 * n;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  for (let i = 0; i < n; i++) {
    const a = oy + i;
    const b = oz + i;
    const d = op + i;
    const p4 = potential[i];
    const p3 = zy[a + n3] + g3 * p4;
    const f3 = cu * (p4 - p3);
    next[b + n4] = next[b + n4] + (flux[i] - f3) - s * p4;
    zz[b + n3] = (p3 - w[a + n3]) * fz + gz * previous[d + n3];
    sum4 += p4;
    const p2 = zy[a + n2] + g2 * p3;
    const f2 = cu * (p3 - p2);
    next[b + n3] = next[b + n3] + (f3 - f2) - s * p3;
    zz[b + n2] = (p2 - w[a + n2]) * fz + gz * previous[d + n2];
    sum3 += p3;
    const p1 = zy[a + n] + g1 * p2;
    const f1 = cu * (p2 - p1);
    next[b + n2] = next[b + n2] + (f2 - f1) - s * p2;
    zz[b + n] = (p1 - w[a + n]) * fz + gz * previous[d + n];
    sum2 += p2;
    const p0 = zy[a] + g0 * p1;
    const f0 = cu * (p1 - p0);
    next[b + n] = next[b + n] + (f1 - f0) - s * p1;
    zz[b] = (p0 - w[a]) * fz + gz * previous[d];
    sum1 += p1;
    potential[i] = p0;
    flux[i] = f0;
  }
  sums[0] = sum1;
  sums[1] = sum2;
  sums[2] = sum3;
  sums[3] = sum4;
}

/** The same with a factor per voxel and exposure, as in backwardUpdateRowExposed. */
export function turnBlockUpdateExposed(
  potential: Float64Array,
  flux: Float64Array,
  zy: Float64Array,
  oy: number,
  factorY: Float64Array,
  c: number,
  zz: Float64Array,
  oz: number,
  previous: Float64Array,
  op: number,
  w: Float64Array,
  factorZ: Float64Array,
  cz: number,
  next: Float64Array,
  exposure: Float64Array,
  cu: number,
  e: number,
  n: number,
): void {
  const n2 = 2 * n;
  const n3 = 3 * n;
  const n4 = 4 * n;
  for (let i = 0; i < n; i++) {
    const a = oy + i;
    const b = oz + i;
    const d = op + i;
    const p4 = potential[i];
    const p3 = zy[a + n3] + c * factorY[a + n3] * p4;
    const f3 = cu * (p4 - p3);
    next[b + n4] += flux[i] - f3;
    exposure[b + n4] += e * p4;
    zz[b + n3] = (p3 - w[a + n3] + cz * previous[d + n3]) * factorZ[b + n3];
    const p2 = zy[a + n2] + c * factorY[a + n2] * p3;
    const f2 = cu * (p3 - p2);
    next[b + n3] += f3 - f2;
    exposure[b + n3] += e * p3;
    zz[b + n2] = (p2 - w[a + n2] + cz * previous[d + n2]) * factorZ[b + n2];
    const p1 = zy[a + n] + c * factorY[a + n] * p2;
    const f1 = cu * (p2 - p1);
    next[b + n2] += f2 - f1;
    exposure[b + n2] += e * p2;
    zz[b + n] = (p1 - w[a + n] + cz * previous[d + n]) * factorZ[b + n];
    const p0 = zy[a] + c * factorY[a] * p1;
    const f0 = cu * (p1 - p0);
    next[b + n] += f1 - f0;
    exposure[b + n] += e * p1;
    zz[b] = (p0 - w[a] + cz * previous[d]) * factorZ[b];
    potential[i] = p0;
    flux[i] = f0;
  }
}
