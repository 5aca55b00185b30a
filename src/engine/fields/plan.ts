import type { AxisOperator } from './axisOperator.ts';
import type { Grid } from './grid.ts';
import type { Stack, Workspace } from './workspace.ts';

/**
 * One factorised solve, a sweep of tridiagonal systems per axis, for the potentials P_m. The first right-hand side is
 *
 *     p · start + q · explicit + Σ_{m ≠ x} w_m + a S,      w_m = a (A_m v + b_m),   v = explicit,
 *
 * and that of a later axis m is P_{m−1} − w_m.
 */
export interface Sweep {
  readonly grid: Grid;
  readonly workspace: Workspace;
  readonly stacks: readonly [Stack, Stack];
  readonly operators: readonly AxisOperator[];
  /** The part of the window that the sweeps are implicit over, s. */
  readonly a: number;
  /** a / n: half · κ is the uptake's share of a diagonal. */
  readonly half: number;
  /** κ, 1/s per voxel; null where cells take nothing. The workspace holds the factors for this κ and a. */
  readonly uptake: Float64Array | null;
  /** Whether the factors of the last axis are yet to be formed for this κ and a. */
  readonly fresh: boolean;
  /** What the explicit shares are formed from; null leaves them out (LOD). */
  readonly explicit: Float64Array | null;
  readonly p: number;
  readonly start: Float64Array;
  readonly q: number;
  /** S, molecules/µm³/s. */
  readonly source: Float64Array | null;
}

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
