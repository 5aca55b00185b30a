import type { CloneColours } from './cellColours.ts';
import { cloneColour, packColour } from './colour/palette.ts';

/** Colours of clones from all divisions of a run: every descendant of a founder has its founder's hue. */
export class Clones implements CloneColours {
  readonly #founder = new Map<number, number>();
  readonly #colours = new Map<number, number>();

  /** In the order in which they happened. */
  divide(mother: number, first: number, second: number): void {
    const founder = this.#founder.get(mother) ?? mother;
    this.#founder.set(first, founder);
    this.#founder.set(second, founder);
  }

  founder(id: number): number {
    return this.#founder.get(id) ?? id;
  }

  colour(id: number): number {
    const founder = this.founder(id);
    let colour = this.#colours.get(founder);
    if (colour === undefined) {
      colour = packColour(cloneColour(founder));
      this.#colours.set(founder, colour);
    }
    return colour;
  }
}
