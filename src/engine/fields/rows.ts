/**
 * Kernels on rows of nx voxels, contiguous along x. Sweeps along y and z run row by row, so every loop here is over
 * independent neighbours in memory. Offsets `o…` say where a row starts in the array named before it.
 */

/** Explicit share of one axis: w = c (below + above) − (2c + k) v, that is a (A_m v + b_m). */
export function explicitRow(
  w: Float64Array,
  ow: number,
  v: Float64Array,
  ov: number,
  below: Float64Array,
  ob: number,
  above: Float64Array,
  oa: number,
  c: number,
  k: number,
  n: number,
): void {
  const centre = 2 * c + k;
  for (let i = 0; i < n; i++) w[ow + i] = c * (below[ob + i] + above[oa + i]) - centre * v[ov + i];
}

/** The same, with half · κ joining k: half = a / n. */
export function explicitRowWithUptake(
  w: Float64Array,
  ow: number,
  v: Float64Array,
  ov: number,
  below: Float64Array,
  ob: number,
  above: Float64Array,
  oa: number,
  uptake: Float64Array,
  half: number,
  c: number,
  k: number,
  n: number,
): void {
  const centre = 2 * c + k;
  for (let i = 0; i < n; i++) {
    w[ow + i] = c * (below[ob + i] + above[oa + i]) - (centre + half * uptake[ov + i]) * v[ov + i];
  }
}

/** to = p · x + q · y + w. */
export function startRow(
  to: Float64Array,
  ot: number,
  p: number,
  x: Float64Array,
  ox: number,
  q: number,
  y: Float64Array,
  oy: number,
  w: Float64Array,
  ow: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) to[ot + i] = p * x[ox + i] + q * y[oy + i] + w[ow + i];
}

/** to += scale · from. */
export function addRow(
  to: Float64Array,
  ot: number,
  from: Float64Array,
  of: number,
  scale: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) to[ot + i] += scale * from[of + i];
}

/** to = p · x + q · y. */
export function combineRow(
  to: Float64Array,
  ot: number,
  p: number,
  x: Float64Array,
  ox: number,
  q: number,
  y: Float64Array,
  oy: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) to[ot + i] = p * x[ox + i] + q * y[oy + i];
}

/** A row of ghosts 2g − v beyond an open face, so that the difference to v is twice that to g. */
export function ghostRow(
  ghost: Float64Array,
  v: Float64Array,
  ov: number,
  twiceValue: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) ghost[i] = twiceValue - v[ov + i];
}

/** Elimination upwards: z = f (r − w + c · previous z). */
export function forwardRow(
  z: Float64Array,
  oz: number,
  r: Float64Array,
  or: number,
  w: Float64Array,
  ow: number,
  previous: Float64Array,
  op: number,
  f: number,
  c: number,
  n: number,
): void {
  const g = c * f;
  for (let i = 0; i < n; i++) z[oz + i] = (r[or + i] - w[ow + i]) * f + g * previous[op + i];
}

/** The same with a factor per voxel. */
export function forwardRowWithUptake(
  z: Float64Array,
  oz: number,
  r: Float64Array,
  or: number,
  w: Float64Array,
  ow: number,
  previous: Float64Array,
  op: number,
  factor: Float64Array,
  of: number,
  c: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    z[oz + i] = (r[or + i] - w[ow + i] + c * previous[op + i]) * factor[of + i];
  }
}

/** Back-substitution downwards: z becomes the potential P = z + c f · P above. */
export function backwardRow(
  z: Float64Array,
  oz: number,
  above: Float64Array,
  oa: number,
  f: number,
  c: number,
  n: number,
): void {
  const g = c * f;
  for (let i = 0; i < n; i++) z[oz + i] += g * above[oa + i];
}

/** The same with a factor per voxel. */
export function backwardRowWithUptake(
  z: Float64Array,
  oz: number,
  above: Float64Array,
  oa: number,
  factor: Float64Array,
  of: number,
  c: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) z[oz + i] += c * factor[of + i] * above[oa + i];
}

/** 1 / pivot of a row from that of the row below; `diagonal` without uptake, half = a / n. */
export function factoriseRow(
  factor: Float64Array,
  of: number,
  below: Float64Array,
  ob: number,
  uptake: Float64Array,
  ou: number,
  diagonal: number,
  half: number,
  c: number,
  n: number,
): void {
  const cc = c * c;
  for (let i = 0; i < n; i++) factor[of + i] = 1 / (diagonal + half * uptake[ou + i] - cc * below[ob + i]);
}

/** Sum of a row, from the left. */
export function rowSum(x: Float64Array, ox: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[ox + i];
  return sum;
}
