import { describe, expect, it } from 'vitest';
import { ROD_WORDS, VertexStore, writeCells } from '../../src/picture/cellVertices.ts';
import { readCell } from '../../src/renderer/panels/cellReading.ts';
import { CellIndex } from '../../src/renderer/stage/cellIndex.ts';
import { ghostsOf } from '../../src/renderer/stage/ghosts.ts';
import { makeFrame } from './stageFixtures.ts';

const FRAME = makeFrame([
  { x: 10, y: 10, radius: 0.5, half: [3, 0, 0] },
  { x: 10, y: 11.2, radius: 0.5, half: [0, 0, 2], z: 6 },
  { x: 20, y: 10, radius: 0.5, half: [1, -1, 0] },
]);

describe('rods on the stage', () => {
  it('are picked by their distance from the axis, with and without the tree', () => {
    const index = new CellIndex();
    index.setFrame(FRAME);
    for (let round = 0; round < 20; round++) {
      expect(index.at(13.3, 10.2, 0)).toBe(0);
      expect(index.at(13.6, 10.2, 0)).toBe(-1);
      expect(index.at(10, 10.6, 0)).toBe(-1);
      expect(index.at(10.1, 11.4, 0)).toBe(1);
      expect(index.at(20.8, 9.2, 0)).toBe(2);
      expect(index.at(20.8, 10.8, 0)).toBe(-1);
    }
  });

  it('are drawn with the vector to their cap, while any part of them is in the window', () => {
    const store = new VertexStore(4, ROD_WORDS);
    const cells = { frame: FRAME, colours: Uint32Array.of(1, 2, 3), selected: new Set([3]), hovered: -1 };
    writeCells(store, store, { ...cells, left: 12.8, right: 30, bottom: 0, top: 30, slice: null });
    expect(store.count).toBe(8);
    expect(Array.from(store.floats.subarray(5, 7))).toEqual([3, 0]);
    // The selected one comes last.
    expect(Array.from(store.floats.subarray(4 * ROD_WORDS + 5, 4 * ROD_WORDS + 7))).toEqual([1, -1]);
  });

  it('are clear of fog where the slice cuts them anywhere', () => {
    const fogAt = (slice: number) => {
      const store = new VertexStore(4, ROD_WORDS);
      const frame = makeFrame([{ x: 1, y: 1, z: 6, radius: 0.5, half: [0, 0, 2] }]);
      const cells = { frame, colours: Uint32Array.of(1), selected: new Set<number>(), hovered: -1 };
      writeCells(store, store, { ...cells, left: 0, right: 9, bottom: 0, top: 9, slice });
      return store.count === 0 ? -1 : (store.words[4] >> 16) & 255;
    };
    expect(fogAt(7.9)).toBe(0);
    expect(fogAt(4.1)).toBe(0);
    expect(fogAt(9.2)).toBeGreaterThan(0);
    expect(fogAt(10)).toBe(-1);
  });

  it('tell their length and the angle of their axis, which has no sense', () => {
    const { length, angle, tilt } = readCell(FRAME, 3, () => 0) ?? {};
    expect(length).toBeCloseTo(2 * (Math.SQRT2 + 0.5), 6);
    expect(angle).toBeCloseTo(135, 6);
    expect(tilt).toBeCloseTo(0, 6);
    expect(readCell(FRAME, 2, () => 0)?.tilt).toBeCloseTo(90, 6);
    expect(readCell(makeFrame([{}]), 1, () => 0)?.length).toBeUndefined();
  });

  it('leave ghosts of their shape', () => {
    const deaths = Float32Array.of(1, 2, 3, 0.5, 0, 0.25, -0.75);
    expect(ghostsOf(makeFrame([], { deaths }), 0, () => 7)[0]).toMatchObject({ halfX: 0.25, halfY: -0.75 });
  });
});
