import {
  forwardBlock,
  forwardBlockWithUptake,
  startBlock,
  startRunDeep,
  startRunDeepWithUptake,
} from './block.ts';
import { closeStack, factoriseBlock, factoriseRows } from './factors.ts';
import { descend, descendAndMix, descendAndUpdate, updateFirstRow, updateFromLine } from './finish.ts';
import { finishBlock, goesInBlocks, turn } from './finishBlock.ts';
import type { Grid } from './grid.ts';
import { BLOCK_ROWS, solveLines, solveLinesWithUptake } from './lineBlock.ts';
import type { Mixture, Sweep, Update } from './plan.ts';
import { addRow, combineRow, shareRow, shareRowWithUptake, startRow, startRowWithUptake } from './rows.ts';
import { findNeighbours, forward, type Neighbours, prepareGhosts, turnBack } from './stack.ts';

/**
 * Runs the sweeps and their finish. The x-sweep goes four lines at a time; the y-sweep of a plane starts as soon as
 * lines are there, the z-sweep as soon as a plane is, and the update follows the last sweep row by row: what one loop
 * leaves is still in cache when the next reads it.
 */
export function runSweep(sweep: Sweep, finish: Mixture | Update): void {
  const { workspace, grid, operators } = sweep;
  const [nx, ny, nz] = grid.cells;
  const deep = grid.dimensions === 3;
  const [rows, planes] = sweep.stacks;
  prepareGhosts(sweep, rows);
  if (deep) prepareGhosts(sweep, planes);
  const last = deep ? planes : rows;
  if (sweep.explicit !== null && operators[last.axis].periodic) {
    workspace.first.set(sweep.explicit.subarray(0, last.pitch));
  }
  workspace.least[0] = Infinity;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j += BLOCK_ROWS) sweepLines(sweep, finish, j, k);
    if (sweep.uptake !== null && operators[1].periodic && (deep || sweep.fresh)) closeStack(sweep, rows);
    turnBack(sweep, rows, 0, nx);
    sweepRows(sweep, finish, k);
  }
  if (deep) sweepPlanes(sweep, finish);
}

/** Up to four lines along x from row j of plane k: right-hand side, solve, update, elimination along y. */
function sweepLines(sweep: Sweep, finish: Mixture | Update, j: number, k: number): void {
  solveLinesOf(sweep, finish, j, k, true);
  eliminateRows(sweep, j, Math.min(BLOCK_ROWS, sweep.grid.cells[1] - j));
}

/**
 * The same without elimination, which leaves the potentials and the explicit shares of the lines in the workspace's block;
 * `factorise`: with the factors of the other axes, too.
 */
export function solveLinesOf(
  sweep: Sweep,
  finish: Mixture | Update,
  j: number,
  k: number,
  factorise = false,
): void {
  const { workspace, grid, operators, uptake, explicit, source } = sweep;
  const { block, lineGhosts, factors, reaches, closures } = workspace;
  const [nx, ny] = grid.cells;
  const count = Math.min(BLOCK_ROWS, ny - j);
  const origin = (k * ny + j) * nx;
  if (explicit === null) combineRow(block, 0, 1, sweep.start, origin, 0, sweep.start, origin, count * nx);
  else if (isInner(grid, j, k)) startInnerBlock(sweep, explicit, origin, j * nx);
  else {
    for (let row = 0; row < count; row++) startLine(sweep, explicit, j + row, k, row, origin + row * nx);
  }
  if (source !== null) addRow(block, 0, source, origin, sweep.a, count * nx);
  if (uptake === null) solveLines(block, operators[0], lineGhosts);
  else {
    factoriseBlock(sweep, uptake, j + k * ny, count);
    if (factorise) factoriseRowsOf(sweep, uptake, j, k, count);
    solveLinesWithUptake(block, operators[0], factors[0], reaches[0], closures[0], count, lineGhosts);
  }
  if (finish.kind === 'update') {
    for (let row = 0; row < count; row++) updateFromLine(sweep, finish, row, origin + row * nx);
  }
}

/** Factors of the other axes for the lines of a block, while their κ is in cache. */
function factoriseRowsOf(sweep: Sweep, uptake: Float64Array, j: number, k: number, count: number): void {
  const { grid, stacks, fresh } = sweep;
  const [rows, planes] = stacks;
  const [nx, ny] = grid.cells;
  const deep = grid.dimensions === 3;
  const origin = (k * ny + j) * nx;
  if (deep || fresh) factoriseRows(sweep, uptake, rows, j, 1, j * nx, origin, count);
  if (deep && fresh) factoriseRows(sweep, uptake, planes, k, 0, origin, origin, count);
}

/** Elimination along y of the rows of a block, from row j of the plane. */
function eliminateRows(sweep: Sweep, j: number, count: number): void {
  const { workspace, operators, uptake, grid } = sweep;
  const { block, explicitY, factors } = workspace;
  const rows = sweep.stacks[0];
  const nx = grid.cells[0];
  const { coupling, factor } = operators[1];
  if (j === 0 || count < BLOCK_ROWS) {
    for (let row = 0; row < count; row++) {
      forward(sweep, rows, j + row, 0, block, row * nx, explicitY, row * nx);
    }
  } else if (uptake === null) forwardBlock(rows.z, j * nx, block, explicitY, factor, j, coupling, nx);
  else forwardBlockWithUptake(rows.z, j * nx, block, explicitY, factors[1], coupling, nx);
}

/** Back-substitution along y, row by row from the last, each followed by the finish and by elimination along z. */
function sweepRows(sweep: Sweep, finish: Mixture | Update, k: number): void {
  const { workspace, grid } = sweep;
  const [nx, ny] = grid.cells;
  const [rows, planes] = sweep.stacks;
  const deep = grid.dimensions === 3;
  const origin = k * nx * ny;
  const inBlocks = goesInBlocks(sweep, finish);
  let j = ny - 1;
  while (j >= 0) {
    if (inBlocks && j < ny - 1 && j >= BLOCK_ROWS - 1) {
      const first = j - BLOCK_ROWS + 1;
      if (deep) turn(sweep, finish, first, k);
      else finishBlock(sweep, rows, finish, first, 0, nx);
      j = first - 1;
      continue;
    }
    if (finish.kind === 'update') descendAndUpdate(sweep, rows, finish, j, 0, nx, origin, k);
    else if (deep) descend(sweep, rows, j, 0, nx);
    else descendAndMix(sweep, rows, finish, j, 0, nx);
    if (deep) forward(sweep, planes, k, j * nx, rows.potential, 0, workspace.explicitZ, j * nx);
    j--;
  }
  if (finish.kind === 'update') updateFirstRow(sweep, rows, finish, 0, nx, origin, k);
}

/** Whether the block from row j of plane k is full and every neighbour of its rows lies where a pitch says. */
function isInner(grid: Grid, j: number, k: number): boolean {
  const [, ny, nz] = grid.cells;
  return j > 0 && j + BLOCK_ROWS < ny && (grid.dimensions === 2 || (k > 0 && k < nz - 1));
}

/** Right-hand sides of a block that isInner, from voxel `o`, `column` within its plane: its rows make one run. */
function startInnerBlock(sweep: Sweep, v: Float64Array, o: number, column: number): void {
  const { workspace, operators, uptake, half, p, q, start: u, grid } = sweep;
  const { block: t, explicitY: w, explicitZ: wz } = workspace;
  const [nx, ny] = grid.cells;
  const { coupling: c, decay: d } = operators[1];
  const n = BLOCK_ROWS * nx;
  if (grid.dimensions === 2) {
    if (uptake === null) startBlock(t, w, p, u, q, v, o, c, d, nx);
    else startRowWithUptake(t, w, 0, p, u, q, v, o, v, o - nx, v, o + nx, uptake, half, c, d, n);
    return;
  }
  const { coupling: cz, decay: dz } = operators[2];
  const pitch = nx * ny;
  if (uptake === null) startRunDeep(t, w, wz, column, p, u, q, v, o, nx, pitch, c, d, cz, dz, n);
  else startRunDeepWithUptake(t, w, wz, column, p, u, q, v, o, nx, pitch, uptake, half, c, d, cz, dz, n);
}

const neighbours: Neighbours = { below: new Float64Array(0), ob: 0, above: new Float64Array(0), oa: 0 };

/** Right-hand side of one line in row `row` of the block, in the delta form. */
function startLine(sweep: Sweep, v: Float64Array, j: number, k: number, row: number, o: number): void {
  const { workspace, operators, uptake, half, p, q, start } = sweep;
  const { block, explicitY, explicitZ } = workspace;
  const [rows, planes] = sweep.stacks;
  const nx = sweep.grid.cells[0];
  const t = row * nx;
  const found = neighbours;
  findNeighbours(sweep, rows, v, o, j, found);
  const { below, ob, above, oa } = found;
  const { coupling, decay } = operators[1];
  if (uptake === null) {
    startRow(block, explicitY, t, p, start, q, v, o, below, ob, above, oa, coupling, decay, nx);
  } else {
    startRowWithUptake(
      block,
      explicitY,
      t,
      p,
      start,
      q,
      v,
      o,
      below,
      ob,
      above,
      oa,
      uptake,
      half,
      coupling,
      decay,
      nx,
    );
  }
  if (sweep.grid.dimensions === 2) return;
  findNeighbours(sweep, planes, v, o, k, found);
  const { coupling: c, decay: d } = operators[2];
  const { below: zb, ob: ozb, above: za, oa: oza } = found;
  const w = j * nx;
  if (uptake === null) shareRow(block, t, explicitZ, w, v, o, zb, ozb, za, oza, c, d, nx);
  else shareRowWithUptake(block, t, explicitZ, w, v, o, zb, ozb, za, oza, uptake, half, c, d, nx);
}

/** Voxels that back-substitution along z takes at once: enough to forget the cost of a call, few enough for L1. */
const SEGMENT = 1024;

/** Back-substitution along z, plane by plane from the last, each followed by the finish. */
function sweepPlanes(sweep: Sweep, finish: Mixture | Update): void {
  const { workspace, grid } = sweep;
  const [nx, ny, nz] = grid.cells;
  const planes = sweep.stacks[1];
  workspace.least[0] = Infinity;
  if (sweep.uptake !== null && sweep.operators[2].periodic && sweep.fresh) closeStack(sweep, planes);
  turnBack(sweep, planes, 0, nx * ny);
  const rows = Math.max(1, Math.round(SEGMENT / nx));
  const inBlocks = goesInBlocks(sweep, finish);
  let k = nz - 1;
  while (k >= 0) {
    const full = inBlocks && k < nz - 1 && k >= BLOCK_ROWS - 1;
    if (full) k -= BLOCK_ROWS - 1;
    for (let j = 0; j < ny; j += rows) {
      const length = Math.min(rows, ny - j) * nx;
      if (full) finishBlock(sweep, planes, finish, k, j * nx, length);
      else if (finish.kind === 'update') descendAndUpdate(sweep, planes, finish, k, j * nx, length, 0, j);
      else descendAndMix(sweep, planes, finish, k, j * nx, length);
    }
    k--;
  }
  if (finish.kind !== 'update') return;
  for (let j = 0; j < ny; j++) updateFirstRow(sweep, planes, finish, j * nx, nx, 0, j);
}
