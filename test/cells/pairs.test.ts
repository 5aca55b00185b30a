import { describe, expect, test } from 'vitest';
import type { CellType, Mechanics, PairTable } from '../../src/engine/cells/cellType.ts';
import { createMechanics } from '../../src/engine/cells/mechanics.ts';
import { createPairLaw } from '../../src/engine/cells/pairLaw.ts';
import { append, createPopulation, type Population } from '../../src/engine/cells/population.ts';
import { createRods } from '../../src/engine/cells/rods.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { cellsAt, cellType, domain } from './fixtures.ts';

/** Like types adhere, unlike do not and are twice as hard. */
const SORTING: PairTable = {
  types: 2,
  adhesion: [0.8, 0, 0, 0.8],
  range: [0.6, 0.3, 0.3, 0.6],
  stiffness: [1, 2, 2, 1],
};
const EVEN: PairTable = { ...SORTING, adhesion: [0.4, 0.4, 0.4, 0.4], range: [0.6, 0.6, 0.6, 0.6] };
const SOFT: Mechanics = { repulsion: 'soft', rate: 0.2, adhesion: 0, range: 0 };
const law = (pairs: PairTable, changes: Partial<Mechanics> = {}): Mechanics => ({
  ...SOFT,
  ...changes,
  pairs,
});

const disc = cellType();
const sphere: CellType = cellType({ shape: { kind: 'sphere', radius: 1 } });

/** Two cells of the given types with a gap (negative: an overlap) between them along x. */
function couple(grid: Grid, types: readonly [number, number], gap: number): Population {
  const y = grid.size[1] / 2;
  const cells = cellsAt(grid, grid.dimensions === 3 ? sphere : disc, [
    [9, y, y, 1],
    [11 + gap, y, y, 1],
  ]);
  cells.type[0] = types[0];
  cells.type[1] = types[1];
  return cells;
}

describe.each([
  ['discs, explicit', 2, 'explicit', false],
  ['spheres, explicit', 3, 'explicit', false],
  ['discs as bodies, explicit', 2, 'explicit', true],
  ['spheres as bodies, explicit', 3, 'explicit', true],
  ['discs, implicit', 2, 'implicit', false],
] as const)('a pair of %s', (_, dimensions, solver, rods) => {
  const grid = domain(dimensions, 20);
  const speedOf = (types: readonly [number, number], gap: number) => {
    const cells = couple(grid, types, gap);
    const mechanics = createMechanics(grid, law(SORTING, { solver }), rods);
    const time = 1e-5;
    mechanics.advance(cells, time);
    const [left, right] = [9 - cells.x[0], cells.x[1] - 11 - gap].map(shift => shift / time);
    // Forces of the pair are equal and opposite: equal cells part evenly.
    expect(left).toBeCloseTo(right, 6);
    return left + right;
  };

  test('parts at the rate of its own stiffness, and is drawn by its own adhesion within its own range', () => {
    // Two equal cells: the overlap falls at the rate × φ.
    expect(speedOf([0, 0], -0.2)).toBeCloseTo(0.2 * 0.2, 4);
    expect(speedOf([0, 1], -0.2)).toBeCloseTo(2 * 0.2 * 0.2, 4);
    expect(speedOf([1, 0], -0.2)).toBe(speedOf([0, 1], -0.2));
    const pull = -0.2 * 0.8 * 0.4 * (1 - 0.4 / 0.6);
    expect(speedOf([0, 0], 0.4)).toBeCloseTo(pull, 4);
    expect(speedOf([1, 1], 0.4)).toBeCloseTo(pull, 4);
    expect(speedOf([0, 1], 0.2)).toBeCloseTo(0, 9);
    expect(speedOf([0, 0], 0.61)).toBeCloseTo(0, 9);
  });
});

test('the law of a pair is the derivative of its energy', () => {
  for (const repulsion of ['soft', 'hertz'] as const) {
    const of = createPairLaw(law(SORTING, { repulsion }));
    expect(of.range).toBe(0.6);
    for (const kind of [of.kindOf(0, 0), of.kindOf(0, 1), of.wall]) {
      for (const s of [-0.5, -0.1, 0.05, 0.3]) {
        const slope = (of.energy(s + 1e-5, 2, kind) - of.energy(s - 1e-5, 2, kind)) / 2e-5;
        expect(of.force(s, 2, kind)).toBeCloseTo(slope, 8);
      }
    }
  }
});

test.each(['explicit', 'implicit'] as const)(
  'rods of two types push and pull one another without a net force, %s',
  solver => {
    const grid = domain(3, 16, true);
    const stream = rootStream('rods of two types');
    const draw = () => uniform(stream, 0);
    const population = createPopulation(60, 1);
    const rods = createRods(60);
    population.rods = rods;
    for (let i = 0; i < 60; i++) {
      const slot = append(population);
      population.type[slot] = i % 2;
      // Away from the periodic faces, so that means of places make sense.
      population.x[slot] = 5 + 6 * draw();
      population.y[slot] = 5 + 6 * draw();
      population.z[slot] = 5 + 6 * draw();
      population.radius[slot] = 0.5;
      rods.halfLength[slot] = draw();
      rods.axisX[slot] = 1;
    }
    const mean = (column: Float64Array) => {
      let sum = 0;
      for (let i = 0; i < 60; i++) sum += (0.5 + rods.halfLength[i]) * column[i];
      return sum;
    };
    const columns = () => [population.x, population.y, population.z].map(mean);
    const before = columns();
    const start = population.x.slice();
    createMechanics(grid, law(SORTING, { solver }), true).advance(population, 4);
    expect(Math.max(...population.x.map((x, i) => Math.abs(x - start[i])))).toBeGreaterThan(0.05);
    // To rounding; implicit: to the solver's tolerance.
    columns().forEach((now, k) => {
      expect(Math.abs(now - before[k])).toBeLessThan(solver === 'explicit' ? 1e-10 : 0.05);
    });
  },
);

describe('a mixture of two types that are kept moving', () => {
  /** Share of contacts that are between unlike types, at the start and at the end. */
  function mixing(pairs: PairTable): [number, number] {
    const grid = domain(2, 30, true);
    const stream = rootStream('mixture');
    const cells = cellsAt(
      grid,
      disc,
      Array.from({ length: 180 }, () => [30 * uniform(stream, 0), 30 * uniform(stream, 0), 0, 1] as const),
    );
    for (let i = 0; i < 180; i++) cells.type[i] = i % 2;
    const mechanics = createMechanics(grid, law(pairs));
    const share = () => {
      let all = 0;
      let unlike = 0;
      for (let i = 0; i < 180; i++) {
        for (let j = 0; j < i; j++) {
          const dx = Math.abs(cells.x[i] - cells.x[j]);
          const dy = Math.abs(cells.y[i] - cells.y[j]);
          if (Math.hypot(Math.min(dx, 30 - dx), Math.min(dy, 30 - dy)) > 2.3) continue;
          all++;
          unlike += Number(cells.type[i] !== cells.type[j]);
        }
      }
      return unlike / all;
    };
    mechanics.advance(cells, 50);
    const start = share();
    for (let step = 0; step < 600; step++) {
      for (let i = 0; i < 180; i++) {
        cells.x[i] += 0.6 * (uniform(stream, 0) - 0.5);
        cells.y[i] += 0.6 * (uniform(stream, 0) - 0.5);
      }
      mechanics.advance(cells, 4);
    }
    return [start, share()];
  }

  test('sorts where like adhere more than unlike, and not where all adhere alike', () => {
    // Some 500 contacts: a share of one half has a standard error of 0.022.
    const [start, end] = mixing(SORTING);
    expect(Math.abs(start - 0.5)).toBeLessThan(0.1);
    expect(end).toBeLessThan(0.3);
    expect(Math.abs(mixing(EVEN)[1] - 0.5)).toBeLessThan(0.1);
  });
});

describe('in a scenario', () => {
  const text = (mechanics: string) => `cellfield: 1
title: two types
domain: { size: [20 um, 20 um], grid: [4, 4], thickness: 1 um }
time: { end: 1 min, step: 10 s }
cells:
  a: { shape: { disc: { radius: 0.6 um } } }
  b: { shape: { disc: { radius: 0.6 um } } }
population: [{ type: a, count: 2 }, { type: b, count: 2 }]
mechanics: ${mechanics}
`;

  test('pairs take what they do not say from all, and walls are as all', () => {
    const { mechanics } = loadScenario(
      text(
        '{ adhesion: 0.1, range: 0.2 um, pairs: [{ of: [b, a], adhesion: 0 }, { of: [b, b], range: 0.5 um, stiffness: 3 }] }',
      ),
    ).description;
    expect(mechanics?.pairs).toEqual({
      types: 2,
      adhesion: [0.1, 0, 0, 0.1],
      range: [0.2, 0.2, 0.2, 0.5],
      stiffness: [1, 1, 1, 3],
    });
  });

  test.each([
    ['{ pairs: [{ of: [a, c], adhesion: 0.1 }] }', /pairs\[0\]\.of\[1\].*no cell type `c`/],
    ['{ range: 0.1 um, pairs: [{ of: [a, b] }, { of: [b, a] }] }', /pairs\[1\].*named before/],
    ['{ pairs: [{ of: [a, b], adhesion: 0.1 }] }', /pairs\[0\].*needs a `range`/],
    ['{ pairs: [{ of: [a, b], stiffness: 1000 }] }', /stiffness.*100/],
  ])('%s is refused', (mechanics, message) => {
    expect(() => loadScenario(text(mechanics))).toThrow(message);
  });
});
