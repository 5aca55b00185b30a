import type { Solution } from '../multigrid/conjugateGradients.ts';
import { residual } from '../multigrid/kernels.ts';
import { forRows, type Level, wrap } from '../multigrid/level.ts';
import type { SpectralSolver } from './spectralSolver.ts';

/** Corrections of a direct solution, each by what rounding left of it. */
const MOST_CORRECTIONS = 4;

/** Solves M x = b directly, from the guess in x, until no entry of the residual (left in r) exceeds the tolerance. */
export function refine(
  solver: SpectralSolver,
  matrix: Level,
  x: Float64Array,
  b: Float64Array,
  r: Float64Array,
  tolerance: number,
): Solution {
  const { layout } = matrix;
  const values = new Float64Array(layout.points);
  let before = Number.POSITIVE_INFINITY;
  for (let iterations = 0; ; iterations++) {
    residual(matrix, x, b, r);
    let voxel = 0;
    let largest = 0;
    let excess = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        values[voxel++] = r[v];
        if (!(Math.abs(r[v]) <= largest)) largest = Math.abs(r[v]);
        if (-r[v] > excess) excess = -r[v];
      }
    });
    // What a second solve does not better is rounding.
    const isDone = !(largest > tolerance) || (iterations > 1 && largest > before / 2);
    if (isDone || iterations >= MOST_CORRECTIONS) return { iterations, largest, excess };
    before = largest;
    solver.solve(values);
    voxel = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) x[v] += values[voxel++];
    });
    wrap(layout, x);
  }
}
