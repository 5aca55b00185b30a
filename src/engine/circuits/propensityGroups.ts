import { uniform } from '../random/xoshiro.ts';

/** Exponent of a double as stored, 0 … 2046: 2^(e − 1023) ≤ a < 2^(e − 1022). */
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

function exponentOf(value: number): number {
  bits[0] = value;
  return (words[HIGH_WORD] >>> 20) & 2047;
}

const NONE = new Int32Array(0);

/**
 * Channels grouped by the exponent of a weight (Slepoy et al. 2008, doi:10.1063/1.2919546): group g holds weights in [2^g, 2^(g+1)). A
 * candidate is a uniform member of a group chosen with weight n_g 2^(g+1), with a uniform height below 2^(g+1): the
 * candidates below their weight come out in proportion to it.
 */
export class PropensityGroups {
  /** Numbers that change, in an array: as fields each change might put a new one on the heap. */
  private readonly numbers = new Float64Array(2);
  /** Members of each group, members[g][0 … sizes[g]); made when a group is first used. */
  private readonly members: Int32Array[] = Array.from({ length: 2048 }, () => NONE);
  private readonly sizes = new Int32Array(2048);
  private readonly groupOf: Int32Array;
  private readonly place: Int32Array;
  /** Exponents of the groups that were in use since the last rebuild; a group may be empty. */
  private readonly used: Int32Array = new Int32Array(2048);
  private usedCount = 0;
  private readonly isUsed = new Uint8Array(2048);
  /** 2^(e − 1022), the upper end of each group. */
  private readonly ends = Float64Array.from({ length: 2048 }, (_, e) => 2 ** (e - 1022));

  constructor(count: number) {
    this.groupOf = new Int32Array(count).fill(-1);
    this.place = new Int32Array(count);
  }

  /** Σ n_g 2^(g+1), the rate of candidates. */
  get bound(): number {
    return this.numbers[0];
  }

  /** Of the last candidate: uniform in [0, 2^(g+1)). */
  get height(): number {
    return this.numbers[1];
  }

  rebuild(weights: Float64Array): void {
    for (let u = 0; u < this.usedCount; u++) {
      this.sizes[this.used[u]] = 0;
      this.isUsed[this.used[u]] = 0;
    }
    this.usedCount = 0;
    for (let c = 0; c < weights.length; c++) {
      this.groupOf[c] = -1;
      if (weights[c] > 0) this.insert(c, exponentOf(weights[c]));
    }
    this.refreshBound();
  }

  update(channel: number, weight: number): void {
    const before = this.groupOf[channel];
    const after = weight > 0 ? exponentOf(weight) : -1;
    if (after === before) return;
    if (before >= 0) this.remove(channel, before);
    if (after >= 0) this.insert(channel, after);
    else this.groupOf[channel] = -1;
    this.refreshBound();
  }

  /** A channel, with `height`; −1 where none came. */
  candidate(streams: Uint32Array, stream: number): number {
    const { used, members, sizes, ends } = this;
    let target = uniform(streams, stream) * this.numbers[0];
    for (let u = 0; u < this.usedCount; u++) {
      const group = used[u];
      const end = ends[group];
      const weight = sizes[group] * end;
      if (target < weight) {
        this.numbers[1] = uniform(streams, stream) * end;
        return members[group][Math.floor(target / end)];
      }
      target -= weight;
    }
    // Rounding let the target fall past the last group: no candidate came, which the bound's last bit allows.
    return -1;
  }

  private insert(channel: number, group: number): void {
    if (this.members[group] === NONE) this.members[group] = new Int32Array(this.place.length);
    const size = this.sizes[group]++;
    this.groupOf[channel] = group;
    this.place[channel] = size;
    this.members[group][size] = channel;
    if (this.isUsed[group] === 0) {
      this.isUsed[group] = 1;
      this.used[this.usedCount++] = group;
    }
  }

  private remove(channel: number, group: number): void {
    const list = this.members[group];
    const last = list[--this.sizes[group]];
    list[this.place[channel]] = last;
    this.place[last] = this.place[channel];
  }

  private refreshBound(): void {
    let bound = 0;
    for (let u = 0; u < this.usedCount; u++) {
      bound += this.sizes[this.used[u]] * this.ends[this.used[u]];
    }
    this.numbers[0] = bound;
  }
}
