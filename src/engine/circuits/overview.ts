import { reads } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { expressionText } from '../expression/text.ts';
import type { Circuit, DelayLaw, Species, Term } from './circuit.ts';
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
  /** What makes it fire where that is not its rate. */
  readonly cause: ScheduledCause | null;
}

/** The end of a delayed reaction, or a step of an event. */
export type ScheduledCause =
  | {
      readonly kind: 'delay';
      /** Index of the reaction that began it. */
      readonly begunBy: number;
      /** How long it takes, in words. */
      readonly time: string;
    }
  | {
      readonly kind: 'event';
      readonly event: string;
      /** The condition, as text. */
      readonly when: string;
      /** From the condition to the change, in words. */
      readonly time: string | null;
    };

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
    species: circuit.species.map(({ name, initial, continuous, hidden }) => ({
      name,
      initial,
      continuous,
      ...(hidden && { hidden }),
    })),
    fields: [...fields],
    reactions: circuit.reactions.map((reaction, r) => ({
      name: reaction.name,
      equation: reaction.equation,
      rate: expressionText(reaction.rate, nameOf),
      continuous: reaction.continuous,
      reactants: reaction.reactants.map(plainTerm),
      products: reaction.products.map(plainTerm),
      influences: influencesOn(circuit, reaction, triggerOf(circuit, r)),
      drivers: driversOf(reaction.rate, nameOf),
      dead: dead.has(reaction.name),
      cause: causeOf(circuit, r, nameOf),
    })),
    structure: plain(structure),
  };
}

/** The condition of the event that a reaction is a step of. */
function triggerOf({ events = [] }: Circuit, reaction: number): Expression | undefined {
  return events.find(({ actions }) => actions.some(action => action.reaction === reaction))?.trigger;
}

function causeOf(
  { reactions, events = [] }: Circuit,
  reaction: number,
  nameOf: (variable: Variable) => string,
): ScheduledCause | null {
  for (const { name, trigger, delay, actions } of events) {
    if (!actions.some(action => action.reaction === reaction)) continue;
    const when = expressionText(trigger, nameOf);
    return { kind: 'event', event: name, when, time: delay && delayText(delay) };
  }
  for (const [begunBy, { delay }] of reactions.entries()) {
    if (delay?.completion === reaction || delay?.abandoned === reaction) {
      return { kind: 'delay', begunBy, time: delayText(delay.law) };
    }
  }
  return null;
}

function delayText(law: DelayLaw): string {
  const seconds = (time: number): string => `${Number(time.toPrecision(4))} s`;
  switch (law.kind) {
    case 'fixed':
      return seconds(law.time);
    case 'gamma':
      return `${seconds(law.mean)} on average (cv ${Number(law.cv.toPrecision(4))})`;
    case 'uniform':
      return `${seconds(law.from)} to ${seconds(law.to)}`;
  }
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
