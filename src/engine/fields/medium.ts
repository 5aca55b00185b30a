import { toClosure } from '../expression/closure.ts';
import { atCentres } from './centres.ts';
import type { FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';

/** Diffusivity along each axis at every voxel centre, µm²/s: one array where it is the same along all axes; 0 in obstacles. */
export type Medium = readonly [Float64Array, Float64Array, Float64Array];

export function evaluateMedium(grid: Grid, field: FieldDescription): Medium {
  const { solid, voxels } = grid;
  const uniform = new Float64Array(voxels).fill(field.diffusivity);
  const axes = field.medium
    ? field.medium.map((expression, axis, all) => (all.indexOf(expression) === axis ? expression : null))
    : [];
  const made: Float64Array[] = [];
  for (let axis = 0; axis < 3; axis++) {
    if (!field.medium) made.push(uniform);
    else if (axes[axis] === null || axes[axis] === undefined)
      made.push(made[field.medium.indexOf(field.medium[axis])]);
    else made.push(atCentres(grid, toClosure(field.medium[axis])));
  }
  if (solid) {
    for (const values of new Set(made)) for (let v = 0; v < voxels; v++) if (solid[v]) values[v] = 0;
  }
  return [made[0], made[1], made[2]];
}

/**
 * Exchange rate between two neighbouring voxels, 1/s: D/h² with the harmonic mean of their diffusivities, which is the
 * exact steady flux through two layers. 0 where either passes nothing.
 */
export function transmissibility(a: number, b: number, spacing: number): number {
  return a > 0 && b > 0 ? (2 * a * b) / ((a + b) * spacing * spacing) : 0;
}
