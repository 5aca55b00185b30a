import type { SpreadView } from './contract.ts';

/** Bins at most; a power of two. */
const MOST_BINS = 256;

/**
 * How values are spread, in bins whose width doubles whenever they would become too many: the bins at the end depend on the
 * values alone, not on their order. Widths are powers of two times the first, and edges multiples of them.
 */
export class Spread {
  #first = 0;
  #length = 0;
  #width: number;
  #counts: Uint32Array<ArrayBuffer> = new Uint32Array(0);

  constructor(width: number) {
    this.#width = width;
  }

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    let bin = Math.floor(value / this.#width);
    if (this.#length === 0) this.#first = bin;
    let low = Math.min(bin, this.#first);
    let high = Math.max(bin, this.#first + this.#length - 1);
    while (high - low >= MOST_BINS) {
      this.#double();
      bin = Math.floor(value / this.#width);
      low = Math.min(bin, this.#first);
      high = Math.max(bin, this.#first + this.#length - 1);
    }
    if (low < this.#first || high >= this.#first + this.#length) this.#stretch(low, high - low + 1);
    this.#counts[bin - this.#first]++;
  }

  view(): SpreadView {
    return { first: this.#first, width: this.#width, counts: this.#counts.slice(0, this.#length) };
  }

  /** Fourth central moment about a mean, of the bins' lower ends (whole numbers where the width is 1) or middles. */
  fourth(mean: number): number {
    const shift = this.#width === 1 ? 0 : 0.5;
    let [sum, count] = [0, 0];
    for (let i = 0; i < this.#length; i++) {
      sum += this.#counts[i] * ((this.#first + i + shift) * this.#width - mean) ** 4;
      count += this.#counts[i];
    }
    return count > 0 ? sum / count : 0;
  }

  #double(): void {
    this.#width *= 2;
    const first = Math.floor(this.#first / 2);
    const length = this.#length === 0 ? 0 : Math.floor((this.#first + this.#length - 1) / 2) - first + 1;
    const counts = new Uint32Array(MOST_BINS);
    for (let i = 0; i < this.#length; i++)
      counts[Math.floor((this.#first + i) / 2) - first] += this.#counts[i];
    this.#first = first;
    this.#length = length;
    this.#counts = counts;
  }

  #stretch(first: number, length: number): void {
    const counts = new Uint32Array(Math.min(MOST_BINS, 2 ** Math.ceil(Math.log2(length))));
    counts.set(this.#counts.subarray(0, this.#length), this.#length === 0 ? 0 : this.#first - first);
    this.#first = first;
    this.#length = length;
    this.#counts = counts;
  }
}
