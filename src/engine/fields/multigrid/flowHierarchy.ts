import { createFlowMatrix, type FlowMatrix, flowResidual, flowSweep } from './flowMatrix.ts';
import type { Hierarchy } from './hierarchy.ts';
import { type Interpolation, prolongate, restrict } from './interpolation.ts';
import { fold, forRows, type Level, wrap } from './level.ts';

/**
 * Grids for a matrix that a flow makes unsymmetric: the hierarchy of its symmetric part S, and on every grid the antisymmetric
 * part N, Galerkin's too. A coarse grid is too wide for the flow that it sees: where N exceeds S between two voxels, S is raised to
 * it, which is the upwind flux of that grid, so that each matrix has no positive entries off its diagonal.
 */
export interface FlowHierarchy {
  readonly symmetric: Hierarchy;
  /** Per grid and link: half of what goes ahead less what comes back. */
  readonly drifts: Float64Array[][];
  readonly matrices: FlowMatrix[];
  /** LU factors of the last grid, row after row; null where it is only relaxed. */
  factor: Float64Array | null;
}

export function createFlowHierarchy(symmetric: Hierarchy): FlowHierarchy {
  return { symmetric, drifts: [], matrices: [], factor: null };
}

/** Takes up new values of S, refreshed already, and of the finest grid's N. */
export function refreshFlow(hierarchy: FlowHierarchy, drift: Float64Array[]): void {
  const { symmetric, drifts, matrices } = hierarchy;
  drifts[0] = drift;
  for (let depth = 0; depth <= symmetric.last; depth++) {
    const level = symmetric.levels[depth];
    matrices[depth] ??= createFlowMatrix(level.layout, level.star);
    if (depth > 0) {
      drifts[depth] ??= level.offsets.map(() => new Float64Array(level.layout.size));
      coarsenDrift(
        symmetric.levels[depth - 1],
        drifts[depth - 1],
        symmetric.maps[depth - 1],
        level,
        drifts[depth],
      );
    }
    combine(level, drifts[depth], matrices[depth]);
  }
  hierarchy.factor = symmetric.factor && factorise(matrices[symmetric.last], symmetric.factor.places);
}

/** Sweeps before and after the coarse correction, as orders for flowSweep: every direction once. */
const BEFORE = { 2: [0, 3], 3: [0, 7, 5, 2] } as const;
const AFTER = { 2: [1, 2], 3: [1, 6, 3, 4] } as const;

/** One cycle for M x = b in the unknowns of the levels of S, from x = 0 unless `start`: a fixed linear map. */
export function cycleFlow(hierarchy: FlowHierarchy, start = false, depth = 0): void {
  const { symmetric, matrices, factor } = hierarchy;
  const { levels, maps, last } = symmetric;
  const { layout, x, b, r } = levels[depth];
  const matrix = matrices[depth];
  if (!start) x.fill(0);
  if (depth === last && factor && symmetric.factor) {
    solveDense(factor, symmetric.factor.places, b, x);
    wrap(layout, x);
    return;
  }
  for (const order of BEFORE[layout.dimensions]) flowSweep(matrix, order, x, b);
  if (depth < last) {
    const next = levels[depth + 1];
    flowResidual(matrix, x, b, r);
    restrict(layout, maps[depth], r, next.b);
    cycleFlow(hierarchy, false, depth + 1);
    if (depth > 0 && layout.points > 3 * next.layout.points) cycleFlow(hierarchy, true, depth + 1);
    prolongate(layout, maps[depth], next.x, x);
  }
  for (const order of AFTER[layout.dimensions]) flowSweep(matrix, order, x, b);
}

function combine(
  { layout, diagonal, links, offsets }: Level,
  drift: readonly Float64Array[],
  out: FlowMatrix,
): void {
  out.diagonal.set(diagonal);
  offsets.forEach((offset, k) => {
    const [link, d, ahead, back] = [links[k], drift[k], out.ahead[k], out.back[k]];
    for (let v = 0; v < link.length; v++) {
      const size = Math.abs(d[v]);
      const raised = size > link[v] ? size : link[v];
      ahead[v] = raised + d[v];
      back[v] = raised - d[v];
    }
    // Seen from either end, so that a link across the seam of a periodic axis counts for both.
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        out.diagonal[v] += Math.max(Math.abs(d[v]) - link[v], 0);
        out.diagonal[v] += Math.max(Math.abs(d[v - offset]) - link[v - offset], 0);
      }
    });
  });
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) out.inverse[v] = 1 / out.diagonal[v];
  });
}

/** Pᵀ N P; a voxel with itself has none. */
function coarsenDrift(
  fine: Level,
  drift: readonly Float64Array[],
  { base, kind, first, weights, corners, cornerCount }: Interpolation,
  coarse: Level,
  out: readonly Float64Array[],
): void {
  const reach = coarse.offsets[coarse.offsets.length - 1];
  const slot = new Int8Array(2 * reach + 1).fill(-1);
  coarse.offsets.forEach((offset, k) => {
    slot[reach + offset] = slot[reach - offset] = k;
  });
  for (const d of out) d.fill(0);
  forRows(fine.layout, (row, end) => {
    for (let v = row; v < end; v++) {
      for (let n = 0; n < drift.length; n++) {
        const value = drift[n][v];
        if (value === 0) continue;
        const u = v + fine.offsets[n];
        for (let p = 0; p < cornerCount[kind[v]]; p++) {
          const share = value * weights[first[v] + p];
          if (share === 0) continue;
          const a = base[v] + corners[8 * kind[v] + p];
          for (let q = 0; q < cornerCount[kind[u]]; q++) {
            const ahead = base[u] + corners[8 * kind[u] + q] - a;
            const k = slot[reach + ahead];
            if (k < 0) continue;
            const both = share * weights[first[u] + q];
            if (ahead > 0) out[k][a] += both;
            else out[k][a + ahead] -= both;
          }
        }
      }
    }
  });
  for (const d of out) {
    fold(coarse.layout, d);
    wrap(coarse.layout, d);
  }
}

/** LU without pivoting: the matrix has a dominant diagonal and nothing positive off it. */
function factorise(matrix: FlowMatrix, places: Int32Array): Float64Array {
  const { layout, diagonal, ahead, back, offsets } = matrix;
  const n = places.length;
  const number = new Float64Array(layout.size).fill(-1);
  for (let i = 0; i < n; i++) number[places[i]] = i;
  wrap(layout, number);
  const lu = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const v = places[i];
    lu[i * n + i] += diagonal[v];
    offsets.forEach((offset, k) => {
      const j = number[v + offset];
      if (j < 0) return;
      lu[i * n + j] -= back[k][v];
      lu[j * n + i] -= ahead[k][v];
    });
  }
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k] / lu[k * n + k];
      lu[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
    }
  }
  return lu;
}

function solveDense(lu: Float64Array, places: Int32Array, b: Float64Array, x: Float64Array): void {
  const n = places.length;
  for (let i = 0; i < n; i++) {
    let sum = b[places[i]];
    for (let k = 0; k < i; k++) sum -= lu[i * n + k] * x[places[k]];
    x[places[i]] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[places[i]];
    for (let k = i + 1; k < n; k++) sum -= lu[i * n + k] * x[places[k]];
    x[places[i]] = sum / lu[i * n + i];
  }
}
