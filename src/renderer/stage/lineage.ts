import type { Frame } from '../../engine/recording/frame.ts';
import { cloneColour, packColour } from '../../picture/colour/palette.ts';
import type { Ancestry } from '../../session/contract.ts';

/** Ids remembered beyond those of the current frame, as a multiple of its cells, before the dead are forgotten. */
const MEMORY = 8;

/**
 * Colours of clones: every descendant of a founder has its founder's hue. A frame names only mothers, so this remembers
 * the clone of every cell seen; daughters whose mother lived and divided between two frames form a clone of their own
 * from there on.
 */
export class Lineage {
  readonly #cloneOf = new Map<number, number>();
  /** Of a recording, which knows all divisions: the clones of all that were ever born. */
  #known = new Map<number, number>();
  #colours = new Map<number, number>();

  clear(): void {
    this.#cloneOf.clear();
    this.#known = new Map();
  }

  /** Takes note of all divisions of a run, so that clones hold wherever one looks first. */
  learn({ mother, first, second }: Ancestry): void {
    const known = this.#known;
    for (let row = 0; row < mother.length; row++) {
      const clone = known.get(mother[row]) ?? mother[row];
      known.set(first[row], clone);
      known.set(second[row], clone);
    }
  }

  /** Takes note of the cells of a frame. */
  observe(frame: Frame): void {
    const clones = this.#cloneOf;
    const { count, id, parent } = frame;
    for (let slot = 0; slot < count; slot++) {
      if (clones.has(id[slot])) continue;
      const mother = parent[slot];
      clones.set(id[slot], mother === 0 ? id[slot] : (clones.get(mother) ?? mother));
      // The mother too, so that a sister seen later joins the same clone.
      if (mother !== 0 && !clones.has(mother)) clones.set(mother, mother);
    }
    if (clones.size > MEMORY * (count + 1000)) this.#forget(frame);
  }

  /** Id of the founder of a cell's clone, as far as it was seen. */
  clone(id: number): number {
    return this.#known.get(id) ?? this.#cloneOf.get(id) ?? id;
  }

  /** Packed colour of a cell's clone. */
  colour(id: number): number {
    const clone = this.clone(id);
    let colour = this.#colours.get(clone);
    if (colour === undefined) {
      if (this.#colours.size > 4096) this.#colours = new Map();
      colour = packColour(cloneColour(clone));
      this.#colours.set(clone, colour);
    }
    return colour;
  }

  #forget({ count, id, parent }: Frame): void {
    const kept = new Map<number, number>();
    for (let slot = 0; slot < count; slot++) {
      kept.set(id[slot], this.clone(id[slot]));
      if (parent[slot] !== 0) kept.set(parent[slot], this.clone(parent[slot]));
    }
    this.#cloneOf.clear();
    for (const [cell, clone] of kept) this.#cloneOf.set(cell, clone);
  }
}
