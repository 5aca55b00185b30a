import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellTable, colourTable, layerTables, MAP_NAMES } from '../../src/picture/colour/maps.ts';
import { mixColours, oklabToRgb, type Rgb, rgbToOklab } from '../../src/picture/colour/oklab.ts';
import { cloneColour, OKABE_ITO, packColour, typeColour } from '../../src/picture/colour/palette.ts';
import {
  AutoRange,
  contourLevels,
  position,
  snapDown,
  snapUp,
  ticks,
  valueAt,
} from '../../src/picture/colour/scale.ts';

const SEED = 20240611;
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const entry = (table: Uint8Array, i: number): Rgb => [table[3 * i], table[3 * i + 1], table[3 * i + 2]];

describe('colour maps', () => {
  it('hold the published colours at their ends, middle and quarters', () => {
    expect(entry(colourTable('viridis'), 0)).toEqual([0x44, 0x01, 0x54]);
    expect(entry(colourTable('viridis'), 255)).toEqual([0xfd, 0xe7, 0x25]);
    expect(entry(colourTable('magma'), 0)).toEqual([0, 0, 4]);
    expect(entry(colourTable('magma'), 255)).toEqual([0xfc, 0xfd, 0xbf]);
    // Entries between the anchors, from the published tables.
    const published: [map: 'viridis' | 'magma', index: number, colour: Rgb][] = [
      ['viridis', 4, [0x46, 0x07, 0x5a]],
      ['viridis', 100, [0x2a, 0x76, 0x8e]],
      ['viridis', 203, [0x77, 0xd1, 0x53]],
      ['magma', 100, [0x89, 0x28, 0x81]],
      ['magma', 252, [0xfc, 0xf7, 0xb9]],
    ];
    for (const [map, index, colour] of published) {
      entry(colourTable(map), index).forEach((value, c) => {
        expect(Math.abs(value - colour[c]), `${map} ${index}`).toBeLessThanOrEqual(2);
      });
    }
  });

  it.each(['viridis', 'magma', 'cividis'] as const)('%s grows lighter from end to end', map => {
    const lightness = Array.from({ length: 256 }, (_, i) => rgbToOklab(entry(colourTable(map), i))[0]);
    for (let i = 8; i < 256; i += 8) expect(lightness[i]).toBeGreaterThan(lightness[i - 8]);
  });

  it('the diverging map is lightest and greyest in its middle, and its ends are equally dark', () => {
    const at = (i: number) => rgbToOklab(entry(colourTable('diverging'), i));
    const [low, middle, high] = [at(0), at(128), at(255)];
    expect(middle[0]).toBeGreaterThan(Math.max(low[0], high[0]) + 0.3);
    expect(Math.hypot(middle[1], middle[2])).toBeLessThan(0.02);
    expect(Math.abs(low[0] - high[0])).toBeLessThan(0.02);
    expect(low[2]).toBeLessThan(-0.1);
    expect(high[1]).toBeGreaterThan(0.1);
  });

  it('one layer keeps its map; several take distinct hues that start at the ground', () => {
    const one = layerTables(['viridis'], 'dark');
    expect([...one.slice(0, 4)]).toEqual([0x44, 0x01, 0x54, 255]);
    for (const [theme, ground] of [
      ['dark', 0],
      ['light', 255],
    ] as const) {
      const rows = layerTables(['viridis', 'viridis', 'viridis'], theme);
      const row = (layer: number, i: number) => [
        ...rows.slice(4 * (256 * layer + i), 4 * (256 * layer + i) + 3),
      ];
      for (let layer = 0; layer < 3; layer++) expect(row(layer, 0)).toEqual([ground, ground, ground]);
      expect(new Set([0, 1, 2].map(layer => row(layer, 255).join())).size).toBe(3);
    }
  });

  it('cells leave out the dark end, but end where the map ends', () => {
    for (const map of MAP_NAMES) expect(entry(cellTable(map), 255)).toEqual(entry(colourTable(map), 255));
    expect(rgbToOklab(entry(cellTable('magma'), 0))[0]).toBeGreaterThan(
      rgbToOklab(entry(colourTable('magma'), 0))[0] + 0.1,
    );
    expect(entry(cellTable('diverging'), 0)).toEqual(entry(colourTable('diverging'), 0));
  });
});

describe('OKLab', () => {
  it('converts there and back within one step of a byte', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        const back = oklabToRgb(...rgbToOklab([r, g, b]));
        expect(Math.abs(back[0] - r) + Math.abs(back[1] - g) + Math.abs(back[2] - b)).toBeLessThanOrEqual(1);
      }),
      { seed: SEED },
    );
  });

  it('agrees with the reference values of its author', () => {
    const [l, a, b] = rgbToOklab([255, 255, 255]);
    expect(l).toBeCloseTo(1, 4);
    expect(Math.hypot(a, b)).toBeLessThan(1e-3);
    // sRGB red: L 0.62796, a 0.22486, b 0.12585.
    const red = rgbToOklab([255, 0, 0]);
    expect(red[0]).toBeCloseTo(0.62796, 4);
    expect(red[1]).toBeCloseTo(0.22486, 4);
    expect(red[2]).toBeCloseTo(0.12585, 4);
    expect(mixColours([0, 0, 0], [255, 255, 255], 1)).toEqual([255, 255, 255]);
  });
});

describe('palettes', () => {
  it('give every type a colour and repeat after the last', () => {
    expect(typeColour(0)).toEqual([86, 180, 233]);
    expect(typeColour(OKABE_ITO.length)).toEqual(typeColour(0));
    expect(new Set(OKABE_ITO.map(String)).size).toBe(OKABE_ITO.length);
  });

  it('give neighbouring clones clearly different colours, the same every time', () => {
    for (let founder = 1; founder < 200; founder++) {
      const [, a, b] = rgbToOklab(cloneColour(founder));
      const [, c, d] = rgbToOklab(cloneColour(founder + 1));
      expect(Math.hypot(a - c, b - d)).toBeGreaterThan(0.1);
      expect(cloneColour(founder)).toEqual(cloneColour(founder));
    }
  });

  it('pack as bytes r, g, b, a in memory', () => {
    const word = Uint32Array.of(packColour([1, 2, 3], 4));
    expect([...new Uint8Array(word.buffer)]).toEqual([1, 2, 3, 4]);
  });
});

describe('scales', () => {
  it('snap to the neighbouring 1, 2, 5 × 10ⁿ', () => {
    expect([0.9, 1, 1.01, 2, 3, 5, 5.000000000000001, 7, 83].map(snapUp)).toEqual([
      1, 1, 2, 2, 5, 5, 5, 10, 100,
    ]);
    expect([0.9, 1, 1.99, 2, 4.9, 5, 83, 0.0003].map(snapDown)).toEqual([0.5, 1, 1, 2, 2, 5, 50, 0.0002]);
    fc.assert(
      fc.property(positive, value => {
        const up = snapUp(value);
        const down = snapDown(value);
        expect(up).toBeGreaterThanOrEqual(value * (1 - 1e-8));
        expect(down).toBeLessThanOrEqual(value * (1 + 1e-8));
        expect(up / down).toBeLessThanOrEqual(2.5 * (1 + 1e-8));
        expect(Number(up.toExponential().split('e')[0])).toBeOneOf([1, 2, 5]);
      }),
      { seed: SEED },
    );
  });

  it('place values and find them again', () => {
    fc.assert(
      fc.property(
        positive,
        fc.double({ min: 1.5, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (low, factor, t) => {
          for (const scale of ['linear', 'log'] as const) {
            const range = [low, low * factor] as const;
            expect(position(valueAt(t, range, scale), range, scale)).toBeCloseTo(t, 6);
          }
        },
      ),
      { seed: SEED },
    );
    expect(position(0, [1, 10], 'log')).toBe(Number.NEGATIVE_INFINITY);
  });

  it('make round ticks within the range', () => {
    expect(ticks([0, 80], 'linear')).toEqual([0, 20, 40, 60, 80]);
    expect(ticks([4.9, 5], 'linear', 5)).toEqual([4.9, 4.92, 4.94, 4.96, 4.98, 5]);
    expect(ticks([0.1, 1000], 'log')).toEqual([0.1, 1, 10, 100, 1000]);
    expect(ticks([1, 20], 'log')).toEqual([1, 2, 5, 10, 20]);
    expect(ticks([1, 1], 'linear')).toEqual([]);
  });

  it('draw contours at round values', () => {
    const linear = contourLevels([3, 103], 'linear');
    // Every 10: the first level above 3 is 10.
    expect(linear.step).toBeCloseTo(0.1, 12);
    expect(linear.origin).toBeCloseTo(0.07, 12);
    expect(contourLevels([1, 1000], 'log').step).toBeCloseTo(1 / 6, 12);
  });
});

describe('automatic ranges', () => {
  it('widen at once and narrow only when the data lie well inside', () => {
    const auto = new AutoRange('linear', 1);
    expect(auto.update(0, 4.9)).toEqual([0, 5]);
    expect(auto.update(0, 5.1)).toEqual([0, 10]);
    expect(auto.update(0, 4.9)).toEqual([0, 10]);
    expect(auto.update(0, 4.1)).toEqual([0, 10]);
    expect(auto.update(0, 3.9)).toEqual([0, 5]);
  });

  it('do not flicker for values that tremble about a snap', () => {
    for (const scale of ['linear', 'log'] as const) {
      const auto = new AutoRange(scale, 1);
      const seen = new Set<string>();
      for (let i = 0; i < 200; i++) {
        const max = 5 * (1 + 0.1 * Math.sin(2.4 * i));
        seen.add(String(auto.update(scale === 'log' ? 0.01 * (1 + 0.2 * Math.sin(1.7 * i)) : 0, max)[1]));
      }
      expect([...seen].slice(-1)).toEqual(['10']);
      expect(seen.size).toBeLessThanOrEqual(2);
    }
  });

  it('show what varies of a field that is nearly the same everywhere', () => {
    const [low, high] = new AutoRange('linear', 1).update(4.91, 4.99);
    expect(low).toBeGreaterThan(4.8);
    expect(low).toBeLessThanOrEqual(4.91);
    expect(high).toBeGreaterThanOrEqual(4.99);
    expect(high).toBeLessThan(5.1);
  });

  it('always hold their data and never degenerate', () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 20 }), frames => {
        const auto = new AutoRange('linear', 1);
        for (const [a, b] of frames) {
          const [low, high] = auto.update(Math.min(a, b), Math.max(a, b));
          expect(high).toBeGreaterThan(low);
          expect(low).toBeLessThanOrEqual(Math.min(a, b) * (1 + 1e-8));
          expect(high).toBeGreaterThanOrEqual(Math.max(a, b) * (1 - 1e-8));
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
    for (const scale of ['linear', 'log'] as const) {
      const [low, high] = new AutoRange(scale, 1).update(Number.POSITIVE_INFINITY, 0);
      expect(high).toBe(1);
      expect(low).toBeLessThan(high);
    }
  });

  it('span whole decades on a log scale, at most six', () => {
    expect(new AutoRange('log', 1).update(0.003, 40)).toEqual([0.001, 50]);
    const [low, high] = new AutoRange('log', 1).update(1e-20, 40);
    expect(Math.log10(high / low)).toBeLessThanOrEqual(7);
    expect(new AutoRange('log', 1).update(39, 40)[0]).toBeLessThanOrEqual(5);
  });
});
