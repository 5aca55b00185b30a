import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawExponential } from '../random/exponential.ts';
import { drawn, mix, nextUint32 } from '../random/xoshiro.ts';
import type { HazardResult } from './hazard.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { createSchedule } from './schedule.ts';
import { createTimedHazard } from './timedHazard.ts';
import { TimeQueue } from './timeQueue.ts';
import { type CircuitWindow, type Failure, failFirings, failRate, type Kernel } from './window.ts';

/**
 * Exact simulation by the modified next reaction method (Anderson 2007, doi:10.1063/1.2799998). Channel k fires at the
 * jumps of its own unit Poisson process Y_k, run at the internal time T_k(t) = ∫ a_k ds:
 *
 *     x(t) = x(0) + Σ_k Y_k(T_k(t)) ν_k
 *
 * Exact also where propensities depend on time within the window: there the hazard is integrated and its crossing located
 * (hazard.ts; from tables where time and state separate, timeTable.ts). Each Y_k has a stream of its own, derived from four words of the cell's stream at the start of a window: what
 * channel k draws does not depend on what other channels do, so that two passes over one window that start from the same
 * stream see the same Poisson processes even where their propensities differ; and the cell's stream moves by four words
 * per window, whatever happened. Where a propensity jumps in time the integral is taken piece by piece (switches.ts).
 *
 * With delays and events (schedule.ts) the next thing to happen is the first of the queue or of the cell's calendar; both are
 * exact, delays in the way of the same paper. A delay is drawn from the stream of the channel that began it.
 *
 * State: T internal times at `since`, P internal time of the next jump, `last` propensities in force, putative times in
 * `queue` (s from the start of the window).
 */
export function compileModifiedNextReaction(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const system = createSystem(type, fieldCount, { guarded, generate, timed: true });
  if (!system) return null;
  const { propensities, reactions, count, isTimed, anyTimed } = system;
  const dependents = system.network.dependents.map(list => Int32Array.from(list));
  const queue = new TimeQueue(count);
  const { times } = queue;
  const channelStreams = new Uint32Array(4 * count);
  const internal = new Float64Array(count);
  const jump = new Float64Array(count);
  const since = new Float64Array(count);
  const last = new Float64Array(count);
  const hazard: HazardResult = { time: 0, integral: 0 };
  const timedHazard = anyTimed ? createTimedHazard(system, type, fieldCount) : null;
  /** Time of the change that is followed up; handed over as an argument it would be put on the heap. */
  const moment = new Float64Array(1);
  let origin = 0;
  let span = 0;
  let cell = 0;
  let faults: Failure;
  const plan = createSchedule(type, fieldCount, system, applyScheduled);

  /** Puts the time of a channel's next jump, as things stand, into `times`; false for an invalid rate. */
  function schedule(channel: number, now: number, duration: number): boolean {
    // Rounding may leave the internal time beyond a jump that is due.
    const target = Math.max(0, jump[channel] - internal[channel]);
    if (isTimed[channel] === 1) {
      timedHazard?.integrate(channel, now, duration, target, hazard);
      times[channel] = hazard.time;
      return !Number.isNaN(hazard.time);
    }
    const a = last[channel];
    times[channel] = a > 0 ? now + target / a : Number.POSITIVE_INFINITY;
    return true;
  }

  /** Brings a channel's internal time up to now, before anything its propensity reads is changed. */
  function catchUp(channel: number, now: number): void {
    if (isTimed[channel] === 1) {
      timedHazard?.integrate(channel, since[channel], now, Number.POSITIVE_INFINITY, hazard);
      internal[channel] += hazard.integral;
    } else {
      internal[channel] += last[channel] * (now - since[channel]);
    }
    since[channel] = now;
  }

  /** Puts the dependents' propensities and times right after a change at `moment`; false for an invalid rate. */
  function followUp(fired: number, slot: number, failure: Failure): boolean {
    const now = moment[0];
    const list = dependents[fired];
    for (let i = 0; i < list.length; i++) {
      const c = list[i];
      if (c === fired) continue;
      last[c] = propensities[c];
      const before = times[c];
      if (!schedule(c, now, span)) return failRate(failure, reactions[c], slot, hazard.integral);
      queue.moved(c, times[c] < before);
    }
    return true;
  }

  /** What the schedule lets happen: `times` firings at once of a channel that never fires by itself. */
  function applyScheduled(channel: number, times: number, time: number): boolean {
    if (!system) return false;
    const now = Math.min(Math.max(time - origin, 0), span);
    const list = dependents[channel];
    for (let i = 0; i < list.length; i++) catchUp(list[i], now);
    if (anyTimed) system.setTime(origin + now);
    system.change(channel, times);
    for (let i = 0; i < list.length; i++) {
      const c = list[i];
      propensities[c] = system.propensity(c);
      const valid = propensities[c] >= 0 && propensities[c] < Number.POSITIVE_INFINITY;
      if (!valid) return failPropensity(system, c, cell, faults);
    }
    moment[0] = now;
    return followUp(channel, cell, faults);
  }

  const advance: Advance = (window, slot, duration, failure) => {
    origin = window.start ?? window.time;
    span = duration;
    cell = slot;
    faults = failure;
    if (duration === 0) return plan === null || testAlone(window, slot, failure);
    deriveStreams(window.population.streams, 4 * slot, channelStreams);
    timedHazard?.enter(window, slot, origin, duration);
    if (anyTimed) {
      // The rates were evaluated for the time that the window shows to those who hold it.
      system.setTime(origin);
      const bad = system.evaluate();
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
    }
    for (let c = 0; c < count; c++) {
      internal[c] = 0;
      since[c] = 0;
      last[c] = propensities[c];
      drawExponential(channelStreams, 4 * c);
      jump[c] = drawn[0];
      if (!schedule(c, 0, duration)) return failRate(failure, reactions[c], slot, hazard.integral);
    }
    queue.rebuild();
    if (plan !== null && !plan.begin(window, slot, origin, origin + duration, failure)) return false;
    let left = mostFirings;
    while (true) {
      const fired = queue.first();
      const now = times[fired];
      if (plan !== null) {
        const upcoming = plan.upcoming();
        if (upcoming < Number.POSITIVE_INFINITY && upcoming - origin <= now) {
          if (--left < 0) return failFirings(failure, reactions, propensities, slot);
          if (!plan.advance(upcoming)) return false;
          continue;
        }
      }
      if (!(now < duration)) return true;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      const list = dependents[fired];
      for (let i = 0; i < list.length; i++) if (list[i] !== fired) catchUp(list[i], now);
      if (anyTimed) system.setTime(origin + now);
      const bad = system.fire(fired);
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      internal[fired] = jump[fired];
      since[fired] = now;
      drawExponential(channelStreams, 4 * fired);
      jump[fired] += drawn[0];
      last[fired] = propensities[fired];
      if (!schedule(fired, now, duration)) return failRate(failure, reactions[fired], slot, hazard.integral);
      queue.moved(fired, times[fired] < now);
      moment[0] = now;
      if (!followUp(fired, slot, failure)) return false;
      if (plan !== null && !plan.fired(fired, origin + now, channelStreams, 4 * fired)) return false;
    }
  };

  /** A window without length: the triggers are tested where a continuous change has ended. */
  function testAlone(window: CircuitWindow, slot: number, failure: Failure): boolean {
    for (let c = 0; c < count; c++) {
      internal[c] = 0;
      since[c] = 0;
      last[c] = propensities[c];
      jump[c] = Number.POSITIVE_INFINITY;
      times[c] = Number.POSITIVE_INFINITY;
    }
    queue.rebuild();
    return plan?.begin(window, slot, origin, origin, failure) ?? true;
  }

  return kernelOf(system, advance, plan !== null);
}

/** Streams of all channels from four words of the cell's: each word with its own index through MurmurHash3's finaliser. */
function deriveStreams(streams: Uint32Array, stream: number, into: Uint32Array): void {
  const w0 = nextUint32(streams, stream);
  const w1 = nextUint32(streams, stream);
  const w2 = nextUint32(streams, stream);
  const w3 = nextUint32(streams, stream);
  for (let i = 0; i < into.length; i += 4) {
    const a = mix(w0 ^ Math.imul(i + 1, 0x9e3779b9));
    const b = mix(w1 ^ Math.imul(i + 2, 0x9e3779b9));
    const c = mix(w2 ^ Math.imul(i + 3, 0x9e3779b9));
    const d = mix(w3 ^ Math.imul(i + 4, 0x9e3779b9));
    into[i] = a;
    into[i + 1] = b;
    into[i + 2] = c;
    // The all-zero state is the one from which xoshiro never leaves.
    into[i + 3] = (a | b | c | d) === 0 ? 1 : d;
  }
}
