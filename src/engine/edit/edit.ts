/** A point in the domain, µm; z is ignored in 2-D. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A change that a person makes to a run in progress. Lengths in µm, amounts in molecules. */
export type Edit =
  /** A parameter gets another value, as a scenario writes it: `0.07 /s`. */
  | { readonly kind: 'parameter'; readonly name: string; readonly value: string }
  /**
   * Adds (or with a negative amount removes) molecules of a field within a radius, spread evenly over the voxels whose centres
   * lie there (the nearest voxel where none does). Removal takes at most what each voxel holds.
   */
  | {
      readonly kind: 'paint';
      readonly field: number;
      readonly at: Point;
      readonly radius: number;
      readonly amount: number;
    }
  /** Places newborn cells of a type within a radius, without overlap where there is room. */
  | {
      readonly kind: 'place';
      readonly type: number;
      readonly at: Point;
      readonly radius: number;
      readonly count: number;
    }
  /** Removes cells within a radius, or by id; their contents leave through the cause `user edit`. */
  | { readonly kind: 'kill'; readonly at: Point; readonly radius: number }
  | { readonly kind: 'killCells'; readonly ids: readonly number[] };

/** One entry of a run's event log: with the scenario and the seed it reproduces the run. */
export interface LoggedEdit {
  /** The step after which it was made. */
  readonly step: number;
  readonly time: number;
  readonly edit: Edit;
}

/** An edit that cannot be made; the run is as it was. */
export class EditError extends Error {
  override readonly name = 'EditError';
}
