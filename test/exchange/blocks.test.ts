import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, createPopulation } from '../../src/engine/cells/population.ts';
import { average, createBlocks, spread } from '../../src/engine/exchange/blocks.ts';
import { createKernel, deposit, locate, sample, visitVoxels } from '../../src/engine/exchange/kernel.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';

/** A grid with obstacles in a tenth of its voxels, and in all of its first block. */
function withObstacles(grid: Grid, factor: number): Grid {
  const solid = new Uint8Array(grid.voxels);
  const [nx] = grid.cells;
  for (let v = 0; v < grid.voxels; v++) {
    const first = v % nx < factor && Math.floor(v / nx) < factor;
    solid[v] = Number(first || (v * 7919) % 10 === 0);
  }
  return { ...grid, solid };
}

const PLAIN = createGrid(2, [24, 16, 1], [24, 8, 1]);
const GRIDS: readonly (readonly [string, Grid])[] = [
  ['2-D', PLAIN],
  ['2-D with obstacles', withObstacles(PLAIN, 4)],
  ['3-D', createGrid(3, [8, 4, 12], [8, 8, 6])],
  ['one row', createGrid(2, [16, 1, 1], [16, 1, 1])],
];

const fieldOn = ({ voxels, solid }: Grid, value: (v: number) => number) =>
  Float64Array.from({ length: voxels }, (_, v) => (solid?.[v] ? 0 : value(v)));

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

describe.each(GRIDS)('blocks of voxels, %s', (_, grid) => {
  const blocks = createBlocks(grid, 4);

  it('see a constant as it is', () => {
    const seen = average(
      blocks,
      fieldOn(grid, () => 3.7),
    );
    seen.forEach((value, b) => {
      expect(value).toBeCloseTo(blocks.grid.solid?.[b] ? 0 : 3.7, 12);
    });
  });

  it('give all that they were given to free voxels, and see as they give', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: grid.voxels,
      maxLength: grid.voxels,
    });
    fc.assert(
      fc.property(values, values, (given, field) => {
        const c = fieldOn(grid, v => field[v]);
        const toBlocks = Float64Array.from(blocks.share, (share, b) => (share === 0 ? 0 : given[b]));
        const target = new Float64Array(grid.voxels);
        spread(blocks, toBlocks, target);
        expect(Math.abs(sumOf(target) - sumOf(toBlocks))).toBeLessThan(1e-12);
        target.forEach((value, v) => {
          if (grid.solid?.[v]) expect(value).toBe(0);
        });
        const seen = average(blocks, c);
        const here = sumOf(target.map((value, v) => value * c[v]));
        const there = sumOf(toBlocks.map((value, b) => value * seen[b]));
        expect(Math.abs(here - there)).toBeLessThan(1e-12);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it.each(['nearest', 'linear', 'body'] as const)(
    '%s: deposit is the adjoint of sample through them',
    shape => {
      const population = createPopulation(8, 1);
      for (let n = 0; n < 6; n++) {
        const slot = append(population);
        population.x[slot] = ((n * 0.37 + 0.01) % 1) * grid.size[0];
        population.y[slot] = ((n * 0.61 + 0.02) % 1) * grid.size[1];
        population.z[slot] = ((n * 0.83 + 0.03) % 1) * grid.size[2];
        population.radius[slot] = 0.5 + 0.1 * n;
      }
      const kernel = createKernel(shape, grid, 1, blocks);
      locate(kernel, population, grid);
      const c = fieldOn(grid, v => Math.sin(v));
      const amounts = Float64Array.from({ length: 6 }, (_, n) => n + 1);
      const target = new Float64Array(grid.voxels);
      deposit(kernel, 6, amounts, 1, 0, 1, target);
      const seen = new Float64Array(6);
      sample(kernel, 6, c, seen, 1, 0);
      expect(sumOf(target)).toBeCloseTo(21, 11);
      const given = sumOf(target.map((value, v) => value * c[v]));
      expect(given).toBeCloseTo(sumOf(amounts.map((value, n) => value * seen[n])), 11);
      const visited = new Float64Array(grid.voxels);
      for (let slot = 0; slot < 6; slot++) {
        visitVoxels(kernel, slot, (voxel, weight) => {
          visited[voxel] += weight * amounts[slot];
        });
      }
      target.forEach((value, v) => {
        expect(visited[v]).toBeCloseTo(value, 12);
      });
    },
  );
});

describe('accuracy of the map through blocks', () => {
  /** Largest error of what cells see of a smooth field on n × n voxels in blocks of 4 × 4; and of the mean place of what they give. */
  function errors(n: number): { seen: number; place: number } {
    const grid = createGrid(2, [n, n, 1], [1, 1, 1], [true, true, false]);
    const f = (x: number, y: number) => Math.sin(2 * Math.PI * x) * Math.cos(2 * Math.PI * y);
    const c = Float64Array.from({ length: n * n }, (_, v) =>
      f(((v % n) + 0.5) / n, (Math.floor(v / n) + 0.5) / n),
    );
    const population = createPopulation(64, 1);
    for (let i = 0; i < 50; i++) {
      const slot = append(population);
      population.x[slot] = 0.3 + 0.4 * ((i * 0.618) % 1);
      population.y[slot] = 0.3 + 0.4 * ((i * 0.755) % 1);
    }
    const kernel = createKernel('linear', grid, 1, createBlocks(grid, 4));
    locate(kernel, population, grid);
    const seen = new Float64Array(50);
    sample(kernel, 50, c, seen, 1, 0);
    let [worst, place] = [0, 0];
    for (let slot = 0; slot < 50; slot++) {
      worst = Math.max(worst, Math.abs(seen[slot] - f(population.x[slot], population.y[slot])));
      let mean = 0;
      visitVoxels(kernel, slot, (voxel, weight) => {
        mean += weight * (((voxel % n) + 0.5) / n);
      });
      place = Math.max(place, Math.abs(mean - population.x[slot]));
    }
    return { seen: worst, place };
  }

  it('is of second order, and what is given keeps its mean place', () => {
    const [coarse, fine] = [errors(64), errors(128)];
    expect(Math.log2(coarse.seen / fine.seen)).toBeGreaterThan(1.8);
    expect(Math.max(coarse.place, fine.place)).toBeLessThan(1e-14);
  });

  it('blocks that do not fill the grid are refused', () => {
    expect(() => createBlocks(PLAIN, 5)).toThrow(RangeError);
  });
});
