import type { Description } from '../description/description.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { estimatedMemory, LIMITS } from '../scenario/limits.ts';

/** Cells that a run may hold: the limit above, or what LIMITS.memory leaves room for beside the fields. */
export function mostCells({ grid, fields, cellTypes }: Description): number {
  const species = cellTypes.reduce((most, { circuit }) => Math.max(most, circuit.species.length), 0);
  const room = LIMITS.memory - estimatedMemory(grid.voxels, fields.length, 0, 0);
  return Math.min(RUN_LIMITS.cells, Math.floor(room / estimatedMemory(0, 0, 1, species)));
}
