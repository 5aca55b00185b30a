import { describe, expect, it } from 'vitest';
import { solve } from '../../src/engine/fields/multigrid/conjugateGradients.ts';
import { createHierarchy, cycle, type Hierarchy } from '../../src/engine/fields/multigrid/hierarchy.ts';
import { prolongate, restrict } from '../../src/engine/fields/multigrid/interpolation.ts';
import { residual } from '../../src/engine/fields/multigrid/kernels.ts';
import { forRows, type Level, wrap } from '../../src/engine/fields/multigrid/level.ts';
import { congruential } from './arbitrary.ts';
import { diffusionMatrix } from './diffusionMatrix.ts';

const WALLS = [false, false, false] as const;
const ROUND = [true, true, true] as const;

function fill(level: Level, values: Float64Array, random: () => number): void {
  forRows(level.layout, (row, end) => {
    for (let v = row; v < end; v++) values[v] = random() - 0.5;
  });
  wrap(level.layout, values);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Iterations of preconditioned conjugate gradients for ten digits from a random start; and the mean factor of one. */
function iterations(hierarchy: Hierarchy): { count: number; factor: number } {
  const matrix = hierarchy.levels[0];
  const { size } = matrix.layout;
  const column = () => new Float64Array(size);
  const [x, b, r, direction, image] = [column(), column(), column(), column(), column()];
  fill(matrix, b, congruential(5));
  for (let v = 0; v < size; v++) matrix.b[v] = 0;
  // No halo in a right-hand side.
  const inside = column();
  forRows(matrix.layout, (row, end) => {
    for (let v = row; v < end; v++) inside[v] = b[v];
  });
  const linear = { matrix, hierarchy, closed: new Int32Array(0), x, b: inside, direction, image };
  const before = norm(inside);
  const { iterations: count } = solve(linear, 1e-10 * Math.max(...inside));
  residual(matrix, x, inside, r);
  return { count, factor: (norm(r) / before) ** (1 / count) };
}

describe('multigrid', () => {
  it('has the Galerkin matrix on every coarse grid, whatever the grid, jumps and wrapping', () => {
    const random = congruential(5);
    for (const [n, periodic, spacing] of [
      [[17, 12, 1], WALLS, [1, 1, 1]],
      [[17, 12, 1], ROUND, [1, 1, 1]],
      [
        [16, 11, 1],
        [true, false, true],
        [1, 1, 1],
      ],
      [
        [14, 15, 1],
        [true, true, false],
        [1, 3, 1],
      ],
      [[7, 6, 5], WALLS, [1, 1, 1]],
      [[7, 6, 5], ROUND, [1, 2, 1]],
    ] as const) {
      const values = Float64Array.from({ length: n[0] * n[1] * n[2] }, () =>
        random() < 0.3 ? 0 : 1 + 50 * random(),
      );
      const hierarchy = createHierarchy(diffusionMatrix(n, periodic, values, 0.1, spacing));
      const { levels, maps } = hierarchy;
      expect(levels.length).toBeGreaterThan(1);
      maps.forEach((map, depth) => {
        const [fine, coarse] = [levels[depth], levels[depth + 1]];
        const e = new Float64Array(coarse.layout.size);
        fill(coarse, e, random);
        const up = new Float64Array(fine.layout.size);
        prolongate(fine.layout, map, e, up);
        const image = new Float64Array(fine.layout.size);
        residual(fine, up, new Float64Array(fine.layout.size), image);
        const down = new Float64Array(coarse.layout.size);
        restrict(fine.layout, map, image, down);
        const expected = new Float64Array(coarse.layout.size);
        residual(coarse, e, new Float64Array(coarse.layout.size), expected);
        const scale = Math.max(...expected.map(Math.abs));
        for (let v = 0; v < down.length; v++)
          expect(Math.abs(down[v] - expected[v])).toBeLessThan(1e-14 * scale);
      });
    }
  });

  it('is symmetric, so that it may precondition conjugate gradients', () => {
    for (const [n, periodic] of [
      [[31, 22, 1], WALLS],
      [[9, 8, 11], ROUND],
    ] as const) {
      const random = congruential(6);
      const values = Float64Array.from({ length: n[0] * n[1] * n[2] }, () => (random() < 0.5 ? 1 : 100));
      const hierarchy = createHierarchy(diffusionMatrix(n, periodic, values, 0.01));
      const [fine] = hierarchy.levels;
      const apply = (b: Float64Array) => {
        fine.b.set(b);
        cycle(hierarchy, false);
        const out = new Float64Array(b.length);
        forRows(fine.layout, (row, end) => out.set(fine.x.subarray(row, end), row));
        return out;
      };
      const [a, b] = [0, 0].map(() => {
        const values = new Float64Array(fine.layout.size);
        forRows(fine.layout, (row, end) => {
          for (let v = row; v < end; v++) values[v] = random() - 0.5;
        });
        return values;
      });
      const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, i) => sum + value * v[i], 0);
      expect(dot(apply(a), b) / dot(a, apply(b))).toBeCloseTo(1, 11);
    }
  });

  it('gains a digit and more per iteration on any grid, with jumps of 100, anisotropy and 3-D', () => {
    const square = (n: number, value: (i: number, j: number) => number) =>
      Float64Array.from({ length: n * n }, (_, v) => value(v % n, Math.floor(v / n)));
    const disc = (n: number) =>
      square(n, (i, j) => ((i - n / 2) ** 2 + (j - n / 2) ** 2 < n ** 2 / 9 ? 1 : 100));
    const blocks = (n: number) => square(n, (i, j) => (((i >> 3) + (j >> 3)) & 1 ? 100 : 1));
    const spots = (n: number) =>
      square(n, (i, j) => (((i % 12) - 6) ** 2 + ((j % 12) - 6) ** 2 < 12 ? 100 : 1));
    const checks = (n: number, width: number) =>
      square(n, (i, j) => ((Math.floor(i / width) + Math.floor(j / width)) & 1 ? 100 : 1));
    const layers = (n: number) => square(n, (_, j) => ((j >> 2) & 1 ? 100 : 1));
    const same = (n: number) => new Float64Array(n).fill(1);
    const cases = [
      ...[64, 127, 256].flatMap(n =>
        [disc(n), blocks(n), layers(n), spots(n), same(n * n)].map(
          values => [[n, n, 1], values, [1, 1, 1]] as const,
        ),
      ),
      // Jumps at every voxel, and where no coarse grid can resolve them.
      ...[1, 2, 3, 4, 5, 6].map(width => [[128, 128, 1], checks(128, width), [1, 1, 1]] as const),
      [[100, 75, 1], same(7500), [1, 10, 1]],
      [[100, 75, 1], same(7500), [3, 1, 1]],
      [[33, 20, 25], same(16500), [1, 1, 1]],
      [[20, 20, 20], same(8000), [1, 1, 4]],
    ] as const;
    for (const [n, values, spacing] of cases) {
      const { factor } = iterations(createHierarchy(diffusionMatrix(n, WALLS, values, 0, spacing)));
      expect(factor).toBeLessThan(0.15);
    }
  });
});
