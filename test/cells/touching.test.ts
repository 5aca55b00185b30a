import { describe, expect, it } from 'vitest';
import { createRods } from '../../src/engine/cells/rods.ts';
import { createTouchFinder } from '../../src/engine/cells/touching.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { cellsAt, cellType, domain } from './fixtures.ts';

describe('the finder of cells that touch', () => {
  it.each([
    [2, false, 1],
    [2, true, 40],
    [3, true, 200],
    [3, false, 200],
    [2, true, 2],
    [2, true, 3],
    [2, true, 6],
    [3, true, 9],
  ] as const)(
    'agrees with looking at every pair (%d-D, periodic %s, %d cells)',
    (dimensions, periodic, count) => {
      const grid = domain(dimensions, 12, periodic);
      const root = rootStream(`touch ${dimensions} ${periodic}`);
      const at = () => 12 * uniform(root, 0);
      const type = cellType({ shape: { kind: 'sphere', radius: 1 } });
      const cells = cellsAt(
        grid,
        type,
        Array.from({ length: count }, () => [at(), at(), at(), 0.3 + 0.7 * uniform(root, 0)] as const),
      );
      const finder = createTouchFinder(grid);
      finder.prepare(cells, 0.5);
      const wrap = (d: number, k: number) =>
        grid.periodic[k] ? d - grid.size[k] * Math.round(d / grid.size[k]) : d;
      for (let a = 0; a < count; a++) {
        const expected: number[] = [];
        for (let b = 0; b < count; b++) {
          const d = Math.hypot(
            wrap(cells.x[a] - cells.x[b], 0),
            wrap(cells.y[a] - cells.y[b], 1),
            wrap(cells.z[a] - cells.z[b], 2),
          );
          if (b !== a && d <= cells.radius[a] + cells.radius[b] + 0.5) expected.push(b);
        }
        const found: number[] = [];
        finder.near(cells, a, 0.5, other => found.push(other));
        expect(found).toEqual(expected);
      }
    },
  );

  it('measures rods from surface to surface', () => {
    const grid = domain(2, 50);
    const cells = cellsAt(grid, cellType(), [
      [10, 10, 0, 0.5],
      [16, 10, 0, 0.5],
      [10, 12, 0, 0.5],
    ]);
    cells.rods = createRods(cells.capacity);
    cells.rods.halfLength.set([2, 2, 2]);
    const near = (range: number): number[] => {
      const found: number[] = [];
      const finder = createTouchFinder(grid);
      finder.prepare(cells, range);
      finder.near(cells, 0, range, other => found.push(other));
      return found;
    };
    // End to end: 6 − 4 − 1 = 1 apart; side by side: 2 − 1 = 1.
    expect(near(0.99)).toEqual([]);
    expect(near(1.01)).toEqual([1, 2]);
  });
});
