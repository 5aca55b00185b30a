import {
  type Calendar,
  earliest,
  needsCalendar,
  schedule,
  takeEarliest,
  withdraw,
} from '../cells/calendar.ts';
import type { CellType } from '../cells/cellType.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { compileSwitches, readsAmounts, readsTime } from '../expression/switches.ts';
import type { Action, Reaction } from './circuit.ts';
import { drawDelay } from './delayLaw.ts';
import { readsAny, speciesKey } from './propensity.ts';
import type { ReactionSystem } from './reactionSystem.ts';
import { moveScope } from './scopeOfCell.ts';
import { type CircuitWindow, type Failure, failRate } from './window.ts';

/**
 * What happens to a cell at known times or at conditions, for an exact method to interleave with its firings: the completions
 * of delayed reactions, events and delayed events. What is due, and which triggers hold, is in the population's calendar.
 * All times here are absolute, s.
 */
export interface Schedule {
  /** Takes the cell that the system was entered for, from `start` to `end`, and tests all triggers; false on failure. */
  begin(window: CircuitWindow, slot: number, start: number, end: number, failure: Failure): boolean;
  /** When something is due or a trigger may come true by the passing of time; Infinity if not before the end. */
  upcoming(): number;
  /** Lets happen what is upcoming at that time; false on failure. */
  advance(time: number): boolean;
  /** To be told of each firing by its rate: begins what it delays (the delay from the stream), tests triggers; false on failure. */
  fired(channel: number, time: number, streams: Uint32Array, stream: number): boolean;
}

/** Applies a channel so many times at once at a time, with all that follows for the method; false on failure. */
export type Apply = (channel: number, times: number, time: number) => boolean;

/** Conditions that nothing is known about are looked at this often per window, and between two looks by bisection. */
const LOOKS = 64;

/** Events that set one another off at one moment. */
const MOST_ACTS = 1000;

/** What ends within this (relative) of the end of a window belongs to it, so that rounding moves nothing past an output time. */
const AT_THE_END = 1e-12;

/** Null where the circuit has neither delays nor events. */
export function createSchedule(
  type: CellType,
  fieldCount: number,
  system: ReactionSystem,
  apply: Apply,
): Schedule | null {
  const { circuit } = type;
  if (!needsCalendar(circuit)) return null;
  const { reactions, species, events = [] } = circuit;
  const { amounts, network } = system;
  const channelOf = new Int32Array(reactions.length).fill(-1);
  system.reactions.forEach((reaction, channel) => {
    channelOf[reaction] = channel;
  });
  const needs = reactions.map(neededInCell);
  const abandoned = new Int32Array(reactions.length).fill(-1);
  for (const { delay } of reactions) if (delay) abandoned[delay.completion] = delay.abandoned;
  const triggers = events.map(({ trigger }) => toClosure(trigger));
  const switches = events.map(({ trigger }) => compileSwitches(trigger));
  const timed = events.map(({ trigger }) => readsTime(trigger));
  const values = events.map(({ actions }) =>
    actions.map(action => ('value' in action ? toClosure(action.value) : null)),
  );
  const wanted = events.map(({ actions }) => new Float64Array(actions.length));
  const everyEvent = events.map((_, e) => e);
  /** Of triggers that no amount plays a part in, a switch that was found stands until it is reached. */
  const lasting = events.map(({ trigger }) => !readsAmounts(trigger));
  const watching = network.channels.map(({ change }) => {
    const keys = new Set(change.map(([s]) => speciesKey(s)));
    return everyEvent.filter(e => readsAny(events[e].trigger, keys));
  });
  const switchTimes = new Float64Array(events.length);
  /** 1 where the switch time was searched for in this window. */
  const searched = new Uint8Array(events.length);
  const reached: number[] = [];
  const scope = createScope();
  let calendar: Calendar;
  let streams: Uint32Array = new Uint32Array(0);
  let failure: Failure;
  let slot = 0;
  let birth = 0;
  let end = 0;
  /** Bits of the events that have come true and are to act at this moment. */
  let risen = 0;

  function moveTo(time: number): void {
    scope.time = time;
    scope.age = time - birth;
  }

  function holds(event: number): boolean {
    const value = triggers[event](scope);
    return value !== 0 && !Number.isNaN(value);
  }

  /** The first time after `now` at which the trigger may have another value. */
  function nextSwitch(event: number, now: number): number {
    const found = switches[event];
    if (!timed[event] || !(now < end)) return Number.POSITIVE_INFINITY;
    const known = found === null ? Number.POSITIVE_INFINITY : found.next(scope);
    if (found === null || found.complete) return known;
    if (lasting[event] && searched[event] === 1 && switchTimes[event] > now) return switchTimes[event];
    searched[event] = 1;
    const before = holds(event);
    let first = Math.min(known, end);
    for (let look = 1; look <= LOOKS; look++) {
      const time = now + ((end - now) * look) / LOOKS;
      moveTo(time);
      if (time >= first || holds(event) === before) continue;
      let [low, high] = [now + ((end - now) * (look - 1)) / LOOKS, time];
      for (let i = 0; i < 50; i++) {
        const middle = 0.5 * (low + high);
        moveTo(middle);
        if (holds(event) === before) low = middle;
        else high = middle;
      }
      first = high;
      break;
    }
    moveTo(now);
    return first;
  }

  /** Finds the value of an assignment, and of those alongside it. */
  function find(event: number, first: number, time: number): void {
    const { actions } = events[event];
    moveTo(time);
    for (let i = first; i < actions.length; i++) {
      const action = actions[i];
      if (i > first && !('value' in action && action.alongside)) return;
      wanted[event][i] = values[event][i]?.(scope) ?? Number.NaN;
    }
  }

  function act(event: number, time: number): boolean {
    const { actions, delay, valuesAtTrigger } = events[event];
    const found = valuesAtTrigger && delay === null;
    for (let i = 0; i < actions.length; i++) {
      const action = actions[i];
      if (!found && 'value' in action && !action.alongside) find(event, i, time);
      if (!perform(action, wanted[event][i], time)) return false;
    }
    return true;
  }

  function perform(action: Action, wish: number, time: number): boolean {
    const channel = channelOf[action.reaction];
    if ('times' in action) {
      let extent = action.times;
      for (const [s, coefficient] of needs[action.reaction]) {
        extent = Math.min(extent, Math.floor(amounts[s] / coefficient));
      }
      return extent === 0 || apply(channel, extent, time);
    }
    const value = species[action.species].continuous ? wish : Math.round(wish);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      failRate(failure, action.reaction, slot, wish);
      failure.cause = 'assignment';
      failure.species = action.species;
      return false;
    }
    const extent = value - amounts[action.species];
    return extent === 0 || apply(channel, extent, time);
  }

  /** Tests triggers; what came true without delay is `risen`. */
  function look(which: readonly number[], time: number): void {
    moveTo(time);
    for (let i = 0; i < which.length; i++) {
      const event = which[i];
      const { delay, initially = false, persistent = true, valuesAtTrigger } = events[event];
      const now = holds(event);
      const before = (((calendar.triggers[slot] >>> event) & 1) === 1) !== initially;
      switchTimes[event] = nextSwitch(event, time);
      if (now === before) continue;
      calendar.triggers[slot] ^= 1 << event;
      if (now && delay === null) {
        risen |= 1 << event;
        if (valuesAtTrigger) for (let a = 0; a < wanted[event].length; a++) find(event, a, time);
      } else if (now && delay !== null) {
        schedule(calendar, slot, time + drawDelay(delay, streams, 4 * slot), reactions.length + event);
      } else if (!persistent) {
        risen &= ~(1 << event);
        if (delay !== null) withdraw(calendar, slot, reactions.length + event);
      }
    }
  }

  /** Tests triggers, and lets the events of those that came true happen, in their order, with what these set off. */
  function test(which: readonly number[], time: number): boolean {
    look(which, time);
    for (let done = 0; risen !== 0; done++) {
      const event = 31 - Math.clz32(risen & -risen);
      if (done === MOST_ACTS) {
        risen = 0;
        failRate(failure, events[event].actions[0].reaction, slot, MOST_ACTS);
        failure.cause = 'events';
        return false;
      }
      risen &= ~(1 << event);
      if (!act(event, time)) {
        risen = 0;
        return false;
      }
      look(everyEvent, time);
    }
    return true;
  }

  function complete(reaction: number, time: number): boolean {
    let possible = true;
    for (const [s, coefficient] of needs[reaction]) if (amounts[s] < coefficient) possible = false;
    const channel = channelOf[possible ? reaction : abandoned[reaction]];
    return apply(channel, 1, time) && test(watching[channel], time);
  }

  return {
    begin(window, cell, start, until, into) {
      const { population } = window;
      if (!population.calendar) throw new Error('the population has no calendar for its delays and events');
      calendar = population.calendar;
      streams = population.streams;
      slot = cell;
      failure = into;
      end = until + AT_THE_END * Math.abs(until);
      birth = population.birthTime[cell];
      moveScope(scope, window, population.amounts, cell, type.dryDensity, fieldCount);
      scope.amounts = amounts;
      scope.speciesOffset = 0;
      searched.fill(0);
      return test(everyEvent, start);
    },
    upcoming() {
      let first = earliest(calendar, slot);
      for (let e = 0; e < switchTimes.length; e++) if (switchTimes[e] < first) first = switchTimes[e];
      return first <= end ? first : Number.POSITIVE_INFINITY;
    },
    advance(time) {
      if (earliest(calendar, slot) <= time) {
        const which = takeEarliest(calendar, slot);
        if (which < reactions.length) return complete(which, time);
        risen |= 1 << (which - reactions.length);
        // Of several events that are due at one time, the first goes first.
        while (earliest(calendar, slot) <= time) {
          const bit = 1 << (calendar.what[slot][0] - reactions.length);
          if (calendar.what[slot][0] < reactions.length || (risen & bit) !== 0) break;
          risen |= bit;
          takeEarliest(calendar, slot);
        }
        return test(everyEvent, time);
      }
      reached.length = 0;
      for (let e = 0; e < switchTimes.length; e++) if (switchTimes[e] <= time) reached.push(e);
      return test(reached, time);
    },
    fired(channel, time, channelStreams, stream) {
      const { delay } = reactions[system.reactions[channel]];
      if (delay) {
        const due = time + drawDelay(delay.law, channelStreams, stream);
        schedule(calendar, slot, due, delay.completion);
      }
      return watching[channel].length === 0 || test(watching[channel], time);
    },
  };
}

/** Molecules of each species of the cell that one firing takes, catalysts too. */
function neededInCell({ reactants }: Reaction): [species: number, coefficient: number][] {
  const needed = new Map<number, number>();
  for (const { in: where, index, coefficient } of reactants) {
    if (where === 'cell') needed.set(index, (needed.get(index) ?? 0) + coefficient);
  }
  return [...needed];
}
