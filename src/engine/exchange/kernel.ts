import type { Population } from '../cells/population.ts';
import { like } from '../crew/column.ts';
import type { KernelShape } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { average, type Blocks, spread } from './blocks.ts';
import { locateBody, reachOf } from './body.ts';
import { avoidObstacles } from './obstacles.ts';

/**
 * How each cell touches a grid: the voxels and weights (Σw = 1) by which it samples a field, or by which what it gives is
 * deposited. With the same kernel deposit is the adjoint of sample; nothing is lost between the two with any.
 *
 * `nearest`: the voxel that holds the centre. `linear`: the 2ᵈ voxels whose centres surround it, (bi-, tri-)linear
 * weights; next to a wall the missing voxel's weight falls to the wall voxel, on a periodic axis it wraps. `body`: all voxels that
 * the cell covers, by the share of its volume in each (body.ts). Obstacles are left out (obstacles.ts).
 */
export interface Kernel {
  readonly shape: KernelShape;
  /** Voxels per cell: 1, 4 or 8, of a body as many as the largest may need; 0 where there is no field to touch. */
  points: number;
  /** voxel[slot * points + p]: voxels, or blocks of them. */
  voxel: Int32Array;
  /** weight[slot * points + p] */
  weight: Float64Array;
  /** The coarser grid that cells touch, or null: that of the fields. */
  readonly blocks: Blocks | null;
}

/** `fieldCount`: without fields nothing is kept. */
export function createKernel(
  shape: KernelShape,
  grid: Grid,
  fieldCount: number,
  blocks: Blocks | null = null,
): Kernel {
  const linear = grid.dimensions === 2 ? 4 : 8;
  const points = fieldCount === 0 ? 0 : shape === 'linear' ? linear : 1;
  return {
    shape,
    points,
    voxel: new Int32Array(0),
    weight: new Float64Array(0),
    blocks,
  };
}

/** Recomputes voxels and weights after cells moved (or, of bodies, grew). Positions must lie inside the domain. */
export function locate(
  kernel: Kernel,
  population: Population,
  grid: Grid,
  locateBy: LocateCentres = locateCentres,
): void {
  if (kernel.points === 0) return;
  const touched = kernel.blocks?.grid ?? grid;
  const reach = kernel.shape === 'body' ? reachOf(population, touched) : null;
  if (reach) kernel.points = reach[0] * reach[1] * reach[2];
  if (kernel.voxel.length < population.capacity * kernel.points) {
    kernel.voxel = like(kernel.voxel, population.capacity * kernel.points);
    kernel.weight = like(kernel.weight, population.capacity * kernel.points);
  }
  if (reach) locateBody(kernel.voxel, kernel.weight, reach, population, touched);
  else locateBy(kernel, population, touched, 0, population.count);
  avoidObstacles(kernel, population.count, touched);
}

/** Voxels and weights of the cells in slots from … to, by their centres; of what is not a body. */
export type LocateCentres = (
  kernel: Kernel,
  population: Population,
  touched: Grid,
  from: number,
  to: number,
) => void;

export const locateCentres: LocateCentres = (kernel, population, touched, from, to) => {
  if (kernel.shape === 'nearest') locateNearest(kernel, population, touched, from, to);
  else locateLinear(kernel, population, touched, from, to);
};

function locateNearest(kernel: Kernel, population: Population, grid: Grid, from: number, to: number): void {
  const { x, y, z } = population;
  const [nx, ny, nz] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const { voxel, weight } = kernel;
  for (let slot = from; slot < to; slot++) {
    // A centre exactly on the far face belongs to the last voxel.
    const i = Math.min(Math.floor(x[slot] / dx), nx - 1);
    const j = Math.min(Math.floor(y[slot] / dy), ny - 1);
    const k = Math.min(Math.floor(z[slot] / dz), nz - 1);
    voxel[slot] = i + nx * (j + ny * k);
    weight[slot] = 1;
  }
}

function locateLinear(kernel: Kernel, population: Population, grid: Grid, from: number, to: number): void {
  const position = [population.x, population.y, population.z];
  const { voxel, weight, points } = kernel;
  const axes = points === 4 ? 2 : 3;
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  const share = [0, 0, 0];
  const [nx, ny] = grid.cells;
  for (let slot = from; slot < to; slot++) {
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

/** Weighted mean of a field at every cell: out[slot * stride + offset] = Σ_p w_p values[voxel_p], or the average of block_p. */
export function sample(
  kernel: Kernel,
  count: number,
  values: Float64Array,
  out: Float64Array,
  stride: number,
  offset: number,
): void {
  const { points, voxel, weight, blocks } = kernel;
  const seen = blocks ? average(blocks, values) : values;
  sampleSlots(points, voxel, weight, 0, count, seen, out, stride, offset);
}

/** The same for the cells in slots from … to. */
export function sampleSlots(
  points: number,
  voxel: Int32Array,
  weight: Float64Array,
  from: number,
  to: number,
  values: Float64Array,
  out: Float64Array,
  stride: number,
  offset: number,
): void {
  for (let slot = from; slot < to; slot++) {
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
  const gathered = gatheredBy(kernel, target);
  const { points, voxel, weight } = kernel;
  for (let slot = 0; slot < count; slot++) {
    const amount = amounts[slot * stride + offset] * scale;
    if (amount === 0) continue;
    for (let p = slot * points; p < (slot + 1) * points; p++) gathered[voxel[p]] += weight[p] * amount;
  }
  spreadGathered(kernel, gathered, target);
}

/** Where to add by `voxel` what is meant for `target`; to be followed by `spreadGathered`. */
export function gatheredBy({ blocks }: Kernel, target: Float64Array): Float64Array {
  return blocks ? blocks.gathered.fill(0) : target;
}

export function spreadGathered({ blocks }: Kernel, gathered: Float64Array, target: Float64Array): void {
  if (blocks) spread(blocks, gathered, target);
}

/** Visits the voxels of the grid of fields that the cell in `slot` touches, with weights that sum to 1. Slow: for rare events. */
export function visitVoxels(
  kernel: Kernel,
  slot: number,
  visit: (voxel: number, weight: number) => void,
): void {
  const { points, voxel, weight, blocks } = kernel;
  for (let p = slot * points; p < (slot + 1) * points; p++) {
    if (weight[p] === 0) continue;
    if (blocks === null) visit(voxel[p], weight[p]);
    else {
      const b = voxel[p];
      for (let n = blocks.starts[b]; n < blocks.starts[b + 1]; n++)
        visit(blocks.free[n], weight[p] * blocks.share[b]);
    }
  }
}
