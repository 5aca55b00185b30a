import type { CellType } from '../cells/cellType.ts';
import type { Population } from '../cells/population.ts';
import type { Expression } from '../expression/ast.ts';
import { add, multiply, number } from '../expression/build.ts';
import { cellRate } from './cellRate.ts';
import { netChange } from './circuit.ts';
import { gatedPropensity } from './propensity.ts';
import { uptakeCoefficient } from './uptake.ts';

/**
 * The mean exchange of the cells in cells[0 … count) with the fields at the present state, through every channel that spans
 * them: what they give, given[slot * fieldCount + f] in molecules/s, and what they take per concentration,
 * taken[slot * fieldCount + f] in µm³/s. Both are ≥ 0, so that a prediction can treat taking as a sink in proportion to what
 * is there. No random number is drawn. False where a rate is negative or not finite: the window itself will report it.
 */
export type MeanExchange = (
  population: Population,
  cells: Int32Array,
  count: number,
  time: number,
  sampled: Float64Array,
  given: Float64Array,
  taken: Float64Array,
) => boolean;

export function compileMeanExchange(type: CellType, fieldCount: number, generate: boolean): MeanExchange {
  const compile = (sums: ReadonlyMap<number, Expression>) =>
    [...sums].map(([field, expression]) => ({
      field,
      evaluate: cellRate(type, expression, fieldCount, generate, false),
    }));
  const { giving, taking } = meanExchange(type);
  const [gives, takes] = [compile(giving), compile(taking)];
  return (population, cells, count, time, sampled, given, taken) => {
    const { amounts } = population;
    const valid = (rates: typeof gives, out: Float64Array) =>
      rates.every(
        ({ field, evaluate }) =>
          evaluate(population, amounts, cells, count, time, sampled, out, fieldCount, field) < 0,
      );
    return valid(gives, given) && valid(takes, taken);
  };
}

/** By field: Σ propensity × molecules given, and Σ propensity / c_f × molecules taken. */
export function meanExchange({ circuit }: CellType): {
  giving: ReadonlyMap<number, Expression>;
  taking: ReadonlyMap<number, Expression>;
} {
  const giving = new Map<number, Expression>();
  const taking = new Map<number, Expression>();
  const accumulate = (sums: Map<number, Expression>, field: number, term: Expression) => {
    sums.set(field, add(sums.get(field) ?? number(0), term));
  };
  for (const reaction of circuit.reactions) {
    const propensity = reaction.continuous ? reaction.rate : gatedPropensity(circuit, reaction);
    for (const [field, change] of netChange(reaction, 'field')) {
      if (change > 0) accumulate(giving, field, multiply(number(change), propensity));
      else accumulate(taking, field, multiply(number(-change), uptakeCoefficient(propensity, field)));
    }
  }
  return { giving, taking };
}
