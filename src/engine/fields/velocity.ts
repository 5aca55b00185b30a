import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { atCentres } from './centres.ts';
import type { Grid } from './grid.ts';

/**
 * Speeds through the faces of all voxels that stand across one axis, µm/s: n + 1 along that axis and as many as voxels along the
 * others, x fastest.
 */
export interface FaceSpeeds {
  readonly kind: 'faces';
  readonly values: Float64Array;
}

/** Velocity along one axis, µm/s: an expression of position, or speeds through the faces. */
export type VelocityComponent = Expression | FaceSpeeds;

/** Voxels, and faces across `axis`, along x and y. */
function facesAlong({ cells }: Grid, axis: number): [number, number, number] {
  const [nx, ny, nz] = cells;
  return [nx + (axis === 0 ? 1 : 0), ny + (axis === 1 ? 1 : 0), nz + (axis === 2 ? 1 : 0)];
}

export function faceCount(grid: Grid, axis: number): number {
  return facesAlong(grid, axis).reduce((product, n) => product * n, 1);
}

/** Index of the face across `axis` on the low (0) or high (1) side of a voxel. */
export function faceIndex(grid: Grid, axis: number, voxel: number, side: 0 | 1): number {
  const [nx, ny] = grid.cells;
  const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  index[axis] += side;
  const [mx, my] = facesAlong(grid, axis);
  return index[0] + mx * (index[1] + my * index[2]);
}

/** Speeds through the faces across an axis: those given, or the expression at the middles of the faces. */
export function speedsAtFaces(grid: Grid, component: VelocityComponent, axis: number): Float64Array {
  if (component.kind === 'faces') return component.values;
  const count = facesAlong(grid, axis);
  const speeds = new Float64Array(faceCount(grid, axis));
  const speed = toClosure(component);
  const scope = createScope();
  let at = 0;
  const place = (index: number, along: number) =>
    along === axis ? faceAt(grid, axis, index) : (index + 0.5) * grid.spacing[along];
  for (let k = 0; k < count[2]; k++) {
    for (let j = 0; j < count[1]; j++) {
      for (let i = 0; i < count[0]; i++) {
        scope.position[0] = place(i, 0);
        scope.position[1] = place(j, 1);
        scope.position[2] = place(k, 2);
        speeds[at++] = speed(scope);
      }
    }
  }
  return speeds;
}

/** Where a face stands: as the middle between its voxels' centres, but at the ends the domain's own. */
function faceAt({ cells, size, spacing }: Grid, axis: number, index: number): number {
  if (index === 0) return 0;
  return index === cells[axis] ? size[axis] : (index - 0.5) * spacing[axis] + spacing[axis] / 2;
}

/** Speeds at the voxels' centres: the mean of the faces on either side. */
export function speedsAtCentres(grid: Grid, component: VelocityComponent, axis: number): Float64Array {
  if (component.kind !== 'faces') return atCentres(grid, toClosure(component));
  return Float64Array.from({ length: grid.voxels }, (_, v) => {
    const [low, high] = ([0, 1] as const).map(side => component.values[faceIndex(grid, axis, v, side)]);
    return 0.5 * (low + high);
  });
}
