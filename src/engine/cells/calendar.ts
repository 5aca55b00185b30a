import type { Circuit } from '../circuits/circuit.ts';
import { uniform } from '../random/xoshiro.ts';

/**
 * What the cells of a population have under way: the due times of delayed reactions and events, and what the trigger of
 * each event was when it was last tested. Part of the state like amounts: in snapshots, hashes and backups.
 *
 * Entry i < counts[slot] of a cell is due[slot][i] (s) with what[slot][i]: an index into the reactions of its circuit (the
 * completion of a delayed one), or the number of reactions + the index of an event. They form a binary heap with the earliest
 * on top; equal times come in the order of `what`. Each cell's arrays grow by doubling, for itself.
 */
export interface Calendar {
  counts: Uint32Array;
  readonly due: Float64Array[];
  readonly what: Uint16Array[];
  /** Bit e: the trigger of event e, when it was last tested, was not what it counts as before the first test. */
  triggers: Uint32Array;
}

const NO_TIMES = new Float64Array(0);
const NOTHING = new Uint16Array(0);

/** Whether something of a circuit happens at times that are known beforehand, or at a condition. */
export function needsCalendar({ reactions, events = [] }: Circuit): boolean {
  return events.length > 0 || reactions.some(({ scheduled }) => scheduled);
}

export function createCalendar(capacity: number): Calendar {
  return {
    counts: new Uint32Array(capacity),
    due: Array.from({ length: capacity }, () => NO_TIMES),
    what: Array.from({ length: capacity }, () => NOTHING),
    triggers: new Uint32Array(capacity),
  };
}

/** Makes room for at least `capacity` cells. */
export function fitCalendar(calendar: Calendar, capacity: number): void {
  const { counts, triggers, due, what } = calendar;
  if (capacity <= counts.length) return;
  calendar.counts = new Uint32Array(capacity);
  calendar.triggers = new Uint32Array(capacity);
  calendar.counts.set(counts);
  calendar.triggers.set(triggers);
  while (due.length < capacity) {
    due.push(NO_TIMES);
    what.push(NOTHING);
  }
}

/** Nothing under way, and no trigger tested. */
export function clearSlot({ counts, triggers, due, what }: Calendar, slot: number): void {
  counts[slot] = 0;
  triggers[slot] = 0;
  due[slot] = NO_TIMES;
  what[slot] = NOTHING;
}

/** Moves what a slot has to another, which loses its own. */
export function moveSlot(calendar: Calendar, from: number, to: number): void {
  const { counts, triggers, due, what } = calendar;
  counts[to] = counts[from];
  triggers[to] = triggers[from];
  due[to] = due[from];
  what[to] = what[from];
  clearSlot(calendar, from);
}

/** Enters something due at a time. */
export function schedule(calendar: Calendar, slot: number, time: number, which: number): void {
  let i = calendar.counts[slot]++;
  if (i === calendar.due[slot].length) grow(calendar, slot);
  const due = calendar.due[slot];
  const what = calendar.what[slot];
  while (i > 0) {
    const parent = (i - 1) >>> 1;
    if (!before(time, which, due[parent], what[parent])) break;
    due[i] = due[parent];
    what[i] = what[parent];
    i = parent;
  }
  due[i] = time;
  what[i] = which;
}

function grow(calendar: Calendar, slot: number): void {
  const length = Math.max(4, 2 * calendar.due[slot].length);
  const due = new Float64Array(length);
  const what = new Uint16Array(length);
  due.set(calendar.due[slot]);
  what.set(calendar.what[slot]);
  calendar.due[slot] = due;
  calendar.what[slot] = what;
}

/** When the earliest entry of a cell is due; Infinity where there is none. */
export function earliest({ counts, due }: Calendar, slot: number): number {
  return counts[slot] === 0 ? Number.POSITIVE_INFINITY : due[slot][0];
}

/** Takes the earliest entry out and returns what it is. */
export function takeEarliest(calendar: Calendar, slot: number): number {
  const due = calendar.due[slot];
  const what = calendar.what[slot];
  const taken = what[0];
  const last = --calendar.counts[slot];
  const time = due[last];
  const which = what[last];
  let i = 0;
  for (let child = 1; child < last; child = 2 * i + 1) {
    if (child + 1 < last && before(due[child + 1], what[child + 1], due[child], what[child])) child++;
    if (!before(due[child], what[child], time, which)) break;
    due[i] = due[child];
    what[i] = what[child];
    i = child;
  }
  due[i] = time;
  what[i] = which;
  return taken;
}

/** Takes out all entries of a kind. */
export function withdraw(calendar: Calendar, slot: number, which: number): void {
  const due = calendar.due[slot];
  const what = calendar.what[slot];
  const count = calendar.counts[slot];
  calendar.counts[slot] = 0;
  // The heap is made again in place: it never overtakes what is still to be read.
  for (let i = 0; i < count; i++) if (what[i] !== which) schedule(calendar, slot, due[i], what[i]);
}

/**
 * Shares the entries of a dividing cell out between its slot and that of the second daughter, which is empty: `kept(w)` of the
 * entries of a kind w stay, every choice of so many being equally likely; −1: all stay and the daughter gets them, too
 * (delayed events). Both inherit the triggers.
 */
export function splitCalendar(
  calendar: Calendar,
  slot: number,
  other: number,
  kept: (which: number) => number,
  streams: Uint32Array,
  offset: number,
): void {
  calendar.triggers[other] = calendar.triggers[slot];
  const count = calendar.counts[slot];
  if (count === 0) return;
  const entries: { time: number; which: number }[] = [];
  const totals = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    const time = earliest(calendar, slot);
    const which = takeEarliest(calendar, slot);
    entries.push({ time, which });
    totals.set(which, (totals.get(which) ?? 0) + 1);
  }
  const needed = new Map<number, number>();
  for (const which of totals.keys()) needed.set(which, kept(which));
  // Selection sampling: entry by entry with the probability of those still needed among those still to come.
  for (const { time, which } of entries) {
    const need = needed.get(which) ?? 0;
    if (need < 0) {
      schedule(calendar, slot, time, which);
      schedule(calendar, other, time, which);
      continue;
    }
    const left = totals.get(which) ?? 0;
    const stays = need === left || (need > 0 && uniform(streams, offset) * left < need);
    schedule(calendar, stays ? slot : other, time, which);
    totals.set(which, left - 1);
    if (stays) needed.set(which, need - 1);
  }
}

/** The entries of the first `count` cells, one cell after the other, as arrays to be kept. */
export interface PackedEntries {
  readonly due: Float64Array;
  readonly what: Uint16Array;
}

export function packEntries({ counts, due, what }: Calendar, count: number): PackedEntries {
  let total = 0;
  for (let slot = 0; slot < count; slot++) total += counts[slot];
  const packed = { due: new Float64Array(total), what: new Uint16Array(total) };
  for (let slot = 0, at = 0; slot < count; at += counts[slot++]) {
    packed.due.set(due[slot].subarray(0, counts[slot]), at);
    packed.what.set(what[slot].subarray(0, counts[slot]), at);
  }
  return packed;
}

/** Puts packed entries back into the cells that they came from, as `counts` says. */
export function unpackEntries({ counts, due, what }: Calendar, count: number, packed: PackedEntries): void {
  for (let slot = 0, at = 0; slot < count; at += counts[slot++]) {
    due[slot] = packed.due.slice(at, at + counts[slot]);
    what[slot] = packed.what.slice(at, at + counts[slot]);
  }
}

/** A copy of all that cells have under way. */
export interface CalendarCopy extends PackedEntries {
  readonly counts: Uint32Array;
  readonly triggers: Uint32Array;
}

export function copyCalendar(calendar: Calendar, count: number): CalendarCopy {
  const { counts, triggers } = calendar;
  return {
    counts: counts.slice(0, count),
    triggers: triggers.slice(0, count),
    ...packEntries(calendar, count),
  };
}

export function restoreCalendar(calendar: Calendar, copy: CalendarCopy): void {
  calendar.counts.set(copy.counts);
  calendar.triggers.set(copy.triggers);
  unpackEntries(calendar, copy.counts.length, copy);
}

function before(time: number, which: number, otherTime: number, otherWhich: number): boolean {
  return time < otherTime || (time === otherTime && which < otherWhich);
}
