import {
  addRow,
  backwardRow,
  backwardRowWithUptake,
  explicitRow,
  explicitRowWithUptake,
  forwardRow,
  forwardRowWithUptake,
  ghostRow,
} from './rows.ts';
import type { Sweep } from './sweep.ts';
import type { Stack } from './workspace.ts';

/** Fills the ghost rows; a periodic axis starts from zero and finds its ghost in joinEnds. */
export function prepareGhosts(sweep: Sweep, stack: Stack): void {
  const { low, high } = sweep.operators[stack.axis];
  stack.lowGhost.fill(low.ghost);
  stack.highGhost.fill(high.ghost);
}

/** Explicit share of the stack's axis for the row of v that starts at voxel `o`, number `index` of its stack. */
export function explicitShare(
  sweep: Sweep,
  stack: Stack,
  v: Float64Array,
  o: number,
  index: number,
  w: Float64Array,
  ow: number,
): void {
  const { operators, workspace, uptake, half } = sweep;
  const { n, coupling, decay, low, high, periodic } = operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { pitch } = stack;
  let below = v;
  let ob = o - pitch;
  let above = v;
  let oa = o + pitch;
  // A closed face has its own voxel as neighbour, an open one a ghost, a periodic one the other end.
  if (index === 0) {
    if (low.open) {
      below = workspace.explicitGhosts[0];
      ob = 0;
      ghostRow(below, v, o, low.ghost, nx);
    } else ob = periodic ? o + (n - 1) * pitch : o;
  }
  if (index === n - 1) {
    if (high.open) {
      above = workspace.explicitGhosts[1];
      oa = 0;
      ghostRow(above, v, o, high.ghost, nx);
    } else oa = periodic ? o - (n - 1) * pitch : o;
  }
  if (uptake === null) explicitRow(w, ow, v, o, below, ob, above, oa, coupling, decay, nx);
  else explicitRowWithUptake(w, ow, v, o, below, ob, above, oa, uptake, half, coupling, decay, nx);
}

/** Eliminates row `index` with right-hand side r − w; `origin` is the voxel where the stack's z starts. */
export function forward(
  sweep: Sweep,
  stack: Stack,
  index: number,
  column: number,
  origin: number,
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
    forwardRowWithUptake(z, o, r, or, w, ow, previous, op, factors, origin + o, coupling, nx);
  }
}

/** Turns row `index` from eliminated values into potentials. */
export function backward(sweep: Sweep, stack: Stack, index: number, column: number, origin: number): void {
  const { n, coupling, factor } = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { z, pitch } = stack;
  const o = index * pitch + column;
  const above = index === n - 1 ? stack.highGhost : z;
  const oa = index === n - 1 ? column : o + pitch;
  if (sweep.uptake === null) backwardRow(z, o, above, oa, factor[index], coupling, nx);
  else backwardRowWithUptake(z, o, above, oa, sweep.workspace.factors[stack.axis], origin + o, coupling, nx);
}

/** On a periodic axis: finds the ghost σ of every column from the eliminated values, and lets them feel it. */
export function joinEnds(sweep: Sweep, stack: Stack, column: number, origin: number): void {
  const { n, reach, closure } = sweep.operators[stack.axis];
  const nx = sweep.grid.cells[0];
  const { z, pitch, highGhost: sigma } = stack;
  const { workspace } = sweep;
  const withUptake = sweep.uptake !== null;
  const reaches = workspace.reaches[stack.axis];
  const last = (n - 1) * pitch + column;
  for (let i = 0; i < nx; i++) sigma[column + i] = z[column + i] + z[last + i];
  for (let index = 1; index < n; index++) {
    const o = index * pitch + column;
    if (withUptake) addProductRow(sigma, column, z, o, reaches, origin + o - pitch, nx);
    else addRow(sigma, column, z, o, reach[index - 1], nx);
  }
  if (withUptake) {
    // Closures of a stack lie in the order of its columns: one row per plane for y, one plane for z.
    const closures = workspace.closures[stack.axis];
    const oc = (stack.axis === 1 ? origin / sweep.grid.cells[1] : 0) + column;
    for (let i = 0; i < nx; i++) sigma[column + i] *= closures[oc + i];
  } else for (let i = 0; i < nx; i++) sigma[column + i] *= closure;
  for (let index = 0; index < n; index++) {
    const o = index * pitch + column;
    if (withUptake) addProductRow(z, o, sigma, column, reaches, origin + o, nx);
    else addRow(z, o, sigma, column, reach[index], nx);
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
