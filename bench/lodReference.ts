/**
 * The scheme to beat: first-order LOD with step-lagged sources, programmed with equal care. Backward Euler split x → y,
 * decay inside the sweeps, uptake applied voxel by voxel between steps semi-implicitly (c / (1 + h κ) at lagged
 * values), fixed values overwritten in the outermost voxels between sweeps. Constant coefficients, so reciprocal pivots
 * are tables; lines along x go four at a time, the y-sweep goes row by row.
 */
export interface LodReference {
  /** Advances c in place by one step. */
  step(c: Float64Array): void;
}

export function createLodReference(
  n: number,
  spacing: number,
  diffusivity: number,
  decay: number,
  uptake: Float64Array,
  h: number,
  wall: number | null,
): LodReference {
  const coupling = (h * diffusivity) / (spacing * spacing);
  const factor = factorsOf(n, coupling, (h * decay) / 2, 0);
  // Division by 1 + h κ once and for all: this reference's uptake does not change.
  const kept = uptake.map(k => 1 / (1 + h * k));
  const voxels = n * n;
  return {
    step(c) {
      for (let v = 0; v < voxels; v++) c[v] *= kept[v];
      if (wall !== null) overwriteWalls(c, n, wall);
      for (let o = 0; o < voxels; o += 4 * n) sweepFourLines(c, o, n, coupling, factor);
      if (wall !== null) overwriteWalls(c, n, wall);
      sweepRows(c, n, coupling, factor);
      if (wall !== null) overwriteWalls(c, n, wall);
    },
  };
}

/**
 * The two sweeps alone, for `coupling` = h D/spacing² and no decay: for uptake that changes from step to step. Walls closed, or held half a
 * voxel away, as ours are.
 */
export function createSweeps(n: number, coupling: number, wall: number | null): (c: Float64Array) => void {
  const factor = factorsOf(n, coupling, 0, wall === null ? 0 : 2);
  const fed = wall === null ? 0 : 2 * coupling * wall;
  return c => {
    for (let o = 0; o < n * n; o += n) {
      c[o] += fed;
      c[o + n - 1] += fed;
    }
    for (let o = 0; o < n * n; o += 4 * n) sweepFourLines(c, o, n, coupling, factor);
    for (let i = 0; i < n; i++) {
      c[i] += fed;
      c[n * (n - 1) + i] += fed;
    }
    sweepRows(c, n, coupling, factor);
  };
}

/** Reciprocal pivots of one line; `decayed` is what decay takes in half a step, `wall` the conductance of its ends beside `coupling`. */
function factorsOf(n: number, coupling: number, decayed: number, wall: number): Float64Array {
  const factor = new Float64Array(n);
  let previous = 0;
  for (let i = 0; i < n; i++) {
    const sides = i === 0 || i === n - 1 ? 1 + wall : 2;
    previous = 1 / (1 + decayed + sides * coupling - coupling * coupling * previous);
    factor[i] = previous;
  }
  return factor;
}

function sweepFourLines(c: Float64Array, o: number, n: number, coupling: number, factor: Float64Array): void {
  const n2 = 2 * n;
  const n3 = 3 * n;
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  for (let i = 0; i < n; i++) {
    const f = factor[i];
    const g = coupling * f;
    const a = o + i;
    z0 = c[a] * f + g * z0;
    z1 = c[a + n] * f + g * z1;
    z2 = c[a + n2] * f + g * z2;
    z3 = c[a + n3] * f + g * z3;
    c[a] = z0;
    c[a + n] = z1;
    c[a + n2] = z2;
    c[a + n3] = z3;
  }
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  for (let i = n - 1; i >= 0; i--) {
    const g = coupling * factor[i];
    const a = o + i;
    p0 = c[a] + g * p0;
    p1 = c[a + n] + g * p1;
    p2 = c[a + n2] + g * p2;
    p3 = c[a + n3] + g * p3;
    c[a] = p0;
    c[a + n] = p1;
    c[a + n2] = p2;
    c[a + n3] = p3;
  }
}

function sweepRows(c: Float64Array, n: number, coupling: number, factor: Float64Array): void {
  for (let i = 0; i < n; i++) c[i] *= factor[0];
  for (let j = 1; j < n; j++) {
    const f = factor[j];
    const g = coupling * f;
    const o = j * n;
    for (let i = o; i < o + n; i++) c[i] = c[i] * f + g * c[i - n];
  }
  for (let j = n - 2; j >= 0; j--) {
    const g = coupling * factor[j];
    const o = j * n;
    for (let i = o; i < o + n; i++) c[i] += g * c[i + n];
  }
}

function overwriteWalls(c: Float64Array, n: number, value: number): void {
  c.fill(value, 0, n);
  c.fill(value, n * (n - 1));
  for (let o = 0; o < n * n; o += n) {
    c[o] = value;
    c[o + n - 1] = value;
  }
}
