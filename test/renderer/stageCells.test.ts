/// <reference lib="dom" />
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { colourCells, extent, quantity } from '../../src/picture/cellColours.ts';
import {
  cyclePhase,
  RING_HOVERED,
  RING_SELECTED,
  sliceDistance,
  VERTEX_WORDS,
  VertexStore,
  writeCells,
} from '../../src/picture/cellVertices.ts';
import { cellTable } from '../../src/picture/colour/maps.ts';
import { NEUTRAL, packColour, typeColour } from '../../src/picture/colour/palette.ts';
import { NANOMOLAR } from '../../src/picture/format/units.ts';
import { Ranges, surveyField } from '../../src/picture/ranges.ts';
import { CellIndex, contains } from '../../src/renderer/stage/cellIndex.ts';
import { GHOST_LIFE, ghostsOf } from '../../src/renderer/stage/ghosts.ts';
import { Lineage } from '../../src/renderer/stage/lineage.ts';
import { concentrationsAt, planeHeight, voxelAt } from '../../src/renderer/stage/probeField.ts';
import { TrailHistory } from '../../src/renderer/stage/trailHistory.ts';
import type { StageView } from '../../src/renderer/stage/view.ts';
import { makeFrame } from './stageFixtures.ts';

const SEED = 11;
const everywhere = { left: -1e9, right: 1e9, bottom: -1e9, top: 1e9, slice: null };
const none: ReadonlySet<number> = new Set();

/** The vertices of a store, one per copy. */
function vertices(store: VertexStore) {
  return Array.from({ length: store.count }, (_, i) => {
    const at = i * VERTEX_WORDS;
    const state = store.words[at + 4];
    return {
      x: store.floats[at],
      y: store.floats[at + 1],
      radius: store.floats[at + 2],
      colour: store.words[at + 3],
      ring: state & 255,
      dividing: (state >>> 8) & 255,
      fog: (state >>> 16) & 255,
    };
  });
}

describe('vertices of cells', () => {
  const colours = Uint32Array.of(1, 2, 3, 4);

  it('hold the cells that meet the window, and the largest radius among them', () => {
    const frame = makeFrame([{ x: 0 }, { x: 10, radius: 3 }, { x: 20 }, { x: -5, radius: 8 }]);
    const store = new VertexStore(1);
    const window = { ...everywhere, left: 2, right: 12, bottom: -1, top: 1 };
    expect(writeCells(store, store, { frame, colours, selected: none, hovered: -1, ...window })).toBe(8);
    expect(vertices(store).map(v => [v.x, v.colour])).toEqual([
      [10, 2],
      [-5, 4],
    ]);
  });

  it('put ringed cells last and tell selected from hovered', () => {
    const frame = makeFrame([{ id: 5 }, { id: 6 }, { id: 7 }, { id: 8 }]);
    const store = new VertexStore(1);
    writeCells(store, store, { frame, colours, selected: new Set([5]), hovered: 2, ...everywhere });
    expect(vertices(store).map(v => [v.colour, v.ring])).toEqual([
      [2, 0],
      [4, 0],
      [1, RING_SELECTED],
      [3, RING_HOVERED],
    ]);
  });

  it('come four times for quads, and the store grows without losing any', () => {
    const frame = makeFrame(Array.from({ length: 300 }, (_, i) => ({ x: i })));
    const store = new VertexStore(4);
    writeCells(store, store, {
      frame,
      colours: new Uint32Array(300),
      selected: none,
      hovered: -1,
      ...everywhere,
    });
    expect(vertices(store).map(v => v.x)).toEqual(Array.from({ length: 1200 }, (_, i) => Math.floor(i / 4)));
  });

  it('show a cell that is about to divide, never one that does not divide', () => {
    const frame = makeFrame([
      { volume: 1.89 },
      { volume: 1.95 },
      { volume: 2 },
      { volume: 50, divisionVolume: Number.POSITIVE_INFINITY },
    ]);
    const store = new VertexStore(1);
    writeCells(store, store, { frame, colours, selected: none, hovered: -1, ...everywhere });
    const dividing = vertices(store).map(v => v.dividing);
    expect(dividing[0]).toBe(0);
    expect(dividing[1]).toBeGreaterThan(100);
    expect(dividing[2]).toBe(255);
    expect(dividing[3]).toBe(0);
    expect([0, 1, 2, 3].map(slot => cyclePhase(frame, slot))).toEqual([
      expect.closeTo(0.89, 5),
      expect.closeTo(0.95, 5),
      1,
      0,
    ]);
  });

  it('in 3-D come from far to near, dimmed, and only near the slice', () => {
    const frame = makeFrame([{ z: 10 }, { z: 12.5 }, { z: 8.8 }, { z: 20 }]);
    const store = new VertexStore(1);
    writeCells(store, store, { frame, colours, selected: none, hovered: -1, ...everywhere, slice: 10 });
    const drawn = vertices(store);
    expect(drawn.map(v => v.colour)).toEqual([2, 3, 1]);
    expect(drawn[2].fog).toBe(0);
    expect(drawn[0].fog).toBeGreaterThan(drawn[1].fog);
    expect(sliceDistance(11, 1, 10)).toBe(0);
    expect(sliceDistance(13, 1, 10)).toBe(1);
  });
});

describe('colours of cells', () => {
  const frame = makeFrame(
    [
      { id: 1, type: 0, amounts: [1, 40], volume: 2, birthTime: 0 },
      { id: 2, type: 1, amounts: [1, 10], birthTime: 60, divisionVolume: Number.POSITIVE_INFINITY },
    ],
    { time: 100 },
  );
  const lineage = new Lineage();
  lineage.observe(frame);
  const paint = (colouring: StageView['cells'], range: readonly [number, number] = [0, 1]) => {
    const target = new Uint32Array(2);
    colourCells(frame, colouring, range, lineage, target);
    return [...target];
  };

  it('by type and by lineage', () => {
    expect(paint({ by: 'type' })).toEqual([packColour(typeColour(0)), packColour(typeColour(1))]);
    const [a, b] = paint({ by: 'lineage' });
    expect(a).not.toBe(b);
  });

  it('by a species: neutral for other types, clamped to the ends of the map', () => {
    const species = {
      by: 'species',
      type: 0,
      species: 1,
      as: 'amount',
      map: 'magma',
      range: 'auto',
    } as const;
    const table = cellTable('magma');
    expect(paint(species, [0, 40])).toEqual([
      packColour([table[765], table[766], table[767]]),
      packColour(NEUTRAL),
    ]);
    expect(paint(species, [100, 200])[0]).toBe(packColour([table[0], table[1], table[2]]));
    expect(paint(species, [0, 1])[0]).toBe(packColour([table[765], table[766], table[767]]));
    expect(quantity(frame, species, 0)).toBe(40);
    expect(quantity(frame, { ...species, as: 'concentration' }, 0)).toBe(20);
  });

  it('see-through in a section of a 3-D domain, unless the colour is a measure', () => {
    const opacities = (colouring: StageView['cells'], cut: boolean) => {
      const target = new Uint32Array(frame.count);
      colourCells(frame, colouring, [0, 40], new Lineage(), target, cut);
      return [...target].map(word => word >>> 24);
    };
    const [opacity] = opacities({ by: 'type' }, true);
    expect(opacity).toBeGreaterThan(0);
    expect(opacity).toBeLessThan(128);
    expect(opacities({ by: 'type' }, false)).toEqual([255, 255]);
    expect(opacities({ by: 'age' }, true)).toEqual([255, 255]);
  });

  it('by age, growth and phase', () => {
    expect(extent(frame, { by: 'age' })).toEqual([40, 100]);
    expect(quantity(frame, { by: 'growth' }, 0)).toBeCloseTo(Math.log(2) / 100, 9);
    expect(quantity(frame, { by: 'phase' }, 0)).toBe(1);
    expect(quantity(frame, { by: 'phase' }, 1)).toBeNaN();
    expect(extent(makeFrame([]), { by: 'age' })).toBeNull();
  });
});

describe('lineage', () => {
  it('keeps the founder of every descendant, over divisions', () => {
    const lineage = new Lineage();
    lineage.observe(makeFrame([{ id: 1 }, { id: 2 }]));
    lineage.observe(makeFrame([{ id: 3, parent: 1 }, { id: 2 }, { id: 4, parent: 1 }]));
    lineage.observe(makeFrame([{ id: 5, parent: 3 }, { id: 6, parent: 3 }, { id: 2 }, { id: 4, parent: 1 }]));
    expect([5, 6, 4].map(id => lineage.clone(id))).toEqual([1, 1, 1]);
    expect(lineage.clone(2)).toBe(2);
    expect(lineage.colour(5)).toBe(lineage.colour(1));
    expect(lineage.colour(5)).not.toBe(lineage.colour(2));
  });

  it('keeps sisters together whose mother was never seen, and forgets the dead', () => {
    const lineage = new Lineage();
    lineage.observe(makeFrame([{ id: 30, parent: 9 }]));
    for (let g = 0; g < 9000; g++) lineage.observe(makeFrame([{ id: 30, parent: 9 }, { id: 100 + g }]));
    lineage.observe(makeFrame([{ id: 31, parent: 9 }]));
    expect(lineage.clone(31)).toBe(lineage.clone(30));
  });
});

describe('finding cells', () => {
  const coordinate = fc.float({ min: 0, max: 100, noNaN: true });
  const cells = fc.array(
    fc.record({ x: coordinate, y: coordinate, radius: fc.float({ min: 0.5, max: 5, noNaN: true }) }),
    { maxLength: 60 },
  );

  it('answers the same from a scan, from the tree and by definition', () => {
    fc.assert(
      fc.property(cells, coordinate, coordinate, (list, x, y) => {
        const frame = makeFrame(list);
        const index = new CellIndex();
        index.setFrame(frame);
        let nearest = -1;
        let best = Number.POSITIVE_INFINITY;
        for (let i = 0; i < frame.count; i++) {
          const d = Math.hypot(frame.x[i] - x, frame.y[i] - y) / frame.radius[i];
          if (d <= 1 && d < best) {
            best = d;
            nearest = i;
          }
        }
        const answers = Array.from({ length: 12 }, () => index.at(x, y, 0));
        for (const answer of answers) {
          const tie = answer >= 0 && nearest >= 0;
          const d = tie ? Math.hypot(frame.x[answer] - x, frame.y[answer] - y) / frame.radius[answer] : 0;
          if (tie) expect(d).toBe(best);
          else expect(answer).toBe(nearest);
        }
      }),
      { seed: SEED },
    );
  });

  it('prefers what is in front, skips what is hidden, and reaches as far as it is told', () => {
    const index = new CellIndex();
    const frame = makeFrame([
      { x: 0, z: 5 },
      { x: 0.5, z: 1 },
    ]);
    index.setFrame(frame);
    const depth = (slot: number) => frame.z[slot];
    expect(index.at(0, 0, 0)).toBe(0);
    expect(index.at(0, 0, 0, () => true, depth)).toBe(1);
    expect(index.at(0, 0, 0, slot => slot === 0, depth)).toBe(0);
    expect(index.at(0, 1.5, 0)).toBe(-1);
    expect(index.at(0, 1.5, 1)).not.toBe(-1);
  });

  it('selects the cells whose centres lie in a lasso', () => {
    const index = new CellIndex();
    index.setFrame(
      makeFrame([
        { x: 1, y: 1 },
        { x: 3, y: 3 },
        { x: 5, y: 1 },
        { x: 3, y: 0.5 },
      ]),
    );
    // A V-shaped lasso: the notch between its arms is outside.
    const polygon = { xs: [0, 3, 6, 6, 3, 0], ys: [0, 2, 0, 2, 4, 2] };
    expect(index.within(polygon)).toEqual([0, 1, 2]);
    expect(index.within(polygon, slot => slot !== 1)).toEqual([0, 2]);
    expect(index.within({ xs: [0, 9], ys: [0, 9] })).toEqual([]);
    expect(contains(polygon, 3, 1)).toBe(false);
    expect(contains(polygon, 3, 3)).toBe(true);
  });
});

describe('ghosts', () => {
  it('fade within their life and stay within 600 ms', () => {
    expect(GHOST_LIFE).toBeLessThanOrEqual(600);
    const deaths = Float32Array.of(1, 2, 3, 0.5, 1, 0.4, -0.3, 4, 5, 6, 0.7, 0, 0, 0);
    const ghosts = ghostsOf(makeFrame([], { deaths }), 1000, type => 100 + type);
    expect(ghosts.map(({ x, y, z, radius, colour }) => [x, y, z, Math.fround(radius), colour])).toEqual([
      [1, 2, 3, 0.5, 101],
      [4, 5, 6, Math.fround(0.7), 100],
    ]);
    expect(ghosts[0].share(1000)).toBe(0);
    expect(ghosts[0].share(1000 + GHOST_LIFE / 2)).toBe(0.5);
    expect(ghosts[0].share(5000)).toBe(1);
  });
});

describe('trails', () => {
  it('follow a cell and go on with its daughters', () => {
    const history = new TrailHistory();
    const colours = new Uint32Array(2);
    for (let x = 0; x < 3; x++) history.observe(makeFrame([{ id: 1, x }]));
    const daughters = makeFrame([
      { id: 2, parent: 1, x: 3 },
      { id: 3, parent: 1, x: 2, y: 1 },
    ]);
    history.observe(daughters);
    const floats = history.write(daughters, colours);
    // Each daughter: from itself back over its own place and the mother's three.
    expect(history.vertices).toBe(2 * 4 * 2);
    expect([floats[3 * 7], floats[3 * 7 + 1]]).toEqual([0, 0]);
  });

  it('start anew after a jump, and are forgotten with their cell', () => {
    const history = new TrailHistory();
    for (const x of [0, 1, 500]) history.observe(makeFrame([{ id: 1, x }]));
    history.write(makeFrame([{ id: 1, x: 500 }]), new Uint32Array(1));
    expect(history.vertices).toBe(2);
    for (let i = 0; i < 3; i++) history.observe(makeFrame([]));
    history.write(makeFrame([{ id: 1, x: 500 }]), new Uint32Array(1));
    expect(history.vertices).toBe(0);
  });
});

describe('values under the pointer', () => {
  const grid = createGrid(3, [4, 3, 2], [8, 6, 4]);

  it('are those of the voxel there', () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    const frame = makeFrame([], { fields: [values] });
    expect(concentrationsAt(grid, frame, { x: 3, y: 5, z: 3 })).toEqual([1 + 4 * (2 + 3 * 1)]);
    expect(voxelAt(grid, { x: 8, y: 1, z: 1 })).toBe(-1);
    expect(voxelAt(grid, { x: -0.1, y: 1, z: 1 })).toBe(-1);
  });

  it('are taken in the plane shown', () => {
    expect(planeHeight(grid, 1)).toBe(3);
    expect(planeHeight(grid, 99)).toBe(3);
    expect(planeHeight(createGrid(2, [4, 3, 1], [8, 6, 1.5]), 7)).toBe(0.75);
  });
});

describe('ranges in use', () => {
  const view: StageView = {
    fields: [{ field: 0, map: 'viridis', scale: 'linear', range: 'auto' }],
    contours: false,
    slice: 0,
    cells: { by: 'type' },
    trails: false,
    scaleBar: true,
    legend: true,
    timeStamp: true,
    theme: 'dark',
  };
  const withField = (top: number) => makeFrame([], { fields: [Float32Array.of(0, top, Number.NaN)] });

  it('end at round values in nM, and say when they change', () => {
    const ranges = new Ranges();
    expect(ranges.update(withField(4.2 * NANOMOLAR), view)).toBe(true);
    expect(ranges.fields[0][1] / NANOMOLAR).toBeCloseTo(5, 9);
    expect(ranges.update(withField(4.3 * NANOMOLAR), view)).toBe(false);
    expect(ranges.cells).toBeNull();
    expect(ranges.update(withField(4.3 * NANOMOLAR), { ...view, cells: { by: 'phase' } })).toBe(true);
    expect(ranges.cells).toEqual([0, 1]);
  });

  it('are as chosen where they are chosen', () => {
    const ranges = new Ranges();
    ranges.update(withField(100), { ...view, fields: [{ ...view.fields[0], range: [1, 2] }] });
    expect(ranges.fields).toEqual([[1, 2]]);
  });

  it('ignore what is not a number', () => {
    const values = Float32Array.of(Number.NaN, 3, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0.5);
    expect(surveyField(values)).toEqual({ min: 0, max: 3, minPositive: 0.5 });
  });
});
