import type { Circuit } from '../circuits/circuit.ts';
import { uniform } from '../random/xoshiro.ts';

/**
 * What the cells of a population have under way: the due times of delayed reactions and events, and whether the trigger of
 * each event held when it was last tested. Part of the state like amounts: in snapshots, hashes and backups.
 *
 * Entry i < counts[slot] of a cell is due[slot · room + i] (s) with what[slot · room + i]: an index into the reactions of its
 * circuit (the completion of a delayed one), or the number of reactions + the index of an event. They form a binary heap
 * with the earliest on top; equal times come in the order of `what`. Entries beyond the count are 0.
 */
export interface Calendar {
  counts: Uint32Array;
  /** Entries that there is room for per cell; grows by doubling. */
  room: number;
  due: Float64Array;
  what: Uint16Array;
  /** Bit e: the trigger of event e held when it was last tested. */
  triggers: Uint32Array;
}

/** Whether something of a circuit happens at times that are known beforehand, or at a condition. */
export function needsCalendar({ reactions, events = [] }: Circuit): boolean {
  return events.length > 0 || reactions.some(({ scheduled }) => scheduled);
}

export function createCalendar(capacity: number): Calendar {
  return {
    counts: new Uint32Array(capacity),
    room: 0,
    due: new Float64Array(0),
    what: new Uint16Array(0),
    triggers: new Uint32Array(capacity),
  };
}

/** Makes room for `capacity` cells with `room` entries each, which must not be less than there are. */
export function fitCalendar(calendar: Calendar, capacity: number, room: number): void {
  const cells = calendar.counts.length;
  if (capacity === cells && room === calendar.room) return;
  const { counts, triggers, due, what, room: before } = calendar;
  const kept = Math.min(room, before);
  calendar.due = new Float64Array(capacity * room);
  calendar.what = new Uint16Array(capacity * room);
  for (let slot = 0; kept > 0 && slot < Math.min(cells, capacity); slot++) {
    calendar.due.set(due.subarray(slot * before, slot * before + kept), slot * room);
    calendar.what.set(what.subarray(slot * before, slot * before + kept), slot * room);
  }
  calendar.room = room;
  if (capacity === cells) return;
  calendar.counts = new Uint32Array(capacity);
  calendar.triggers = new Uint32Array(capacity);
  calendar.counts.set(counts.subarray(0, capacity));
  calendar.triggers.set(triggers.subarray(0, capacity));
}

/** Nothing under way, and no trigger seen to hold. */
export function clearSlot(calendar: Calendar, slot: number): void {
  const { room } = calendar;
  calendar.counts[slot] = 0;
  calendar.triggers[slot] = 0;
  calendar.due.fill(0, slot * room, (slot + 1) * room);
  calendar.what.fill(0, slot * room, (slot + 1) * room);
}

export function copySlot(calendar: Calendar, from: number, to: number): void {
  const { room, counts, triggers, due, what } = calendar;
  counts[to] = counts[from];
  triggers[to] = triggers[from];
  due.copyWithin(to * room, from * room, (from + 1) * room);
  what.copyWithin(to * room, from * room, (from + 1) * room);
}

/** Enters something due at a time; may replace the arrays. */
export function schedule(calendar: Calendar, slot: number, time: number, which: number): void {
  if (calendar.counts[slot] === calendar.room) {
    fitCalendar(calendar, calendar.counts.length, Math.max(4, 2 * calendar.room));
  }
  const { due, what, room } = calendar;
  const base = slot * room;
  let i = calendar.counts[slot]++;
  while (i > 0) {
    const parent = (i - 1) >>> 1;
    if (!before(time, which, due[base + parent], what[base + parent])) break;
    due[base + i] = due[base + parent];
    what[base + i] = what[base + parent];
    i = parent;
  }
  due[base + i] = time;
  what[base + i] = which;
}

/** When the earliest entry of a cell is due; Infinity where there is none. */
export function earliest({ counts, due, room }: Calendar, slot: number): number {
  return counts[slot] === 0 ? Number.POSITIVE_INFINITY : due[slot * room];
}

/** Takes the earliest entry out and returns what it is. */
export function takeEarliest(calendar: Calendar, slot: number): number {
  const { due, what, room, counts } = calendar;
  const base = slot * room;
  const taken = what[base];
  const last = --counts[slot];
  const time = due[base + last];
  const which = what[base + last];
  due[base + last] = 0;
  what[base + last] = 0;
  if (last === 0) return taken;
  let i = 0;
  for (let child = 1; child < last; child = 2 * i + 1) {
    if (
      child + 1 < last &&
      before(due[base + child + 1], what[base + child + 1], due[base + child], what[base + child])
    ) {
      child++;
    }
    if (!before(due[base + child], what[base + child], time, which)) break;
    due[base + i] = due[base + child];
    what[base + i] = what[base + child];
    i = child;
  }
  due[base + i] = time;
  what[base + i] = which;
  return taken;
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

/** Copies of all columns, to be put back by restoreCalendar. */
export function copyCalendar({ counts, room, due, what, triggers }: Calendar): Calendar {
  return { counts: counts.slice(), room, due: due.slice(), what: what.slice(), triggers: triggers.slice() };
}

export function restoreCalendar(calendar: Calendar, copy: Calendar): void {
  Object.assign(calendar, copyCalendar(copy));
}

function before(time: number, which: number, otherTime: number, otherWhich: number): boolean {
  return time < otherTime || (time === otherTime && which < otherWhich);
}
