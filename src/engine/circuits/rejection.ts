import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Variable } from '../expression/ast.ts';
import { bounds, point, usualRange } from '../expression/interval.ts';
import { trend } from '../expression/monotone.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawExponential } from '../random/exponential.ts';
import { drawn } from '../random/xoshiro.ts';
import { compileNextReaction } from './nextReaction.ts';
import { mayBeInvalid } from './propensity.ts';
import { PropensityGroups } from './propensityGroups.ts';
import {
  type Advance,
  createSystem,
  failPropensity,
  kernelOf,
  type ReactionSystem,
} from './reactionSystem.ts';
import { failFirings, failTotal, type Kernel } from './window.ts';

/**
 * Exact simulation by rejection (RSSA: Thanh, Priami & Zunino 2014, doi:10.1063/1.4896985; candidates from groups by exponent as in Thanh,
 * Zunino & Priami 2015, doi:10.1063/1.4922923). Every species has a fluctuation interval around its amount and
 * every channel bounds on its propensity over the intervals of what it reads. Candidates come at the upper bounds; most are taken
 * or turned down by the bounds alone, and only in between is the propensity itself evaluated. While amounts stay in their
 * intervals a firing changes no propensity at all; one that leaves gets a new interval, and the channels that read it new bounds.
 * Thinning a Poisson process leaves each channel its own rate, so the law is exact.
 *
 * Bounds come from the form of a rate: at the corners of the intervals where it is monotone in every species (monotone.ts), else by
 * interval arithmetic (interval.ts). A rate that may be negative or undefined, or whose bounds are not finite, is evaluated after each
 * firing that it depends on. Guarded windows run by the next reaction method.
 *
 * State: `low`, `high` by species; `lower`, `upper` by channel; `groups` of upper bounds.
 */

/** Half the width of a fluctuation interval: a share of the amount, and at least so many molecules. */
const SHARE = 0.15;
const FEWEST = 4;

/** Bounds are put this much further apart than computed: the last bits of powers need not be monotone. */
const SLACK = 1e-12;

export function compileRejection(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  if (guarded) return compileNextReaction(type, fieldCount, guarded, generate, mostFirings);
  const system = createSystem(type, fieldCount, { guarded, generate });
  if (!system) return null;
  const { amounts, reactions, count } = system;
  const { low, high, lower, upper, isExact, readersOf, refresh, surround } = createBounds(type, system);
  const changed = Int32Array.from(system.network.changed);
  const changes = system.network.channels.map(({ change }) => Int32Array.from(change, ([s]) => s));
  const dependents = system.network.dependents.map(list => Int32Array.from(list));
  const groups = new PropensityGroups(count);

  /** After a firing; a channel whose propensity is not valid, −1 if none. */
  function follow(fired: number): number {
    const list = dependents[fired];
    for (let i = 0; i < list.length; i++) {
      const c = list[i];
      if (isExact[c] === 0) continue;
      const a = system?.propensity(c) ?? 0;
      lower[c] = a;
      upper[c] = a;
      if (!(a >= 0 && a < Number.POSITIVE_INFINITY)) return c;
      groups.update(c, a);
    }
    const touched = changes[fired];
    for (let i = 0; i < touched.length; i++) {
      const s = touched[i];
      if (amounts[s] >= low[s] && amounts[s] <= high[s]) continue;
      surround(s);
      const readers = readersOf[s];
      for (let k = 0; k < readers.length; k++) {
        const bad = refresh(readers[k]);
        if (bad >= 0) return bad;
        groups.update(readers[k], upper[readers[k]]);
      }
    }
    return -1;
  }

  function fail(channel: number, slot: number, failure: Parameters<Advance>[3]): false {
    system?.propensities.set(upper);
    return failPropensity(system as ReactionSystem, channel, slot, failure);
  }

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    for (let i = 0; i < changed.length; i++) surround(changed[i]);
    for (let c = 0; c < count; c++) {
      const bad = refresh(c);
      if (bad >= 0) return fail(bad, slot, failure);
    }
    groups.rebuild(upper);
    let clock = 0;
    let left = mostFirings;
    while (true) {
      const { bound } = groups;
      if (bound === 0) return true;
      if (!(bound < Number.POSITIVE_INFINITY)) return failTotal(failure, reactions, upper, slot);
      drawExponential(streams, stream);
      clock += drawn[0] / bound;
      if (!(clock < duration)) return true;
      const c = groups.candidate(streams, stream);
      if (c < 0 || !(groups.height < upper[c])) continue;
      if (!(groups.height < lower[c])) {
        const a = system.propensity(c);
        if (!(groups.height < a)) continue;
      }
      if (--left < 0) return failFirings(failure, reactions, upper, slot);
      system.change(c, 1);
      const bad = follow(c);
      if (bad >= 0) return fail(bad, slot, failure);
    }
  };
  return kernelOf(system, advance);
}

interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** By channel: 1 where its bounds are its propensity, to be evaluated whenever that may have changed. */
  readonly isExact: Uint8Array;
  /** Channels that read a species. */
  readonly readersOf: readonly Int32Array[];
  /** A new interval around the present amount. */
  surround(species: number): void;
  /** New bounds of a channel; its number where its propensity is not valid, else −1. */
  refresh(channel: number): number;
}

function createBounds(type: CellType, system: ReactionSystem): Bounds {
  const { amounts, network, count } = system;
  const { species } = type.circuit;
  const { channels, changed } = network;
  const low = new Float64Array(species.length);
  const high = new Float64Array(species.length);
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  const isExact = new Uint8Array(count);
  const isWhole = (variable: Variable): boolean =>
    variable.of === 'species' && !species[variable.index].continuous;
  const changes = new Set(changed);
  const read = channels.map(({ propensity }) =>
    [...reads(propensity).values()].flatMap(v =>
      v.of === 'species' && changes.has(v.index) ? [v.index] : [],
    ),
  );
  const readersOf = species.map((_, s) =>
    Int32Array.from(channels.flatMap((_channel, c) => (read[c].includes(s) ? [c] : []))),
  );
  const mustFollow = channels.map(({ reaction, checked }) => {
    return checked || mayBeInvalid(type.circuit, type.circuit.reactions[reaction].rate);
  });
  /** Trends in the species read; null where one is not known. */
  const trends = channels.map(({ propensity }, c) => {
    const found = read[c].map(index => trend(propensity, { of: 'species', index }, isWhole));
    return found.includes(null) ? null : Int8Array.from(found as number[]);
  });
  const places = read.map(list => Int32Array.from(list));
  const kept = new Float64Array(Math.max(1, ...read.map(list => list.length)));

  /** The propensity at the corner that the trends point to. */
  function corner(c: number, directions: Int8Array, sense: 1 | -1): number {
    const own = places[c];
    for (let i = 0; i < own.length; i++) {
      kept[i] = amounts[own[i]];
      amounts[own[i]] = directions[i] * sense > 0 ? high[own[i]] : low[own[i]];
    }
    const value = system.propensity(c);
    for (let i = 0; i < own.length; i++) amounts[own[i]] = kept[i];
    return value;
  }

  /** Interval arithmetic; what does not change by firings is left open, so that a bound may be infinite. */
  function byArithmetic(c: number): void {
    const range = bounds(channels[c].propensity, variable => {
      if (variable.of !== 'species') return usualRange(variable);
      const s = variable.index;
      return changes.has(s) ? { low: low[s], high: high[s], wild: false } : point(amounts[s]);
    });
    lower[c] = range.wild ? 0 : Math.max(0, range.low);
    upper[c] = range.wild ? Number.POSITIVE_INFINITY : range.high;
  }

  return {
    low,
    high,
    lower,
    upper,
    isExact,
    readersOf,
    surround(s) {
      const half = Math.max(FEWEST, Math.ceil(SHARE * amounts[s]));
      low[s] = Math.max(0, amounts[s] - half);
      high[s] = amounts[s] + half;
    },
    refresh(c) {
      const directions = trends[c];
      isExact[c] = mustFollow[c] ? 1 : 0;
      if (isExact[c] === 0) {
        if (directions !== null) {
          lower[c] = corner(c, directions, -1) * (1 - SLACK);
          upper[c] = corner(c, directions, 1) * (1 + SLACK);
        } else {
          byArithmetic(c);
          lower[c] *= 1 - SLACK;
          upper[c] *= 1 + SLACK;
        }
        if (upper[c] < Number.POSITIVE_INFINITY) return -1;
        isExact[c] = 1;
      }
      const a = system.propensity(c);
      lower[c] = a;
      upper[c] = a;
      return a >= 0 && a < Number.POSITIVE_INFINITY ? -1 : c;
    },
  };
}
