/**
 * How a scenario asks to be looked at first. A wish for those who draw it: it is no part of the description, and no run
 * depends on it. What the scenario does not say is null.
 */
export interface ScenarioView {
  /** Indices of the fields drawn, at most three; empty for none. */
  readonly fields: readonly number[] | null;
  readonly cells: ViewColouring | null;
  /** Plane shown of a 3-D domain: index along z. */
  readonly slice: number | null;
}

/** What the colour of a cell says. */
export type ViewColouring =
  | { readonly by: 'type' | 'lineage' | 'age' | 'growth' | 'phase' }
  | {
      readonly by: 'species';
      /** Indices of the cell type and of its species (0 is biomass). */
      readonly type: number;
      readonly species: number;
      readonly as: 'amount' | 'concentration';
    };
