import type { AxisOperator } from './axisOperator.ts';
import {
  type Mixture,
  mix,
  swapFaces,
  type Update,
  updateFirstRow,
  updateFromLine,
  updateFromRow,
} from './finish.ts';
import type { Grid } from './grid.ts';
import { BLOCK_ROWS, solveLines, solveLinesWithUptake } from './lineBlock.ts';
import { addRow, combineRow, startRow } from './rows.ts';
import { backward, explicitShare, forward, joinEnds, prepareGhosts } from './stack.ts';
import type { Workspace } from './workspace.ts';

/**
 * One factorised solve, a sweep of tridiagonal systems per axis, for the potentials P_m. The first right-hand side is
 *
 *     p · start + q · also + Σ_{m ≠ x} w_m + a S,      w_m = a (A_m v + b_m),   v = explicit,
 *
 * and that of a later axis m is P_{m−1} − w_m.
 */
export interface Sweep {
  readonly grid: Grid;
  readonly workspace: Workspace;
  readonly operators: readonly AxisOperator[];
  /** The part of the window that the sweeps are implicit over, s. */
  readonly a: number;
  /** a / n: half · κ is the uptake's share of a diagonal. */
  readonly half: number;
  /** κ, 1/s per voxel; null where cells take nothing. The workspace holds the factors for this κ and a. */
  readonly uptake: Float64Array | null;
  /** What the explicit shares are formed from; null leaves them out (LOD). */
  readonly explicit: Float64Array | null;
  readonly p: number;
  readonly start: Float64Array;
  readonly q: number;
  readonly also: Float64Array;
  /** S, molecules/µm³/s. */
  readonly source: Float64Array | null;
}

/**
 * Runs the sweeps and their finish. The x-sweep goes four lines at a time; the y-sweep of a plane starts as soon as
 * lines are there, the z-sweep as soon as a plane is, and the update follows the last sweep row by row: what one loop
 * leaves is still in cache when the next reads it.
 */
export function runSweep(sweep: Sweep, finish: Mixture | Update): void {
  const { workspace, grid, operators } = sweep;
  const [nx, ny, nz] = grid.cells;
  const deep = grid.dimensions === 3;
  const [rows, planes] = workspace.stacks;
  prepareGhosts(sweep, rows);
  if (deep) prepareGhosts(sweep, planes);
  workspace.least[0] = Infinity;
  for (let k = 0; k < nz; k++) {
    const origin = k * nx * ny;
    for (let j = 0; j < ny; j += BLOCK_ROWS) sweepLines(sweep, finish, j, k);
    if (operators[1].periodic) joinEnds(sweep, rows, 0, origin);
    for (let j = ny - 1; j >= 0; j--) {
      const o = j * nx;
      backward(sweep, rows, j, 0, origin);
      if (finish.kind === 'update') {
        updateFromRow(sweep, rows, finish, j, 0, origin, k);
        swapFaces(rows);
      } else if (!deep) mix(sweep, rows, finish, o, o);
      if (deep) forward(sweep, planes, k, o, 0, rows.z, o, workspace.explicitZ, o);
    }
    if (finish.kind === 'update') updateFirstRow(sweep, rows, finish, 0, origin, k);
  }
  if (deep) sweepPlanes(sweep, finish);
}

/** Up to four lines along x from row j of plane k: right-hand side, solve, update, elimination along y. */
function sweepLines(sweep: Sweep, finish: Mixture | Update, j: number, k: number): void {
  const { workspace, grid, operators, uptake, explicit, source } = sweep;
  const { block, explicitY, explicitZ, lineGhosts } = workspace;
  const [nx, ny] = grid.cells;
  const [rows, planes] = workspace.stacks;
  const count = Math.min(BLOCK_ROWS, ny - j);
  const origin = k * nx * ny;
  for (let row = 0; row < count; row++) {
    const column = (j + row) * nx;
    const o = origin + column;
    const t = row * nx;
    if (explicit === null) combineRow(block, t, sweep.p, sweep.start, o, sweep.q, sweep.also, o, nx);
    else {
      explicitShare(sweep, rows, explicit, o, j + row, explicitY, t);
      startRow(block, t, sweep.p, sweep.start, o, sweep.q, sweep.also, o, explicitY, t, nx);
      if (grid.dimensions === 3) {
        explicitShare(sweep, planes, explicit, o, k, explicitZ, column);
        addRow(block, t, explicitZ, column, 1, nx);
      }
    }
    if (source !== null) addRow(block, t, source, o, sweep.a, nx);
  }
  if (uptake === null) solveLines(block, operators[0], lineGhosts);
  else {
    const { factors, reaches, closures } = workspace;
    const line = j + k * ny;
    solveLinesWithUptake(block, operators[0], factors[0], reaches[0], closures[0], line, count, lineGhosts);
  }
  for (let row = 0; row < count; row++) {
    const t = row * nx;
    if (finish.kind === 'update') updateFromLine(sweep, finish, row, origin + (j + row) * nx);
    forward(sweep, rows, j + row, 0, origin, block, t, explicitY, t);
  }
}

/** Back-substitution along z, plane by plane from the last, each followed by the finish. */
function sweepPlanes(sweep: Sweep, finish: Mixture | Update): void {
  const { workspace, grid, operators } = sweep;
  const [nx, ny, nz] = grid.cells;
  const planes = workspace.stacks[1];
  workspace.least[0] = Infinity;
  if (operators[2].periodic) for (let j = 0; j < ny; j++) joinEnds(sweep, planes, j * nx, 0);
  for (let k = nz - 1; k >= 0; k--) {
    for (let j = 0; j < ny; j++) {
      const column = j * nx;
      const o = k * nx * ny + column;
      backward(sweep, planes, k, column, 0);
      if (finish.kind === 'update') updateFromRow(sweep, planes, finish, k, column, 0, j);
      else mix(sweep, planes, finish, o, o);
    }
    if (finish.kind === 'update') swapFaces(planes);
  }
  if (finish.kind !== 'update') return;
  for (let j = 0; j < ny; j++) updateFirstRow(sweep, planes, finish, j * nx, 0, j);
}
