import type { Grid } from './grid.ts';

/** Writes the gradient of a field at a place into `into`, molecules/µm³ per µm; 0 along z in 2-D. */
export type Gradient = (values: Float64Array, x: number, y: number, z: number, into: Float64Array) => void;

/**
 * The gradient as the difference, over one voxel's width, of the field interpolated linearly between voxels' centres: continuous in space, exact for
 * linear fields half a voxel and more from walls, of second order. Beyond the outermost centres a field is constant up to a wall, and an obstacle
 * has the concentration of the voxel that holds the place.
 */
export function createGradient({ cells, spacing, periodic, dimensions, solid }: Grid): Gradient {
  const [nx, ny] = cells;
  const place = [0, 0, 0];
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  const share = [0, 0, 0];

  function index(axis: number, i: number): number {
    const n = cells[axis];
    return periodic[axis] ? ((i % n) + n) % n : Math.min(Math.max(i, 0), n - 1);
  }

  function interpolated(values: Float64Array, within: number): number {
    for (let axis = 0; axis < dimensions; axis++) {
      const offset = place[axis] / spacing[axis] - 0.5;
      const below = Math.floor(offset);
      share[axis] = offset - below;
      low[axis] = index(axis, below);
      high[axis] = index(axis, below + 1);
    }
    let sum = 0;
    for (let p = 0; p < 1 << dimensions; p++) {
      const i = p & 1 ? high[0] : low[0];
      const j = p & 2 ? high[1] : low[1];
      const k = p & 4 ? high[2] : low[2];
      const voxel = i + nx * (j + ny * k);
      let weight = (p & 1 ? share[0] : 1 - share[0]) * (p & 2 ? share[1] : 1 - share[1]);
      if (dimensions === 3) weight *= p & 4 ? share[2] : 1 - share[2];
      sum += weight * values[solid?.[voxel] ? within : voxel];
    }
    return sum;
  }

  return (values, x, y, z, into) => {
    place[0] = x;
    place[1] = y;
    place[2] = z;
    into.fill(0);
    let within = 0;
    let stride = 1;
    for (let axis = 0; axis < dimensions; axis++) {
      within += stride * index(axis, Math.floor(place[axis] / spacing[axis]));
      stride *= cells[axis];
    }
    for (let axis = 0; axis < dimensions; axis++) {
      const at = place[axis];
      place[axis] = at + 0.5 * spacing[axis];
      const above = interpolated(values, within);
      place[axis] = at - 0.5 * spacing[axis];
      into[axis] = (above - interpolated(values, within)) / spacing[axis];
      place[axis] = at;
    }
  };
}
