import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { type Channel, type Factor, stochasticNetwork } from './network.ts';
import { createSystem, failPropensity, type ReactionSystem, type Voxel } from './reactionSystem.ts';
import { type CircuitWindow, type Failure, failRate } from './window.ts';

/**
 * The stochastic channels of all cells of one voxel as one well-mixed network, exactly: the direct method (Gillespie 1977,
 * doi:10.1021/j100540a008) over cells and channels, on the voxel's content in whole firings. A channel that takes n molecules of a
 * field needs n there; all rates that read a concentration follow every firing that changes it, in whichever cell.
 *
 * Most rates that take from a field are in proportion to it: these are summed without that factor, which all cells share, so that a
 * firing elsewhere does not touch them (network.ts, `factor`). Only other rates that read a field are evaluated anew.
 *
 * Each cell has a reaction system of its own, kept from voxel to voxel. Sums are added from their members again, never carried
 * along: what a firing leaves alone is the part of each other cell's sum that reads no field.
 */
export interface VoxelFirings {
  /**
   * Advances the cells in slots[from … to), of types population.type, by `duration` (s) with voxel.contents; windows by type.
   * Random numbers are those of the stream in slot `stream`. False on failure.
   */
  advance(
    windows: readonly CircuitWindow[],
    slots: Int32Array,
    from: number,
    to: number,
    duration: number,
    stream: number,
    failure: Failure,
  ): boolean;
}

/** A cell at work. */
interface Member {
  readonly system: ReactionSystem;
  /** Channels whose rate does not depend on the voxel's content, and those whose does, but not in proportion. */
  readonly inner: Int32Array;
  readonly outer: Int32Array;
  /** By factor: channels in proportion to it, and their sum without it. */
  readonly shared: readonly Int32Array[];
  readonly sharedSums: Float64Array;
  /** By channel: whether it changes the voxel's content. */
  readonly crosses: Uint8Array;
  slot: number;
  innerSum: number;
  outerSum: number;
}

/** Null where no type has a stochastic channel. */
export function createVoxelFirings(
  types: readonly (CellType | null)[],
  fieldCount: number,
  voxel: Voxel,
  generate: boolean,
): VoxelFirings | null {
  const hasChannels = types.map(type => type?.circuit.reactions.some(r => !r.continuous) ?? false);
  if (!hasChannels.includes(true)) return null;
  const pools: Member[][] = types.map(() => []);
  const members: Member[] = [];
  /** Total rate of each member. */
  let rates = new Float64Array(0);
  const factors = factorsOf(types);
  const factorCount = factors.length;
  const values = new Float64Array(factorCount);
  const { contents, volume } = voxel;

  function evaluateFactors(): void {
    for (let k = 0; k < factorCount; k++) {
      const { field, needed } = factors[k];
      values[k] = contents[field] >= needed ? contents[field] / volume : 0;
    }
  }

  function rateOf({ innerSum, outerSum, sharedSums }: Member): number {
    let sum = innerSum + outerSum;
    for (let k = 0; k < factorCount; k++) sum += sharedSums[k] * values[k];
    return sum;
  }

  /** The channel in which `target` falls; −1 past the last. A channel of rate 0 cannot be met. */
  function select(
    { system, inner, outer, shared, innerSum, outerSum, sharedSums }: Member,
    target: number,
  ): number {
    const { propensities } = system;
    if (target < innerSum) return selectIn(propensities, inner, target);
    let left = target - innerSum;
    if (left < outerSum) return selectIn(propensities, outer, left);
    left -= outerSum;
    for (let k = 0; k < factorCount; k++) {
      const own = sharedSums[k] * values[k];
      if (left < own) return selectIn(propensities, shared[k], left / values[k]);
      left -= own;
    }
    return -1;
  }

  function memberOf(t: number, index: number): Member {
    const type = types[t];
    if (index === pools[t].length && type)
      pools[t].push(createMember(type, fieldCount, voxel, factors, generate));
    return pools[t][index];
  }

  /** Enters the cells that have channels; how many they are, or −1 on failure. */
  function enter(
    windows: readonly CircuitWindow[],
    slots: Int32Array,
    from: number,
    to: number,
    failure: Failure,
  ): number {
    const used = new Int32Array(types.length);
    let count = 0;
    for (let n = from; n < to; n++) {
      const slot = slots[n];
      const t = windows[0].population.type[slot];
      if (!hasChannels[t]) continue;
      const member = memberOf(t, used[t]++);
      members[count++] = member;
      member.slot = slot;
      const { system } = member;
      system.enter(windows[t], slot);
      const bad = system.evaluate();
      if (bad >= 0) {
        failPropensity(system, bad, slot, failure);
        return -1;
      }
      addUp(member);
    }
    return count;
  }

  function failTotal(count: number, failure: Failure, cause: Failure['cause']): false {
    let [most, member, channel] = [-1, members[0], 0];
    for (let i = 0; i < count; i++) {
      const { propensities } = members[i].system;
      members[i].system.network.channels.forEach(({ factor }, c) => {
        const rate = propensities[c] * (factor ? contents[factor.field] / volume : 1);
        if (rate > most) [most, member, channel] = [rate, members[i], c];
      });
    }
    failRate(failure, member.system.reactions[channel], member.slot, most);
    failure.cause = cause;
    return false;
  }

  return {
    advance(windows, slots, from, to, duration, stream, failure) {
      const { streams, type } = windows[0].population;
      if (rates.length < to - from) rates = new Float64Array(2 * (to - from));
      const count = enter(windows, slots, from, to, failure);
      if (count < 0) return false;
      evaluateFactors();
      let clock = 0;
      for (let firings = 0; ; firings++) {
        let total = 0;
        for (let i = 0; i < count; i++) {
          rates[i] = rateOf(members[i]);
          total += rates[i];
        }
        if (!(total > 0)) break;
        if (!(total < Number.POSITIVE_INFINITY)) return failTotal(count, failure, 'rate');
        clock += exponential(streams, 4 * stream) / total;
        if (clock >= duration) break;
        if (firings === RUN_LIMITS.firings) return failTotal(count, failure, 'firings');
        let chosen = -1;
        let channel = -1;
        // Where rounding lets the uniform fall past the last member it is drawn again.
        while (channel < 0) {
          let target = uniform(streams, 4 * stream) * total;
          for (chosen = 0; chosen < count; chosen++) {
            if (target < rates[chosen]) break;
            target -= rates[chosen];
          }
          if (chosen < count) channel = select(members[chosen], target);
        }
        const member = members[chosen];
        const bad = member.system.fire(channel);
        if (bad >= 0) return failPropensity(member.system, bad, member.slot, failure);
        addUp(member);
        if (member.crosses[channel] === 0) continue;
        evaluateFactors();
        for (let i = 0; i < count; i++) {
          if (i === chosen || members[i].outer.length === 0) continue;
          const failed = follow(members[i]);
          if (failed >= 0) return failPropensity(members[i].system, failed, members[i].slot, failure);
        }
      }
      for (let i = 0; i < count; i++) {
        const { system, slot } = members[i];
        system.leave(windows[type[slot]], slot);
      }
      return true;
    },
  };
}

/** The factors that the channels of the types have, each once. */
function factorsOf(types: readonly (CellType | null)[]): Factor[] {
  const found: Factor[] = [];
  for (const type of types) {
    const channels = type ? (stochasticNetwork(type.circuit, true, true)?.channels ?? []) : [];
    for (const { factor } of channels) if (factor && placeOf(found, factor) < 0) found.push(factor);
  }
  return found;
}

function placeOf(factors: readonly Factor[], { field, needed }: Factor): number {
  return factors.findIndex(known => known.field === field && known.needed === needed);
}

function createMember(
  type: CellType,
  fieldCount: number,
  voxel: Voxel,
  factors: readonly Factor[],
  generate: boolean,
): Member {
  const system = createSystem(type, fieldCount, { guarded: true, generate, voxel });
  if (!system) throw new Error(`${type.name} has no stochastic channel`);
  const { channels } = system.network;
  const isOuter = ({ propensity, given, factor }: Channel) =>
    factor === null &&
    (given.some(([, n]) => n < 0) || [...reads(propensity).values()].some(({ of }) => of === 'field'));
  const which = (belongs: (channel: Channel) => boolean) =>
    Int32Array.from(channels.flatMap((channel, c) => (belongs(channel) ? [c] : [])));
  return {
    system,
    inner: which(channel => channel.factor === null && !isOuter(channel)),
    outer: which(isOuter),
    shared: factors.map((_, k) => which(({ factor }) => factor !== null && placeOf(factors, factor) === k)),
    sharedSums: new Float64Array(factors.length),
    crosses: Uint8Array.from(channels, ({ given }) => (given.length > 0 ? 1 : 0)),
    slot: 0,
    innerSum: 0,
    outerSum: 0,
  };
}

/** Adds up the rates of a cell's channels anew. */
function addUp(member: Member): void {
  const { propensities } = member.system;
  member.innerSum = sumOf(propensities, member.inner);
  member.outerSum = sumOf(propensities, member.outer);
  for (let k = 0; k < member.shared.length; k++) {
    member.sharedSums[k] = sumOf(propensities, member.shared[k]);
  }
}

function sumOf(values: Float64Array, which: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < which.length; i++) sum += values[which[i]];
  return sum;
}

/** Takes a new content of the voxel into a cell's rates; the channel whose rate is not valid, −1 if none. */
function follow(member: Member): number {
  const { system, outer } = member;
  const { propensities } = system;
  let sum = 0;
  for (let i = 0; i < outer.length; i++) {
    const value = system.propensity(outer[i]);
    propensities[outer[i]] = value;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return outer[i];
    sum += value;
  }
  member.outerSum = sum;
  return -1;
}

function selectIn(propensities: Float64Array, list: Int32Array, target: number): number {
  let left = target;
  for (let i = 0; i < list.length; i++) {
    const own = propensities[list[i]];
    if (left < own) return list[i];
    left -= own;
  }
  return -1;
}
