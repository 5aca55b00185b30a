import type { CellType, Mechanics, Placement } from '../cells/cellType.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';

/**
 * Everything a scenario says, checked, with every quantity in engine units (µm, s, molecules, fg) and every
 * name resolved to an index. `scenario/` makes it from text; `model/` makes a running state from it.
 */
export interface Description {
  readonly title: string;
  readonly description: string;
  /** As written; turned into root entropy by random/seed.ts. */
  readonly seed: string;
  readonly grid: Grid;
  readonly time: TimeAxis;
  readonly fields: readonly FieldDescription[];
  readonly cellTypes: readonly CellType[];
  readonly population: readonly Placement[];
  /** Null where cells do not push each other. */
  readonly mechanics: Mechanics | null;
  readonly coupling: CouplingChoice;
  readonly balance: BalancePolicy;
}

/** Time is step index × step, never a sum. */
export interface TimeAxis {
  /** s */
  readonly step: number;
  /** Number of steps to the end. */
  readonly steps: number;
  /** Steps between rows of the time series. */
  readonly recordEvery: number;
}

export interface CouplingChoice {
  readonly schedule: 'weak';
  /** `lie` is first order in the window, `strang` second; see coupling/. */
  readonly splitting: 'lie' | 'strang';
  /** How a cell touches the grid: its own voxel, or the 2ᵈ nearest with (bi-, tri-)linear weights. */
  readonly kernel: 'nearest' | 'linear';
}

export interface BalancePolicy {
  /** Largest accepted relative residual. */
  readonly tolerance: number;
  readonly onBreach: 'warn' | 'stop';
}
