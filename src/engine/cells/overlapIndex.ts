import RBush from 'rbush';
import type { Grid } from '../fields/grid.ts';

/** Answers how deeply a cell in some place would overlap the cells entered so far. */
export interface OverlapIndex {
  insert(centre: Float64Array, radius: number): void;
  /** The deepest overlap r₁ + r₂ − d with any of them, µm, across periodic boundaries too; 0 where there is none. */
  deepestOverlap(centre: Float64Array, radius: number): number;
}

interface Entry {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  x: number;
  y: number;
  z: number;
  radius: number;
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
    insert([x, y, z], radius) {
      tree.insert({
        minX: x - radius,
        minY: y - radius,
        maxX: x + radius,
        maxY: y + radius,
        x,
        y,
        z,
        radius,
      });
    },
    deepestOverlap([x, y, z], radius) {
      let deepest = 0;
      for (const shiftX of shifts[0]) {
        for (const shiftY of shifts[1]) {
          const cx = x + shiftX;
          const cy = y + shiftY;
          const box = { minX: cx - radius, minY: cy - radius, maxX: cx + radius, maxY: cy + radius };
          for (const entry of tree.search(box)) {
            for (const shiftZ of shifts[2]) {
              const distance = Math.hypot(entry.x - cx, entry.y - cy, entry.z - z - shiftZ);
              deepest = Math.max(deepest, radius + entry.radius - distance);
            }
          }
        }
      }
      return deepest;
    },
  };
}
