import { describe, expect, it } from 'vitest';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { surfaceDistance } from '../../src/engine/fields/surfaceDistance.ts';

/** Numbers in [0, 1) that are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe('distance to the surfaces of balls', () => {
  it.each([
    ['2-D', 2, [40, 30, 1], [false, false, false]],
    ['2-D, periodic', 2, [40, 30, 1], [true, true, false]],
    ['3-D', 3, [16, 14, 12], [false, false, false]],
    ['3-D, periodic along x', 3, [16, 14, 12], [true, false, false]],
  ] as const)('%s is that of the nearest', (_, dimensions, cells, periodic) => {
    const grid = createGrid(
      dimensions,
      cells,
      [cells[0] * 0.8, cells[1], dimensions === 2 ? 2 : cells[2]],
      periodic,
    );
    const draw = numbers(7 + cells[0]);
    const count = 25;
    const column = (axis: number) => Float64Array.from({ length: count }, () => draw() * grid.size[axis]);
    const balls = {
      count,
      x: column(0),
      y: column(1),
      z: dimensions === 2 ? new Float64Array(count).fill(1) : column(2),
      radius: Float64Array.from({ length: count }, () => 0.3 + draw()),
    };
    const out = new Float64Array(grid.voxels);
    const limit = 6;
    surfaceDistance(grid, balls, limit, out);
    let worst = 0;
    for (let v = 0; v < grid.voxels; v++) {
      const index = [
        v % cells[0],
        Math.floor(v / cells[0]) % cells[1],
        Math.floor(v / (cells[0] * cells[1])),
      ];
      let nearest = Number.POSITIVE_INFINITY;
      for (let b = 0; b < count; b++) {
        const apart = [balls.x, balls.y, balls.z].map((values, axis) => {
          if (axis >= dimensions) return 0;
          const d = (index[axis] + 0.5) * grid.spacing[axis] - values[b];
          return periodic[axis] ? d - grid.size[axis] * Math.round(d / grid.size[axis]) : d;
        });
        nearest = Math.min(nearest, Math.hypot(...apart) - balls.radius[b]);
      }
      if (nearest > limit) expect(out[v]).toBe(Number.POSITIVE_INFINITY);
      else worst = Math.max(worst, out[v] - nearest);
      expect(out[v]).toBeGreaterThan(nearest - 1e-9);
    }
    // Never too small; too large only by the geometry that vector propagation misses.
    expect(worst).toBeLessThan(0.1);
  });

  it('is that to a capsule along its whole length', () => {
    const grid = createGrid(2, [40, 30, 1], [40, 30, 1]);
    const one = (value: number) => Float64Array.of(value);
    const [cx, cy, half, radius, turn] = [18, 13, 7, 1.2, 0.6];
    const rods = {
      axisX: one(Math.cos(turn)),
      axisY: one(Math.sin(turn)),
      axisZ: one(0),
      halfLength: one(half),
    };
    const out = new Float64Array(grid.voxels);
    surfaceDistance(
      grid,
      { count: 1, x: one(cx), y: one(cy), z: one(0.5), radius: one(radius), rods },
      50,
      out,
    );
    for (let v = 0; v < grid.voxels; v++) {
      const [x, y] = [(v % 40) + 0.5, Math.floor(v / 40) + 0.5];
      let nearest = Number.POSITIVE_INFINITY;
      for (let s = -half; s <= half; s += 0.01)
        nearest = Math.min(nearest, Math.hypot(x - cx - s * Math.cos(turn), y - cy - s * Math.sin(turn)));
      expect(Math.abs(out[v] - (nearest - radius))).toBeLessThan(1e-3);
    }
  });

  it('is infinite where there is nothing', () => {
    const grid = createGrid(2, [4, 4, 1], [4, 4, 1]);
    const out = new Float64Array(16);
    const none = new Float64Array(0);
    surfaceDistance(grid, { count: 0, x: none, y: none, z: none, radius: none }, 10, out);
    expect(out.every(d => d === Number.POSITIVE_INFINITY)).toBe(true);
  });
});
