import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawExponential } from '../random/exponential.ts';
import { drawn } from '../random/xoshiro.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { failFirings, type Kernel } from './window.ts';

/**
 * Exact simulation by the first reaction method (Gillespie 1976, doi:10.1016/0021-9991(76)90041-3): every channel draws the time at which
 * it would fire next were it alone; the earliest fires, and all draw again. The plainest method there is, and the slowest: as
 * many random numbers per firing as there are channels. It shares no selection, sum or queue with the others, which makes it
 * the one to compare them with.
 *
 * State: none besides the system's.
 */
export function compileFirstReaction(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const system = createSystem(type, fieldCount, { guarded, generate });
  if (!system) return null;
  const { propensities, reactions, count } = system;

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    let clock = 0;
    for (let left = mostFirings; ; left--) {
      let wait = Number.POSITIVE_INFINITY;
      let first = -1;
      for (let c = 0; c < count; c++) {
        if (propensities[c] === 0) continue;
        drawExponential(streams, stream);
        const own = drawn[0] / propensities[c];
        if (own < wait) {
          wait = own;
          first = c;
        }
      }
      clock += wait;
      if (!(clock < duration)) return true;
      if (left === 0) return failFirings(failure, reactions, propensities, slot);
      const bad = system.fire(first);
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
    }
  };
  return kernelOf(system, advance);
}
