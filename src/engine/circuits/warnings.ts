import { reads, vanishesAt, variableKey } from '../expression/algebra.ts';
import { type Signomial, toRational } from '../expression/signomial.ts';
import { type Circuit, netChange, type Reaction } from './circuit.ts';
import { mayBeInvalid, mayBeNegative } from './propensity.ts';

/** What is probably a mistake in a circuit that can be run. `dead`: reactions that cannot happen, about which nothing is said. */
export function circuitWarnings(circuit: Circuit, dead: ReadonlySet<number>): string[] {
  const live = circuit.reactions.filter((_, r) => !dead.has(r));
  // What is made in a cell that grows is thinned out as it divides.
  const grows = circuit.reactions.some(reaction =>
    netChange(reaction, 'cell').some(([index, change]) => index === 0 && change > 0),
  );
  return [
    ...(grows ? [] : growingSpecies(circuit, live)),
    ...live.flatMap(reaction => [
      ...rateWarnings(circuit, reaction),
      ...(grows ? sizeWarnings(circuit, reaction) : []),
    ]),
  ];
}

/** What events make or set is not counted: they happen now and then, and a value may be lower. */
function growingSpecies({ species, reactions, events = [] }: Circuit, live: readonly Reaction[]): string[] {
  const ofEvents = new Set(
    events.flatMap(({ actions }) => actions.map(({ reaction }) => reactions[reaction])),
  );
  const made = new Set<number>();
  const used = new Set<number>();
  for (const reaction of live) {
    for (const [index, change] of netChange(reaction, 'cell')) {
      if (change < 0 || ofEvents.has(reaction)) used.add(index);
      else made.add(index);
    }
  }
  return species.flatMap(({ name }, index) =>
    index > 0 && made.has(index) && !used.has(index) ? [`${name} only grows: no reaction takes it`] : [],
  );
}

function rateWarnings(circuit: Circuit, reaction: Reaction): string[] {
  const { name, rate, reactants, continuous } = reaction;
  const warnings: string[] = [];
  if (reaction.scheduled) return warnings;
  if (mayBeNegative(circuit, rate)) warnings.push(`${name}: the rate may be negative`);
  else if (mayBeInvalid(circuit, rate)) warnings.push(`${name}: the rate may be infinite or undefined`);
  if (continuous) return warnings;

  const needed = new Map<number, number>();
  for (const { in: where, index, coefficient } of reactants) {
    if (where === 'cell') needed.set(index, (needed.get(index) ?? 0) + coefficient);
  }
  const taken = new Set(
    netChange(reaction, 'cell').flatMap(([index, change]) => (change < 0 ? [index] : [])),
  );
  const read = reads(rate);
  for (const [index, count] of needed) {
    const variable = { of: 'species', index } as const;
    const species = circuit.species[index].name;
    if (!read.has(variableKey(variable))) {
      warnings.push(
        `${name}: the rate does not depend on ${species}, which it ${taken.has(index) ? 'takes' : 'needs'}; below ${count} it is 0`,
      );
    } else if (!circuit.species[index].continuous && !vanishesAt(rate, variable, count - 1)) {
      const few = count === 1 ? 'none' : `${count - 1}`;
      warnings.push(
        `${name}: it takes ${count} ${species}, but the rate is not 0 where there is ${few}; there it is held at 0`,
      );
    }
  }
  return warnings;
}

/**
 * Of a cell that grows: at the same concentrations, twice the cell has twice the reactions, so that mass action of order n goes
 * with V^(1−n). A rate that is a product of amounts and volume, and goes with another whole power of the size, has
 * probably a constant in another unit.
 */
function sizeWarnings(circuit: Circuit, { name, rate, reactants, continuous }: Reaction): string[] {
  const order = reactants.reduce((sum, term) => (term.in === 'cell' ? sum + term.coefficient : sum), 0);
  if (continuous || order === 0) return [];
  if (!reads(rate).has('volume')) {
    return order >= 2
      ? [
          `${name}: ${order} molecules meet, but the rate does not depend on the volume of the growing cell (unit?)`,
        ]
      : [];
  }
  const form = toRational(rate, { of: 'volume' });
  if (form?.below.size !== 1) return [];
  const isSize = (key: string): boolean => {
    const [of, index] = key.split(' ');
    return of === 'volume' || (of === 'species' && !circuit.species[Number(index)].continuous);
  };
  // Corrections such as x (x − 1) are of lower degree.
  const degree = degreeOf(form.above, isSize) - degreeOf(form.below, isSize);
  if (Math.abs(degree - 1) < 1 - 1e-9) return [];
  const power = Number(degree.toPrecision(3));
  return [
    `${name}: the rate goes with the size of the growing cell to the power ${power}, mass action to the power 1 (unit?)`,
  ];
}

/** The highest degree of a term, counting powers of some variables. */
function degreeOf(terms: Signomial, counts: (key: string) => boolean): number {
  return Math.max(
    ...[...terms.values()].map(({ powers }) =>
      [...powers].reduce((sum, [key, power]) => (counts(key) ? sum + power : sum), 0),
    ),
  );
}
