import type { Population } from '../cells/population.ts';
import type { Grid } from '../fields/grid.ts';
import { avoidObstacles } from './obstacles.ts';

/**
 * How each cell touches the grid: the voxels and weights (Σw = 1) by which it samples a field. What it gives is
 * deposited with the same weights, so deposit is the adjoint of sample and nothing is lost between the two.
 *
 * `nearest`: the voxel that holds the centre. `linear`: the 2ᵈ voxels whose centres surround it, (bi-, tri-)linear
 * weights; next to a wall the missing voxel's weight falls to the wall voxel, on a periodic axis it wraps. Obstacles are left out (obstacles.ts).
 */
export interface Kernel {
  /** Voxels per cell: 1, 4 or 8; 0 where there is no field to touch. */
  readonly points: number;
  /** voxel[slot * points + p] */
  voxel: Int32Array;
  /** weight[slot * points + p] */
  weight: Float64Array;
}

/** `fieldCount`: without fields nothing is kept. */
export function createKernel(kind: 'nearest' | 'linear', grid: Grid, fieldCount: number): Kernel {
  const points = fieldCount === 0 ? 0 : kind === 'nearest' ? 1 : grid.dimensions === 2 ? 4 : 8;
  return { points, voxel: new Int32Array(0), weight: new Float64Array(0) };
}

/** Recomputes voxels and weights after cells moved. Positions must lie inside the domain. */
export function locate(kernel: Kernel, population: Population, grid: Grid): void {
  if (kernel.points === 0) return;
  if (kernel.voxel.length < population.capacity * kernel.points) {
    kernel.voxel = new Int32Array(population.capacity * kernel.points);
    kernel.weight = new Float64Array(population.capacity * kernel.points);
  }
  if (kernel.points === 1) locateNearest(kernel, population, grid);
  else locateLinear(kernel, population, grid);
  avoidObstacles(kernel, population.count, grid);
}

function locateNearest(kernel: Kernel, population: Population, grid: Grid): void {
  const { x, y, z, count } = population;
  const [nx, ny, nz] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const { voxel, weight } = kernel;
  for (let slot = 0; slot < count; slot++) {
    // A centre exactly on the far face belongs to the last voxel.
    const i = Math.min(Math.floor(x[slot] / dx), nx - 1);
    const j = Math.min(Math.floor(y[slot] / dy), ny - 1);
    const k = Math.min(Math.floor(z[slot] / dz), nz - 1);
    voxel[slot] = i + nx * (j + ny * k);
    weight[slot] = 1;
  }
}

function locateLinear(kernel: Kernel, population: Population, grid: Grid): void {
  const { count } = population;
  const position = [population.x, population.y, population.z];
  const { voxel, weight, points } = kernel;
  const axes = points === 4 ? 2 : 3;
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  const share = [0, 0, 0];
  const [nx, ny] = grid.cells;
  for (let slot = 0; slot < count; slot++) {
    for (let axis = 0; axis < axes; axis++) {
      const n = grid.cells[axis];
      const offset = position[axis][slot] / grid.spacing[axis] - 0.5;
      const below = Math.floor(offset);
      share[axis] = offset - below;
      if (grid.periodic[axis]) {
        low[axis] = (below + n) % n;
        high[axis] = (below + 1 + n) % n;
      } else {
        low[axis] = Math.max(below, 0);
        high[axis] = Math.min(below + 1, n - 1);
      }
    }
    for (let p = 0; p < points; p++) {
      const i = p & 1 ? high[0] : low[0];
      const j = p & 2 ? high[1] : low[1];
      const k = p & 4 ? high[2] : low[2];
      const wx = p & 1 ? share[0] : 1 - share[0];
      const wy = p & 2 ? share[1] : 1 - share[1];
      const wz = axes === 2 ? 1 : p & 4 ? share[2] : 1 - share[2];
      voxel[slot * points + p] = i + nx * (j + ny * k);
      weight[slot * points + p] = wx * wy * wz;
    }
  }
}

/** Weighted mean of a field at every cell: out[slot * stride + offset] = Σ_p w_p values[voxel_p]. */
export function sample(
  kernel: Kernel,
  count: number,
  values: Float64Array,
  out: Float64Array,
  stride: number,
  offset: number,
): void {
  const { points, voxel, weight } = kernel;
  for (let slot = 0; slot < count; slot++) {
    let sum = 0;
    for (let p = slot * points; p < (slot + 1) * points; p++) sum += weight[p] * values[voxel[p]];
    out[slot * stride + offset] = sum;
  }
}

/** The adjoint of `sample`: target[voxel_p] += w_p · scale · amounts[slot * stride + offset], slot after slot. */
export function deposit(
  kernel: Kernel,
  count: number,
  amounts: Float64Array,
  stride: number,
  offset: number,
  scale: number,
  target: Float64Array,
): void {
  const { points, voxel, weight } = kernel;
  for (let slot = 0; slot < count; slot++) {
    const amount = amounts[slot * stride + offset] * scale;
    if (amount === 0) continue;
    for (let p = slot * points; p < (slot + 1) * points; p++) target[voxel[p]] += weight[p] * amount;
  }
}
