import { uniform } from '../random/xoshiro.ts';
import type { ReactionSystem } from './reactionSystem.ts';

/**
 * The channels of a cell in two parts: discrete ones fire, the others advance by real extents (as an ordinary or a stochastic
 * differential equation). Amounts are x₀ + N e throughout. When a channel turns discrete, and at the end of a window, its
 * extent is made whole at random with its mean kept: along the reaction itself, so that moieties stay, and amounts are whole
 * again exactly. That adds a variance f (1 − f) ≤ ¼ for the fraction f.
 *
 * A channel is continuous where every species that it changes is abundant and many firings are expected in the window (in ensembles, whose windows
 * end at output times, in CircuitWindow.timeScale); both
 * limits are lower for staying than for becoming so, lest channels flicker. Or the partition is given.
 */
export interface Partition {
  /** By channel: 1 where it fires, 0 where it flows. */
  readonly discrete: Uint8Array;
  readonly extents: Float64Array;
  /** Takes over the cell that was entered; all channels discrete. */
  begin(): void;
  /** Amounts from extents; false where one is negative. */
  apply(): boolean;
  /** Decides anew from amounts and propensities; false where no rounding leaves all amounts ≥ 0. */
  update(timeScale: number, streams: Uint32Array, stream: number): boolean;
  /** Makes all extents whole and books them with the system; false as above. */
  finish(streams: Uint32Array, stream: number): boolean;
}

/** Molecules per unit of stoichiometry and firings per window or time scale to become continuous, and to stay. */
export const ABUNDANT = { enter: 100, stay: 50 } as const;
export const FREQUENT = { enter: 20, stay: 10 } as const;

/** `firing`: reactions that always fire, all others flow; default: as amounts and rates go. */
export function createPartition(system: ReactionSystem, firing?: readonly number[]): Partition {
  const { network, count, amounts, propensities } = system;
  const { channels, changed } = network;
  const base = new Float64Array(amounts.length);
  const extents = new Float64Array(count);
  const discrete = new Uint8Array(count).fill(1);
  const changers = changed.map(s => {
    const list = channels.flatMap((channel, c) =>
      channel.change.filter(([i]) => i === s).map(([, n]): [number, number] => [c, n]),
    );
    return { channels: Int32Array.from(list, ([c]) => c), steps: Float64Array.from(list, ([, n]) => n) };
  });
  // What is taken from a field is whole molecules of a limited store where guarded: such channels always fire.
  const mayFlow = channels.map(({ given }) => !(system.guarded && given.some(([, n]) => n < 0)));

  function apply(): boolean {
    let valid = true;
    for (let i = 0; i < changed.length; i++) {
      const list = changers[i].channels;
      const steps = changers[i].steps;
      let sum = 0;
      for (let k = 0; k < list.length; k++) sum += steps[k] * extents[list[k]];
      const amount = base[changed[i]] + sum;
      amounts[changed[i]] = amount;
      if (!(amount >= 0)) valid = false;
    }
    return valid;
  }

  /** One of the two neighbours at random; where that would leave an amount negative, the other. */
  function makeWhole(channel: number, streams: Uint32Array, stream: number): boolean {
    const down = Math.floor(extents[channel]);
    const fraction = extents[channel] - down;
    if (fraction === 0) return true;
    const up = uniform(streams, stream) < fraction;
    extents[channel] = up ? down + 1 : down;
    if (apply()) return true;
    extents[channel] = up ? down : down + 1;
    return apply();
  }

  return {
    discrete,
    extents,
    apply,
    begin() {
      base.set(amounts);
      extents.fill(0);
      discrete.fill(1);
    },
    update(timeScale, streams, stream) {
      let valid = true;
      for (let c = 0; c < count; c++) {
        const was = discrete[c] === 0;
        const least = was ? ABUNDANT.stay : ABUNDANT.enter;
        let flows = mayFlow[c];
        const { change } = channels[c];
        if (firing) flows = flows && !firing.includes(channels[c].reaction);
        else flows = flows && propensities[c] * timeScale >= (was ? FREQUENT.stay : FREQUENT.enter);
        for (let i = 0; !firing && flows && i < change.length; i++) {
          flows = amounts[change[i][0]] >= least * Math.abs(change[i][1]);
        }
        discrete[c] = flows ? 0 : 1;
        if (was && !flows) valid = makeWhole(c, streams, stream) && valid;
      }
      return valid;
    },
    finish(streams, stream) {
      let valid = true;
      for (let c = 0; c < count; c++) if (discrete[c] === 0) valid = makeWhole(c, streams, stream) && valid;
      if (!valid) return false;
      for (let i = 0; i < changed.length; i++) amounts[changed[i]] = base[changed[i]];
      for (let c = 0; c < count; c++) if (extents[c] !== 0) system.change(c, extents[c]);
      return true;
    },
  };
}
