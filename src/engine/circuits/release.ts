import type { CellType } from '../cells/cellType.ts';
import type { Population } from '../cells/population.ts';
import type { Expression } from '../expression/ast.ts';
import { add, multiply, number } from '../expression/build.ts';
import { cellRate } from './cellRate.ts';
import { isUptake, netChange } from './circuit.ts';
import { gatedPropensity } from './propensity.ts';

/**
 * Mean rate (molecules/s; negative where cells take) at which the cells in cells[0 … count) give to each field at the
 * present state, through every field-spanning channel that is not an uptake: Σ propensity × stoichiometry. Written to
 * out[slot * fieldCount + f] for the fields concerned. A prediction only: no random number is drawn; a rate that is not
 * finite is left for the window itself to report.
 */
export type ReleaseRates = (
  population: Population,
  cells: Int32Array,
  count: number,
  time: number,
  sampled: Float64Array,
  out: Float64Array,
) => void;

export function compileReleaseRates(type: CellType, fieldCount: number, generate: boolean): ReleaseRates {
  const rates = [...releaseExpressions(type)].map(([field, expression]) => ({
    field,
    evaluate: cellRate(type, expression, fieldCount, generate, true),
  }));
  return (population, cells, count, time, sampled, out) => {
    for (const { field, evaluate } of rates) {
      evaluate(population, population.amounts, cells, count, time, sampled, out, fieldCount, field);
    }
  };
}

/** By field: Σ propensity × net change. */
export function releaseExpressions({ circuit }: CellType): Map<number, Expression> {
  const sums = new Map<number, Expression>();
  for (const reaction of circuit.reactions) {
    if (isUptake(reaction)) continue;
    for (const [field, change] of netChange(reaction, 'field')) {
      const propensity = reaction.continuous ? reaction.rate : gatedPropensity(circuit, reaction);
      sums.set(field, add(sums.get(field) ?? number(0), multiply(number(change), propensity)));
    }
  }
  return sums;
}
