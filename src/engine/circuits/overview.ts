import { reads } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { expressionText } from '../expression/text.ts';
import type { Circuit, Species, Term } from './circuit.ts';
import { type Influence, influencesOn } from './regulation.ts';
import { analyseStructure, type Structure } from './structure.ts';

/** A circuit with all that is known of it without simulating, as plain data: it can be sent to a worker or written as JSON. */
export interface CircuitOverview {
  /** All species; 0 is biomass. */
  readonly species: readonly Species[];
  /** Names of the model's fields; terms and influences index them. */
  readonly fields: readonly string[];
  readonly reactions: readonly ReactionOverview[];
  readonly structure: PlainStructure;
}

export interface ReactionOverview {
  readonly name: string;
  /** As written. */
  readonly equation: string;
  /** Propensity with parameters put in: extents per second, molecules, µm³. */
  readonly rate: string;
  readonly continuous: boolean;
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
  readonly influences: readonly Influence[];
  /** What else the rate reads: `volume`, `time`, `age`, `x`, `y`, `z`. */
  readonly drivers: readonly string[];
  /** It can never happen from the initial amounts. */
  readonly dead: boolean;
}

/** A sum that is kept, or that only sources and sinks change. */
export interface PlainMoiety {
  readonly name: string;
  /** By substance. */
  readonly weights: readonly number[];
}

/** Structure with plain arrays. */
export type PlainStructure = Omit<Structure, 'stoichiometry' | 'conserved' | 'open'> & {
  readonly stoichiometry: readonly (readonly number[])[];
  readonly conserved: readonly (PlainMoiety & { readonly total: number | null })[];
  readonly open: readonly PlainMoiety[];
};

/** `fields` names the fields of the model in its order. */
export function overviewOf(circuit: Circuit, fields: readonly string[] = []): CircuitOverview {
  const structure = analyseStructure(circuit, fields);
  const dead = new Set(structure.deadReactions);
  const nameOf = (variable: Variable): string => nameIn(circuit, fields, variable);
  return {
    species: circuit.species.map(({ name, initial, continuous }) => ({ name, initial, continuous })),
    fields: [...fields],
    reactions: circuit.reactions.map(reaction => ({
      name: reaction.name,
      equation: reaction.equation,
      rate: expressionText(reaction.rate, nameOf),
      continuous: reaction.continuous,
      reactants: reaction.reactants.map(plainTerm),
      products: reaction.products.map(plainTerm),
      influences: influencesOn(circuit, reaction),
      drivers: driversOf(reaction.rate, nameOf),
      dead: dead.has(reaction.name),
    })),
    structure: plain(structure),
  };
}

function plain(structure: Structure): PlainStructure {
  return {
    ...structure,
    stoichiometry: structure.stoichiometry.map(row => [...row]),
    conserved: structure.conserved.map(({ name, weights, total }) => ({
      name,
      weights: [...weights],
      total,
    })),
    open: structure.open.map(({ name, weights }) => ({ name, weights: [...weights] })),
  };
}

function plainTerm({ in: where, index, coefficient, exact }: Term): Term {
  return { in: where, index, coefficient, exact };
}

function driversOf(rate: Expression, nameOf: (variable: Variable) => string): string[] {
  return [...reads(rate).values()]
    .filter(({ of }) => of !== 'species' && of !== 'field')
    .map(nameOf)
    .sort();
}

function nameIn(circuit: Circuit, fields: readonly string[], variable: Variable): string {
  switch (variable.of) {
    case 'species':
      return circuit.species[variable.index].name;
    case 'field':
      return `field.${fields[variable.index] ?? variable.index}`;
    case 'position':
      return 'xyz'[variable.axis];
    default:
      return variable.of;
  }
}
