import { evaluate } from '../expression/evaluate.ts';
import type { Description } from './description.ts';

/** Concentration of each field in the middle of the domain at the start, molecules/µm³: what a circuit without space is given. */
export function concentrationsAtMiddle({ fields, grid }: Description): number[] {
  const [x, y, z] = grid.size;
  return fields.map(({ initial }) => evaluate(initial, { position: [x / 2, y / 2, z / 2] }));
}
