import RBush from 'rbush';
import type { Grid } from '../fields/grid.ts';
import { closestOnSegments, SQUARE } from './segments.ts';

/** Answers how deeply a cell in some place would overlap the cells entered so far. */
export interface OverlapIndex {
  insert(centre: Float64Array, radius: number, half?: HalfAxis): void;
  /** The deepest overlap r₁ + r₂ − d with any of them, µm, across periodic boundaries too; 0 where there is none. */
  deepestOverlap(centre: Float64Array, radius: number, half?: HalfAxis): number;
}

/** From the centre of a rod to that of one of its caps, µm. */
export type HalfAxis = ArrayLike<number>;

const NO_LENGTH: HalfAxis = [0, 0, 0];

interface Entry {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  x: number;
  y: number;
  z: number;
  radius: number;
  half: HalfAxis;
}

/**
 * An R-tree over the cells' shadows in the x–y plane, with the distance taken in full: right in 2-D and 3-D alike.
 * The answer is a maximum, so it does not depend on the order in which the tree yields its entries.
 */
export function createOverlapIndex(grid: Grid): OverlapIndex {
  const tree = new RBush<Entry>();
  const shifts = [0, 1, 2].map(axis =>
    grid.periodic[axis] ? [0, -grid.size[axis], grid.size[axis]] : [0],
  ) as [number[], number[], number[]];

  return {
    insert([x, y, z], radius, half = NO_LENGTH) {
      const wide = radius + Math.abs(half[0]);
      const high = radius + Math.abs(half[1]);
      tree.insert({
        minX: x - wide,
        minY: y - high,
        maxX: x + wide,
        maxY: y + high,
        x,
        y,
        z,
        radius,
        half: [half[0], half[1], half[2]],
      });
    },
    deepestOverlap([x, y, z], radius, half = NO_LENGTH) {
      let deepest = 0;
      const wide = radius + Math.abs(half[0]);
      const high = radius + Math.abs(half[1]);
      for (const shiftX of shifts[0]) {
        for (const shiftY of shifts[1]) {
          const cx = x + shiftX;
          const cy = y + shiftY;
          const box = { minX: cx - wide, minY: cy - high, maxX: cx + wide, maxY: cy + high };
          for (const entry of tree.search(box)) {
            for (const shiftZ of shifts[2]) {
              const distance = apart(entry, cx, cy, z, shiftZ, half);
              deepest = Math.max(deepest, radius + entry.radius - distance);
            }
          }
        }
      }
      return deepest;
    },
  };
}

const closest = new Float64Array(6);

/** Distance (µm) between the axes of two cells; of their centres where neither has a length. */
function apart(entry: Entry, x: number, y: number, z: number, shiftZ: number, half: HalfAxis): number {
  const other = entry.half;
  if (half === NO_LENGTH && other[0] === 0 && other[1] === 0 && other[2] === 0) {
    return Math.hypot(entry.x - x, entry.y - y, entry.z - z - shiftZ);
  }
  const [hx, hy, hz] = [half[0], half[1], half[2]];
  closestOnSegments(
    entry.x - x,
    entry.y - y,
    entry.z - z - shiftZ,
    hx,
    hy,
    hz,
    other[0],
    other[1],
    other[2],
    closest,
  );
  return Math.sqrt(closest[SQUARE]);
}
