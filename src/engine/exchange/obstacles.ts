import type { Grid } from '../fields/grid.ts';
import { nearestFree } from '../fields/nearestFree.ts';

/** Of a kernel, what obstacles change: voxels and weights, `points` per cell. */
interface Touch {
  readonly points: number;
  readonly voxel: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Takes obstacles out of the kernel: the weights of a cell's free voxels grow to Σw = 1. A cell with none of its voxels free
 * touches the free one nearest to the voxel of largest weight.
 */
export function avoidObstacles(touch: Touch, count: number, grid: Grid): void {
  const { solid } = grid;
  if (!solid) return;
  const { points, voxel, weight } = touch;
  for (let slot = 0; slot < count; slot++) {
    const first = slot * points;
    let free = 0;
    let heaviest = first;
    for (let p = first; p < first + points; p++) {
      if (!solid[voxel[p]]) free += weight[p];
      if (weight[p] > weight[heaviest]) heaviest = p;
    }
    const host = free > 0 ? -1 : nearestFree(grid, solid)[voxel[heaviest]];
    for (let p = first; p < first + points; p++) {
      if (host >= 0) {
        voxel[p] = host;
        weight[p] = p === first ? 1 : 0;
      } else weight[p] = solid[voxel[p]] ? 0 : weight[p] / free;
    }
  }
}
