import { exponential } from '../random/exponential.ts';
import { EventQueue } from './eventQueue.ts';
import { createFirings } from './firings.ts';
import type { SbmlModel } from './model.ts';
import { buildSystem } from './system.ts';

/** One exact path of a model after another. */
export interface Sampler {
  /** Simulates from `start` and reports the amount of every species at each of the times, ascending. */
  run(
    start: number,
    times: readonly number[],
    record: (time: number, species: number, amount: number) => void,
  ): void;
  /** Firings of each reaction since the last call. */
  takeExtents(): Float64Array;
}

/** Places within a waiting time at which triggers that read the time are looked at. */
const LOOKS = 8;

/**
 * The direct method (Gillespie 1977, doi:10.1021/j100540a008) on a model with events: kinetic laws are propensities. Triggers
 * are looked at after each firing, and within a waiting time, where only the time varies, they are located by bisection; the
 * waiting time is then drawn again from there, which is exact because the exponential law has no memory.
 */
export function createSampler(model: SbmlModel, stream: Uint32Array): Sampler {
  const molecules = model.units.substance ?? 1;
  const system = buildSystem(model, { molecules });
  const queue = new EventQueue(system, stream);
  const { events } = system;
  const values = new Float64Array(system.size);
  const beginning = new Float64Array(system.size);
  let prepared = Number.NaN;
  const reactions = createFirings(model, system, stream, molecules);
  const observers = model.species.map(({ id }) => system.observer(id, 'molecules'));

  /**
   * Goes on to `next` at constant amounts, or to where a trigger changes before; true if it changed. Rates and rules read no
   * time (others go by flowSampler.ts), so that nothing else has to follow it.
   */
  function waitUntil(next: number): boolean {
    let left = values[0];
    const from = left;
    for (let look = 1; look <= LOOKS; look++) {
      let right = look === LOOKS ? next : from + ((next - from) * look) / LOOKS;
      values[0] = right;
      if (queue.hasChanged(values)) {
        for (;;) {
          const middle = left + (right - left) / 2;
          if (!(middle > left && middle < right)) break;
          values[0] = middle;
          if (queue.hasChanged(values)) right = middle;
          else left = middle;
        }
        values[0] = right;
        return true;
      }
      left = right;
    }
    return false;
  }

  return {
    run(start, times, record) {
      if (prepared !== start) {
        system.initialise(beginning, start);
        prepared = start;
      }
      values.set(beginning);
      queue.start(values);
      for (let t = 0; t < times.length; t++) {
        const end = times[t];
        while (values[0] < end) {
          const total = reactions.total(values);
          const now = values[0];
          const firing = total > 0 ? now + exponential(stream, 0) / total : Number.POSITIVE_INFINITY;
          const next = Math.min(firing, end, queue.nextTime());
          if (events.length > 0 && waitUntil(next)) {
            queue.settle(values);
            continue;
          }
          values[0] = next;
          if (next === firing) reactions.fire(values, total);
          if (events.length > 0) queue.settle(values);
        }
        for (let s = 0; s < observers.length; s++) record(t, s, observers[s](values));
      }
    },
    takeExtents: reactions.takeExtents,
  };
}
