import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellType, Division } from '../../src/engine/cells/cellType.ts';
import { createDivision, drawDivisionVolume } from '../../src/engine/cells/division.ts';
import { refreshGeometry } from '../../src/engine/cells/geometry.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { nextUint32, uniform } from '../../src/engine/random/xoshiro.ts';
import { cellsAt, cellType, contents, domain } from './fixtures.ts';

const adder: Division = { kind: 'adder', volume: 2, noise: 0, asymmetry: 0 };

/** One cell that divides at once. */
function ripe(grid: Grid, type: CellType, at: readonly [number, number, number], seed = 'ripe'): Population {
  const cells = cellsAt(grid, type, [[...at, 1]], seed);
  cells.divisionVolume[0] = cells.volume[0];
  return cells;
}

describe('a division', () => {
  const grid = domain(2, 40);
  const type = cellType({ division: adder });

  it('ends the mother: both daughters are new, children of hers, born now', () => {
    const cells = ripe(grid, type, [20, 20, 0]);
    const division = createDivision([type], grid);
    expect(division.advance(cells, 77)).toBe(1);
    const { id, parent, birthTime, volume, birthVolume, divisionVolume, type: types } = contents(cells);
    expect(id).toEqual([2, 3]);
    expect(parent).toEqual([1, 1]);
    expect(types).toEqual([0, 0]);
    expect(birthTime).toEqual([77, 77]);
    expect(volume[0]).toBeCloseTo(Math.PI / 2, 12);
    expect(birthVolume).toEqual(volume);
    expect(divisionVolume).toEqual([volume[0] + 2, volume[1] + 2]);
    const { log } = division;
    expect([log.count, log.mother[0], log.first[0], log.second[0]]).toEqual([1, 1, 2, 3]);
    expect(division.advance(cells, 78)).toBe(0);
    expect(log.count).toBe(0);
  });

  it('gives each daughter a stream of her own, which does not continue the mother’s', () => {
    const cells = ripe(grid, type, [20, 20, 0]);
    const mother = new Uint32Array(contents(cells).streams);
    createDivision([type], grid).advance(cells, 0);
    const [first, second] = [cells.streams.slice(0, 4), cells.streams.slice(4, 8)].map(String);
    expect(first).not.toBe(second);
    const path: string[] = [];
    for (let draw = 0; draw < 1000; draw++) {
      path.push(String(mother));
      nextUint32(mother, 0);
    }
    expect(path).not.toContain(first);
    expect(path).not.toContain(second);
  });

  it.each([2, 3] as const)(
    'puts the daughters in touch about the mother’s centre of mass (%d-D)',
    dimensions => {
      const box = domain(dimensions, 40);
      const uneven = cellType({
        shape: { kind: dimensions === 3 ? 'sphere' : 'disc', radius: 1 },
        division: { ...adder, asymmetry: 0.12 },
      });
      for (let trial = 0; trial < 200; trial++) {
        const cells = ripe(box, uneven, [20, 21, 22], `trial ${trial}`);
        const before = [cells.x[0], cells.y[0], cells.z[0]];
        createDivision([uneven], box).advance(cells, 0);
        const { x, y, z, radius, volume } = cells;
        const apart = Math.hypot(x[0] - x[1], y[0] - y[1], z[0] - z[1]);
        expect(apart).toBeCloseTo(radius[0] + radius[1], 12);
        [x, y, z].forEach((column, axis) => {
          const centre = (volume[0] * column[0] + volume[1] * column[1]) / (volume[0] + volume[1]);
          expect(centre).toBeCloseTo(before[axis], 12);
        });
        if (dimensions === 2) expect([z[0], z[1]]).toEqual([0.5, 0.5]);
      }
    },
  );

  it('keeps them between walls, still in touch, and wraps them on periodic axes', () => {
    const around = domain(2, 40, true);
    for (let trial = 0; trial < 100; trial++) {
      const cells = ripe(grid, type, [1, 1, 0], `wall ${trial}`);
      createDivision([type], grid).advance(cells, 0);
      const { x, y, radius } = cells;
      for (const i of [0, 1]) {
        expect(x[i]).toBeGreaterThanOrEqual(radius[i]);
        expect(y[i]).toBeGreaterThanOrEqual(radius[i]);
      }
      expect(Math.hypot(x[0] - x[1], y[0] - y[1])).toBeCloseTo(radius[0] + radius[1], 12);
      const free = ripe(around, type, [0.1, 39.9, 0], `wall ${trial}`);
      createDivision([type], around).advance(free, 0);
      for (const i of [0, 1]) {
        for (const column of [free.x, free.y]) {
          expect(column[i]).toBeGreaterThanOrEqual(0);
          expect(column[i]).toBeLessThan(40);
        }
      }
    }
  });

  it('chooses directions uniformly: their mean square components agree', () => {
    for (const dimensions of [2, 3] as const) {
      const box = domain(dimensions, 40);
      const kind = cellType({
        shape: { kind: dimensions === 3 ? 'sphere' : 'disc', radius: 1 },
        division: adder,
      });
      const centres = Array.from({ length: 4000 }, () => [20, 20, 20, 1] as const);
      const cells = cellsAt(box, kind, centres);
      cells.divisionVolume.set(cells.volume);
      createDivision([kind], box).advance(cells, 0);
      const mean = [0, 0, 0];
      const squares = [0, 0, 0];
      for (let i = 0; i < 4000; i++) {
        [cells.x, cells.y, cells.z].forEach((column, axis) => {
          const n = (column[i] - column[4000 + i]) / (cells.radius[i] + cells.radius[4000 + i]);
          mean[axis] += n / 4000;
          squares[axis] += n ** 2 / 4000;
        });
      }
      for (let axis = 0; axis < dimensions; axis++) {
        // Variance of n is 1/d; that of n² is 1/8 in the plane and 4/45 in space.
        const spread = dimensions === 2 ? 1 / 8 : 4 / 45;
        expect(Math.abs(mean[axis])).toBeLessThan(4.5 * Math.sqrt(1 / dimensions / 4000));
        expect(Math.abs(squares[axis] - 1 / dimensions)).toBeLessThan(4.5 * Math.sqrt(spread / 4000));
      }
    }
  });

  it('repeats within a step as often as the volume demands', () => {
    const sizer = cellType({ division: { kind: 'sizer', volume: 1, noise: 0, asymmetry: 0 } });
    const cells = ripe(grid, sizer, [20, 20, 0]);
    const division = createDivision([sizer], grid);
    // π → π/2 → π/4 < 1: one division, then one of each daughter.
    expect(division.advance(cells, 5)).toBe(3);
    expect(cells.count).toBe(4);
    expect(new Set(contents(cells).id).size).toBe(4);
    for (let i = 0; i < 4; i++) expect(cells.volume[i]).toBeCloseTo(Math.PI / 4, 12);
    expect(Array.from(division.log.mother.subarray(0, 3)).sort()).toEqual([1, 2, 3]);
  });

  it('ends before a cell that is far beyond its threshold, whatever was drawn', () => {
    const ratio = (volume: number, kind: 'adder' | 'sizer', drawn: number) => {
      const type = cellType({ division: { kind, volume, noise: 0, asymmetry: 0 } });
      const cells = ripe(grid, type, [20, 20, 0]);
      cells.birthVolume[0] = 0.001;
      cells.divisionVolume[0] = drawn;
      const division = createDivision([type], grid);
      division.advance(cells, 0);
      // What her daughters draw is another matter.
      if (division.log.count > 0) return null;
      return division.fault?.reason === 'overgrown' ? division.fault.overgrowth : null;
    };
    // A disc of radius 1 µm: π µm³.
    expect(ratio(Math.PI / 257, 'sizer', 1e-6)).toBeCloseTo(257, 6);
    expect(ratio(Math.PI / 255, 'sizer', 1e-6)).toBeNull();
    expect(ratio(1e-9, 'sizer', Math.PI / 255)).toBeNull();
    expect(ratio(0.009, 'adder', 1e-6)).toBeCloseTo(Math.PI / 0.01, 6);
  });

  it('ends at the number of cells that there may be', () => {
    const sizer = cellType({ division: { kind: 'sizer', volume: 0.1, noise: 0, asymmetry: 0 } });
    const cells = ripe(grid, sizer, [20, 20, 0]);
    const division = createDivision([sizer], grid, 5);
    expect(division.advance(cells, 0)).toBe(4);
    expect(cells.count).toBe(5);
    expect(division.fault?.reason).toBe('full');
    // Nothing wants to divide: no fault.
    cells.divisionVolume.fill(Number.POSITIVE_INFINITY);
    expect(division.advance(cells, 0)).toBe(0);
    expect(division.fault).toBeNull();
  });

  it('does not happen to types that do not divide', () => {
    const idle = cellType();
    expect(drawDivisionVolume(null, 3, new Uint32Array([1, 2, 3, 4]), 0)).toBe(Number.POSITIVE_INFINITY);
    const cells = cellsAt(grid, idle, [[20, 20, 0, 15]]);
    expect(createDivision([idle], grid).advance(cells, 0)).toBe(0);
  });
});

describe('what a division conserves', () => {
  it('splits every amount without loss, whole or real, at any share', () => {
    const amount = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    const whole = fc.integer({ min: 0, max: 2_000_000 });
    fc.assert(
      fc.property(amount, whole, whole, amount, fc.nat(), (biomass, mRNA, protein, sugar, seed) => {
        const grid = domain(2, 1e6);
        const type = cellType({ division: { ...adder, asymmetry: 0.2 } });
        const cells = ripe(grid, type, [5e5, 5e5, 0], `split ${seed}`);
        cells.amounts.set([biomass, mRNA, protein, sugar]);
        refreshGeometry(cells, [type], grid);
        cells.divisionVolume[0] = 0.9 * cells.volume[0];
        cells.birthVolume[0] = 0;
        createDivision(
          [cellType({ division: { kind: 'adder', volume: 1e15, noise: 0, asymmetry: 0.2 } })],
          grid,
        ).advance(cells, 0);
        expect(cells.count).toBe(2);
        const { amounts } = cells;
        expect(amounts[0] + amounts[4]).toBe(biomass);
        expect(amounts[1] + amounts[5]).toBe(mRNA);
        expect(amounts[2] + amounts[6]).toBe(protein);
        expect(amounts[3] + amounts[7]).toBe(sugar);
        for (const a of amounts.subarray(0, 8)) expect(a).toBeGreaterThanOrEqual(0);
        for (const s of [1, 2, 5, 6]) expect(Number.isInteger(amounts[s])).toBe(true);
        const shares = [0, 4].map(base => amounts[base] / biomass);
        for (const share of shares) expect(share).toBeGreaterThan(0.05 - 1e-12);
        expect(amounts[3] / sugar).toBeCloseTo(shares[0], 12);
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it('keeps whole numbers exactly and biomass to rounding through 10⁴ divisions', () => {
    const grid = domain(2, 1000);
    const type = cellType({
      division: { kind: 'sizer', volume: 1.6 * Math.PI, noise: 0.1, asymmetry: 0.05 },
    });
    const cells = cellsAt(
      grid,
      type,
      Array.from({ length: 8 }, (_, i) => [100 + 50 * i, 500, 0, 1] as const),
    );
    for (let i = 0; i < cells.count; i++) {
      cells.divisionVolume[i] = 1.5 * Math.PI;
      cells.amounts[4 * i + 1] = 1e6 + i;
      cells.amounts[4 * i + 2] = 2 ** 40 + i;
    }
    const total = (s: number) => {
      let sum = 0;
      for (let i = 0; i < cells.count; i++) sum += cells.amounts[4 * i + s];
      return sum;
    };
    const before = [1, 2, 3].map(total);
    const division = createDivision([type], grid);
    const state = rootStream('growth');
    let divisions = 0;
    while (divisions < 10_000) {
      for (let i = 0; i < cells.count; i++) cells.amounts[4 * i] *= 1 + 0.2 * uniform(state, 0);
      refreshGeometry(cells, [type], grid);
      const biomass = total(0);
      divisions += division.advance(cells, 0);
      expect(Math.abs(total(0) / biomass - 1)).toBeLessThan(1e-13);
    }
    expect(cells.count).toBe(8 + divisions);
    expect([total(1), total(2)]).toEqual(before.slice(0, 2));
    expect(Math.abs(total(3) / before[2] - 1)).toBeLessThan(1e-12);
    const { id, parent } = contents(cells);
    expect(new Set(id).size).toBe(cells.count);
    expect(cells.nextId).toBe(9 + 2 * divisions);
    // Every daughter is younger than her mother, and a mother is no longer there.
    const alive = new Set(id);
    for (let i = 0; i < cells.count; i++) {
      expect(parent[i]).toBeLessThan(id[i]);
      expect(alive.has(parent[i])).toBe(false);
    }
  });
});
