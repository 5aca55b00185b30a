import { netChange } from '../circuits/circuit.ts';
import { deterministicLimit } from '../circuits/deterministic.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Model } from '../model/model.ts';

/**
 * What each cell takes from a field at the present state, molecules/s, by slot: all reactions that take some, whatever others give
 * back. `sampled` are the concentrations cells see, [slot * fieldCount + f].
 */
export function uptakeByCell(
  { description, population, step }: Model,
  f: number,
  sampled: Float64Array,
): Float64Array {
  const takers = description.cellTypes.map(type => {
    const limit = deterministicLimit(type.written ?? type.circuit);
    return limit.reactions.flatMap(reaction => {
      const change = netChange(reaction, 'field').find(([g]) => g === f)?.[1] ?? 0;
      return change < 0 ? [{ taken: -change, rate: toClosure(reaction.rate) }] : [];
    });
  });
  const taken = new Float64Array(population.count);
  const scope = createScope();
  const surroundings = { population, time: step * description.time.step, sampled };
  for (let slot = 0; slot < population.count; slot++) {
    const type = population.type[slot];
    if (takers[type].length === 0) continue;
    const { dryDensity } = description.cellTypes[type];
    moveScope(scope, surroundings, population.amounts, slot, dryDensity, description.fields.length);
    for (const { taken: each, rate } of takers[type]) {
      const value = each * rate(scope);
      if (Number.isFinite(value)) taken[slot] += value;
    }
  }
  return taken;
}
