import type { Events } from './events.ts';

/** What is known of a cell's life from the events. */
export interface Life {
  /** s; −∞ for a founder or a cell that was placed. */
  readonly born: number;
  /** s; +∞ where it neither divided nor died. */
  readonly ended: number;
  /** Both daughters where it divided. */
  readonly daughters: readonly number[];
  /** The mother; 0 where there is none in the events. */
  readonly mother: number;
}

/** The lives of all cells of a recording, by id. */
export class Lives {
  /** Rows of the divisions by which cells began and ended, and of their deaths. */
  readonly #birth = new Map<number, number>();
  readonly #division = new Map<number, number>();
  readonly #death = new Map<number, number>();
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
    const { divisions, deaths } = events;
    divisions.mother.forEach((mother, row) => {
      this.#division.set(mother, row);
      this.#birth.set(divisions.first[row], row);
      this.#birth.set(divisions.second[row], row);
    });
    deaths.cell.forEach((cell, row) => {
      this.#death.set(cell, row);
    });
  }

  of(id: number): Life {
    const { divisions, deaths } = this.#events;
    const birth = this.#birth.get(id);
    const division = this.#division.get(id);
    const death = this.#death.get(id);
    const ends = [
      division === undefined ? Number.POSITIVE_INFINITY : divisions.time[division],
      death === undefined ? Number.POSITIVE_INFINITY : deaths.time[death],
    ];
    return {
      born: birth === undefined ? Number.NEGATIVE_INFINITY : divisions.time[birth],
      ended: Math.min(...ends),
      daughters: division === undefined ? [] : [divisions.first[division], divisions.second[division]],
      mother: birth === undefined ? 0 : divisions.mother[birth],
    };
  }
}
