import type { Frame } from '../../engine/recording/frame.ts';
import type { Point, ScenarioInfo } from '../../session/contract.ts';

type Grid = ScenarioInfo['grid'];

/** Height of the plane shown: the middle of the slab in 2-D, of a layer of voxels in 3-D. µm. */
export function planeHeight(grid: Grid, slice: number): number {
  if (grid.dimensions === 2) return grid.size[2] / 2;
  const k = Math.min(Math.max(0, Math.round(slice)), grid.cells[2] - 1);
  return (k + 0.5) * grid.spacing[2];
}

/** Index of the voxel at a point, −1 outside the domain. */
export function voxelAt(grid: Grid, { x, y, z }: Point): number {
  const [nx, ny, nz] = grid.cells;
  const i = Math.floor(x / grid.spacing[0]);
  const j = Math.floor(y / grid.spacing[1]);
  const k = Math.floor(z / grid.spacing[2]);
  if (!(i >= 0 && i < nx && j >= 0 && j < ny && k >= 0 && k < nz)) return -1;
  return i + nx * (j + ny * k);
}

/** Concentration of each field at a point inside the domain: that of its voxel, as the engine has it, molecules/µm³. */
export function concentrationsAt(grid: Grid, frame: Frame, at: Point): number[] {
  const voxel = voxelAt(grid, at);
  return frame.fields.map(values => (voxel < 0 ? Number.NaN : values[voxel]));
}
