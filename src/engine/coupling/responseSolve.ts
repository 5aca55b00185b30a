import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';

/**
 * Approximately solves (S − H A) w = b in place, with S ≥ 1 per voxel and A the diffusion of a field with nothing beyond its open
 * faces, as the product Π_m (S − H A_m) with S⁻¹ between the factors: exact without diffusion and in one dimension, and never
 * amplifying. (Factors that each take a share of S are no approximation where S is large: (1 + s/2)² is not 1 + s.) Good enough
 * to precondition, which is all it is for; a periodic axis is treated as closed.
 */
export function solveResponseStep(
  grid: Grid,
  field: FieldDescription,
  duration: number,
  s: Float64Array,
  w: Float64Array,
): void {
  const pitch = [1, grid.cells[0], grid.cells[0] * grid.cells[1]];
  for (let axis = 0; axis < grid.dimensions; axis++) {
    if (axis > 0) for (let v = 0; v < w.length; v++) w[v] *= s[v];
    const n = grid.cells[axis];
    const coupling = (duration * field.diffusivity) / grid.spacing[axis] ** 2;
    const low = field.boundary[2 * axis].kind === 'value' ? 2 * coupling : 0;
    const high = field.boundary[2 * axis + 1].kind === 'value' ? 2 * coupling : 0;
    const factor = new Float64Array(n);
    for (let line = 0; line < w.length / n; line++) {
      const start = startOf(line, pitch[axis], n);
      solveLine(s, w, start, pitch[axis], n, coupling, low, high, factor);
    }
  }
}

/** The first voxel of a line along an axis whose voxels lie `pitch` apart. */
function startOf(line: number, pitch: number, n: number): number {
  return (line % pitch) + Math.floor(line / pitch) * pitch * n;
}

/** Thomas' algorithm for −c w[i−1] + (s[i] + 2c at inner faces) w[i] − c w[i+1]. */
function solveLine(
  s: Float64Array,
  w: Float64Array,
  start: number,
  pitch: number,
  n: number,
  c: number,
  low: number,
  high: number,
  factor: Float64Array,
): void {
  let previous = 0;
  let carried = 0;
  for (let i = 0; i < n; i++) {
    const v = start + i * pitch;
    const diagonal = s[v] + (i > 0 ? c : low) + (i < n - 1 ? c : high);
    previous = 1 / (diagonal - c * c * previous);
    factor[i] = previous;
    carried = previous * (w[v] + c * carried);
    w[v] = carried;
  }
  for (let i = n - 2; i >= 0; i--) {
    const v = start + i * pitch;
    w[v] += c * factor[i] * w[v + pitch];
  }
}
