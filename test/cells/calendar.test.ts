import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  copyCalendar,
  createCalendar,
  earliest,
  moveSlot,
  restoreCalendar,
  schedule,
  splitCalendar,
  takeEarliest,
} from '../../src/engine/cells/calendar.ts';
import { rootStream } from '../../src/engine/random/seed.ts';

interface Entry {
  readonly time: number;
  readonly which: number;
}

function drain(calendar: ReturnType<typeof createCalendar>, slot: number): Entry[] {
  const entries: Entry[] = [];
  while (earliest(calendar, slot) < Number.POSITIVE_INFINITY) {
    entries.push({ time: earliest(calendar, slot), which: takeEarliest(calendar, slot) });
  }
  return entries;
}

const ENTRIES = fc.array(fc.record({ time: fc.integer({ min: 0, max: 9 }), which: fc.nat({ max: 3 }) }), {
  maxLength: 60,
});

const inOrder = (entries: readonly Entry[]) =>
  [...entries].sort((a, b) => a.time - b.time || a.which - b.which);

describe('a calendar', () => {
  it('gives entries back in the order of time, then of kind, whatever comes in between', () => {
    fc.assert(
      fc.property(ENTRIES, ENTRIES, fc.nat({ max: 60 }), (before, after, taken) => {
        const calendar = createCalendar(2);
        for (const { time, which } of before) schedule(calendar, 1, time, which);
        let left = inOrder(before);
        for (let i = 0; i < Math.min(taken, before.length); i++) {
          expect(earliest(calendar, 1)).toBe(left[0].time);
          expect(takeEarliest(calendar, 1)).toBe(left[0].which);
          left = left.slice(1);
        }
        const copy = copyCalendar(calendar, 2);
        for (const { time, which } of after) schedule(calendar, 1, time, which);
        expect(drain(calendar, 1)).toEqual(inOrder([...left, ...after]));
        expect(earliest(calendar, 0)).toBe(Number.POSITIVE_INFINITY);
        restoreCalendar(calendar, copy);
        moveSlot(calendar, 1, 0);
        expect(drain(calendar, 0)).toEqual(left);
        expect(calendar.counts[1]).toBe(0);
      }),
      { seed: 3 },
    );
  });

  it('shares out as many of each kind as it is told, and any of them equally likely', () => {
    const stream = rootStream('split');
    const often = new Float64Array(10);
    const trials = 20_000;
    for (let trial = 0; trial < trials; trial++) {
      const calendar = createCalendar(2);
      for (let time = 0; time < 10; time++) schedule(calendar, 0, time, 0);
      schedule(calendar, 0, 3.5, 7);
      calendar.triggers[0] = 5;
      splitCalendar(calendar, 0, 1, which => (which === 7 ? -1 : 3), stream, 0);
      expect(calendar.triggers[1]).toBe(5);
      const [first, second] = [drain(calendar, 0), drain(calendar, 1)];
      if (trial === 0) expect([first.length, second.length]).toEqual([4, 8]);
      expect(first.concat(second).filter(({ which }) => which === 7)).toHaveLength(2);
      for (const { time, which } of first) if (which === 0) often[time]++;
    }
    const error = Math.sqrt(trials * 0.3 * 0.7);
    for (const n of often) expect(Math.abs(n - 0.3 * trials)).toBeLessThan(4 * error);
  });
});
