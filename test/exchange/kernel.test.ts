import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, createPopulation, type Population } from '../../src/engine/cells/population.ts';
import { createKernel, deposit, locate, sample } from '../../src/engine/exchange/kernel.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';

function cellsAt(points: readonly (readonly [number, number, number])[]): Population {
  const population = createPopulation(4, 1);
  for (const [x, y, z] of points) {
    const slot = append(population);
    population.x[slot] = x;
    population.y[slot] = y;
    population.z[slot] = z;
  }
  return population;
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** A random grid (2-D or 3-D, some axes periodic), cells anywhere in it, walls included. */
const setting = fc
  .record({
    threeD: fc.boolean(),
    cells: fc.tuple(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
    ),
    periodic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    points: fc.array(fc.tuple(unit, unit, unit), { minLength: 1, maxLength: 12 }),
    kind: fc.constantFrom('nearest' as const, 'linear' as const),
  })
  .map(({ threeD, cells, periodic, points, kind }) => {
    const n = [cells[0], cells[1], threeD ? cells[2] : 1] as const;
    const grid = createGrid(
      threeD ? 3 : 2,
      n,
      [2 * n[0], 3 * n[1], 1.5 * n[2]],
      [periodic[0], periodic[1], threeD && periodic[2]],
    );
    const at = points.map(
      p => p.map((u, axis) => u * grid.size[axis]) as unknown as readonly [number, number, number],
    );
    return { grid, at, kind };
  });

function kernelFor(grid: Grid, population: Population, kind: 'nearest' | 'linear') {
  const kernel = createKernel(kind, grid, 1);
  locate(kernel, population, grid);
  return kernel;
}

describe('kernel weights', () => {
  it('are not negative, sum to one and name voxels of the grid', () => {
    fc.assert(
      fc.property(setting, ({ grid, at, kind }) => {
        const population = cellsAt(at);
        const kernel = kernelFor(grid, population, kind);
        for (let slot = 0; slot < population.count; slot++) {
          let sum = 0;
          for (let p = slot * kernel.points; p < (slot + 1) * kernel.points; p++) {
            expect(kernel.weight[p]).toBeGreaterThanOrEqual(0);
            expect(kernel.voxel[p]).toBeGreaterThanOrEqual(0);
            expect(kernel.voxel[p]).toBeLessThan(grid.voxels);
            sum += kernel.weight[p];
          }
          expect(Math.abs(sum - 1)).toBeLessThan(1e-15 * 8);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('deposit is the adjoint of sample, and gives the field all that the cells gave', () => {
    fc.assert(
      fc.property(setting, fc.infiniteStream(unit), ({ grid, at, kind }, numbers) => {
        const next = () => numbers.next().value as number;
        const population = cellsAt(at);
        const kernel = kernelFor(grid, population, kind);
        const values = Float64Array.from({ length: grid.voxels }, next);
        const amounts = Float64Array.from({ length: population.count }, next);
        const sampled = new Float64Array(population.count);
        sample(kernel, population.count, values, sampled, 1, 0);
        const target = new Float64Array(grid.voxels);
        deposit(kernel, population.count, amounts, 1, 0, 1, target);
        const left = sampled.reduce((sum, s, i) => sum + s * amounts[i], 0);
        const right = target.reduce((sum, t, v) => sum + t * values[v], 0);
        expect(Math.abs(left - right)).toBeLessThan(1e-13 * (1 + Math.abs(left)));
        const given = amounts.reduce((a, b) => a + b, 0);
        expect(Math.abs(target.reduce((a, b) => a + b, 0) - given)).toBeLessThan(
          1e-14 * (1 + given) * population.count,
        );
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('linear sampling is exact for a linear field away from the walls', () => {
    const grid = createGrid(3, [8, 8, 8], [16, 24, 8]);
    const population = cellsAt([
      [5.3, 7.7, 3.2],
      [9.1, 13.4, 4.9],
      [3, 4.5, 2.5],
    ]);
    const kernel = kernelFor(grid, population, 'linear');
    const values = new Float64Array(grid.voxels);
    for (let v = 0; v < grid.voxels; v++) {
      values[v] =
        2 * ((v % 8) + 0.5) * 2 - ((Math.floor(v / 8) % 8) + 0.5) * 3 + 0.5 * (Math.floor(v / 64) + 0.5);
    }
    const sampled = new Float64Array(3);
    sample(kernel, 3, values, sampled, 1, 0);
    for (let i = 0; i < 3; i++) {
      expect(sampled[i]).toBeCloseTo(2 * population.x[i] - population.y[i] + 0.5 * population.z[i], 10);
    }
  });
});
