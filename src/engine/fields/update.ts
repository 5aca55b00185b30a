/**
 * Kernels of the conservative update u⁺ = u + H [ Σ_m (L_m P_m + b_m) − K Q + S ]. A face flux, H D/h² times the
 * difference of potentials across the face, is computed once and enters two voxels with opposite signs. Fluxes point
 * downwards along the axis: into the voxel below the face, out of the one above.
 */

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

/**
 * Back-substitution to the next row down (P = z + c f · P above, as backwardRow), the flux F = cu (P above − P) through
 * the faces between, and with it the update of the row above: next += F above − F − s P above. `flux` enters as
 * F above and leaves as F. Returns ΣP of the row above; `least[0]` gets the least value seen.
 */
export function backwardUpdateRow(
  potential: Float64Array,
  flux: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  f: number,
  c: number,
  next: Float64Array,
  o: number,
  cu: number,
  s: number,
  least: Float64Array,
  n: number,
): number {
  const g = c * f;
  let minimum = least[0];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const above = potential[op + i];
    const here = z[oz + i] + g * above;
    const face = cu * (above - here);
    const value = next[o + i] + (flux[op + i] - face) - s * above;
    next[o + i] = value;
    potential[op + i] = here;
    flux[op + i] = face;
    sum += above;
    if (value < minimum) minimum = value;
  }
  least[0] = minimum;
  return sum;
}

/** The same with a factor per voxel, where the sink is left to sinkRow: exposure += e P. `of` is the row below's. */
export function backwardUpdateRowExposed(
  potential: Float64Array,
  flux: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  factor: Float64Array,
  of: number,
  c: number,
  next: Float64Array,
  exposure: Float64Array,
  o: number,
  cu: number,
  e: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const above = potential[op + i];
    const here = z[oz + i] + c * factor[of + i] * above;
    const face = cu * (above - here);
    next[o + i] += flux[op + i] - face;
    exposure[o + i] += e * above;
    potential[op + i] = here;
    flux[op + i] = face;
  }
}

/** The same on the last axis, where the exposure is complete: next −= (λ + κ) E as well. Returns ΣE. */
export function backwardUpdateRowSunk(
  potential: Float64Array,
  flux: Float64Array,
  op: number,
  z: Float64Array,
  oz: number,
  factor: Float64Array,
  of: number,
  c: number,
  next: Float64Array,
  exposure: Float64Array,
  uptake: Float64Array,
  o: number,
  cu: number,
  e: number,
  decay: number,
  least: Float64Array,
  n: number,
): number {
  let minimum = least[0];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const above = potential[op + i];
    const here = z[oz + i] + c * factor[of + i] * above;
    const face = cu * (above - here);
    const exposed = exposure[o + i] + e * above;
    const value = next[o + i] + (flux[op + i] - face) - (decay + uptake[o + i]) * exposed;
    next[o + i] = value;
    exposure[o + i] = exposed;
    potential[op + i] = here;
    flux[op + i] = face;
    sum += exposed;
    if (value < minimum) minimum = value;
  }
  least[0] = minimum;
  return sum;
}

/** The row at the low edge: next += F above − F below − s P. Returns ΣP; `least[0]` gets the least value seen. */
export function updateRow(
  next: Float64Array,
  o: number,
  above: Float64Array,
  below: Float64Array,
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
    const value = next[o + i] + (above[op + i] - below[op + i]) - s * here;
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
  below: Float64Array,
  p: Float64Array,
  op: number,
  e: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    next[o + i] += above[op + i] - below[op + i];
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
