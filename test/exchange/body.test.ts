import { describe, expect, it } from 'vitest';
import { append, createPopulation, type Population } from '../../src/engine/cells/population.ts';
import { createRods } from '../../src/engine/cells/rods.ts';
import { createKernel, type Kernel, locate } from '../../src/engine/exchange/kernel.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';

const PERIODIC = [true, true, true] as const;

/** Cells at places with radii, spheres or discs. */
function cellsAt(cells: readonly (readonly [number, number, number, number])[]): Population {
  const population = createPopulation(4, 1);
  for (const [x, y, z, radius] of cells) {
    const slot = append(population);
    [population.x[slot], population.y[slot], population.z[slot]] = [x, y, z];
    population.radius[slot] = radius;
  }
  return population;
}

function touch(grid: Grid, cells: Parameters<typeof cellsAt>[0]): Kernel {
  const kernel = createKernel('body', grid, 1);
  locate(kernel, cellsAt(cells), grid);
  return kernel;
}

/** Weight of each voxel, over all points of a cell. */
function weightsOf({ points, voxel, weight }: Kernel, slot: number, grid: Grid): Float64Array {
  const sums = new Float64Array(grid.voxels);
  for (let p = slot * points; p < (slot + 1) * points; p++) sums[voxel[p]] += weight[p];
  return sums;
}

/** The same by counting n points along each axis of the cell's bounding box that lie in it. */
function counted(
  grid: Grid,
  [x, y, z, radius]: readonly [number, number, number, number],
  n: number,
  inside = (dx: number, dy: number, dz: number) => Math.hypot(dx, dy, dz) <= radius,
): Float64Array {
  const sums = new Float64Array(grid.voxels);
  let all = 0;
  const at = (i: number) => radius * ((2 * i + 1) / n - 1);
  const wrap = (index: number, count: number) => ((index % count) + count) % count;
  for (let k = 0; k < (grid.dimensions === 2 ? 1 : n); k++) {
    const dz = grid.dimensions === 2 ? 0 : at(k);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        if (!inside(at(i), at(j), dz)) continue;
        const place = [x + at(i), y + at(j), z + dz].map((p, axis) =>
          wrap(Math.floor(p / grid.spacing[axis]), grid.cells[axis]),
        );
        sums[place[0] + grid.cells[0] * (place[1] + grid.cells[1] * place[2])]++;
        all++;
      }
    }
  }
  return sums.map(sum => sum / all);
}

describe('the body of a cell on the grid', () => {
  it.each([
    ['2-D', createGrid(2, [7, 6, 1], [7, 9, 1], PERIODIC), 1000, 1e-3],
    ['3-D', createGrid(3, [7, 6, 5], [7, 9, 6], PERIODIC), 110, 3e-3],
  ] as const)('%s: has its share in each voxel', (_, grid, points, tolerance) => {
    const cells = [
      [3.3, 4.1, 2.2, 1.7],
      [0.2, 8.9, 5.9, 0.9],
      [5.5, 2.25, 3, 0.4],
    ] as const;
    const kernel = touch(grid, cells);
    cells.forEach((cell, slot) => {
      const weights = weightsOf(kernel, slot, grid);
      const expected = counted(grid, cell, points);
      weights.forEach((weight, v) => {
        expect(weight).toBeGreaterThanOrEqual(0);
        expect(Math.abs(weight - expected[v])).toBeLessThan(tolerance);
      });
      expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-14);
    });
  });

  it.each([
    ['2-D', createGrid(2, [9, 8, 1], [9, 10, 1], PERIODIC), 800, 3e-3],
    ['3-D', createGrid(3, [9, 8, 7], [9, 10, 8], PERIODIC), 110, 1e-2],
  ] as const)('%s: a rod has its share in each voxel, however it lies', (_, grid, points, tolerance) => {
    const flat = grid.dimensions === 2;
    const axes = [
      [1, 0, 0],
      [0, 1, 0],
      [0.6, -0.8, 0],
      flat ? [-0.28, 0.96, 0] : [2 / 3, 1 / 3, -2 / 3],
      flat ? [0.8, 0.6, 0] : [0, 0, 1],
    ] as const;
    const centre = [4.3, 5.2, 4.1] as const;
    const [radius, half] = [0.6, 1.5];
    const population = cellsAt(axes.map(() => [...centre, radius]));
    population.rods = createRods(population.capacity);
    axes.forEach(([x, y, z], slot) => {
      const { rods } = population;
      if (!rods) return;
      [rods.axisX[slot], rods.axisY[slot], rods.axisZ[slot]] = [x, y, z];
      rods.halfLength[slot] = half;
    });
    const kernel = createKernel('body', grid, 1);
    locate(kernel, population, grid);
    axes.forEach((axis, slot) => {
      const inside = (x: number, y: number, z: number) => {
        const along = Math.min(half, Math.max(-half, x * axis[0] + y * axis[1] + z * axis[2]));
        return Math.hypot(x - along * axis[0], y - along * axis[1], z - along * axis[2]) <= radius;
      };
      const expected = counted(grid, [...centre, radius + half], points, inside);
      weightsOf(kernel, slot, grid).forEach((weight, v) => {
        expect(Math.abs(weight - expected[v])).toBeLessThan(tolerance);
      });
    });
  });

  it('falls to the voxel at a wall, and is one voxel for a cell without volume', () => {
    const grid = createGrid(2, [4, 4, 1], [4, 4, 1]);
    const kernel = touch(grid, [
      [0, 0, 0, 0.9],
      [4, 1.5, 0, 0],
    ]);
    const corner = weightsOf(kernel, 0, grid);
    expect(corner[0]).toBeCloseTo(1, 12);
    expect(weightsOf(kernel, 1, grid)[3 + 4]).toBe(1);
  });

  it('keeps its centre: what it gives is deposited round it', () => {
    // The mean place of the covered parts is the centre; that of their voxels differs by less than half a voxel and is exact on average.
    const grid = createGrid(2, [40, 40, 1], [40, 40, 1]);
    const places = Array.from({ length: 50 }, (_, i) => 20 + i / 50);
    const kernel = touch(
      grid,
      places.map(x => [x, 20.5, 0.5, 2.3]),
    );
    let drift = 0;
    places.forEach((x, slot) => {
      const weights = weightsOf(kernel, slot, grid);
      const mean = weights.reduce((sum, weight, v) => sum + weight * ((v % 40) + 0.5), 0);
      expect(Math.abs(mean - x)).toBeLessThan(0.05);
      drift += mean - x;
    });
    expect(Math.abs(drift / 50)).toBeLessThan(1e-3);
  });
});
