/** Counts what was drawn in the last second. Times in ms. */
export class FrameRate {
  readonly #times: number[] = [];

  tick(now: number): void {
    this.#times.push(now);
    this.#drop(now);
  }

  /** Frames of the second before this time. */
  at(now: number): number {
    this.#drop(now);
    return this.#times.length;
  }

  #drop(now: number): void {
    let old = 0;
    while (old < this.#times.length && this.#times[old] <= now - 1000) old++;
    if (old > 0) this.#times.splice(0, old);
  }
}
