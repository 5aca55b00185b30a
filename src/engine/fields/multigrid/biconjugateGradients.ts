import type { Solution } from './conjugateGradients.ts';
import { cycleFlow, type FlowHierarchy } from './flowHierarchy.ts';
import { type FlowMatrix, flowResidual } from './flowMatrix.ts';
import { wrap } from './level.ts';

/** A matrix that need not be symmetric, and multigrid for it. Arrays have the layout of the matrix. */
export interface FlowSolver {
  readonly matrix: FlowMatrix;
  readonly hierarchy: FlowHierarchy;
  /** Places inside obstacles: x and b are 0 there, and the search stays out of them. */
  readonly closed: Int32Array;
  /** Solution; the guess on entry, halo right. */
  readonly x: Float64Array;
  readonly b: Float64Array;
  readonly room: FlowRoom;
}

/** Scratch of a solve, halo included. */
export interface FlowRoom {
  readonly r: Float64Array;
  readonly shadow: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
  readonly t: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

export function createFlowRoom(size: number): FlowRoom {
  const column = () => new Float64Array(size);
  return { r: column(), shadow: column(), p: column(), q: column(), t: column(), y: column(), z: column() };
}

/** Iterations, of two applications of the preconditioner each, after which a solve is given up where it stands. */
const MOST_ITERATIONS = 300;

/** Restarts from the true residual, should the recurrence have drifted from it. */
const MOST_RESTARTS = 2;

/** Below this cosine the residual has turned away from what it is measured against, and the search begins anew. */
const LOST = 1e-12;

/**
 * Stabilised biconjugate gradients (van der Vorst 1992) for M x = b, preconditioned on the right by one multigrid cycle, until no
 * entry of the residual exceeds `tolerance`. The residual at the end is taken anew from x.
 */
export function solveFlow(solver: FlowSolver, tolerance: number): Solution {
  const { matrix, x, b, room } = solver;
  const { r, shadow, p, q, t, y, z } = room;
  let iterations = 0;
  wrap(matrix.layout, x);
  for (let restart = 0; restart <= MOST_RESTARTS && iterations < MOST_ITERATIONS; restart++) {
    // A search ended for what it took the residual to be, or broke down: it goes on from the true one.
    flowResidual(matrix, x, b, r);
    if (!(maximum(r) > tolerance)) break;
    shadow.set(r);
    p.set(r);
    let rho = dot(shadow, r);
    for (;;) {
      precondition(solver, p, y);
      multiply(matrix, y, q);
      const alpha = rho / dot(shadow, q);
      if (!Number.isFinite(alpha)) break;
      for (let v = 0; v < r.length; v++) {
        x[v] += alpha * y[v];
        r[v] -= alpha * q[v];
      }
      iterations++;
      if (!(maximum(r) > tolerance)) break;
      precondition(solver, r, z);
      multiply(matrix, z, t);
      const omega = dot(t, r) / dot(t, t);
      if (!(Math.abs(omega) > 0)) break;
      for (let v = 0; v < r.length; v++) {
        x[v] += omega * z[v];
        r[v] -= omega * t[v];
      }
      if (!(maximum(r) > tolerance) || iterations >= MOST_ITERATIONS) break;
      const next = dot(shadow, r);
      if (!(Math.abs(next) > LOST * Math.sqrt(dot(shadow, shadow) * dot(r, r)))) break;
      const beta = (next / rho) * (alpha / omega);
      rho = next;
      for (let v = 0; v < r.length; v++) p[v] = r[v] + beta * (p[v] - omega * q[v]);
    }
    wrap(matrix.layout, x);
  }
  flowResidual(matrix, x, b, r);
  let excess = 0;
  for (let v = 0; v < r.length; v++) if (-r[v] > excess) excess = -r[v];
  return { iterations, largest: maximum(r), excess };
}

/** z ≈ M⁻¹ r, a fixed linear map; the halo of z right. */
function precondition({ hierarchy, closed }: FlowSolver, r: Float64Array, z: Float64Array): void {
  const [fine] = hierarchy.symmetric.levels;
  fine.b.set(r);
  cycleFlow(hierarchy);
  z.set(fine.x);
  for (let i = 0; i < closed.length; i++) z[closed[i]] = 0;
}

/** q = M p, halo 0. */
function multiply(matrix: FlowMatrix, p: Float64Array, q: Float64Array): void {
  q.fill(0);
  flowResidual(matrix, p, q, q);
  for (let v = 0; v < q.length; v++) q[v] = -q[v];
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
