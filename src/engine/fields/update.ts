/**
 * Kernels of the conservative update u⁺ = u + H [ Σ_m (L_m P_m + b_m) − K Q + S ]. A face flux, H D/h² times the
 * difference of potentials across the face, is computed once and enters two voxels with opposite signs. Fluxes point
 * downwards along the axis: into the voxel below the face, out of the one above.
 */

/** Through the faces between a row and the one above: F = c (P above − P). */
export function faceRow(
  flux: Float64Array,
  of: number,
  p: Float64Array,
  op: number,
  above: Float64Array,
  oa: number,
  c: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) flux[of + i] = c * (above[oa + i] - p[op + i]);
}

/** Inwards through an open face or one that joins a periodic axis: F = c (ghost − 2P), the ghost being 2g. */
export function edgeFaceRow(
  flux: Float64Array,
  of: number,
  p: Float64Array,
  op: number,
  ghost: Float64Array,
  og: number,
  c: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) flux[of + i] = c * (ghost[og + i] - 2 * p[op + i]);
}

/**
 * Starts the update of a line along x: next = u + fluxes − s P. `low` and `high` flow into the line through its ends.
 * Returns ΣP.
 */
export function updateLine(
  next: Float64Array,
  u: Float64Array,
  o: number,
  p: Float64Array,
  op: number,
  c: number,
  s: number,
  low: number,
  high: number,
  n: number,
): number {
  let sum = 0;
  let below = -low;
  let here = p[op];
  const last = n - 1;
  for (let i = 0; i < last; i++) {
    const above = p[op + i + 1];
    const face = c * (above - here);
    next[o + i] = u[o + i] + (face - below) - s * here;
    sum += here;
    below = face;
    here = above;
  }
  next[o + last] = u[o + last] + (high - below) - s * here;
  return sum + here;
}

/** The same where the sink is taken at the end from the exposure, of which this is the first share, e P. */
export function updateLineExposed(
  next: Float64Array,
  u: Float64Array,
  exposure: Float64Array,
  o: number,
  p: Float64Array,
  op: number,
  c: number,
  e: number,
  low: number,
  high: number,
  n: number,
): void {
  let below = -low;
  let here = p[op];
  const last = n - 1;
  for (let i = 0; i < last; i++) {
    const above = p[op + i + 1];
    const face = c * (above - here);
    next[o + i] = u[o + i] + (face - below);
    exposure[o + i] = e * here;
    below = face;
    here = above;
  }
  next[o + last] = u[o + last] + (high - below);
  exposure[o + last] = e * here;
}

/** next += F above − F below − s P. Returns ΣP; `least[0]` gets the least value seen. */
export function updateRow(
  next: Float64Array,
  o: number,
  above: Float64Array,
  oa: number,
  below: Float64Array,
  ob: number,
  p: Float64Array,
  op: number,
  s: number,
  least: Float64Array,
  n: number,
): number {
  let minimum = least[0];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const here = p[op + i];
    const value = next[o + i] + (above[oa + i] - below[ob + i]) - s * here;
    next[o + i] = value;
    sum += here;
    if (value < minimum) minimum = value;
  }
  least[0] = minimum;
  return sum;
}

/** next += F above − F below, exposure += e P. */
export function updateRowExposed(
  next: Float64Array,
  exposure: Float64Array,
  o: number,
  above: Float64Array,
  oa: number,
  below: Float64Array,
  ob: number,
  p: Float64Array,
  op: number,
  e: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    next[o + i] += above[oa + i] - below[ob + i];
    exposure[o + i] += e * p[op + i];
  }
}

/** next −= (λ + κ) E: what decay and cells took. Returns ΣE; `least[0]` gets the least value seen. */
export function sinkRow(
  next: Float64Array,
  exposure: Float64Array,
  uptake: Float64Array,
  o: number,
  decay: number,
  least: Float64Array,
  n: number,
): number {
  let minimum = least[0];
  let sum = 0;
  for (let i = o; i < o + n; i++) {
    const e = exposure[i];
    const value = next[i] - (decay + uptake[i]) * e;
    next[i] = value;
    sum += e;
    if (value < minimum) minimum = value;
  }
  least[0] = minimum;
  return sum;
}
