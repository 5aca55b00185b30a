import type { LoggedEdit } from '../../session/contract.ts';

/** Dabs of one stroke come faster than this, ms. */
const PAUSE = 350;

/**
 * Which entries of the event log belong together: the dabs of one stroke of a brush are logged one by one, and are to be undone
 * as one. `groups` are the sizes of the strokes in order, with the total length of the log as their sum.
 */
export interface Strokes {
  readonly groups: readonly number[];
  /** When the log last grew, ms on any clock. */
  readonly at: number;
}

export const NO_STROKES: Strokes = { groups: [], at: Number.NEGATIVE_INFINITY };

/** The strokes of a log that has just changed. */
export function groupStrokes(before: Strokes, log: readonly LoggedEdit[], now: number): Strokes {
  const groups = [...before.groups];
  let length = groups.reduce((sum, size) => sum + size, 0);
  while (length > log.length) {
    const last = groups.pop() ?? 0;
    length -= last;
    if (length < log.length) {
      groups.push(log.length - length);
      length = log.length;
    }
  }
  if (length === log.length) return { groups, at: before.at };
  for (let i = length; i < log.length; i++) {
    const together = i > 0 && now - before.at < PAUSE && isDab(log[i]) && sameBrush(log[i - 1], log[i]);
    if (together && groups.length > 0) groups[groups.length - 1]++;
    else groups.push(1);
  }
  return { groups, at: now };
}

function isDab({ edit }: LoggedEdit): boolean {
  return edit.kind === 'paint' || edit.kind === 'kill' || edit.kind === 'place';
}

function sameBrush({ edit: a }: LoggedEdit, { edit: b }: LoggedEdit): boolean {
  if (a.kind === 'paint' && b.kind === 'paint') return a.field === b.field && a.amount < 0 === b.amount < 0;
  return a.kind === b.kind;
}
