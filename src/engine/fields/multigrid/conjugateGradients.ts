import { cycle, type Hierarchy } from './hierarchy.ts';
import { residual } from './kernels.ts';
import { forRows, type Level, wrap } from './level.ts';

/** A matrix, what approximates its inverse, and room to solve with it. Arrays have the layout of the matrix. */
export interface LinearSolver {
  readonly matrix: Level;
  readonly hierarchy: Hierarchy;
  /** Places inside obstacles: x and b are 0 there, and the search stays out of them. */
  readonly closed: Int32Array;
  /** Solution; the guess on entry, halo right. */
  readonly x: Float64Array;
  readonly b: Float64Array;
  readonly direction: Float64Array;
  readonly image: Float64Array;
}

export interface Solution {
  readonly iterations: number;
  /** Size of the largest entry of b − M x, from x itself. */
  readonly largest: number;
  /** The most by which M x exceeds b anywhere. */
  readonly excess: number;
}

/** Iterations after which a solve is given up where it stands. */
const MOST_ITERATIONS = 200;

/** Restarts from the true residual, should the recurrence have drifted from it. */
const MOST_RESTARTS = 3;

/**
 * Conjugate gradients for M x = b, preconditioned by one multigrid cycle, until no entry of the residual exceeds
 * `tolerance` (same unit as b). The residual at the end is taken anew from x: the error is bounded by it, as M's rows sum to
 * at least 1 where it comes from a time step.
 */
export function solve(solver: LinearSolver, tolerance: number): Solution {
  const { matrix, hierarchy, closed, x, b, direction: p, image: q } = solver;
  const { layout } = matrix;
  const fine = hierarchy.levels[0];
  const r = fine.b;
  const z = fine.x;
  let iterations = 0;
  let largest = 0;
  for (let restart = 0; restart <= MOST_RESTARTS; restart++) {
    residual(matrix, x, b, r);
    largest = maximum(r);
    if (!(largest > tolerance) || iterations >= MOST_ITERATIONS) break;
    let old = 0;
    for (let first = true; iterations < MOST_ITERATIONS; first = false) {
      cycle(hierarchy, false);
      for (let i = 0; i < closed.length; i++) z[closed[i]] = 0;
      const rz = dot(r, z);
      if (!(rz > 0)) break;
      const beta = first ? 0 : rz / old;
      old = rz;
      for (let v = 0; v < p.length; v++) p[v] = z[v] + beta * p[v];
      multiply(matrix, p, q);
      const alpha = rz / dot(p, q);
      let most = 0;
      for (let v = 0; v < p.length; v++) {
        x[v] += alpha * p[v];
        const rest = r[v] - alpha * q[v];
        r[v] = rest;
        const size = Math.abs(rest);
        if (size > most) most = size;
      }
      iterations++;
      if (!(most > tolerance)) break;
    }
  }
  wrap(layout, x);
  residual(matrix, x, b, r);
  let excess = 0;
  largest = 0;
  for (let v = 0; v < r.length; v++) {
    if (-r[v] > excess) excess = -r[v];
    const size = Math.abs(r[v]);
    if (size > largest) largest = size;
  }
  return { iterations, largest, excess };
}

/** q = M p, halo 0. */
function multiply(matrix: Level, p: Float64Array, q: Float64Array): void {
  q.fill(0);
  residual(matrix, p, q, q);
  forRows(matrix.layout, (row, end) => {
    for (let v = row; v < end; v++) q[v] = -q[v];
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function maximum(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!(size <= most)) most = size;
  }
  return most;
}
