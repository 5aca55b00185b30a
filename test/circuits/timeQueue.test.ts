import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeQueue } from '../../src/engine/circuits/timeQueue.ts';

test('the first event is the earliest, the lowest index among equals, whatever was set before', () => {
  const time = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(
      fc.array(time, { minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(), time), { maxLength: 80 }),
      (initial, changes) => {
        const queue = new TimeQueue(initial.length);
        queue.times.set(initial);
        queue.rebuild();
        const expected = Float64Array.from(initial);
        const check = (): void => expect(queue.first()).toBe(expected.indexOf(Math.min(...expected)));
        check();
        for (const [event, value] of changes) {
          const at = event % initial.length;
          queue.times[at] = value;
          queue.moved(at, value < expected[at]);
          expected[at] = value;
          check();
        }
        expect(queue.times).toEqual(expected);
      },
    ),
    { seed: 12, numRuns: 200 },
  );
});
