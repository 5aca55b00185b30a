import { type AxisOperator, axisOperator } from './axisOperator.ts';
import type { FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';
import { BLOCK_ROWS, closeLine, factoriseLines } from './lineBlock.ts';
import { factoriseRow } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** Different steps a field's tables are kept for: a full window and its prediction, in both schemes, and half windows. */
const KEPT = 8;

/** Tables of a field's axes by the part of the window `a`, kept from step to step. */
export interface OperatorCache {
  get(field: FieldDescription, a: number): readonly AxisOperator[];
}

export function createOperatorCache(grid: Grid): OperatorCache {
  const tables = new WeakMap<FieldDescription, Map<number, readonly AxisOperator[]>>();
  return {
    get(field, a) {
      let ofField = tables.get(field);
      if (ofField === undefined) {
        ofField = new Map();
        tables.set(field, ofField);
      }
      let operators = ofField.get(a);
      if (operators === undefined) {
        if (ofField.size >= KEPT) ofField.clear();
        operators = Array.from({ length: grid.dimensions }, (_, axis) => axisOperator(grid, field, axis, a));
        ofField.set(a, operators);
      }
      return operators;
    },
  };
}

/** Factors of every axis for per-voxel uptake κ, into the workspace: one division per voxel and axis, once per step. */
export function factoriseWithUptake(
  grid: Grid,
  workspace: Workspace,
  operators: readonly AxisOperator[],
  uptake: Float64Array,
  half: number,
): void {
  const [nx, ny, nz] = grid.cells;
  for (let axis = 0; axis < operators.length; axis++) {
    const lines = grid.voxels / grid.cells[axis];
    if (workspace.factors[axis].length === 0) workspace.factors[axis] = new Float64Array(grid.voxels);
    if (operators[axis].periodic && workspace.reaches[axis].length === 0) {
      workspace.reaches[axis] = new Float64Array(grid.voxels);
      workspace.closures[axis] = new Float64Array(lines);
    }
  }
  const { factors, reaches, closures, zeros } = workspace;
  const lines = ny * nz;
  for (let line = 0; line < lines; line += BLOCK_ROWS) {
    factoriseLines(operators[0], uptake, half, factors[0], line, Math.min(BLOCK_ROWS, lines - line));
  }
  if (operators[0].periodic) {
    for (let line = 0; line < lines; line++) {
      closures[0][line] = closeLine(operators[0], factors[0], reaches[0], line * nx);
    }
  }
  for (let axis = 1; axis < operators.length; axis++) {
    const { diagonal, coupling } = operators[axis];
    const pitch = axis === 1 ? nx : nx * ny;
    const n = grid.cells[axis];
    const factor = factors[axis];
    for (let row = 0; row < lines; row++) {
      const o = row * nx;
      const index = axis === 1 ? row % ny : Math.floor(row / ny);
      const below = index === 0 ? zeros : factor;
      const ob = index === 0 ? 0 : o - pitch;
      factoriseRow(factor, o, below, ob, uptake, o, diagonal[index], half, coupling, nx);
    }
    if (operators[axis].periodic) closeColumns(factor, reaches[axis], closures[axis], coupling, pitch, n);
  }
}

/** closeLine for every column of an axis with the given pitch. */
function closeColumns(
  factor: Float64Array,
  reach: Float64Array,
  closure: Float64Array,
  coupling: number,
  pitch: number,
  n: number,
): void {
  const columns = closure.length;
  for (let column = 0; column < columns; column++) {
    const first = Math.floor(column / pitch) * pitch * n + (column % pitch);
    let link = 1;
    let ends = 0;
    for (let index = 0; index < n; index++) {
      const i = first + index * pitch;
      const next = link * coupling * factor[i];
      ends += link * next;
      reach[i] = next;
      link = next;
    }
    const last = first + (n - 1) * pitch;
    closure[column] = 1 / (1 - (2 * link + coupling * factor[last] + ends));
  }
}
