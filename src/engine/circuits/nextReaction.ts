import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawExponential } from '../random/exponential.ts';
import { drawn } from '../random/xoshiro.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { TimeQueue } from './timeQueue.ts';
import { failFirings, type Kernel } from './window.ts';

/**
 * Exact simulation by the next reaction method (Gibson & Bruck 2000, doi:10.1021/jp993732q): every channel has a putative
 * time in an indexed heap; the earliest fires. A channel whose propensity changes from a to a′ at t keeps its draw,
 * τ′ = t + (a/a′)(τ − t); one that comes back from propensity 0 draws anew, which the exponential law allows.
 * One exponential per firing; the cost of a firing grows with the logarithm of the number of reactions.
 *
 * State: times in `queue`, `last` the propensity at which each was drawn or last scaled.
 */
export function compileNextReaction(
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
  const queue = new TimeQueue(count);
  const { times } = queue;
  const last = new Float64Array(count);

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    for (let c = 0; c < count; c++) {
      last[c] = propensities[c];
      times[c] = Number.POSITIVE_INFINITY;
      if (last[c] > 0) {
        drawExponential(streams, stream);
        times[c] = drawn[0] / last[c];
      }
    }
    queue.rebuild();
    let left = mostFirings;
    while (true) {
      const fired = queue.first();
      const now = times[fired];
      if (!(now < duration)) return true;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      const bad = system.fire(fired);
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      const list = dependents[fired];
      for (let i = 0; i < list.length; i++) {
        const c = list[i];
        if (c === fired) continue;
        const before = last[c];
        const after = propensities[c];
        if (after === before) continue;
        last[c] = after;
        const old = times[c];
        if (after === 0) times[c] = Number.POSITIVE_INFINITY;
        else if (before === 0) {
          drawExponential(streams, stream);
          times[c] = now + drawn[0] / after;
        } else times[c] = now + (before / after) * (old - now);
        queue.moved(c, times[c] < old);
      }
      const own = propensities[fired];
      last[fired] = own;
      times[fired] = Number.POSITIVE_INFINITY;
      if (own > 0) {
        drawExponential(streams, stream);
        times[fired] = now + drawn[0] / own;
      }
      queue.moved(fired, false);
    }
  };
  return kernelOf(system, advance);
}
