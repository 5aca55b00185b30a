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

/** Boxes, at most. */
const MOST_BOXES = 2 ** 22;

/** Where a list of a box ends. */
const END = -1;

/**
 * Cells in boxes at least as wide as the widest of them: what overlaps a cell lies in the boxes that it reaches into, or beside
 * those. The answer is a maximum, so it does not depend on the order in which cells are looked at.
 */
export function createOverlapIndex(grid: Grid): OverlapIndex {
  let count = 0;
  let x = new Float64Array(64);
  let y = new Float64Array(64);
  let z = new Float64Array(64);
  let radii = new Float64Array(64);
  /** The next cell of the same box. */
  let next = new Int32Array(64);
  const halves: (HalfAxis | null)[] = [];
  let first = new Int32Array(0);
  let widest = 0;
  const boxes = [1, 1, 1];
  const perLength = [0, 0, 0];
  const shifts = [0, 1, 2].map(axis =>
    grid.periodic[axis] ? [0, -grid.size[axis], grid.size[axis]] : [0],
  ) as [number[], number[], number[]];

  function boxAlong(axis: number, at: number): number {
    return Math.min(boxes[axis] - 1, Math.max(0, Math.floor(at * perLength[axis])));
  }

  function enter(n: number): void {
    const box = boxAlong(0, x[n]) + boxes[0] * (boxAlong(1, y[n]) + boxes[1] * boxAlong(2, z[n]));
    next[n] = first[box];
    first[box] = n;
  }

  /** Boxes for cells that reach so far from their centres along some axis. */
  function widen(reach: number): void {
    widest = reach;
    for (let width = 2 * reach; ; width *= 2) {
      for (let axis = 0; axis < 3; axis++) boxes[axis] = Math.max(1, Math.floor(grid.size[axis] / width));
      if (boxes[0] * boxes[1] * boxes[2] <= MOST_BOXES) break;
    }
    for (let axis = 0; axis < 3; axis++) perLength[axis] = boxes[axis] / grid.size[axis];
    first = new Int32Array(boxes[0] * boxes[1] * boxes[2]).fill(END);
    for (let n = 0; n < count; n++) enter(n);
  }

  function grow(): void {
    const longer = (column: Float64Array<ArrayBuffer>) => {
      const made = new Float64Array(2 * column.length);
      made.set(column);
      return made;
    };
    [x, y, z, radii] = [longer(x), longer(y), longer(z), longer(radii)];
    const links = new Int32Array(2 * next.length);
    links.set(next);
    next = links;
  }

  return {
    insert(centre, radius, half = NO_LENGTH) {
      if (count === x.length) grow();
      const n = count++;
      [x[n], y[n], z[n]] = centre;
      radii[n] = radius;
      const long = half[0] !== 0 || half[1] !== 0 || half[2] !== 0;
      halves[n] = long ? [half[0], half[1], half[2]] : null;
      const reach = radius + Math.max(Math.abs(half[0]), Math.abs(half[1]), Math.abs(half[2]));
      // A little more than need be, so that it is seldom done again.
      if (reach > widest) widen(count === 1 ? reach : 1.25 * reach);
      else enter(n);
    },
    deepestOverlap([atX, atY, atZ], radius, half = NO_LENGTH) {
      let deepest = 0;
      if (count === 0) return deepest;
      const reachX = radius + Math.abs(half[0]) + widest;
      const reachY = radius + Math.abs(half[1]) + widest;
      const reachZ = radius + Math.abs(half[2]) + widest;
      for (const shiftX of shifts[0]) {
        const cx = atX + shiftX;
        if (cx + reachX < 0 || cx - reachX > grid.size[0]) continue;
        const [i0, i1] = [boxAlong(0, cx - reachX), boxAlong(0, cx + reachX)];
        for (const shiftY of shifts[1]) {
          const cy = atY + shiftY;
          if (cy + reachY < 0 || cy - reachY > grid.size[1]) continue;
          const [j0, j1] = [boxAlong(1, cy - reachY), boxAlong(1, cy + reachY)];
          for (const shiftZ of shifts[2]) {
            const cz = atZ + shiftZ;
            if (cz + reachZ < 0 || cz - reachZ > grid.size[2]) continue;
            const [k0, k1] = [boxAlong(2, cz - reachZ), boxAlong(2, cz + reachZ)];
            for (let k = k0; k <= k1; k++) {
              for (let j = j0; j <= j1; j++) {
                for (let i = i0; i <= i1; i++) {
                  for (let n = first[i + boxes[0] * (j + boxes[1] * k)]; n !== END; n = next[n]) {
                    const touch = radius + radii[n];
                    const other = halves[n];
                    const dx = x[n] - cx;
                    const dy = y[n] - cy;
                    const dz = z[n] - cz;
                    if (half === NO_LENGTH && other === null) {
                      // The root is for those that may touch, rounding aside.
                      if (dx * dx + dy * dy + dz * dz > 1.0001 * touch * touch) continue;
                      deepest = Math.max(deepest, touch - Math.hypot(dx, dy, dz));
                    } else {
                      deepest = Math.max(deepest, touch - apart(dx, dy, dz, half, other ?? NO_LENGTH));
                    }
                  }
                }
              }
            }
          }
        }
      }
      return deepest;
    },
  };
}

const closest = new Float64Array(6);

/** Distance (µm) between the axes of two cells whose centres are (dx, dy, dz) apart. */
function apart(dx: number, dy: number, dz: number, half: HalfAxis, other: HalfAxis): number {
  const [hx, hy, hz] = [half[0], half[1], half[2]];
  closestOnSegments(dx, dy, dz, hx, hy, hz, other[0], other[1], other[2], closest);
  return Math.sqrt(closest[SQUARE]);
}
