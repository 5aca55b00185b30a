import type { Population } from './population.ts';

/** What an `advance` did; the same object each time. */
export interface MechanicsReport {
  /** Force evaluations, and moves but for the last where nothing touches. */
  substeps: number;
  /** Deepest overlap of two cells (µm) when forces were last evaluated: before the last move. */
  maxOverlap: number;
}

/** Why the cells could not be moved to the end of an `advance`, and the number that is above its limit. */
export interface MechanicsFault {
  /**
   * `stiff`: more substeps would be needed than are allowed; `busy`: more pairs of cells would have to be looked at;
   * `crowded`: a cell overlaps more others, on average.
   */
  readonly reason: 'stiff' | 'busy' | 'crowded';
  /** As far as it is known. */
  readonly needed: number;
}

export interface ContactMechanics {
  /** Of the last `advance`. */
  readonly fault: MechanicsFault | null;
  /** Pressure on each cell, by slot, when forces were last evaluated (pressure.ts); not for discs moved explicitly. */
  readonly pressure?: Float64Array;
  /** Moves the cells for `duration` seconds; radii are those of the population. */
  advance(population: Population, duration: number): MechanicsReport;
  /** The deepest overlap of two cells as they lie now, µm. Centres must lie in the domain, as `advance` leaves them. */
  maxOverlap(population: Population): number;
  /** Bytes of scratch memory held. */
  bytes(): number;
}
