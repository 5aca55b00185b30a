import { nearestOnSegment } from '../cells/segments.ts';
import type { Grid } from '../fields/grid.ts';
import type { Point } from './edit.ts';

/** Square of the distance from `at`, by the shortest way round on periodic axes; in 2-D the third axis does not count. */
export function squareDistance(grid: Grid, at: Point, x: number, y: number, z: number): number {
  const dx = along(grid, 0, x - at.x);
  const dy = along(grid, 1, y - at.y);
  const dz = grid.dimensions === 3 ? along(grid, 2, z - at.z) : 0;
  return dx * dx + dy * dy + dz * dz;
}

/** Square of the distance from `at` to the axis of a cell, from its centre ± `half` (µm). */
export function squareToAxis(
  grid: Grid,
  at: Point,
  x: number,
  y: number,
  z: number,
  half: Float64Array,
): number {
  const wx = along(grid, 0, x - at.x);
  const wy = along(grid, 1, y - at.y);
  const wz = grid.dimensions === 3 ? along(grid, 2, z - at.z) : 0;
  const t = nearestOnSegment(wx, wy, wz, half[0], half[1], half[2]);
  return (wx + t * half[0]) ** 2 + (wy + t * half[1]) ** 2 + (wz + t * half[2]) ** 2;
}

function along(grid: Grid, axis: 0 | 1 | 2, difference: number): number {
  if (!grid.periodic[axis]) return difference;
  const size = grid.size[axis];
  return difference - size * Math.round(difference / size);
}

/**
 * The voxels whose centres lie within `radius` of a point, ascending; where there are none, the voxel that holds the point
 * (which must lie in the domain). Never one in an obstacle: there may be none at all.
 */
export function voxelsWithin(grid: Grid, at: Point, radius: number): number[] {
  const [nx, ny, nz] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const found: number[] = [];
  const square = radius * radius;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const y = (j + 0.5) * dy;
      if (Math.abs(along(grid, 1, y - at.y)) > radius) continue;
      for (let i = 0; i < nx; i++) {
        const within = squareDistance(grid, at, (i + 0.5) * dx, y, (k + 0.5) * dz) <= square;
        if (within) found.push(i + nx * (j + ny * k));
      }
    }
  }
  const { solid } = grid;
  if (found.length > 0) return solid ? found.filter(v => !solid[v]) : found;
  const index = (value: number, axis: 0 | 1 | 2) =>
    Math.min(Math.max(Math.floor(value / grid.spacing[axis]), 0), grid.cells[axis] - 1);
  const voxel = index(at.x, 0) + nx * (index(at.y, 1) + ny * (grid.dimensions === 2 ? 0 : index(at.z, 2)));
  return solid?.[voxel] ? [] : [voxel];
}

/** What is wrong with a place in the domain, or null. */
export function placeFault(grid: Grid, at: Point, radius: number): string | null {
  if (!(Number.isFinite(radius) && radius >= 0)) return `the radius must be at least 0 µm, got ${radius}`;
  const position = [at.x, at.y, at.z];
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const value = position[axis];
    if (!(value >= 0 && value <= grid.size[axis])) {
      return `${'xyz'[axis]} must be from 0 to ${grid.size[axis]} µm, got ${value}`;
    }
  }
  return null;
}
