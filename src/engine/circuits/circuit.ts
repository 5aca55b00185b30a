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
}

/** The reaction network of one cell type. */
export interface Circuit {
  readonly species: readonly Species[];
  readonly reactions: readonly Reaction[];
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
