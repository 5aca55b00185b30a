import { addRow, combineRow, rowSum } from './rows.ts';
import type { Sweep } from './sweep.ts';
import {
  edgeFaceRow,
  faceRow,
  sinkRow,
  updateLine,
  updateLineExposed,
  updateRow,
  updateRowExposed,
} from './update.ts';
import type { Stack } from './workspace.ts';

/** Ends a sweep: out = p · P_last + q · start. */
export interface Mixture {
  readonly kind: 'mixture';
  readonly p: number;
  readonly q: number;
  readonly out: Float64Array;
}

/**
 * Ends a sweep: the conservative update of `start` over the window from the potentials of all axes,
 * next = start + H [ Σ (L_m P_m + b_m) − K Q + S ]. With uptake, exposure must be there.
 */
export interface Update {
  readonly kind: 'update';
  readonly window: number;
  /** λ, 1/s. */
  readonly decay: number;
  readonly next: Float64Array;
  readonly exposure: Float64Array | null;
}

/** Row `o` of the mixture, from the last stack's potentials at `oz`. */
export function mix(sweep: Sweep, stack: Stack, finish: Mixture, oz: number, o: number): void {
  combineRow(finish.out, o, finish.p, stack.z, oz, finish.q, sweep.start, o, sweep.grid.cells[0]);
}

/** First part of the update of a line along x, from its potentials in row `row` of the block. */
export function updateFromLine(sweep: Sweep, finish: Update, row: number, o: number): void {
  const { workspace, start, source, grid } = sweep;
  const { next, exposure, window } = finish;
  const { block, lineGhosts } = workspace;
  const operator = sweep.operators[0];
  const nx = grid.cells[0];
  const c = (operator.coupling * window) / sweep.a;
  const e = window / grid.dimensions;
  const op = row * nx;
  let low = 0;
  let high = 0;
  if (operator.periodic) {
    high = c * (lineGhosts[2 * row + 1] - 2 * block[op + nx - 1]);
    low = -high;
  } else {
    if (operator.low.open) low = c * (lineGhosts[2 * row] - 2 * block[op]);
    if (operator.high.open) high = c * (lineGhosts[2 * row + 1] - 2 * block[op + nx - 1]);
    workspace.inflowParts[0][o / nx] = low;
    workspace.inflowParts[1][o / nx] = high;
  }
  if (sweep.uptake !== null && exposure !== null) {
    updateLineExposed(next, start, exposure, o, block, op, c, e, low, high, nx);
  } else {
    const s = finish.decay * e;
    workspace.rowSums[o / nx] = updateLine(next, start, o, block, op, c, s, low, high, nx);
    if (exposure !== null) combineRow(exposure, o, e, block, op, 0, block, op, nx);
  }
  if (source !== null) addRow(next, o, source, o, window, nx);
}

/**
 * Called once the potentials of row `index` of a stack are there, from the last row down: computes the face above it
 * (or the edge) and, both faces of the row above being known, updates that row.
 */
export function updateFromRow(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  index: number,
  column: number,
  origin: number,
  part: number,
): void {
  const operator = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { z, pitch } = stack;
  const o = index * pitch + column;
  const c = (operator.coupling * finish.window) / sweep.a;
  if (index < operator.n - 1) {
    faceRow(stack.below, column, z, o, z, o + pitch, c, nx);
    applyRow(sweep, stack, finish, o + pitch, column, origin);
    return;
  }
  const { below: face } = stack;
  if (operator.periodic) {
    edgeFaceRow(face, column, z, o, stack.highGhost, column, c, nx);
    combineRow(stack.joint, column, 1, face, column, 0, face, column, nx);
  } else if (operator.high.open) {
    edgeFaceRow(face, column, z, o, stack.highGhost, column, c, nx);
    sweep.workspace.inflowParts[2 * stack.axis + 1][part] = rowSum(face, column, nx);
  } else face.fill(0, column, column + nx);
}

/** The low edge of a stack, and the update of its first row. */
export function updateFirstRow(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  column: number,
  origin: number,
  part: number,
): void {
  const operator = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { below: face } = stack;
  // Fluxes point downwards: what flows in through the low edge is negative.
  const c = (-operator.coupling * finish.window) / sweep.a;
  if (operator.periodic) combineRow(face, column, 1, stack.joint, column, 0, stack.joint, column, nx);
  else if (operator.low.open) {
    edgeFaceRow(face, column, stack.z, column, stack.lowGhost, column, c, nx);
    sweep.workspace.inflowParts[2 * stack.axis][part] = -rowSum(face, column, nx);
  } else face.fill(0, column, column + nx);
  applyRow(sweep, stack, finish, column, column, origin);
}

/** The face below a row is the face above the next one down. */
export function swapFaces(stack: Stack): void {
  const above = stack.above;
  stack.above = stack.below;
  stack.below = above;
}

function applyRow(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  oz: number,
  column: number,
  origin: number,
): void {
  const { workspace, uptake, grid } = sweep;
  const { next, exposure } = finish;
  const nx = grid.cells[0];
  const o = origin + oz;
  const e = finish.window / grid.dimensions;
  const { above, below, z } = stack;
  if (uptake !== null && exposure !== null) {
    updateRowExposed(next, exposure, o, above, column, below, column, z, oz, e, nx);
    if (stack.axis === grid.dimensions - 1) {
      workspace.rowSums[o / nx] = sinkRow(next, exposure, uptake, o, finish.decay, workspace.least, nx);
    }
  } else {
    const s = finish.decay * e;
    workspace.rowSums[o / nx] += updateRow(
      next,
      o,
      above,
      column,
      below,
      column,
      z,
      oz,
      s,
      workspace.least,
      nx,
    );
    if (exposure !== null) addRow(exposure, o, z, oz, e, nx);
  }
}
