import { transmissibility } from '../fields/medium.ts';

/** Largest residual relative to the right-hand side at which the cell problem counts as solved. */
const TOLERANCE = 1e-10;

/**
 * Effective diffusivity along an axis of a medium that repeats periodically: the cell problem ∇·(D (∇χ + e)) = 0 on its voxels, χ
 * periodic, by the fluxes of the fields (harmonic means at faces, none where D is 0), and conjugate gradients preconditioned by the
 * diagonal; then the mean of D (∇χ + e)·e over all voxels, those with D = 0 included.
 *
 * `cells` and `spacing` (µm) along x, y, z; `diffusivity` per voxel, index i + nx (j + ny k). Same unit as `diffusivity`.
 */
export function effectiveDiffusivity(
  cells: readonly [number, number, number],
  spacing: readonly [number, number, number],
  diffusivity: Float64Array,
  axis: 0 | 1 | 2,
): number {
  const [nx, ny, nz] = cells;
  const count = nx * ny * nz;
  const stride = [1, nx, nx * ny];
  /** next[a][v]: the neighbour of v up axis a; link[a][v]: D̄/h² of the face between. */
  const next = [0, 1, 2].map(a =>
    Int32Array.from({ length: count }, (_, v) => {
      const at = Math.floor(v / stride[a]) % cells[a];
      return at + 1 < cells[a] ? v + stride[a] : v - at * stride[a];
    }),
  );
  const link = [0, 1, 2].map(a =>
    Float64Array.from({ length: count }, (_, v) =>
      cells[a] === 1 ? 0 : transmissibility(diffusivity[v], diffusivity[next[a][v]], spacing[a]),
    ),
  );
  if (cells[axis] === 1) return diffusivity.reduce((sum, d) => sum + d, 0) / count;
  const diagonal = new Float64Array(count);
  const right = new Float64Array(count);
  for (let a = 0; a < 3; a++) {
    for (let v = 0; v < count; v++) {
      diagonal[v] += link[a][v];
      diagonal[next[a][v]] += link[a][v];
    }
  }
  for (let v = 0; v < count; v++) {
    right[v] += link[axis][v] * spacing[axis];
    right[next[axis][v]] -= link[axis][v] * spacing[axis];
  }
  const chi = solve(link, next, diagonal, right);
  let flux = 0;
  for (let v = 0; v < count; v++) {
    flux += link[axis][v] * spacing[axis] * (chi[next[axis][v]] - chi[v] + spacing[axis]);
  }
  return flux / count;
}

/** Σ faces link (χ_v − χ_w) = right, up to a constant. */
function solve(
  link: readonly Float64Array[],
  next: readonly Int32Array[],
  diagonal: Float64Array,
  right: Float64Array,
): Float64Array {
  const n = right.length;
  const [x, r, z, p, q] = Array.from({ length: 5 }, () => new Float64Array(n));
  r.set(right);
  const largest = (values: Float64Array) => values.reduce((m, value) => Math.max(m, Math.abs(value)), 0);
  const goal = TOLERANCE * largest(right);
  let before = 0;
  // Where nothing passes (an obstacle) χ stays 0.
  for (let iteration = 0; iteration < 20 * n && largest(r) > goal; iteration++) {
    let product = 0;
    for (let v = 0; v < n; v++) {
      z[v] = diagonal[v] > 0 ? r[v] / diagonal[v] : 0;
      product += z[v] * r[v];
    }
    const beta = iteration === 0 ? 0 : product / before;
    before = product;
    for (let v = 0; v < n; v++) p[v] = z[v] + beta * p[v];
    q.fill(0);
    for (let a = 0; a < 3; a++) {
      for (let v = 0; v < n; v++) {
        const w = next[a][v];
        const flow = link[a][v] * (p[v] - p[w]);
        q[v] += flow;
        q[w] -= flow;
      }
    }
    let curvature = 0;
    for (let v = 0; v < n; v++) curvature += p[v] * q[v];
    if (!(curvature > 0)) break;
    const step = product / curvature;
    for (let v = 0; v < n; v++) {
      x[v] += step * p[v];
      r[v] -= step * q[v];
    }
  }
  return x;
}
