import type { Expression } from '../expression/ast.ts';

/**
 * A well-mixed reservoir behind a face of the domain, for one field:
 *
 *     V dC/dt = Q (C_in − C) − λ V C − F,      F = what flows through the face into the domain.
 *
 * The domain stands for `scale` of all that the reservoir touches; V is that share of its volume, so that each molecule that
 * enters the domain leaves it.
 */
export interface Reservoir {
  readonly name: string;
  /** The domain's part of the area that the reservoir exchanges with: area of the face over that area. */
  readonly scale: number;
  /** V, µm³: volume × scale. */
  readonly volume: number;
  /** Q/V: exchange of its content by inflow and outflow, 1/s. */
  readonly exchange: number;
  /** C_in, molecules/µm³; at the start of the run where there is an `expression` of time. */
  readonly influent: number;
  readonly expression?: Expression;
  /** C at the start, molecules/µm³. */
  readonly initial: number;
}
