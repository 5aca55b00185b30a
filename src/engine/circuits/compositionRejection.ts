import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../model/runLimits.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { failFirings, failTotal, type Kernel } from './window.ts';

/**
 * Exact simulation by composition and rejection (Slepoy, Thompson & Plimpton 2008, doi:10.1063/1.2919546; thinning as in
 * the rejection-based method of Thanh, Priami & Zunino 2014, doi:10.1063/1.4896985). Channels with propensities in
 * [2^g, 2^(g+1)) form group g. Candidates come at the total rate B = Σ_g n_g 2^(g+1) ≥ Σ a; a candidate is a uniform
 * member of a group chosen with weight n_g 2^(g+1) and fires with probability a/2^(g+1) ≥ ½. Thinning a Poisson process
 * of rate B leaves each channel its own rate, so the law is exact, and as B is a sum over a few groups of exact numbers
 * nothing drifts. The cost of a firing does not depend on the number of reactions, only on how many depend on the one
 * that fired.
 *
 * State: members of each group, place of each channel in its group, groups in use.
 */
export function compileCompositionRejection(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const system = createSystem(type, fieldCount, { guarded, generate });
  if (!system) return null;
  const { propensities, reactions, count } = system;
  const dependents = system.network.dependents.map(list => Int32Array.from(list));
  const groups = new PropensityGroups(count);

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    groups.rebuild(propensities);
    let clock = 0;
    let left = mostFirings;
    while (true) {
      const bound = groups.bound;
      if (bound === 0) return true;
      if (!(bound < Number.POSITIVE_INFINITY)) return failTotal(failure, reactions, propensities, slot);
      clock += exponential(streams, stream) / bound;
      if (!(clock < duration)) return true;
      const channel = groups.candidate(streams, stream, propensities);
      if (channel < 0) continue;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      const bad = system.fire(channel);
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      const list = dependents[channel];
      for (let i = 0; i < list.length; i++) groups.update(list[i], propensities[list[i]]);
    }
  };
  return kernelOf(system, advance);
}

/** Exponent of a double as stored, 0 … 2046: 2^(e − 1023) ≤ a < 2^(e − 1022). */
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

function exponentOf(value: number): number {
  bits[0] = value;
  return (words[HIGH_WORD] >>> 20) & 2047;
}

class PropensityGroups {
  /** Σ n_g 2^(g+1). */
  bound = 0;
  private readonly members: number[][] = Array.from({ length: 2048 }, () => []);
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

  rebuild(propensities: Float64Array): void {
    for (let u = 0; u < this.usedCount; u++) {
      this.members[this.used[u]].length = 0;
      this.isUsed[this.used[u]] = 0;
    }
    this.usedCount = 0;
    for (let c = 0; c < propensities.length; c++) {
      this.groupOf[c] = -1;
      if (propensities[c] > 0) this.insert(c, exponentOf(propensities[c]));
    }
    this.refreshBound();
  }

  update(channel: number, propensity: number): void {
    const before = this.groupOf[channel];
    const after = propensity > 0 ? exponentOf(propensity) : -1;
    if (after === before) return;
    if (before >= 0) this.remove(channel, before);
    if (after >= 0) this.insert(channel, after);
    else this.groupOf[channel] = -1;
    this.refreshBound();
  }

  /** A channel that fires, or −1 where the candidate is turned down. */
  candidate(streams: Uint32Array, stream: number, propensities: Float64Array): number {
    const { used, members, ends } = this;
    let target = uniform(streams, stream) * this.bound;
    for (let u = 0; u < this.usedCount; u++) {
      const group = used[u];
      const list = members[group];
      const end = ends[group];
      const weight = list.length * end;
      if (target < weight) {
        // The place within the group: whole part the member, fractional part compared with its propensity.
        const scaled = target / end;
        const index = Math.floor(scaled);
        const channel = list[index];
        return uniform(streams, stream) * end < propensities[channel] ? channel : -1;
      }
      target -= weight;
    }
    // Rounding let the target fall past the last group: no candidate came, which the bound's last bit allows.
    return -1;
  }

  private insert(channel: number, group: number): void {
    const list = this.members[group];
    this.groupOf[channel] = group;
    this.place[channel] = list.length;
    list.push(channel);
    if (this.isUsed[group] === 0) {
      this.isUsed[group] = 1;
      this.used[this.usedCount++] = group;
    }
  }

  private remove(channel: number, group: number): void {
    const list = this.members[group];
    const last = list[list.length - 1];
    list[this.place[channel]] = last;
    this.place[last] = this.place[channel];
    list.length--;
  }

  private refreshBound(): void {
    let bound = 0;
    for (let u = 0; u < this.usedCount; u++) {
      bound += this.members[this.used[u]].length * this.ends[this.used[u]];
    }
    this.bound = bound;
  }
}
