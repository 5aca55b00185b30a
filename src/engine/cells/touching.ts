import type { Grid } from '../fields/grid.ts';
import { createCellList } from './neighbours.ts';
import type { Population } from './population.ts';
import { closestOnSegments, SQUARE } from './segments.ts';

/** Finds the cells whose surfaces are near. */
export interface TouchFinder {
  /** Sorts the population for cells whose surfaces are at most `range` (µm) apart; until they move. */
  prepare(population: Population, range: number): void;
  /** Calls back with the slot of every other cell whose surface is at most `range` from that of the cell in `slot`, in ascending slots. */
  near(population: Population, slot: number, range: number, visit: (other: number) => void): void;
}

export function createTouchFinder(grid: Grid): TouchFinder {
  const builder = createCellList(grid);
  let boxOf = new Int32Array(0);
  let found = new Int32Array(32);
  const closest = new Float64Array(6);
  const [sizeX, sizeY, sizeZ] = grid.size;
  const [periodicX, periodicY, periodicZ] = grid.periodic;

  /** Squared distance of the axes (centres of discs and spheres), by the nearest image. */
  function squareApart({ x, y, z, rods }: Population, a: number, b: number): number {
    let wx = x[b] - x[a];
    let wy = y[b] - y[a];
    let wz = z[b] - z[a];
    if (periodicX) wx -= sizeX * Math.round(wx / sizeX);
    if (periodicY) wy -= sizeY * Math.round(wy / sizeY);
    if (periodicZ) wz -= sizeZ * Math.round(wz / sizeZ);
    if (!rods || (rods.halfLength[a] === 0 && rods.halfLength[b] === 0)) return wx * wx + wy * wy + wz * wz;
    const { axisX, axisY, axisZ, halfLength } = rods;
    const h = halfLength[a];
    const g = halfLength[b];
    closestOnSegments(
      wx,
      wy,
      wz,
      h * axisX[a],
      h * axisY[a],
      h * axisZ[a],
      g * axisX[b],
      g * axisY[b],
      g * axisZ[b],
      closest,
    );
    return closest[SQUARE];
  }

  /** Enters a slot into the first `count` found, which ascend. */
  function enter(other: number, count: number): void {
    if (count === found.length) {
      const longer = new Int32Array(2 * count);
      longer.set(found);
      found = longer;
    }
    let at = count;
    for (; at > 0 && found[at - 1] > other; at--) found[at] = found[at - 1];
    found[at] = other;
  }

  /** Box i of n along an axis, which may lie one outside; −1 where there is none there, or it is one that is met within. */
  function boxAt(i: number, n: number, periodic: boolean): number {
    if (i >= 0 && i < n) return i;
    if (!periodic || n <= 2) return -1;
    return i < 0 ? i + n : i - n;
  }

  return {
    prepare(population, range) {
      const { count, radius, rods } = population;
      let widest = 0;
      for (let i = 0; i < count; i++) widest = Math.max(widest, radius[i] + (rods ? rods.halfLength[i] : 0));
      builder.build(population, 2 * widest + range);
      const { list } = builder;
      if (boxOf.length < count) boxOf = new Int32Array(population.capacity);
      const boxes = count === 0 ? 0 : list.boxes[0] * list.boxes[1] * list.boxes[2];
      for (let box = 0; box < boxes; box++) {
        for (let i = list.start[box]; i < list.start[box + 1]; i++) boxOf[list.slot[i]] = box;
      }
    },
    near(population, slot, range, visit) {
      const { list } = builder;
      const { radius } = population;
      const { start, slot: slots } = list;
      const nx = list.boxes[0];
      const ny = list.boxes[1];
      const nz = list.boxes[2];
      const box = boxOf[slot];
      const bx = box % nx;
      const by = Math.floor(box / nx) % ny;
      const bz = Math.floor(box / (nx * ny));
      let count = 0;
      for (let dz = -1; dz <= 1; dz++) {
        const k = boxAt(bz + dz, nz, periodicZ);
        if (k < 0) continue;
        for (let dy = -1; dy <= 1; dy++) {
          const j = boxAt(by + dy, ny, periodicY);
          if (j < 0) continue;
          for (let dx = -1; dx <= 1; dx++) {
            const i = boxAt(bx + dx, nx, periodicX);
            if (i < 0) continue;
            const at = i + nx * (j + ny * k);
            for (let n = start[at]; n < start[at + 1]; n++) {
              const other = slots[n];
              if (other === slot) continue;
              const reach = radius[slot] + radius[other] + range;
              if (squareApart(population, slot, other) <= reach * reach) enter(other, count++);
            }
          }
        }
      }
      for (let n = 0; n < count; n++) visit(found[n]);
    },
  };
}
