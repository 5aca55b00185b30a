import { createScope } from '../expression/scope.ts';
import type { Grid } from './grid.ts';

/** Values of an expression of position at all voxel centres. */
export function atCentres(
  grid: Grid,
  value: (scope: ReturnType<typeof createScope>) => number,
): Float64Array {
  const [nx, ny] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const values = new Float64Array(grid.voxels);
  const scope = createScope();
  for (let v = 0; v < grid.voxels; v++) {
    scope.position[0] = ((v % nx) + 0.5) * dx;
    scope.position[1] = ((Math.floor(v / nx) % ny) + 0.5) * dy;
    scope.position[2] = (Math.floor(v / (nx * ny)) + 0.5) * dz;
    values[v] = value(scope);
  }
  return values;
}
