import type { Expression } from '../expression/ast.ts';

/**
 * A well-mixed reservoir behind a face of the domain, for one field:
 *
 *     d(V C)/dt = Q_in C_in − Q_out C − λ V C − F,      F = what flows through the face into the domain.
 *
 * The domain stands for `scale` of all that the reservoir touches; V is that share of its volume, so that each molecule that
 * enters the domain leaves it.
 */
export interface Reservoir {
  readonly name: string;
  /** The domain's part of the area that the reservoir exchanges with: area of the face over that area. */
  readonly scale: number;
  /** V at the start of the run, µm³: volume × scale. */
  readonly volume: number;
  /** Q_in and Q_out, µm³/s: that share of them. V grows by their difference less what the flow draws. */
  readonly inflow: number;
  readonly outflow: number;
  /** What the flow through the domain takes on balance, µm³/s; none where it is left out. */
  readonly drawn?: number;
  /** C_in, molecules/µm³; at the start of the run where there is an `expression` of time. */
  readonly influent: number;
  readonly expression?: Expression;
  /** C at the start, molecules/µm³. */
  readonly initial: number;
}

/** V at a time (s) of the run, µm³. */
export function volumeAt({ volume, inflow, outflow, drawn = 0 }: Reservoir, time: number): number {
  const growth = inflow - outflow - drawn;
  // Where the outflow is what the flow leaves of the inflow, its rounding is no growth.
  return Math.abs(growth) <= 1e-12 * (inflow + outflow) ? volume : volume + growth * time;
}
