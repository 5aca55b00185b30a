import { describe, expect, it } from 'vitest';
import { Clones } from '../../src/picture/clones.ts';
import { widest } from '../../src/picture/ranges.ts';
import { cover } from '../../src/picture/raster/path.ts';
import { parseColour } from '../../src/picture/raster/plateRaster.ts';
import { textOutlines, textWidth } from '../../src/picture/raster/text.ts';
import { coordinate } from '../../src/picture/svg/svgText.ts';

/** Area of a polygon by the shoelace formula. */
function area(points: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    twice += points[i] * points[j + 1] - points[j] * points[i + 1];
  }
  return twice / 2;
}

const total = (polygons: number[][]) => {
  const coverage = cover(polygons, 64, 64);
  return coverage ? coverage.shares.reduce((sum, share) => sum + share, 0) : 0;
};

describe('shares of pixels that a shape covers', () => {
  it('add up to its area, and are those of each pixel', () => {
    const triangle = [3.3, 4.1, 40.7, 11.9, 20.2, 55.5];
    expect(total([triangle])).toBeCloseTo(Math.abs(area(triangle)), 2);
    expect(total([[10.25, 10.5, 12.75, 10.5, 12.75, 13, 10.25, 13]])).toBeCloseTo(6.25, 5);
    const circle = Array.from({ length: 720 }, (_, i) => {
      const angle = (2 * Math.PI * Math.floor(i / 2)) / 360;
      return 30 + 20 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    });
    expect(total([circle])).toBeCloseTo(area(circle), 1);
    const coverage = cover([[1.25, 1, 3, 1, 3, 2, 1.25, 2]], 8, 8);
    expect(coverage).toMatchObject({ left: 1, top: 1, width: 2, height: 1 });
    expect([...(coverage?.shares ?? [])]).toEqual([0.75, 1]);
  });

  it('leave out holes and what lies outside', () => {
    const outer = [10, 10, 30, 10, 30, 30, 10, 30];
    const hole = [15, 15, 15, 25, 25, 25, 25, 15];
    expect(total([outer, hole])).toBeCloseTo(300, 4);
    expect(total([[-20, -20, 10, -20, 10, 10, -20, 10]])).toBeCloseTo(100, 3);
    expect(total([[50, 60, 90, 60, 90, 90, 50, 90]])).toBeCloseTo(14 * 4, 3);
    expect(cover([[70, 70, 80, 70, 80, 80]], 64, 64)).toBeNull();
  });
});

describe('text', () => {
  it('has the widths of DejaVu Sans, digits all the same', () => {
    expect(textWidth('0', 2048)).toBe(1303);
    expect(new Set([...'0123456789'].map(digit => textWidth(digit, 12))).size).toBe(1);
    expect(textWidth('AHL', 12)).toBeCloseTo(
      [...'AHL'].reduce((sum, c) => sum + textWidth(c, 12), 0),
      10,
    );
  });

  it('covers its strokes and nothing of its holes', () => {
    const outlines = textOutlines('O', 48, 4, 44);
    expect(outlines).toHaveLength(2);
    const coverage = cover(outlines, 64, 64);
    if (!coverage) throw new Error('nothing drawn');
    const middle = Math.floor(coverage.height / 2) * coverage.width + Math.floor(coverage.width / 2);
    expect(coverage.shares[middle]).toBe(0);
    expect(Math.max(...coverage.shares)).toBe(1);
    // Characters that are not there have a sign of their own.
    expect(textOutlines('\u4e94', 12, 0, 12).length).toBeGreaterThan(0);
  });
});

describe('colours and ranges', () => {
  it('reads what themes and legends write', () => {
    expect(parseColour('#0d1015')).toEqual([13, 16, 21, 1]);
    expect(parseColour('rgb(13 16 21 / 0.78)')).toEqual([13, 16, 21, 0.78]);
    expect(() => parseColour('salmon')).toThrow('no colour: salmon');
    expect(coordinate(1.005001)).toBe('1.01');
  });

  it('gives all descendants of a founder one hue', () => {
    const clones = new Clones();
    clones.divide(1, 3, 4);
    clones.divide(4, 5, 6);
    expect([5, 6, 3].map(id => clones.colour(id))).toEqual(Array(3).fill(clones.colour(1)));
    expect(clones.colour(2)).not.toBe(clones.colour(1));
  });

  it('holds what either range holds', () => {
    const one = { fields: [[0, 5] as const], cells: null };
    const other = { fields: [[-1, 2] as const], cells: [0, 1] as const };
    expect(widest(one, other)).toEqual({ fields: [[-1, 5]], cells: [0, 1] });
  });
});
