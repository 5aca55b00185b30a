import { describe, expect, it } from 'vitest';
import { parseBookmarks, writeBookmarks } from '../../src/renderer/replay/bookmarks.ts';
import { barHeights, barPath, nearest } from '../../src/renderer/replay/timelineMarks.ts';

describe('marks of a recording', () => {
  it('count events into bars, single ones visible', () => {
    const heights = barHeights([0, 1, 3, 0, 0, 0, 100, 0], 4);
    expect([...heights]).toEqual([0.1, Math.sqrt(0.03), 0, 1]);
    expect(barPath(heights, 2, 0, 1)).toBe('M0 0h2v-0.120h-2zM2 0h2v-0.173h-2zM6 0h2v-1.000h-2z');
    expect(barPath(Float64Array.of(1), 1, 0, -1)).toBe('M0 0h1v1.000h-1z');
    expect([...barHeights([0, 0], 2)]).toEqual([0, 0]);
  });

  it('find the frame that lies nearest', () => {
    expect([-5, 0, 1.4, 1.6, 7, 99].map(time => nearest([0, 1, 2, 8], time))).toEqual([0, 0, 1, 2, 3, 3]);
  });

  it('keep bookmarks by time and leave out what is none', () => {
    const kept = [
      { time: 2, note: 'b' },
      { time: 1, note: 'a "quoted" note' },
    ];
    expect(parseBookmarks(writeBookmarks(kept))).toEqual([kept[1], kept[0]]);
    expect(parseBookmarks('[{"time_s": 3}, {"time_s": "4"}, null, {"note": "x"}]')).toEqual([
      { time: 3, note: '' },
    ]);
    expect([parseBookmarks('{'), parseBookmarks('{}'), parseBookmarks(null)]).toEqual([[], [], []]);
  });
});
