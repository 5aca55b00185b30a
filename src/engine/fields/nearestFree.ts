import type { Grid } from './grid.ts';

/** For every voxel the free one nearest to it by steps through faces (itself where it is free); by the array of obstacles. */
const hosts = new WeakMap<Uint8Array, Int32Array>();

/** Breadth first from all free voxels, in the order of the grid. */
export function nearestFree({ cells, periodic, dimensions }: Grid, solid: Uint8Array): Int32Array {
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
