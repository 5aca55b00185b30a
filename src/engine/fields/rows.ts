/**
 * Kernels on rows of nx voxels, contiguous along x. Sweeps along y and z run row by row, so every loop here is over
 * independent neighbours in memory. Offsets `o…` say where a row starts in the array named before it.
 */

/**
 * Right-hand side of the x-sweep: the explicit share of the y-axis, w = c (below + above) − (2c + k) v = a (A_y v + b_y),
 * and t = p u + q v + w.
 */
export function startRow(
  t: Float64Array,
  w: Float64Array,
  ot: number,
  p: number,
  u: Float64Array,
  q: number,
  v: Float64Array,
  o: number,
  below: Float64Array,
  ob: number,
  above: Float64Array,
  oa: number,
  c: number,
  k: number,
  n: number,
): void {
  const centre = 2 * c + k;
  for (let i = 0; i < n; i++) {
    const here = v[o + i];
    const share = c * (below[ob + i] + above[oa + i]) - centre * here;
    w[ot + i] = share;
    t[ot + i] = p * u[o + i] + q * here + share;
  }
}

/** The same with uptake κ, half · κ joining k; half = a / n. */
export function startRowWithUptake(
  t: Float64Array,
  w: Float64Array,
  ot: number,
  p: number,
  u: Float64Array,
  q: number,
  v: Float64Array,
  o: number,
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
    const here = v[o + i];
    const share = c * (below[ob + i] + above[oa + i]) - (centre + half * uptake[o + i]) * here;
    w[ot + i] = share;
    t[ot + i] = p * u[o + i] + q * here + share;
  }
}

/** Explicit share of the z-axis, likewise, added to t. */
export function shareRow(
  t: Float64Array,
  ot: number,
  w: Float64Array,
  ow: number,
  v: Float64Array,
  o: number,
  below: Float64Array,
  ob: number,
  above: Float64Array,
  oa: number,
  c: number,
  k: number,
  n: number,
): void {
  const centre = 2 * c + k;
  for (let i = 0; i < n; i++) {
    const share = c * (below[ob + i] + above[oa + i]) - centre * v[o + i];
    w[ow + i] = share;
    t[ot + i] += share;
  }
}

/** The same with uptake. */
export function shareRowWithUptake(
  t: Float64Array,
  ot: number,
  w: Float64Array,
  ow: number,
  v: Float64Array,
  o: number,
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
    const share = c * (below[ob + i] + above[oa + i]) - (centre + half * uptake[o + i]) * v[o + i];
    w[ow + i] = share;
    t[ot + i] += share;
  }
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

/** Back-substitution downwards: P = z + c f · P, where P enters as the potentials of the row above. */
export function backwardRow(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  f: number,
  c: number,
  n: number,
): void {
  const g = c * f;
  for (let i = 0; i < n; i++) potential[op + i] = z[oz + i] + g * potential[op + i];
}

/** The same with a factor per voxel. */
export function backwardRowWithUptake(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  factor: Float64Array,
  of: number,
  c: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) potential[op + i] = z[oz + i] + c * factor[of + i] * potential[op + i];
}

/** The same, followed by out = p P + q u. */
export function backwardMixRow(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  f: number,
  c: number,
  out: Float64Array,
  u: Float64Array,
  o: number,
  p: number,
  q: number,
  n: number,
): void {
  const g = c * f;
  for (let i = 0; i < n; i++) {
    const here = z[oz + i] + g * potential[op + i];
    potential[op + i] = here;
    out[o + i] = p * here + q * u[o + i];
  }
}

/** The same with a factor per voxel. */
export function backwardMixRowWithUptake(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  factor: Float64Array,
  c: number,
  out: Float64Array,
  u: Float64Array,
  o: number,
  p: number,
  q: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const here = z[oz + i] + c * factor[o + i] * potential[op + i];
    potential[op + i] = here;
    out[o + i] = p * here + q * u[o + i];
  }
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
