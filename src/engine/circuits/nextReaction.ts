import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../model/runLimits.ts';
import { exponential } from '../random/exponential.ts';
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
      times[c] = last[c] > 0 ? exponential(streams, stream) / last[c] : Number.POSITIVE_INFINITY;
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
        if (after === 0) queue.set(c, Number.POSITIVE_INFINITY);
        else if (before === 0) queue.set(c, now + exponential(streams, stream) / after);
        else queue.set(c, now + (before / after) * (times[c] - now));
      }
      const own = propensities[fired];
      last[fired] = own;
      queue.set(fired, own > 0 ? now + exponential(streams, stream) / own : Number.POSITIVE_INFINITY);
    }
  };
  return kernelOf(system, advance);
}
