/**
 * A stroke of a brush as dabs at equal distances along the path, whatever the speed of the pointer and however often its
 * place is reported. Lengths in µm.
 */
export class Stroke {
  readonly #spacing: number;
  #x: number;
  #y: number;
  /** Way gone since the last dab. */
  #gone = 0;

  /** Starts with a dab, which the caller makes. */
  constructor(x: number, y: number, spacing: number) {
    this.#x = x;
    this.#y = y;
    this.#spacing = spacing;
  }

  /** Moves to a point; returns the dabs on the way there. */
  moveTo(x: number, y: number): [x: number, y: number][] {
    const length = Math.hypot(x - this.#x, y - this.#y);
    const dabs: [number, number][] = [];
    let along = this.#spacing - this.#gone;
    for (; along <= length; along += this.#spacing) {
      dabs.push([this.#x + (along / length) * (x - this.#x), this.#y + (along / length) * (y - this.#y)]);
    }
    this.#gone = length - (along - this.#spacing);
    this.#x = x;
    this.#y = y;
    return dabs;
  }
}
