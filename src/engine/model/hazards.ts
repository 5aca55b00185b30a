import type { Population } from '../cells/population.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import type { Description } from '../description/description.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Workspace } from './workspace.ts';

/** Hazard of death (1/s) of the cell in a slot at a time (s). */
export type Hazard = (slot: number, time: number) => number;

/** The hazard of each cell type as a function of the cell's state and the sampled fields; null for types that do not die. */
export function compileHazards(
  description: Description,
  population: Population,
  work: Workspace,
): (Hazard | null)[] {
  return description.cellTypes.map(({ death, dryDensity }) => {
    if (!death) return null;
    const rate = toClosure(death.hazard);
    const scope = createScope();
    return (slot, time) => {
      const surroundings = { population, time, sampled: work.sampled };
      moveScope(scope, surroundings, population.amounts, slot, dryDensity, work.fieldCount);
      return rate(scope);
    };
  });
}
