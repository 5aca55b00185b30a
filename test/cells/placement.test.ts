import { describe, expect, it } from 'vitest';
import type { CellType, Placement } from '../../src/engine/cells/cellType.ts';
import { PlacementError, placeFounders } from '../../src/engine/cells/placement.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { cellType, contents, domain } from './fixtures.ts';

const disc = cellType({ division: { kind: 'adder', volume: 3, noise: 0.1, asymmetry: 0 } });
const sphere = cellType({ shape: { kind: 'sphere', radius: 1 } });

function place(
  grid: Grid,
  placements: readonly Omit<Placement, 'type' | 'amounts'>[],
  type: CellType = grid.dimensions === 3 ? sphere : disc,
  seed = 'founders',
): Population {
  const population = placements.map(placement => ({ type: 0, amounts: [], ...placement }));
  return placeFounders({ grid, cellTypes: [type], population }, rootStream(seed));
}

/** The deepest overlap of any two cells, through periodic boundaries too. */
function deepestOverlap(cells: Population, grid: Grid): number {
  let deepest = 0;
  const image = (d: number, axis: number) =>
    grid.periodic[axis] ? d - grid.size[axis] * Math.round(d / grid.size[axis]) : d;
  for (let i = 0; i < cells.count; i++) {
    for (let j = 0; j < i; j++) {
      const d = Math.hypot(
        image(cells.x[i] - cells.x[j], 0),
        image(cells.y[i] - cells.y[j], 1),
        image(cells.z[i] - cells.z[j], 2),
      );
      deepest = Math.max(deepest, cells.radius[i] + cells.radius[j] - d);
    }
  }
  return deepest;
}

describe('founders', () => {
  it.each([
    [2, false, 200],
    [2, true, 200],
    [3, false, 60],
    [3, true, 60],
  ] as const)(
    'fill a %d-D domain (periodic %s) without overlap and inside its walls',
    (dimensions, periodic, count) => {
      const grid = domain(dimensions, dimensions === 3 ? 12 : 44, periodic);
      const cells = place(grid, [{ count, region: { kind: 'domain' } }]);
      expect(cells.count).toBe(count);
      expect(deepestOverlap(cells, grid)).toBe(0);
      (['x', 'y', 'z'] as const).forEach((axis, a) => {
        if (a >= dimensions) return;
        const margin = periodic ? 0 : 1;
        for (let i = 0; i < count; i++) {
          expect(cells[axis][i]).toBeGreaterThanOrEqual(margin);
          expect(cells[axis][i]).toBeLessThanOrEqual(grid.size[a] - margin);
        }
      });
      if (dimensions === 2) expect(cells.z.subarray(0, count).every(z => z === 0.5)).toBe(true);
    },
  );

  it('keep their centres in a disc, ball or box, and their bodies inside the walls', () => {
    const grid = domain(3, 30);
    const ball = place(grid, [{ count: 20, region: { kind: 'ball', centre: [1, 15, 15], radius: 8 } }]);
    const box = place(grid, [{ count: 20, region: { kind: 'box', from: [0, 5, 9], to: [30, 20, 9] } }]);
    const flat = place(grid, [{ count: 5, region: { kind: 'disc', centre: [15, 15, 4], radius: 6 } }]);
    for (let i = 0; i < 20; i++) {
      expect(Math.hypot(ball.x[i] - 1, ball.y[i] - 15, ball.z[i] - 15)).toBeLessThanOrEqual(8);
      expect(ball.x[i]).toBeGreaterThanOrEqual(1);
      expect(box.z[i]).toBe(9);
      expect(box.y[i]).toBeGreaterThanOrEqual(5);
      expect(box.y[i]).toBeLessThanOrEqual(20);
    }
    for (let i = 0; i < 5; i++) {
      expect(flat.z[i]).toBe(4);
      expect(Math.hypot(flat.x[i] - 15, flat.y[i] - 15)).toBeLessThanOrEqual(6);
    }
    const across = domain(2, 30, true);
    const wrapped = place(across, [{ count: 12, region: { kind: 'disc', centre: [0, 0, 0], radius: 6 } }]);
    const quadrants = new Set<string>();
    for (let i = 0; i < 12; i++) quadrants.add(`${wrapped.x[i] > 15} ${wrapped.y[i] > 15}`);
    expect(quadrants.size).toBe(4);
  });

  it('are uniform in a disc: r² is uniform', () => {
    const grid = domain(2, 400);
    const small = cellType({ shape: { kind: 'disc', radius: 0.01 } });
    const region = { kind: 'disc', centre: [200, 200, 0], radius: 100 } as const;
    const cells = place(grid, [{ count: 4000, region }], small);
    let sum = 0;
    for (let i = 0; i < 4000; i++) sum += ((cells.x[i] - 200) ** 2 + (cells.y[i] - 200) ** 2) / 1e4;
    expect(Math.abs(sum / 4000 - 0.5)).toBeLessThan(4.5 / Math.sqrt(12 * 4000));
  });

  it('stand on the points and lattices they were given', () => {
    const grid = domain(2, 20);
    const points = [
      [3, 4, 0],
      [1, 19, 7],
    ] as const;
    const cells = place(grid, [
      { count: 2, region: { kind: 'points', points } },
      { count: 6, region: { kind: 'lattice', from: [2, 2, 0], to: [14, 10, 1], counts: [3, 2, 1] } },
    ]);
    expect(contents(cells).x).toEqual([3, 1, 4, 8, 12, 4, 8, 12]);
    expect(contents(cells).y).toEqual([4, 19, 4, 4, 4, 8, 8, 8]);
    const cube = place(domain(3, 8), [
      { count: 27, region: { kind: 'lattice', from: [0, 0, 0], to: [8, 8, 8], counts: [3, 3, 3] } },
    ]);
    expect(cube.z[26]).toBeCloseTo(8 - 4 / 3, 12);
  });

  it('are newborn, with the type’s amounts or the placement’s, ids from 1 and streams of their own', () => {
    const grid = domain(2, 60);
    const cells = placeFounders(
      {
        grid,
        cellTypes: [disc],
        population: [
          { type: 0, count: 2, region: { kind: 'domain' }, amounts: [] },
          {
            type: 0,
            count: 1,
            region: { kind: 'domain' },
            amounts: [
              [2, 7],
              [0, 200 * Math.PI],
            ],
          },
        ],
      },
      rootStream('newborn'),
    );
    const { id, parent, amounts, volume, birthVolume, birthTime, streams, divisionVolume } = contents(cells);
    expect(id).toEqual([1, 2, 3]);
    expect(parent).toEqual([0, 0, 0]);
    expect(birthTime).toEqual([0, 0, 0]);
    expect(amounts.slice(1, 4)).toEqual([5, 400, 12.3]);
    expect(amounts.slice(9)).toEqual([5, 7, 12.3]);
    expect(volume[0]).toBeCloseTo(Math.PI, 12);
    expect(volume[2]).toBeCloseTo(2 * Math.PI, 12);
    expect(birthVolume).toEqual(volume);
    for (let i = 0; i < 3; i++) expect(divisionVolume[i]).toBeGreaterThan(volume[i] + 1.5);
    expect(new Set(streams).size).toBe(12);
  });

  it('are the same for the same seed and others for another', () => {
    const grid = domain(2, 40);
    const placements = [{ count: 30, region: { kind: 'domain' } }] as const;
    expect(contents(place(grid, placements))).toEqual(contents(place(grid, placements)));
    expect(contents(place(grid, placements, disc, 'other')).x).not.toEqual(
      contents(place(grid, placements)).x,
    );
  });

  it('overlap as little as can be found where darts no longer find a free place', () => {
    // Area fraction 0.75 of the region's cells: beyond random addition, within what can be packed.
    const grid = domain(2, 40);
    const region = { kind: 'box', from: [6, 6, 0], to: [34, 34, 0] } as const;
    const cells = place(grid, [{ count: 190, region }]);
    expect(cells.count).toBe(190);
    expect(deepestOverlap(cells, grid)).toBeGreaterThan(0);
    expect(deepestOverlap(cells, grid)).toBeLessThan(1.2);
  });

  it.each([
    [
      'a crowd',
      { count: 500, region: { kind: 'domain' } },
      /population\[0\]: 500 cells of radius 1.00 µm.*at most \d+/,
    ],
    [
      'a tight disc',
      { count: 8, region: { kind: 'disc', centre: [20, 20, 0], radius: 1.9 } },
      /holds at most [67]$/,
    ],
    [
      'a box outside',
      { count: 1, region: { kind: 'box', from: [50, 0, 0], to: [60, 9, 0] } },
      /fits between the walls/,
    ],
    [
      'a disc that touches the domain',
      { count: 1, region: { kind: 'disc', centre: [-2, -2, 0], radius: 4.2426407 } },
      /hardly reaches between the walls/,
    ],
    [
      'a point at a wall',
      { count: 1, region: { kind: 'points', points: [[0.5, 9, 0]] } },
      /point 0 at \(0.5, 9\).*x must/,
    ],
    ['too few points', { count: 2, region: { kind: 'points', points: [[5, 9, 0]] } }, /at most 1$/],
  ] as const)('are refused by name where they cannot be placed: %s', (_, placement, message) => {
    const attempt = () => place(domain(2, 40), [placement as Omit<Placement, 'type' | 'amounts'>]);
    expect(attempt).toThrow(PlacementError);
    expect(attempt).toThrow(message);
  });

  it('are refused where a cell is wider than the domain', () => {
    expect(() => place(domain(2, 1.5), [{ count: 1, region: { kind: 'domain' } }])).toThrow(
      /a cell 2.00 µm wide does not fit a domain of 1.5 µm/,
    );
  });
});
