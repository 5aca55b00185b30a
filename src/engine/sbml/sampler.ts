import { EnsembleError } from '../circuits/ensemble.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { toEvaluate } from './closure.ts';
import { EventQueue } from './eventQueue.ts';
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
  const system = buildSystem(model);
  const queue = new EventQueue(system, stream);
  const { effects, events } = system;
  const values = new Float64Array(system.size);
  const beginning = new Float64Array(system.size);
  let prepared = Number.NaN;
  const reactions = model.reactions.map(({ id }) => ({
    id,
    slot: system.slotOf(id),
    effects: effects
      .filter(effect => effect.reaction === id)
      .map(effect => ({
        slot: system.slotOf(effect.species),
        stoichiometry: toEvaluate(effect.stoichiometry, system.slotOf),
        factor: effect.factor === null ? 0 : system.slotOf(effect.factor),
        sign: effect.sign,
      })),
  }));
  const observers = model.species.map(({ id }) => system.observer(id, 'amount'));
  const extents = new Float64Array(reactions.length);

  function totalPropensity(): number {
    let total = 0;
    for (let r = 0; r < reactions.length; r++) {
      const propensity = values[reactions[r].slot];
      if (!(propensity >= 0 && propensity < Number.POSITIVE_INFINITY)) {
        throw new EnsembleError(`${reactions[r].id}: its propensity is ${propensity} at time ${values[0]}`);
      }
      total += propensity;
    }
    return total;
  }

  function fire(total: number): void {
    for (;;) {
      let target = uniform(stream, 0) * total;
      for (let r = 0; r < reactions.length; r++) {
        const propensity = values[reactions[r].slot];
        if (target < propensity) {
          execute(r);
          return;
        }
        target -= propensity;
      }
      // Rounding let the target fall past the last reaction: draw again.
    }
  }

  function execute(r: number): void {
    const list = reactions[r].effects;
    // A reaction that lacks a molecule cannot have fired: the propensity of a sound model is 0 there.
    for (let i = 0; i < list.length; i++) {
      const { slot, stoichiometry, factor, sign } = list[i];
      const amount = sign * stoichiometry(values) * (factor === 0 ? 1 : values[factor]);
      values[slot] += amount;
      if (values[slot] < 0) {
        throw new EnsembleError(
          `${reactions[r].id}: it would leave a species below zero at time ${values[0]}`,
        );
      }
    }
    extents[r] += 1;
    system.update(values);
  }

  /**
   * Goes on to `next` at constant amounts, or to where a trigger changes before; true if it changed. Rates and rules read no
   * time (ensemble.ts), so that nothing else has to follow it.
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
          const total = totalPropensity();
          const now = values[0];
          const firing = total > 0 ? now + exponential(stream, 0) / total : Number.POSITIVE_INFINITY;
          const next = Math.min(firing, end, queue.nextTime());
          if (events.length > 0 && waitUntil(next)) {
            queue.settle(values);
            continue;
          }
          values[0] = next;
          if (next === firing) fire(total);
          if (events.length > 0) queue.settle(values);
        }
        for (let s = 0; s < observers.length; s++) record(t, s, observers[s](values));
      }
    },
    takeExtents() {
      const taken = extents.slice();
      extents.fill(0);
      return taken;
    },
  };
}
