import type { Grid } from '../fields/grid.ts';

/** For every voxel the free one nearest to it by steps through faces (itself where it is free); by the array of obstacles. */
const hosts = new WeakMap<Uint8Array, Int32Array>();

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

/** Breadth first from all free voxels, in the order of the grid. */
function nearestFree({ cells, periodic, dimensions }: Grid, solid: Uint8Array): Int32Array {
  const known = hosts.get(solid);
  if (known) return known;
  const host = new Int32Array(solid.length).fill(-1);
  const queue = new Int32Array(solid.length);
  let end = 0;
  for (let v = 0; v < solid.length; v++) {
    if (solid[v]) continue;
    host[v] = v;
    queue[end++] = v;
  }
  const steps = [1, cells[0], cells[0] * cells[1]];
  for (let at = 0; at < end; at++) {
    const v = queue[at];
    for (let axis = 0; axis < dimensions; axis++) {
      const n = cells[axis];
      const place = Math.floor(v / steps[axis]) % n;
      for (const side of [-1, 1]) {
        const there = place + side;
        const outside = there < 0 || there >= n;
        if (outside && !periodic[axis]) continue;
        const u = v + steps[axis] * (outside ? -side * (n - 1) : side);
        if (host[u] >= 0) continue;
        host[u] = host[v];
        queue[end++] = u;
      }
    }
  }
  hosts.set(solid, host);
  return host;
}
