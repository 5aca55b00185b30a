import type { ScenarioView } from '../engine/description/view.ts';

/** What a picture needs to know of a scenario. */
export interface Subject {
  readonly view: ScenarioView;
  readonly grid: {
    readonly dimensions: 2 | 3;
    readonly cells: readonly [nx: number, ny: number, nz: number];
    /** µm */
    readonly size: readonly [number, number, number];
    readonly spacing: readonly [number, number, number];
  };
  /** Length of a step, s. */
  readonly step: number;
  readonly fields: readonly { readonly name: string }[];
  readonly cellTypes: readonly {
    readonly name: string;
    /** Species 0 is biomass (fg). */
    readonly species: readonly { readonly name: string }[];
    readonly divides: boolean;
  }[];
}
