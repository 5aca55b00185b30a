import type { Grid } from '../fields/grid.ts';
import type { Bodies } from './bodies.ts';
import { createCellList } from './neighbours.ts';
import { closestOnSegments, SQUARE } from './segments.ts';

/**
 * Pairs of bodies near enough to meet, each once: bodies a < b, where b stands for its image moved by
 * shift[3 image … 3 image + 2]. In an order that is a function of the bodies alone.
 */
export interface PairList {
  count: number;
  a: Int32Array;
  b: Int32Array;
  image: Uint8Array;
  /** The 27 image shifts, µm. */
  readonly shift: Float64Array;
  /** Pairs that were looked at. */
  looked: number;
}

export interface PairFinder {
  readonly pairs: PairList;
  /**
   * Finds all pairs whose surfaces are apart by at most `reach` µm. Centres must be wrapped. False, with the work broken off,
   * where more than `most` pairs would have to be looked at.
   */
  find(bodies: Bodies, reach: number, most: number): boolean;
  bytes(): number;
}

export function createPairFinder(grid: Grid): PairFinder {
  const { periodic, size } = grid;
  const cells = createCellList(grid);
  const shift = new Float64Array(81);
  for (let image = 0; image < 27; image++) {
    shift[3 * image] = ((image % 3) - 1) * size[0];
    shift[3 * image + 1] = ((Math.floor(image / 3) % 3) - 1) * size[1];
    shift[3 * image + 2] = (Math.floor(image / 9) - 1) * size[2];
  }
  const pairs: PairList = {
    count: 0,
    a: new Int32Array(0),
    b: new Int32Array(0),
    image: new Uint8Array(0),
    shift,
    looked: 0,
  };
  const closest = new Float64Array(6);
  const row = { count: 0, capacity: 0, x: shift, y: shift, z: shift, radius: shift };

  function push(a: number, b: number, image: number): void {
    if (pairs.count === pairs.a.length) {
      const room = Math.max(64, 2 * pairs.count);
      const longer = <A extends Int32Array | Uint8Array>(from: A, to: A): A => {
        to.set(from);
        return to;
      };
      pairs.a = longer(pairs.a, new Int32Array(room));
      pairs.b = longer(pairs.b, new Int32Array(room));
      pairs.image = longer(pairs.image, new Uint8Array(room));
    }
    pairs.a[pairs.count] = a;
    pairs.b[pairs.count] = b;
    pairs.image[pairs.count++] = image;
  }

  /** Pairs of the sorted cells first … end with those of one box, seen from one side (a < b). */
  function meet(
    bodies: Bodies,
    reach: number,
    first: number,
    end: number,
    from: number,
    to: number,
    image: number,
  ): void {
    const { slot: index } = cells.list;
    const { x, y, z, ux, uy, uz, half, radius, extent } = bodies;
    const sx = shift[3 * image];
    const sy = shift[3 * image + 1];
    const sz = shift[3 * image + 2];
    for (let p = first; p < end; p++) {
      const a = index[p];
      const ha = half[a];
      for (let q = from; q < to; q++) {
        const b = index[q];
        if (a >= b) continue;
        const wx = x[b] - x[a] + sx;
        const wy = y[b] - y[a] + sy;
        const wz = z[b] - z[a] + sz;
        const circles = extent[a] + extent[b] + reach;
        if (wx * wx + wy * wy + wz * wz >= circles * circles) continue;
        const hb = half[b];
        if (ha > 0 || hb > 0) {
          closestOnSegments(
            wx,
            wy,
            wz,
            ha * ux[a],
            ha * uy[a],
            ha * uz[a],
            hb * ux[b],
            hb * uy[b],
            hb * uz[b],
            closest,
          );
          const apart = radius[a] + radius[b] + reach;
          if (closest[SQUARE] >= apart * apart) continue;
        }
        push(a, b, image);
      }
    }
  }

  return {
    pairs,
    find(bodies, reach, most) {
      pairs.count = 0;
      pairs.looked = 0;
      let widest = 0;
      for (let i = 0; i < bodies.count; i++) widest = Math.max(widest, bodies.extent[i]);
      Object.assign(row, {
        count: bodies.count,
        capacity: bodies.capacity,
        x: bodies.x,
        y: bodies.y,
        z: bodies.z,
        radius: bodies.extent,
      });
      cells.build(row, 2 * widest + reach);
      const { start, boxes } = cells.list;
      const [nx, ny, nz] = boxes;
      for (let k = 0, box = 0; k < nz; k++) {
        for (let j = 0; j < ny; j++) {
          for (let i = 0; i < nx; i++, box++) {
            const own = start[box + 1] - start[box];
            if (own === 0) continue;
            for (let step = 0; step < 27; step++) {
              const ii = i + (step % 3) - 1;
              const jj = j + (Math.floor(step / 3) % 3) - 1;
              const kk = k + Math.floor(step / 9) - 1;
              const wrapX = ii < 0 ? -1 : ii >= nx ? 1 : 0;
              const wrapY = jj < 0 ? -1 : jj >= ny ? 1 : 0;
              const wrapZ = kk < 0 ? -1 : kk >= nz ? 1 : 0;
              if (wrapX !== 0 && !periodic[0]) continue;
              if (wrapY !== 0 && !periodic[1]) continue;
              if (wrapZ !== 0 && !periodic[2]) continue;
              const other = ii - wrapX * nx + nx * (jj - wrapY * ny + ny * (kk - wrapZ * nz));
              const there = start[other + 1] - start[other];
              if (there === 0) continue;
              pairs.looked += own * there;
              if (pairs.looked > most) return false;
              const image = wrapX + 1 + 3 * (wrapY + 1) + 9 * (wrapZ + 1);
              meet(bodies, reach, start[box], start[box + 1], start[other], start[other + 1], image);
            }
          }
        }
      }
      return true;
    },
    bytes: () => cells.bytes() + pairs.a.length * 9,
  };
}
