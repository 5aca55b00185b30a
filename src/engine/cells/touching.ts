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
  let found: number[] = [];
  const closest = new Float64Array(6);

  /** Squared distance of the axes (centres of discs and spheres), by the nearest image. */
  function squareApart(population: Population, a: number, b: number): number {
    const w = [
      population.x[b] - population.x[a],
      population.y[b] - population.y[a],
      population.z[b] - population.z[a],
    ];
    for (let k = 0; k < 3; k++) {
      if (grid.periodic[k]) w[k] -= grid.size[k] * Math.round(w[k] / grid.size[k]);
    }
    const { rods } = population;
    if (!rods || (rods.halfLength[a] === 0 && rods.halfLength[b] === 0))
      return w[0] ** 2 + w[1] ** 2 + w[2] ** 2;
    const { axisX, axisY, axisZ, halfLength } = rods;
    const [h, g] = [halfLength[a], halfLength[b]];
    closestOnSegments(
      w[0],
      w[1],
      w[2],
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

  /** The boxes beside box i of n along an axis, each once. */
  function beside(i: number, n: number, periodic: boolean): number[] {
    const around = [i - 1, i, i + 1].map(j => (periodic ? (j + n) % n : j));
    return [...new Set(around)].filter(j => j >= 0 && j < n);
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
      const [nx, ny, nz] = list.boxes;
      const box = boxOf[slot];
      found = [];
      for (const k of beside(Math.floor(box / (nx * ny)), nz, grid.periodic[2])) {
        for (const j of beside(Math.floor(box / nx) % ny, ny, grid.periodic[1])) {
          for (const i of beside(box % nx, nx, grid.periodic[0])) {
            const at = i + nx * (j + ny * k);
            for (let n = list.start[at]; n < list.start[at + 1]; n++) {
              const other = list.slot[n];
              if (other === slot) continue;
              const reach = population.radius[slot] + population.radius[other] + range;
              if (squareApart(population, slot, other) <= reach * reach) found.push(other);
            }
          }
        }
      }
      found.sort((a, b) => a - b);
      for (const other of found) visit(other);
    },
  };
}
