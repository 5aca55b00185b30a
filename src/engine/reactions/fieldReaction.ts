import type { Term } from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';

/** A reaction of fields with one another, in every voxel that no obstacle fills. All its terms are fields. */
export interface FieldReaction {
  readonly name: string;
  /** As the scenario wrote it, for messages. */
  readonly equation: string;
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
  /** Extents per volume and time, molecules/µm³/s; may read fields, position and time, and be negative. */
  readonly rate: Expression;
}

/** Net change of each field per unit of extent: [index, change ≠ 0] in the order of the fields. */
export function changesOf({ reactants, products }: FieldReaction): [field: number, change: number][] {
  const change = new Map<number, number>();
  for (const { index, coefficient } of products) change.set(index, (change.get(index) ?? 0) + coefficient);
  for (const { index, coefficient } of reactants) change.set(index, (change.get(index) ?? 0) - coefficient);
  return [...change].filter(([, amount]) => amount !== 0).sort((a, b) => a[0] - b[0]);
}
