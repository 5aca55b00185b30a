import { uniform } from '../random/xoshiro.ts';
import { fail } from './errors.ts';
import type { CompiledEvent, SbmlSystem } from './system.ts';

/** Executions at one instant; a model that triggers itself without end is stopped there. */
const MOST_EXECUTIONS = 100_000;

interface Waiting {
  readonly event: CompiledEvent;
  readonly time: number;
  /** Evaluated when the event was triggered; null to evaluate at execution. */
  readonly assigned: readonly number[] | null;
}

/**
 * The events of a run (SBML L3V2 core, section 4.11): an event fires when its trigger turns from false to true, waits for its
 * delay, and is executed; what is due at one time is executed in order of priority, priorities being evaluated again after each
 * execution, and ties being broken at random. An event that is not persistent is withdrawn if its trigger turns false.
 */
export class EventQueue {
  readonly #system: SbmlSystem;
  readonly #stream: Uint32Array;
  readonly #offset: number;
  readonly #was: Uint8Array;
  #waiting: Waiting[] = [];

  constructor(system: SbmlSystem, stream: Uint32Array, offset = 0) {
    this.#system = system;
    this.#stream = stream;
    this.#offset = offset;
    this.#was = new Uint8Array(system.events.length);
  }

  /** Start of a run: what is true from the beginning and is declared to have been true before does not fire. */
  start(values: Float64Array): boolean {
    this.#waiting = [];
    this.#system.events.forEach((event, i) => {
      this.#was[i] = event.initialValue ? 1 : 0;
    });
    return this.settle(values);
  }

  /** Time of the next waiting execution. */
  nextTime(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { time } of this.#waiting) if (time < next) next = time;
    return next;
  }

  /** Whether any trigger differs from what it was when the queue last looked; `values` are updated. */
  hasChanged(values: Float64Array): boolean {
    const { events } = this.#system;
    for (let i = 0; i < events.length; i++) {
      if ((events[i].trigger(values) !== 0 ? 1 : 0) !== this.#was[i]) return true;
    }
    return false;
  }

  /** Handles everything that happens at the time of `values`. Returns whether anything was executed. */
  settle(values: Float64Array): boolean {
    this.#look(values);
    let executed = 0;
    for (let due = this.#takeDue(values); due; due = this.#takeDue(values)) {
      if (++executed > MOST_EXECUTIONS) {
        fail(`event '${due.event.id}'`, `more than ${MOST_EXECUTIONS} executions at time ${values[0]}`);
      }
      due.event.execute(values, due.assigned ?? due.event.evaluate(values));
      this.#look(values);
    }
    return executed > 0;
  }

  #look(values: Float64Array): void {
    const { events } = this.#system;
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      const is = event.trigger(values) !== 0 ? 1 : 0;
      if (is === this.#was[i]) continue;
      this.#was[i] = is;
      if (is === 1) this.#fire(event, values);
      else if (!event.persistent) this.#waiting = this.#waiting.filter(waiting => waiting.event !== event);
    }
  }

  #fire(event: CompiledEvent, values: Float64Array): void {
    const delay = event.delay ? event.delay(values) : 0;
    if (!(delay >= 0)) fail(`event '${event.id}'`, `its delay is ${delay} at time ${values[0]}`);
    const assigned = event.useValuesFromTriggerTime ? event.evaluate(values) : null;
    this.#waiting.push({ event, time: values[0] + delay, assigned });
  }

  #takeDue(values: Float64Array): Waiting | null {
    let highest = Number.NEGATIVE_INFINITY;
    let candidates: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (waiting.time > values[0]) continue;
      const given = waiting.event.priority?.(values) ?? Number.NaN;
      const priority = Number.isNaN(given) ? Number.NEGATIVE_INFINITY : given;
      if (priority > highest) candidates = [];
      if (priority >= highest) candidates.push(waiting);
      highest = Math.max(highest, priority);
    }
    if (candidates.length === 0) return null;
    const chosen =
      candidates.length === 1
        ? candidates[0]
        : candidates[Math.floor(uniform(this.#stream, this.#offset) * candidates.length)];
    this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    return chosen;
  }
}
