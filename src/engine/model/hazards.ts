import type { PhaseFunctions } from '../cells/cycle.ts';
import type { Population } from '../cells/population.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import type { Description } from '../description/description.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Workspace } from './workspace.ts';

/** Hazard of death (1/s) of the cell in a slot at a time (s). */
export type Hazard = (slot: number, time: number) => number;

/** Expressions over what rates of a cell type can read, as functions of a cell in a slot and a time (s). */
export function cellFunctions(
  description: Description,
  population: Population,
  work: Workspace,
  type: number,
): (expression: Expression) => Hazard {
  const { dryDensity } = description.cellTypes[type];
  const scope = createScope();
  return expression => {
    const value = toClosure(expression);
    return (slot, time) => {
      const surroundings = { population, time, sampled: work.sampled };
      moveScope(scope, surroundings, population.amounts, slot, dryDensity, work.fieldCount);
      return value(scope);
    };
  };
}

/** What ends the phases of the cycle of each cell type; null for types without. */
export function compilePhases(
  description: Description,
  population: Population,
  work: Workspace,
): (readonly PhaseFunctions[] | null)[] {
  return description.cellTypes.map(({ division }, t) => {
    const compile = cellFunctions(description, population, work, t);
    return (
      division?.phases?.map(({ rate, until }) => ({
        rate: rate && compile(rate),
        until: until && compile(until),
      })) ?? null
    );
  });
}

/** The hazard of each cell type as a function of the cell's state and the sampled fields; null for types that do not die. */
export function compileHazards(
  description: Description,
  population: Population,
  work: Workspace,
): (Hazard | null)[] {
  return description.cellTypes.map(
    ({ death }, t) => death && cellFunctions(description, population, work, t)(death.hazard),
  );
}
