import { bounds, point, usualRange } from '../expression/interval.ts';
import type { Circuit } from './circuit.ts';

/**
 * What can ever happen from the initial amounts: a species can be present if there is some of it at the start or a live reaction
 * makes it; a reaction is live if its reactants can be present in the numbers it needs and its rate is not 0 by interval
 * arithmetic with the absent species at 0. The least fixed point of both. `most` bounds a species by conservation. Fields
 * count as present. A reaction that is listed cannot happen; one that is not listed may still never do so.
 */
export function reachable(
  circuit: Circuit,
  most: (species: number) => number,
): { readonly deadReactions: readonly number[]; readonly absentSpecies: readonly number[] } {
  const { species, reactions } = circuit;
  const present = species.map(({ initial }) => initial > 0);
  const live = reactions.map(() => false);
  for (let changed = true; changed; ) {
    changed = false;
    reactions.forEach(({ reactants, products, rate, continuous, scheduled = false }, r) => {
      if (live[r]) return;
      const needed = new Map<number, number>();
      for (const { in: where, index, coefficient } of reactants) {
        if (where === 'cell') needed.set(index, (needed.get(index) ?? 0) + coefficient);
      }
      const has = [...needed].every(
        ([index, count]) => present[index] && (continuous || most(index) >= count),
      );
      if (!has) return;
      const { low, high, wild } = bounds(rate, variable =>
        variable.of === 'species' && !present[variable.index] ? point(0) : usualRange(variable),
      );
      // A scheduled reaction does not wait for its rate.
      if (!scheduled && !wild && low === 0 && high === 0) return;
      live[r] = true;
      changed = true;
      for (const term of products) if (term.in === 'cell') present[term.index] = true;
    });
  }
  return {
    deadReactions: reactions.flatMap((_, r) => (live[r] ? [] : [r])),
    absentSpecies: species.flatMap((_, s) => (present[s] || s === 0 ? [] : [s])),
  };
}
