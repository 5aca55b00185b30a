import { like } from '../crew/column.ts';
import { ALONE, type Crew } from '../crew/crew.ts';
import type { Grid } from '../fields/grid.ts';
import type { Population } from './population.ts';

/**
 * A cell list (Allen & Tildesley, Computer Simulation of Liquids, 2nd ed., §5.3.2): cells sorted into boxes at least
 * as wide as the reach of their interactions, with positions copied into sorted order, so that a cell's partners are
 * its own and the adjacent boxes, read front to back. Within a box cells keep the order of their slots; the list is
 * a function of the population alone.
 */
export interface CellList {
  count: number;
  /** Slot of each sorted cell. */
  slot: Int32Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  radius: Float64Array;
  /** Boxes along each axis; box (i, j, k) has index b = i + nx (j + ny k), its cells are start[b] … start[b + 1) − 1. */
  readonly boxes: [nx: number, ny: number, nz: number];
  start: Int32Array;
}

/** Of a population, what sorting needs. */
export type Points = Pick<Population, 'count' | 'capacity' | 'x' | 'y' | 'z' | 'radius'>;

export interface CellListBuilder {
  readonly list: CellList;
  /** Sorts the population into boxes at least `reach` (µm) wide. */
  build(population: Points, reach: number): void;
  /** Bytes held, scratch included. */
  bytes(): number;
}

/** Boxes per cell at most: a sparse colony in a large domain gets wider boxes, not more memory. */
const BOXES_PER_CELL = 2;

/** Cells that a thread sorts at a time. */
const SORT_BLOCK = 2048;

export function createCellList(grid: Grid, crew: Crew = ALONE): CellListBuilder {
  const list: CellList = {
    count: 0,
    slot: new Int32Array(0),
    x: new Float64Array(0),
    y: new Float64Array(0),
    z: new Float64Array(0),
    radius: new Float64Array(0),
    boxes: [1, 1, 1],
    start: new Int32Array(0),
  };
  /** Box of every cell, then its place in sorted order. */
  const work: { placeOf: Int32Array } = { placeOf: new Int32Array(0) };
  /** Columns of the population in hand. */
  const from: Record<'x' | 'y' | 'z' | 'radius', Float64Array> = {
    x: new Float64Array(0),
    y: new Float64Array(0),
    z: new Float64Array(0),
    radius: new Float64Array(0),
  };
  crew.share(list, ['count', 'slot', 'x', 'y', 'z', 'radius', 'start']);
  crew.share(list.boxes, [0, 1, 2]);
  crew.share(work, ['placeOf']);
  crew.share(from, ['x', 'y', 'z', 'radius']);
  const low = new Float64Array(3);
  const high = new Float64Array(3);

  const findBoxes = crew.task((block, [x0, y0, z0, width, height, depth]) => {
    const { x, y, z } = from;
    const { placeOf } = work;
    const [nx, ny, nz] = list.boxes;
    const perX = nx / Math.max(width, Number.MIN_VALUE);
    const perY = ny / Math.max(height, Number.MIN_VALUE);
    const perZ = nz / Math.max(depth, Number.MIN_VALUE);
    const to = Math.min((block + 1) * SORT_BLOCK, list.count);
    for (let i = block * SORT_BLOCK; i < to; i++) {
      const bx = nx === 1 ? 0 : Math.min(nx - 1, ((x[i] - x0) * perX) | 0);
      const by = ny === 1 ? 0 : Math.min(ny - 1, ((y[i] - y0) * perY) | 0);
      const bz = nz === 1 ? 0 : Math.min(nz - 1, ((z[i] - z0) * perZ) | 0);
      placeOf[i] = bx + nx * (by + ny * bz);
    }
    return null;
  });

  const copy = crew.task(block => {
    const { x, y, z, radius } = from;
    const { placeOf } = work;
    const { slot, x: sx, y: sy, z: sz, radius: sr } = list;
    const to = Math.min((block + 1) * SORT_BLOCK, list.count);
    for (let i = block * SORT_BLOCK; i < to; i++) {
      const at = placeOf[i];
      slot[at] = i;
      sx[at] = x[i];
      sy[at] = y[i];
      sz[at] = z[i];
      sr[at] = radius[i];
    }
    return null;
  });

  function makeRoom(capacity: number): void {
    if (list.slot.length >= capacity) return;
    list.slot = like(list.slot, capacity);
    list.x = like(list.x, capacity);
    list.y = like(list.y, capacity);
    list.z = like(list.z, capacity);
    list.radius = like(list.radius, capacity);
    list.start = like(list.start, BOXES_PER_CELL * capacity + 2);
    work.placeOf = like(work.placeOf, capacity);
  }

  /** A periodic axis is covered whole, since its first and last box are adjacent; a walled one where there are cells. */
  function measure(population: Points): void {
    const { count, x, y, z } = population;
    for (let axis = 0; axis < 3; axis++) {
      const periodic = grid.periodic[axis];
      low[axis] = periodic ? 0 : Number.POSITIVE_INFINITY;
      high[axis] = periodic ? grid.size[axis] : Number.NEGATIVE_INFINITY;
      if (periodic) continue;
      const column = axis === 0 ? x : axis === 1 ? y : z;
      for (let i = 0; i < count; i++) {
        const at = column[i];
        if (at < low[axis]) low[axis] = at;
        if (at > high[axis]) high[axis] = at;
      }
    }
  }

  function chooseBoxes(count: number, reach: number): void {
    const { boxes } = list;
    const most = Math.max(1, BOXES_PER_CELL * count);
    // First what the reach allows, each axis on its own capped, then the finest axis coarsened until it is affordable.
    for (let axis = 0; axis < 3; axis++) {
      boxes[axis] = Math.max(1, Math.min(most, Math.floor((high[axis] - low[axis]) / reach)));
    }
    while (boxes[0] * boxes[1] * boxes[2] > most) {
      const finest = boxes[0] >= boxes[1] && boxes[0] >= boxes[2] ? 0 : boxes[1] >= boxes[2] ? 1 : 2;
      boxes[finest] = Math.max(1, Math.floor(0.75 * boxes[finest]));
    }
  }

  return {
    list,
    build(population, reach) {
      const { count, x, y, z, radius } = population;
      list.count = count;
      if (count === 0) return;
      makeRoom(population.capacity);
      measure(population);
      chooseBoxes(count, reach);
      const { start } = list;
      from.x = x;
      from.y = y;
      from.z = z;
      from.radius = radius;

      // Counting sort: sizes, ends, then filled from the back, which keeps slot order within a box.
      const boxes = list.boxes[0] * list.boxes[1] * list.boxes[2];
      const blocks = Math.ceil(count / SORT_BLOCK);
      const [x0, y0, z0] = low;
      start.fill(0, 0, boxes + 1);
      findBoxes(blocks, x0, y0, z0, high[0] - x0, high[1] - y0, high[2] - z0);
      const { placeOf } = work;
      for (let i = 0; i < count; i++) start[placeOf[i]]++;
      for (let box = 1; box < boxes; box++) start[box] += start[box - 1];
      start[boxes] = count;
      for (let i = count - 1; i >= 0; i--) placeOf[i] = --start[placeOf[i]];
      copy(blocks);
    },
    bytes() {
      const { slot, x, y, z, radius, start } = list;
      return [slot, x, y, z, radius, start, work.placeOf].reduce((sum, column) => sum + column.byteLength, 0);
    },
  };
}
