import type { Expression } from '../expression/ast.ts';
import type { Face } from '../fields/field.ts';

/** How cells leave the domain from a film: by the cluster, and one by one from its surface. */
export interface Detachment {
  /** What holds the film: faces, and obstacles where `obstacles`. */
  readonly faces: readonly Face[];
  readonly obstacles: boolean;
  /** Largest gap at which two surfaces hold together, µm. */
  readonly range: number;
  /** Steps between two turns. */
  readonly every: number;
  /** Whether clusters that nothing holds leave. */
  readonly sloughing: boolean;
  /** Rate (1/s) at which cells at the surface leave, of the position; null where none do. */
  readonly erosion: Expression | null;
}

/** Names of the causes, which the books keep for every substance of the cells. */
export const DETACHMENT_CAUSES = ['cluster sloughing', 'surface erosion'] as const;
