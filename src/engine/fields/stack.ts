import type { Sweep } from './plan.ts';
import { addRow, forwardRow, forwardRowWithUptake, ghostRow } from './rows.ts';
import type { Stack } from './workspace.ts';

/** Fills the ghost rows; a periodic axis starts from zero and finds its ghost in joinEnds. */
export function prepareGhosts(sweep: Sweep, stack: Stack): void {
  const { low, high } = sweep.operators[stack.axis];
  stack.lowGhost.fill(low.ghost);
  stack.highGhost.fill(high.ghost);
}

/** Where the rows below and above a row of v lie, for its explicit share. */
export interface Neighbours {
  below: Float64Array;
  ob: number;
  above: Float64Array;
  oa: number;
}

/**
 * Finds the neighbours, along the stack's axis, of the row of v that starts at voxel `o`, number `index` of its stack.
 * A closed face has its own voxel as neighbour, an open one a ghost, a periodic one the other end.
 */
export function findNeighbours(
  sweep: Sweep,
  stack: Stack,
  v: Float64Array,
  o: number,
  index: number,
  found: Neighbours,
): void {
  const { n, low, high, periodic } = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { pitch } = stack;
  found.below = v;
  found.ob = o - pitch;
  found.above = v;
  found.oa = o + pitch;
  if (index === 0) {
    if (low.open) {
      found.below = sweep.workspace.explicitGhosts[0];
      found.ob = 0;
      ghostRow(found.below, v, o, low.ghost, nx);
    } else found.ob = periodic ? o + (n - 1) * pitch : o;
  }
  if (index === n - 1) {
    if (high.open) {
      found.above = sweep.workspace.explicitGhosts[1];
      found.oa = 0;
      ghostRow(found.above, v, o, high.ghost, nx);
    } else if (periodic && stack.axis === sweep.grid.dimensions - 1) {
      found.above = sweep.workspace.first;
      found.oa = o - (n - 1) * pitch;
    } else found.oa = periodic ? o - (n - 1) * pitch : o;
  }
}

/** Eliminates row `index` with right-hand side r − w. */
export function forward(
  sweep: Sweep,
  stack: Stack,
  index: number,
  column: number,
  r: Float64Array,
  or: number,
  w: Float64Array,
  ow: number,
): void {
  const { coupling, factor } = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { z, pitch } = stack;
  const o = index * pitch + column;
  const previous = index === 0 ? stack.lowGhost : z;
  const op = index === 0 ? column : o - pitch;
  if (sweep.uptake === null) forwardRow(z, o, r, or, w, ow, previous, op, factor[index], coupling, nx);
  else {
    const factors = sweep.workspace.factors[stack.axis];
    forwardRowWithUptake(z, o, r, or, w, ow, previous, op, factors, o, coupling, nx);
  }
}

/**
 * Once a stack is eliminated: makes its `potential` ready for back-substitution, as the ghosts beyond its last row. On
 * a periodic axis it first finds the ghost σ of every column from the eliminated values, and lets them feel it.
 */
export function turnBack(sweep: Sweep, stack: Stack, column: number, length: number): void {
  if (sweep.operators[stack.axis].periodic) joinEnds(sweep, stack, column, length);
  for (let i = column; i < column + length; i++) stack.potential[i] = stack.highGhost[i];
}

function joinEnds(sweep: Sweep, stack: Stack, column: number, length: number): void {
  const { n, reach, closure } = sweep.operators[stack.axis];
  const { z, pitch, highGhost: sigma } = stack;
  const { workspace } = sweep;
  const withUptake = sweep.uptake !== null;
  const reaches = workspace.reaches[stack.axis];
  const last = (n - 1) * pitch + column;
  for (let i = 0; i < length; i++) sigma[column + i] = z[column + i] + z[last + i];
  for (let index = 1; index < n; index++) {
    const o = index * pitch + column;
    if (withUptake) addProductRow(sigma, column, z, o, reaches, o - pitch, length);
    else addRow(sigma, column, z, o, reach[index - 1], length);
  }
  if (withUptake) {
    const closures = workspace.closures[stack.axis];
    for (let i = column; i < column + length; i++) sigma[i] *= closures[i];
  } else for (let i = 0; i < length; i++) sigma[column + i] *= closure;
  for (let index = 0; index < n; index++) {
    const o = index * pitch + column;
    if (withUptake) addProductRow(z, o, sigma, column, reaches, o, length);
    else addRow(z, o, sigma, column, reach[index], length);
  }
}

function addProductRow(
  to: Float64Array,
  ot: number,
  x: Float64Array,
  ox: number,
  y: Float64Array,
  oy: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) to[ot + i] += x[ox + i] * y[oy + i];
}
