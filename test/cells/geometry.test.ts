import { describe, expect, it } from 'vitest';
import {
  between,
  confine,
  radiusOfVolume,
  refreshGeometry,
  volumeOfRadius,
  wrap,
} from '../../src/engine/cells/geometry.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { cellsAt, cellType, domain } from './fixtures.ts';

describe('geometry', () => {
  it('knows the disc through the slab and the sphere', () => {
    expect(volumeOfRadius('disc', 2, 3)).toBeCloseTo(12 * Math.PI, 12);
    expect(volumeOfRadius('sphere', 3, 99)).toBeCloseTo(36 * Math.PI, 12);
    for (const kind of ['disc', 'sphere'] as const) {
      for (const radius of [1e-3, 0.6, 7]) {
        expect(radiusOfVolume(kind, volumeOfRadius(kind, radius, 1.5), 1.5) / radius).toBeCloseTo(1, 14);
      }
    }
  });

  it('lets volume and radius follow biomass', () => {
    const grid = createGrid(2, [4, 4, 1], [20, 20, 2]);
    const type = cellType({ dryDensity: 250 });
    const cells = cellsAt(grid, type, [
      [5, 5, 0, 1],
      [9, 9, 0, 1],
    ]);
    cells.amounts[cells.stride] *= 4;
    refreshGeometry(cells, [type], grid);
    expect(cells.volume[0]).toBeCloseTo(2 * Math.PI, 12);
    expect(cells.volume[1]).toBeCloseTo(8 * Math.PI, 12);
    expect(cells.radius[1]).toBeCloseTo(2, 12);
  });

  it('wraps into [0, size), the rounding of tiny negatives included', () => {
    expect(wrap(10.5, 10)).toBe(0.5);
    expect(wrap(-0.5, 10)).toBe(9.5);
    expect(wrap(10, 10)).toBe(0);
    expect(wrap(-1e-300, 10)).toBe(0);
    expect(wrap(-35, 10)).toBe(5);
  });

  it('keeps a cell between walls, or in the middle where it does not fit', () => {
    expect([between(0.2, 1, 10), between(9.9, 1, 10), between(4, 1, 10), between(4, 6, 10)]).toEqual([
      1, 9, 4, 5,
    ]);
    expect(confine(domain(2, 10), 2, 7, 1)).toBe(0.5);
    expect(confine(domain(3, 10), 2, 12, 1)).toBe(9);
    expect(confine(domain(3, 10, true), 2, 12, 1)).toBe(2);
  });
});
