/**
 * Back-substitution of four rows of a stack at once, from the highest down, with what finishes a sweep along its last
 * axis: potentials and fluxes stay in registers from one row to the next. `o` is the lowest row's place in z and in the
 * arrays of voxels alike, `index` its number in the stack; rows lie `pitch` apart. Arithmetic and its order are those of
 * the kernels for one row (rows.ts, update.ts).
 */

/** backwardMixRow for four rows: out = p P + q u. */
export function backwardBlockMix(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  o: number,
  pitch: number,
  factor: Float64Array,
  index: number,
  c: number,
  out: Float64Array,
  u: Float64Array,
  p: number,
  q: number,
  n: number,
): void {
  const g0 = c * factor[index];
  const g1 = c * factor[index + 1];
  const g2 = c * factor[index + 2];
  const g3 = c * factor[index + 3];
  const o1 = o + pitch;
  const o2 = o1 + pitch;
  const o3 = o2 + pitch;
  for (let i = 0; i < n; i++) {
    const p3 = z[o3 + i] + g3 * potential[op + i];
    out[o3 + i] = p * p3 + q * u[o3 + i];
    const p2 = z[o2 + i] + g2 * p3;
    out[o2 + i] = p * p2 + q * u[o2 + i];
    const p1 = z[o1 + i] + g1 * p2;
    out[o1 + i] = p * p1 + q * u[o1 + i];
    const p0 = z[o + i] + g0 * p1;
    out[o + i] = p * p0 + q * u[o + i];
    potential[op + i] = p0;
  }
}

/** The same with a factor per voxel. */
export function backwardBlockMixWithUptake(
  potential: Float64Array,
  op: number,
  z: Float64Array,
  o: number,
  pitch: number,
  factor: Float64Array,
  c: number,
  out: Float64Array,
  u: Float64Array,
  p: number,
  q: number,
  n: number,
): void {
  const o1 = o + pitch;
  const o2 = o1 + pitch;
  const o3 = o2 + pitch;
  for (let i = 0; i < n; i++) {
    const p3 = z[o3 + i] + c * factor[o3 + i] * potential[op + i];
    out[o3 + i] = p * p3 + q * u[o3 + i];
    const p2 = z[o2 + i] + c * factor[o2 + i] * p3;
    out[o2 + i] = p * p2 + q * u[o2 + i];
    const p1 = z[o1 + i] + c * factor[o1 + i] * p2;
    out[o1 + i] = p * p1 + q * u[o1 + i];
    const p0 = z[o + i] + c * factor[o + i] * p1;
    out[o + i] = p * p0 + q * u[o + i];
    potential[op + i] = p0;
  }
}

/**
 * backwardUpdateRow for four rows: brings their potentials and the update of the row above each, the lowest row of the
 * block waiting for the next. `sums` gets ΣP of the rows updated, lowest first.
 */
export function backwardBlockUpdate(
  potential: Float64Array,
  flux: Float64Array,
  op: number,
  z: Float64Array,
  o: number,
  pitch: number,
  factor: Float64Array,
  index: number,
  c: number,
  next: Float64Array,
  cu: number,
  s: number,
  least: Float64Array,
  sums: Float64Array,
  n: number,
): void {
  const g0 = c * factor[index];
  const g1 = c * factor[index + 1];
  const g2 = c * factor[index + 2];
  const g3 = c * factor[index + 3];
  const o1 = o + pitch;
  const o2 = o1 + pitch;
  const o3 = o2 + pitch;
  const o4 = o3 + pitch;
  let minimum = least[0];
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  for (let i = 0; i < n; i++) {
    const p4 = potential[op + i];
    const p3 = z[o3 + i] + g3 * p4;
    const f3 = cu * (p4 - p3);
    const value4 = next[o4 + i] + (flux[op + i] - f3) - s * p4;
    next[o4 + i] = value4;
    sum4 += p4;
    if (value4 < minimum) minimum = value4;
    const p2 = z[o2 + i] + g2 * p3;
    const f2 = cu * (p3 - p2);
    const value3 = next[o3 + i] + (f3 - f2) - s * p3;
    next[o3 + i] = value3;
    sum3 += p3;
    if (value3 < minimum) minimum = value3;
    const p1 = z[o1 + i] + g1 * p2;
    const f1 = cu * (p2 - p1);
    const value2 = next[o2 + i] + (f2 - f1) - s * p2;
    next[o2 + i] = value2;
    sum2 += p2;
    if (value2 < minimum) minimum = value2;
    const p0 = z[o + i] + g0 * p1;
    const f0 = cu * (p1 - p0);
    const value1 = next[o1 + i] + (f1 - f0) - s * p1;
    next[o1 + i] = value1;
    sum1 += p1;
    if (value1 < minimum) minimum = value1;
    potential[op + i] = p0;
    flux[op + i] = f0;
  }
  least[0] = minimum;
  sums[0] = sum1;
  sums[1] = sum2;
  sums[2] = sum3;
  sums[3] = sum4;
}

/** backwardUpdateRowSunk for four rows; `sums` gets ΣE of the rows updated. */
export function backwardBlockUpdateSunk(
  potential: Float64Array,
  flux: Float64Array,
  op: number,
  z: Float64Array,
  o: number,
  pitch: number,
  factor: Float64Array,
  c: number,
  next: Float64Array,
  exposure: Float64Array,
  uptake: Float64Array,
  cu: number,
  e: number,
  decay: number,
  least: Float64Array,
  sums: Float64Array,
  n: number,
): void {
  const o1 = o + pitch;
  const o2 = o1 + pitch;
  const o3 = o2 + pitch;
  const o4 = o3 + pitch;
  let minimum = least[0];
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  for (let i = 0; i < n; i++) {
    const p4 = potential[op + i];
    const p3 = z[o3 + i] + c * factor[o3 + i] * p4;
    const f3 = cu * (p4 - p3);
    const e4 = exposure[o4 + i] + e * p4;
    const value4 = next[o4 + i] + (flux[op + i] - f3) - (decay + uptake[o4 + i]) * e4;
    next[o4 + i] = value4;
    exposure[o4 + i] = e4;
    sum4 += e4;
    if (value4 < minimum) minimum = value4;
    const p2 = z[o2 + i] + c * factor[o2 + i] * p3;
    const f2 = cu * (p3 - p2);
    const e3 = exposure[o3 + i] + e * p3;
    const value3 = next[o3 + i] + (f3 - f2) - (decay + uptake[o3 + i]) * e3;
    next[o3 + i] = value3;
    exposure[o3 + i] = e3;
    sum3 += e3;
    if (value3 < minimum) minimum = value3;
    const p1 = z[o1 + i] + c * factor[o1 + i] * p2;
    const f1 = cu * (p2 - p1);
    const e2 = exposure[o2 + i] + e * p2;
    const value2 = next[o2 + i] + (f2 - f1) - (decay + uptake[o2 + i]) * e2;
    next[o2 + i] = value2;
    exposure[o2 + i] = e2;
    sum2 += e2;
    if (value2 < minimum) minimum = value2;
    const p0 = z[o + i] + c * factor[o + i] * p1;
    const f0 = cu * (p1 - p0);
    const e1 = exposure[o1 + i] + e * p1;
    const value1 = next[o1 + i] + (f1 - f0) - (decay + uptake[o1 + i]) * e1;
    next[o1 + i] = value1;
    exposure[o1 + i] = e1;
    sum1 += e1;
    if (value1 < minimum) minimum = value1;
    potential[op + i] = p0;
    flux[op + i] = f0;
  }
  least[0] = minimum;
  sums[0] = sum1;
  sums[1] = sum2;
  sums[2] = sum3;
  sums[3] = sum4;
}
