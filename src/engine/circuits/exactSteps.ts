import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { treeSum } from './network.ts';
import { failPropensity, type ReactionSystem } from './reactionSystem.ts';
import { type CircuitWindow, type Failure, failTotal } from './window.ts';

/**
 * At most `steps` firings by the direct method, for methods that leap: the time they took, `duration` where nothing more
 * happens before it, −1 on failure. Propensities must be those of the present state, and are again afterwards.
 */
export function exactSteps(
  system: ReactionSystem,
  window: CircuitWindow,
  slot: number,
  duration: number,
  steps: number,
  failure: Failure,
): number {
  const { streams } = window.population;
  const { propensities, count, reactions } = system;
  const stream = 4 * slot;
  let clock = 0;
  for (let n = 0; n < steps; n++) {
    const total = treeSum(propensities, 0, count);
    if (total === 0) return duration;
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
      failTotal(failure, reactions, propensities, slot);
      return -1;
    }
    clock += exponential(streams, stream) / total;
    if (!(clock < duration)) return duration;
    const bad = system.fire(selectWeighted(streams, stream, propensities, null, total));
    if (bad >= 0) {
      failPropensity(system, bad, slot, failure);
      return -1;
    }
  }
  return clock;
}

/** A channel with probability weight/total, among those with mask 1 where there is a mask. Zero weights never come out. */
export function selectWeighted(
  streams: Uint32Array,
  stream: number,
  weights: Float64Array,
  mask: Uint8Array | null,
  total: number,
): number {
  while (true) {
    let target = uniform(streams, stream) * total;
    for (let c = 0; c < weights.length; c++) {
      if (mask !== null && mask[c] === 0) continue;
      if (target < weights[c]) return c;
      target -= weights[c];
    }
    // Rounding let it fall past the last channel: draw again.
  }
}
