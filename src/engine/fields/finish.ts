import type { Mixture, Sweep, Update } from './plan.ts';
import {
  addRow,
  backwardMixRow,
  backwardMixRowWithUptake,
  backwardRow,
  backwardRowWithUptake,
  combineRow,
  rowSum,
} from './rows.ts';
import {
  backwardUpdateRow,
  backwardUpdateRowExposed,
  backwardUpdateRowSunk,
  edgeFaceRow,
  sinkRow,
  updateLine,
  updateLineExposed,
  updateRow,
  updateRowExposed,
} from './update.ts';
import type { Stack } from './workspace.ts';

/** Potentials of row `index` of a stack and nothing else, from those of the row above. */
export function descend(sweep: Sweep, stack: Stack, index: number, column: number, length: number): void {
  const { coupling, factor } = sweep.operators[stack.axis];
  const { z, potential } = stack;
  const oz = index * stack.pitch + column;
  if (sweep.uptake === null) backwardRow(potential, column, z, oz, factor[index], coupling, length);
  else {
    const factors = sweep.workspace.factors[stack.axis];
    backwardRowWithUptake(potential, column, z, oz, factors, oz, coupling, length);
  }
}

/** Potentials of row `index` of the last stack, and the mixture there. */
export function descendAndMix(
  sweep: Sweep,
  stack: Stack,
  finish: Mixture,
  index: number,
  column: number,
  length: number,
): void {
  const { coupling, factor } = sweep.operators[stack.axis];
  const { start, workspace } = sweep;
  const { z, potential } = stack;
  const { out, p, q } = finish;
  // The last stack spans the grid: its rows lie where the voxels' do.
  const o = index * stack.pitch + column;
  if (sweep.uptake === null) {
    backwardMixRow(potential, column, z, o, factor[index], coupling, out, start, o, p, q, length);
  } else {
    const factors = workspace.factors[stack.axis];
    backwardMixRowWithUptake(potential, column, z, o, factors, coupling, out, start, o, p, q, length);
  }
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
 * Potentials of row `index` of a stack from those of the row above, the fluxes through the faces between, and, both
 * faces of the row above being known, the update of that row. The last row starts from the edge instead.
 */
export function descendAndUpdate(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  index: number,
  column: number,
  length: number,
  origin: number,
  part: number,
): void {
  const operator = sweep.operators[stack.axis];
  if (index === operator.n - 1) {
    descend(sweep, stack, index, column, length);
    startFromEdge(sweep, stack, finish, column, length, part);
    return;
  }
  const { workspace, uptake, grid } = sweep;
  const { next, exposure, window, decay } = finish;
  const { least, rowSums } = workspace;
  const nx = grid.cells[0];
  const { z, potential, flux, pitch, axis } = stack;
  const oz = index * pitch + column;
  const o = origin + oz + pitch;
  const c = operator.coupling;
  const cu = (c * window) / sweep.a;
  const e = window / grid.dimensions;
  if (uptake === null || exposure === null) {
    const f = operator.factor[index];
    const s = decay * e;
    if (exposure !== null) addRow(exposure, o, potential, column, e, length);
    rowSums[o / nx] += backwardUpdateRow(potential, flux, column, z, oz, f, c, next, o, cu, s, least, length);
    return;
  }
  const f = workspace.factors[axis];
  if (axis === grid.dimensions - 1) {
    rowSums[o / nx] = backwardUpdateRowSunk(
      potential,
      flux,
      column,
      z,
      oz,
      f,
      oz,
      c,
      next,
      exposure,
      uptake,
      o,
      cu,
      e,
      decay,
      least,
      length,
    );
  } else backwardUpdateRowExposed(potential, flux, column, z, oz, f, oz, c, next, exposure, o, cu, e, length);
}

/** Fluxes through the high edge of a stack, whose last row has just got its potentials. */
function startFromEdge(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  column: number,
  length: number,
  part: number,
): void {
  const operator = sweep.operators[stack.axis];
  const { potential, flux, highGhost, joint } = stack;
  const cu = (operator.coupling * finish.window) / sweep.a;
  if (operator.periodic) {
    edgeFaceRow(flux, column, potential, column, highGhost, column, cu, length);
    for (let i = column; i < column + length; i++) joint[i] = flux[i];
  } else if (operator.high.open) {
    edgeFaceRow(flux, column, potential, column, highGhost, column, cu, length);
    sweep.workspace.inflowParts[2 * stack.axis + 1][part] = rowSum(flux, column, length);
  } else flux.fill(0, column, column + length);
}

/** Fluxes through the low edge of a stack, and with them the update of its first row. */
export function updateFirstRow(
  sweep: Sweep,
  stack: Stack,
  finish: Update,
  column: number,
  length: number,
  origin: number,
  part: number,
): void {
  const { workspace, uptake, grid } = sweep;
  const { next, exposure, window, decay } = finish;
  const { least, rowSums } = workspace;
  const operator = sweep.operators[stack.axis];
  const nx = grid.cells[0];
  const { potential, flux, lowGhost, joint, axis } = stack;
  const e = window / grid.dimensions;
  const o = origin + column;
  // The high edge's face again where the axis is periodic: one flux, computed once.
  const edge = joint;
  if (!operator.periodic) {
    if (operator.low.open) {
      // Fluxes point downwards: what flows in through the low edge is negative.
      const cu = (-operator.coupling * window) / sweep.a;
      edgeFaceRow(edge, column, potential, column, lowGhost, column, cu, length);
      workspace.inflowParts[2 * axis][part] = -rowSum(edge, column, length);
    } else edge.fill(0, column, column + length);
  }
  if (uptake === null || exposure === null) {
    if (exposure !== null) addRow(exposure, o, potential, column, e, length);
    rowSums[o / nx] += updateRow(next, o, flux, edge, potential, column, decay * e, least, length);
    return;
  }
  updateRowExposed(next, exposure, o, flux, edge, potential, column, e, length);
  if (axis === grid.dimensions - 1) {
    rowSums[o / nx] = sinkRow(next, exposure, uptake, o, decay, least, length);
  }
}
