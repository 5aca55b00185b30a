import { elapsedShare } from '../cells/life.ts';
import type { Population } from '../cells/population.ts';
import type { Scope } from '../expression/scope.ts';

/** What rates see besides the population: the time (s) and the sampled concentrations [slot * columns + f], default fieldCount. */
export interface Surroundings {
  readonly population: Population;
  readonly time: number;
  readonly sampled: Float64Array;
  readonly columns?: number | undefined;
}

/** Points a scope at the cell in `slot`, with its amounts in `amounts`, laid out as the population's and read in place. */
export function moveScope(
  scope: Scope,
  { population, time, sampled, columns }: Surroundings,
  amounts: Float64Array,
  slot: number,
  dryDensity: number,
  fieldCount: number,
): void {
  scope.amounts = amounts;
  scope.speciesOffset = slot * population.stride;
  scope.fields = sampled;
  scope.fieldOffset = slot * (columns ?? fieldCount);
  scope.volume = amounts[scope.speciesOffset] / dryDensity;
  scope.time = time;
  scope.age = time - population.birthTime[slot];
  scope.birthVolume = population.birthVolume[slot];
  scope.divisionVolume = population.divisionVolume[slot];
  const { life } = population;
  if (life) {
    scope.stage = life.stage[slot];
    scope.elapsed = elapsedShare(life, slot, time);
    scope.quiescent = life.quiescent[slot];
  }
  scope.pressure = population.pressure ? population.pressure[slot] : 0;
  scope.position[0] = population.x[slot];
  scope.position[1] = population.y[slot];
  scope.position[2] = population.z[slot];
}
