import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';

export type Boundaries = readonly [Boundary, Boundary, Boundary, Boundary, Boundary, Boundary];

export const NO_FLUX: Boundary = { kind: 'no-flux' };
export const PERIODIC: Boundary = { kind: 'periodic' };
export const fixed = (value: number): Boundary => ({ kind: 'value', value });
export const all = (face: Boundary): Boundaries => [face, face, face, face, face, face];

export function makeField(diffusivity: number, decay: number, boundary: Boundaries): FieldDescription {
  return { name: 'tracer', diffusivity, decay, initial: { kind: 'number', value: 0 }, boundary };
}

/** A grid whose periodic axes are those of the boundaries. */
export function makeGrid(
  cells: readonly [number, number, number],
  size: readonly [number, number, number],
  boundary: Boundaries = all(NO_FLUX),
  dimensions: 2 | 3 = cells[2] === 1 ? 2 : 3,
): Grid {
  const periodic = [0, 2, 4].map(face => boundary[face].kind === 'periodic');
  return createGrid(dimensions, cells, size, [periodic[0], periodic[1], periodic[2]]);
}

/**
 * dc/dt of the semi-discrete system, written voxel by voxel straight from the definition: the reference that the
 * solver's sweeps are tested against. Half-cell walls at fixed values.
 */
export function rateOfChange(
  grid: Grid,
  field: FieldDescription,
  c: Float64Array,
  source: Float64Array | null,
  uptake: Float64Array | null,
  out: Float64Array,
): void {
  const [nx, ny] = grid.cells;
  const strides = [1, nx, nx * ny];
  for (let v = 0; v < grid.voxels; v++) {
    const place = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    let rate = (source === null ? 0 : source[v]) - (field.decay + (uptake === null ? 0 : uptake[v])) * c[v];
    for (let axis = 0; axis < grid.dimensions; axis++) {
      const n = grid.cells[axis];
      const weight = field.diffusivity / grid.spacing[axis] ** 2;
      for (const side of [0, 1]) {
        const face = field.boundary[2 * axis + side];
        const inside = side === 0 ? place[axis] > 0 : place[axis] < n - 1;
        const step = (side === 0 ? -1 : 1) * strides[axis];
        if (inside) rate += weight * (c[v + step] - c[v]);
        else if (face.kind === 'value') rate += 2 * weight * (face.value - c[v]);
        else if (face.kind === 'periodic') rate += weight * (c[v + step * (1 - n)] - c[v]);
      }
    }
    out[v] = rate;
  }
}

/**
 * The semi-discrete solution at time t by the classical Runge–Kutta method. `steps` must keep the step within its
 * stability limit, 2.78 over the largest rate; the error then falls with the fourth power of the step.
 */
export function rungeKutta(
  grid: Grid,
  field: FieldDescription,
  start: Float64Array,
  source: Float64Array | null,
  uptake: Float64Array | null,
  t: number,
  steps: number,
): Float64Array {
  const c = start.slice();
  const h = t / steps;
  const slopes = [0, 1, 2, 3].map(() => new Float64Array(grid.voxels));
  const probe = new Float64Array(grid.voxels);
  const shift = [0, 0.5, 0.5, 1];
  for (let step = 0; step < steps; step++) {
    for (let stage = 0; stage < 4; stage++) {
      for (let v = 0; v < grid.voxels; v++) {
        probe[v] = stage === 0 ? c[v] : c[v] + h * shift[stage] * slopes[stage - 1][v];
      }
      rateOfChange(grid, field, probe, source, uptake, slopes[stage]);
    }
    const [a, b, d, e] = slopes;
    for (let v = 0; v < grid.voxels; v++) c[v] += (h / 6) * (a[v] + 2 * b[v] + 2 * d[v] + e[v]);
  }
  return c;
}

/** Largest absolute difference. */
export function maximumDifference(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** Slope of log error over log step by least squares: the order of accuracy. */
export function observedOrder(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map(Math.log);
  const y = errors.map(Math.log);
  const mx = x.reduce((s, v) => s + v, 0) / x.length;
  const my = y.reduce((s, v) => s + v, 0) / y.length;
  const over = x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0);
  return over / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}
