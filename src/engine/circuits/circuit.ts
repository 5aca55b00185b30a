import type { Expression } from '../expression/ast.ts';

/**
 * One substance of a cell type. Index 0 of every circuit is `biomass` (fg, continuous); its volume is
 * biomass / dryDensity. All others are molecules per cell.
 */
export interface Species {
  readonly name: string;
  /** Amount in a newly placed cell: molecules (fg for biomass). */
  readonly initial: number;
  /** Changed by a continuous channel, so real-valued; otherwise a whole number of molecules at all times. */
  readonly continuous: boolean;
  /** Made by the engine, not named by the scenario: what is under way in a delayed reaction (`NAME.pending`). */
  readonly hidden?: boolean;
}

/** A substance on one side of a reaction: in the cell, or in a field (where the cell touches it). */
export interface Term {
  readonly in: 'cell' | 'field';
  /** Index into the circuit's species or into the model's fields. */
  readonly index: number;
  /** Stoichiometric coefficient, molecules (fg for biomass) per unit of extent; > 0. */
  readonly coefficient: number;
  /** The coefficient as an exact fraction `n` or `n/d`, for conservation analysis. */
  readonly exact: string;
}

/**
 * A reaction channel. Its two sides may lie in different compartments; that alone makes it an exchange.
 * `rate` is the propensity in extents per second: whole firings where `continuous` is false.
 */
export interface Reaction {
  readonly name: string;
  /** As the scenario wrote it, for messages. */
  readonly equation: string;
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
  readonly rate: Expression;
  readonly continuous: boolean;
  /** Where firing only begins something: what it makes is `NAME.pending`, and this says when what becomes of it. */
  readonly delay?: Delay;
  /** Fires when a delay or an event says so, never by its rate, which is 0. */
  readonly scheduled?: boolean;
}

/** The time from an event's cause to its effect, s. */
export type DelayLaw =
  | { readonly kind: 'fixed'; readonly time: number }
  /** `cv`: standard deviation / mean. */
  | { readonly kind: 'gamma'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number };

export interface Delay {
  readonly law: DelayLaw;
  /** The scheduled reaction that ends it. */
  readonly completion: number;
  /** The scheduled reaction that ends it where the reactants of the completion are gone by then; −1 where it has none. */
  readonly abandoned: number;
}

/** A change at the moments at which a condition comes true in a cell. */
export interface CellEvent {
  readonly name: string;
  /** Not 0 where it holds. */
  readonly trigger: Expression;
  /** From the trigger to the actions. */
  readonly delay: DelayLaw | null;
  /** What the trigger counts as before the start in a new cell: `true` keeps one that holds from the start from acting. Default false. */
  readonly initially?: boolean;
  /** Whether what waits is carried out whatever becomes of the trigger; `false` calls it off where that no longer holds. Default true. */
  readonly persistent?: boolean;
  /** Of one without delay: values are those at the trigger, before other events of that moment act. Default false. */
  readonly valuesAtTrigger?: boolean;
  readonly actions: readonly Action[];
}

/**
 * What an event does, through a scheduled reaction that names the cause in the books: fires it so many times at once (as many
 * as the reactants there are allow, at most `times`), or gives the species on its right the value of an expression, the extent
 * being the difference. Values that are `alongside` the action before are found together with its value, before either is set.
 */
export type Action =
  | { readonly reaction: number; readonly times: number }
  | {
      readonly reaction: number;
      readonly species: number;
      readonly value: Expression;
      readonly alongside?: boolean;
    };

/** Events of a circuit at most: a bit of a cell's 32-bit word each. */
export const MOST_EVENTS = 32;

/** A reaction that fires when an event says so. */
export function scheduledReaction(
  name: string,
  equation: string,
  reactants: readonly Term[],
  products: readonly Term[],
): Reaction {
  const rate: Expression = { kind: 'number', value: 0 };
  return { name, equation, reactants, products, rate, continuous: false, scheduled: true };
}

/** The reaction network of one cell type. */
export interface Circuit {
  readonly species: readonly Species[];
  readonly reactions: readonly Reaction[];
  /** Of those that have come true at one moment the first acts first; at most MOST_EVENTS. */
  readonly events?: readonly CellEvent[];
}

/** Net change of each cell species per unit of extent: [index, change ≠ 0] in species order. */
export function netChange(
  reaction: Reaction,
  compartment: 'cell' | 'field',
): [index: number, change: number][] {
  const change = new Map<number, number>();
  for (const term of reaction.products) {
    if (term.in === compartment) change.set(term.index, (change.get(term.index) ?? 0) + term.coefficient);
  }
  for (const term of reaction.reactants) {
    if (term.in === compartment) change.set(term.index, (change.get(term.index) ?? 0) - term.coefficient);
  }
  return [...change].filter(([, amount]) => amount !== 0).sort((a, b) => a[0] - b[0]);
}

/**
 * A continuous channel that consumes from a field. It is not integrated with the cell: its linearised rate
 * goes into the field's implicit operator, and what the field lost there is what the cell receives.
 */
export function isUptake(reaction: Reaction): boolean {
  return reaction.continuous && netChange(reaction, 'field').some(([, change]) => change < 0);
}
