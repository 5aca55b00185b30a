import type { Grid } from '../fields/grid.ts';
import { nearestFree } from '../fields/nearestFree.ts';
import { between } from './geometry.ts';

/** Columns of a population, or of a list of its cells; µm. */
export interface Balls {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly radius: Float64Array;
}

/** Solid voxels as rigid walls for cells: a centre is held at least a radius from all of them. */
export interface Obstacles {
  /** How deep a cell reaches into an obstacle, µm; its radius and more where its centre lies in one; 0 where it is clear. */
  depth(x: number, y: number, z: number, radius: number): number;
  /** Moves cells out of obstacles, each to the nearest place that is clear of them; where a gap is too narrow, between its walls. */
  clear(balls: Balls): void;
}

/** A cell in a corner is moved off one voxel after another so often; … */
const PASSES = 40;

/** … from this pass on by less and less, so that one between two walls comes to rest there. */
const DAMPED_FROM = 8;

/** Relative to the radius: a touch is no overlap. */
const TOUCHING = 1e-9;

const made = new WeakMap<Uint8Array, Obstacles>();

/** The obstacles of a grid, null where there are none. */
export function obstaclesOf(grid: Grid): Obstacles | null {
  const { solid } = grid;
  if (!solid) return null;
  let known = made.get(solid);
  if (!known) {
    known = createObstacles(grid, solid);
    made.set(solid, known);
  }
  return known;
}

function createObstacles(grid: Grid, solid: Uint8Array): Obstacles {
  const { cells, spacing, periodic, dimensions, size } = grid;
  const [nx, ny] = cells;
  const hops = hopsToSolid(grid, solid);
  const host = nearestFree(grid, solid);
  const finest = Math.min(...spacing.slice(0, dimensions));
  const at = new Float64Array(3);
  /** Of the nearest solid voxel: from its nearest point to the centre, and how far that is. */
  const away = new Float64Array(3);
  let distance = 0;

  /** Index along an axis of the voxel there; a place on the far wall belongs to the last one. −1 beyond a wall. */
  function indexAt(axis: number, index: number): number {
    const n = cells[axis];
    if (periodic[axis]) return ((index % n) + n) % n;
    return index < 0 || index >= n ? -1 : index;
  }

  function voxelOf(): number {
    let voxel = 0;
    let step = 1;
    for (let axis = 0; axis < dimensions; axis++) {
      const n = cells[axis];
      const index = Math.floor(at[axis] / spacing[axis]);
      voxel += step * (periodic[axis] ? indexAt(axis, index) : Math.min(Math.max(index, 0), n - 1));
      step *= n;
    }
    return voxel;
  }

  /** Finds the solid voxel nearest to the centre within the radius. */
  function findNearest(radius: number): boolean {
    distance = Number.POSITIVE_INFINITY;
    const low = [0, 0, 0];
    const high = [0, 0, 0];
    for (let axis = 0; axis < dimensions; axis++) {
      low[axis] = Math.floor((at[axis] - radius) / spacing[axis]);
      high[axis] = Math.floor((at[axis] + radius) / spacing[axis]);
    }
    for (let k = low[2]; k <= high[2]; k++) {
      const c = dimensions === 3 ? indexAt(2, k) : 0;
      if (c < 0) continue;
      for (let j = low[1]; j <= high[1]; j++) {
        const b = indexAt(1, j);
        if (b < 0) continue;
        for (let i = low[0]; i <= high[0]; i++) {
          const a = indexAt(0, i);
          if (a < 0 || !solid[a + nx * (b + ny * c)]) continue;
          const ex = outside(at[0], i, spacing[0]);
          const ey = outside(at[1], j, spacing[1]);
          const ez = dimensions === 3 ? outside(at[2], k, spacing[2]) : 0;
          const there = Math.sqrt(ex * ex + ey * ey + ez * ez);
          if (there >= distance) continue;
          distance = there;
          away[0] = ex;
          away[1] = ey;
          away[2] = ez;
        }
      }
    }
    return distance < radius * (1 - TOUCHING);
  }

  /** Whether no obstacle can be within the radius of the centre in this voxel. */
  const isFar = (voxel: number, radius: number) => (hops[voxel] - 1) * finest >= radius;

  /** Moves `at` clear. */
  function settle(radius: number): void {
    for (let pass = 0; pass < PASSES; pass++) {
      const voxel = voxelOf();
      if (isFar(voxel, radius)) return;
      if (solid[voxel]) leave(voxel, host[voxel]);
      if (!findNearest(radius)) return;
      if (distance === 0) {
        step(radius);
        continue;
      }
      let share = (radius / distance - 1) / Math.max(1, pass - DAMPED_FROM);
      // Not into what stands opposite.
      while (isSolidAt(share)) share /= 2;
      for (let axis = 0; axis < dimensions; axis++) at[axis] += away[axis] * share;
      for (let axis = 0; axis < dimensions; axis++)
        if (!periodic[axis]) at[axis] = between(at[axis], radius, size[axis]);
    }
  }

  /** Whether a move by that share of the way to the nearest solid voxel, off it, ends in an obstacle. */
  function isSolidAt(share: number): boolean {
    const [x, y, z] = at;
    for (let axis = 0; axis < dimensions; axis++) at[axis] += away[axis] * share;
    const found = solid[voxelOf()] === 1;
    at[0] = x;
    at[1] = y;
    at[2] = z;
    return found;
  }

  /** From inside a solid voxel to the nearest point of its host, a hair inside that. */
  function leave(voxel: number, free: number): void {
    const place = (v: number) => [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    const [from, to] = [place(voxel), place(free)];
    for (let axis = 0; axis < dimensions; axis++) {
      const h = spacing[axis];
      let steps = to[axis] - from[axis];
      if (periodic[axis]) steps -= cells[axis] * Math.round(steps / cells[axis]);
      const start = (Math.floor(at[axis] / h) + steps) * h;
      at[axis] = Math.min(Math.max(at[axis], start + 1e-6 * h), start + (1 - 1e-6) * h);
    }
  }

  /** Where the centre lies right on the side of an obstacle: towards the middle of its own free voxel. */
  function step(radius: number): void {
    for (let axis = 0; axis < dimensions; axis++) {
      const h = spacing[axis];
      const middle = (Math.floor(at[axis] / h) + 0.5) * h;
      at[axis] += Math.max(-radius, Math.min(radius, 1e-6 * (middle - at[axis])));
    }
  }

  return {
    depth(x, y, z, radius) {
      at[0] = x;
      at[1] = y;
      at[2] = z;
      const voxel = voxelOf();
      if (isFar(voxel, radius)) return 0;
      if (solid[voxel]) return radius + finest / 2;
      return findNearest(radius) ? radius - distance : 0;
    },
    clear({ count, x, y, z, radius }) {
      for (let i = 0; i < count; i++) {
        at[0] = x[i];
        at[1] = y[i];
        at[2] = z[i];
        if (isFar(voxelOf(), radius[i])) continue;
        settle(radius[i]);
        x[i] = at[0];
        y[i] = at[1];
        if (dimensions === 3) z[i] = at[2];
      }
    },
  };
}

/** From the interval of a voxel to a coordinate beyond it; 0 within. */
function outside(x: number, index: number, h: number): number {
  const low = index * h;
  return x < low ? x - low : x > low + h ? x - low - h : 0;
}

/** Voxels to the nearest solid one, counted as a chess king goes; 0 in obstacles. */
function hopsToSolid({ cells, periodic, dimensions, voxels }: Grid, solid: Uint8Array): Int32Array {
  const [nx, ny, nz] = cells;
  const hops = new Int32Array(voxels).fill(-1);
  const queue = new Int32Array(voxels);
  let end = 0;
  for (let v = 0; v < voxels; v++) {
    if (!solid[v]) continue;
    hops[v] = 0;
    queue[end++] = v;
  }
  const neighbour = (index: number, by: number, n: number, wraps: boolean) => {
    const there = index + by;
    return there >= 0 && there < n ? there : wraps ? (there + n) % n : -1;
  };
  const deep = dimensions === 3 ? 1 : 0;
  for (let next = 0; next < end; next++) {
    const v = queue[next];
    const [i, j, k] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    for (let c = -deep; c <= deep; c++) {
      for (let b = -1; b <= 1; b++) {
        for (let a = -1; a <= 1; a++) {
          const p = neighbour(i, a, nx, periodic[0]);
          const q = neighbour(j, b, ny, periodic[1]);
          const r = neighbour(k, c, nz, periodic[2]);
          if (p < 0 || q < 0 || r < 0) continue;
          const u = p + nx * (q + ny * r);
          if (hops[u] >= 0) continue;
          hops[u] = hops[v] + 1;
          queue[end++] = u;
        }
      }
    }
  }
  return hops;
}
