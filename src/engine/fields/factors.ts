import { type AxisOperator, axisOperator } from './axisOperator.ts';
import type { FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';
import { BLOCK_ROWS, closeLine, factoriseLines } from './lineBlock.ts';
import type { Sweep } from './plan.ts';
import { factoriseRow } from './rows.ts';
import type { Stack, Workspace } from './workspace.ts';

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

/**
 * Makes room in the workspace for factors with uptake. Those of the last axis span the grid and serve both stages; the
 * others are formed anew for every block of lines and every plane, while its κ is in cache: cheaper than to fetch them.
 */
export function prepareFactors(grid: Grid, workspace: Workspace, operators: readonly AxisOperator[]): void {
  const [nx, ny, nz] = grid.cells;
  const sizes = [BLOCK_ROWS * nx, nx * ny, nx * ny * nz];
  for (let axis = 0; axis < operators.length; axis++) {
    const size = sizes[axis];
    if (workspace.factors[axis].length === 0) workspace.factors[axis] = new Float64Array(size);
    if (operators[axis].periodic && workspace.reaches[axis].length === 0) {
      workspace.reaches[axis] = new Float64Array(size);
      workspace.closures[axis] = new Float64Array(size / grid.cells[axis]);
    }
  }
}

/** Factors with uptake for the lines of a block along x; `row` is the first one's number in the grid. */
export function factoriseBlock(sweep: Sweep, uptake: Float64Array, row: number, count: number): void {
  const { workspace, operators, half } = sweep;
  const { factors, reaches, closures } = workspace;
  const operator = operators[0];
  factoriseLines(operator, uptake, half, factors[0], row, count);
  if (!operator.periodic) return;
  for (let line = 0; line < count; line++) {
    closures[0][line] = closeLine(operator, factors[0], reaches[0], line * operator.n);
  }
}

/**
 * Factors with uptake for `count` rows of voxels, the first of them in row `index` of the stack and the others `step`
 * further each; they start at `of` in the stack and at `ou` in the grid.
 */
export function factoriseRows(
  sweep: Sweep,
  uptake: Float64Array,
  stack: Stack,
  index: number,
  step: number,
  of: number,
  ou: number,
  count: number,
): void {
  const { workspace, operators, half, grid } = sweep;
  const { diagonal, coupling } = operators[stack.axis];
  const nx = grid.cells[0];
  const factor = workspace.factors[stack.axis];
  for (let row = 0; row < count; row++) {
    const at = index + row * step;
    const o = of + row * nx;
    const below = at === 0 ? workspace.zeros : factor;
    const ob = at === 0 ? 0 : o - stack.pitch;
    factoriseRow(factor, o, below, ob, uptake, ou + row * nx, diagonal[at], half, coupling, nx);
  }
}

/** Reach and closure of a whole periodic stack with uptake, once its factors are known. */
export function closeStack(sweep: Sweep, stack: Stack): void {
  const { workspace, operators } = sweep;
  const { factors, reaches, closures } = workspace;
  const { coupling, n } = operators[stack.axis];
  const { axis, pitch } = stack;
  closeColumns(factors[axis], reaches[axis], closures[axis], coupling, pitch, n);
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
    let link = 1;
    let ends = 0;
    for (let index = 0; index < n; index++) {
      const i = column + index * pitch;
      const next = link * coupling * factor[i];
      ends += link * next;
      reach[i] = next;
      link = next;
    }
    const last = column + (n - 1) * pitch;
    closure[column] = 1 / (1 - (2 * link + coupling * factor[last] + ends));
  }
}
