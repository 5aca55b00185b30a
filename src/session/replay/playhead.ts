import type { Playback } from '../contract.ts';

/**
 * Where playing a recording has got to: a frame index that goes at a rate since a moment. Frames that a slow reader misses are
 * passed over, so that the rate holds.
 */
export class Playhead {
  /** Where it began to move, in frames, and when, ms. */
  #from = 0;
  #since = 0;
  #rate = 0;
  #first = 0;
  #last = 0;
  #loops = false;

  /** Moves on from a frame. `first` and `last` bound the stretch that is played. */
  start(from: number, now: number, playback: Playback, first: number, last: number): void {
    this.#rate = playback.framesPerSecond;
    this.#first = first;
    this.#last = last;
    this.#loops = playback.loop !== null;
    this.#since = now;
    const isOutside = from < first || from > last;
    // At the end of what is played it begins again.
    const isAtEnd = this.#rate >= 0 ? from >= last : from <= first;
    this.#from = isOutside || isAtEnd ? (this.#rate >= 0 ? first : last) : from;
  }

  /** The frame to be seen at `now`, and whether the end is reached. */
  at(now: number): { readonly frame: number; readonly ended: boolean } {
    const moved = this.#from + (this.#rate * (now - this.#since)) / 1000;
    const length = this.#last - this.#first + 1;
    if (this.#loops) {
      const inside = (((moved - this.#first) % length) + length) % length;
      return { frame: this.#first + Math.min(length - 1, Math.floor(inside)), ended: false };
    }
    const frame = this.#rate >= 0 ? Math.floor(moved) : Math.ceil(moved);
    const bounded = Math.min(this.#last, Math.max(this.#first, frame));
    return { frame: bounded, ended: this.#rate >= 0 ? bounded >= this.#last : bounded <= this.#first };
  }

  /** Milliseconds until another frame is due, at least a display's refresh. */
  get interval(): number {
    return Math.max(1000 / 60, 1000 / Math.abs(this.#rate || 1));
  }
}
