import { reads, vanishesAt, variableKey } from '../expression/algebra.ts';
import { type Circuit, netChange, type Reaction } from './circuit.ts';
import { mayBeInvalid, mayBeNegative } from './propensity.ts';

/** What is probably a mistake in a circuit that can be run. `dead`: reactions that cannot happen, about which nothing is said. */
export function circuitWarnings(circuit: Circuit, dead: ReadonlySet<number>): string[] {
  const live = circuit.reactions.filter((_, r) => !dead.has(r));
  return [...growingSpecies(circuit, live), ...live.flatMap(reaction => rateWarnings(circuit, reaction))];
}

function growingSpecies({ species }: Circuit, live: readonly Reaction[]): string[] {
  const made = new Set<number>();
  const used = new Set<number>();
  for (const reaction of live) {
    for (const [index, change] of netChange(reaction, 'cell')) (change > 0 ? made : used).add(index);
  }
  return species.flatMap(({ name }, index) =>
    index > 0 && made.has(index) && !used.has(index) ? [`${name} only grows: no reaction takes it`] : [],
  );
}

function rateWarnings(circuit: Circuit, reaction: Reaction): string[] {
  const { name, rate, reactants, continuous } = reaction;
  const warnings: string[] = [];
  if (mayBeNegative(circuit, rate)) warnings.push(`${name}: the rate may be negative`);
  else if (mayBeInvalid(circuit, rate)) warnings.push(`${name}: the rate may be infinite or undefined`);
  if (continuous) return warnings;

  const needed = new Map<number, number>();
  for (const { in: where, index, coefficient } of reactants) {
    if (where === 'cell') needed.set(index, (needed.get(index) ?? 0) + coefficient);
  }
  const read = reads(rate);
  for (const [index, count] of needed) {
    const variable = { of: 'species', index } as const;
    const species = circuit.species[index].name;
    if (!read.has(variableKey(variable))) {
      warnings.push(
        `${name}: the rate does not depend on ${species}, which it takes; below ${count} it is 0`,
      );
    } else if (!circuit.species[index].continuous && !vanishesAt(rate, variable, count - 1)) {
      const few = count === 1 ? 'none' : `${count - 1}`;
      warnings.push(
        `${name}: it takes ${count} ${species}, but the rate is not 0 where there is ${few}; there it is held at 0`,
      );
    }
  }
  // In mass action, order n goes with V^(1−n); in a cell that grows, leaving V out changes the kinetics.
  const order = [...needed.values()].reduce((sum, count) => sum + count, 0);
  const grows = circuit.reactions.some(other =>
    netChange(other, 'cell').some(([index, n]) => index === 0 && n > 0),
  );
  if (grows && order >= 2 && !read.has('volume')) {
    warnings.push(
      `${name}: ${order} molecules meet, but the rate does not depend on the volume of the growing cell (unit?)`,
    );
  }
  return warnings;
}
