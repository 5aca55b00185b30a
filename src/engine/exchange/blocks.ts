import { createGrid, type Grid } from '../fields/grid.ts';

/**
 * A coarser grid for the exchange between cells and a field: blocks of `factor` voxels along each axis. What cells see of a block is
 * the average over its volume, what they give to it is spread evenly over its volume (obstacles left out): a mortar projection
 * between piecewise constants, adjoint and with Σ = 1 in both directions, so that nothing is lost between the grids.
 */
export interface Blocks {
  /** The grid of the blocks; a block is solid where all its voxels are. */
  readonly grid: Grid;
  /** Block of every voxel; −1 in an obstacle. */
  readonly of: Int32Array;
  /** One over the free voxels of each block; 0 where there are none. */
  readonly share: Float64Array;
  /** The voxels of each block, free[starts[b] … starts[b + 1]). */
  readonly starts: Int32Array;
  readonly free: Int32Array;
  /** Room for one number per block. */
  readonly averages: Float64Array;
  readonly gathered: Float64Array;
}

/** Axes of a single voxel stay whole. @throws RangeError where the voxels along another are no multiple of `factor` */
export function createBlocks(fine: Grid, factor: number): Blocks {
  const along = fine.cells.map(n => (n === 1 ? 1 : factor));
  const cells = fine.cells.map((n, axis) => n / along[axis]);
  if (!cells.every(Number.isInteger)) throw new RangeError(`blocks of ${factor} do not fit the grid`);
  const whole = createGrid(fine.dimensions, [cells[0], cells[1], cells[2]], fine.size, fine.periodic);
  const of = new Int32Array(fine.voxels);
  const [nx, ny] = fine.cells;
  const counts = new Int32Array(whole.voxels);
  for (let v = 0; v < fine.voxels; v++) {
    const i = Math.floor((v % nx) / along[0]);
    const j = Math.floor((Math.floor(v / nx) % ny) / along[1]);
    const k = Math.floor(Math.floor(v / (nx * ny)) / along[2]);
    of[v] = fine.solid?.[v] ? -1 : i + cells[0] * (j + cells[1] * k);
    if (of[v] >= 0) counts[of[v]]++;
  }
  const starts = new Int32Array(whole.voxels + 1);
  for (let b = 0; b < whole.voxels; b++) starts[b + 1] = starts[b] + counts[b];
  const free = new Int32Array(starts[whole.voxels]);
  const at = starts.slice();
  for (let v = 0; v < fine.voxels; v++) if (of[v] >= 0) free[at[of[v]]++] = v;
  return {
    grid: fine.solid ? { ...whole, solid: Uint8Array.from(counts, count => Number(count === 0)) } : whole,
    of,
    share: Float64Array.from(counts, count => (count === 0 ? 0 : 1 / count)),
    starts,
    free,
    averages: new Float64Array(whole.voxels),
    gathered: new Float64Array(whole.voxels),
  };
}

/** The averages of values over the blocks; the same array each time. */
export function average({ of, share, averages }: Blocks, values: Float64Array): Float64Array {
  averages.fill(0);
  for (let v = 0; v < of.length; v++) if (of[v] >= 0) averages[of[v]] += values[v];
  for (let b = 0; b < averages.length; b++) averages[b] *= share[b];
  return averages;
}

/** Adds to every voxel its share of what its block was given. */
export function spread({ of, share }: Blocks, given: Float64Array, target: Float64Array): void {
  for (let v = 0; v < of.length; v++) {
    const b = of[v];
    if (b >= 0 && given[b] !== 0) target[v] += given[b] * share[b];
  }
}
