import { describe, expect, test } from 'vitest';
import { createBodyStore } from '../../src/engine/cells/bodies.ts';
import type { CellType, Mechanics } from '../../src/engine/cells/cellType.ts';
import { createContactSet } from '../../src/engine/cells/contactSet.ts';
import { createDivision } from '../../src/engine/cells/division.ts';
import { refreshGeometry, rodCrossSection, volumeOfShape } from '../../src/engine/cells/geometry.ts';
import { createMechanics } from '../../src/engine/cells/mechanics.ts';
import { createPairLaw } from '../../src/engine/cells/pairLaw.ts';
import { createPairFinder } from '../../src/engine/cells/pairList.ts';
import { PlacementError, placeFounders } from '../../src/engine/cells/placement.ts';
import { append, createPopulation, type Population, removeSlot } from '../../src/engine/cells/population.ts';
import { createRods, type Rods } from '../../src/engine/cells/rods.ts';
import { closestOnSegments, S, SQUARE, T } from '../../src/engine/cells/segments.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { deriveStream, uniform } from '../../src/engine/random/xoshiro.ts';
import { cellType, domain } from './fixtures.ts';

const SOFT: Mechanics = { repulsion: 'soft', rate: 1, adhesion: 0, range: 0 };
const IMPLICIT: Mechanics = { ...SOFT, solver: 'implicit' };
const ROD = { kind: 'rod', radius: 0.5, length: 3 } as const;
const rodType = (changes: Partial<CellType> = {}) => cellType({ shape: ROD, ...changes });

type Place = readonly [
  x: number,
  y: number,
  z: number,
  radius: number,
  half: number,
  ux: number,
  uy: number,
  uz: number,
];

/** Bodies of any size, by hand. */
function bodiesAt(places: readonly Place[]): Population & { rods: Rods } {
  const population = createPopulation(places.length, 1);
  const rods = createRods(places.length);
  population.rods = rods;
  for (const [x, y, z, radius, half, ux, uy, uz] of places) {
    const slot = append(population);
    population.x[slot] = x;
    population.y[slot] = y;
    population.z[slot] = z;
    population.radius[slot] = radius;
    const norm = Math.hypot(ux, uy, uz);
    rods.halfLength[slot] = half;
    rods.axisX[slot] = ux / norm;
    rods.axisY[slot] = uy / norm;
    rods.axisZ[slot] = uz / norm;
  }
  return population as Population & { rods: Rods };
}

function randomBodies(dimensions: 2 | 3, count: number, size: number, seed: string) {
  const stream = rootStream(seed);
  const draw = () => uniform(stream, 0);
  return bodiesAt(
    Array.from({ length: count }, (_, i): Place => {
      const z = dimensions === 3 ? size * draw() : 0.5;
      const uz = dimensions === 3 ? draw() - 0.5 : 0;
      const half = i % 4 === 0 ? 0 : 1.5 * draw();
      return [size * draw(), size * draw(), z, 0.3 + 0.3 * draw(), half, draw() - 0.5, draw() - 0.5, uz];
    }),
  );
}

describe('closest points of segments', () => {
  test('are those of a fine search, for crossed, parallel and degenerate segments', () => {
    const stream = rootStream('segments');
    const out = new Float64Array(6);
    const draw = () => 2 * uniform(stream, 0) - 1;
    for (let trial = 0; trial < 300; trial++) {
      const flat = trial % 3 === 0 ? 0 : 1;
      const w = [2 * draw(), 2 * draw(), 2 * flat * draw()];
      const h = [draw(), draw(), flat * draw()];
      const g = trial % 5 === 0 ? h.map(c => -0.7 * c) : [draw(), draw(), flat * draw()];
      if (trial % 7 === 0) g.fill(0);
      closestOnSegments(w[0], w[1], w[2], h[0], h[1], h[2], g[0], g[1], g[2], out);
      const square = (s: number, t: number) =>
        w.reduce((sum, c, k) => sum + (c + t * g[k] - s * h[k]) ** 2, 0);
      let least = Number.POSITIVE_INFINITY;
      for (let i = -60; i <= 60; i++) {
        for (let j = -60; j <= 60; j++) least = Math.min(least, square(i / 60, j / 60));
      }
      expect(out[SQUARE]).toBeCloseTo(square(out[S], out[T]), 12);
      expect(out[SQUARE]).toBeLessThanOrEqual(least + 1e-12);
      // No further below a grid of 1/60 than its cells allow.
      expect(Math.sqrt(least) - Math.sqrt(out[SQUARE])).toBeLessThan(0.06);
    }
  });
});

describe('state of rods', () => {
  test('volume is that of the capsule (3-D) or of the stadium through the slab (2-D), and length follows it', () => {
    const flat = domain(2, 20);
    const cube = domain(3, 20);
    expect(volumeOfShape(ROD, flat)).toBeCloseTo(Math.PI * 0.25 + 2, 12);
    expect(volumeOfShape(ROD, cube)).toBeCloseTo((4 / 3) * Math.PI * 0.125 + Math.PI * 0.25 * 2, 12);
    for (const grid of [flat, cube]) {
      const type = rodType();
      const population = founders(grid, type, 1);
      population.amounts[0] *= 1.5;
      refreshGeometry(population, [type], grid);
      const rods = population.rods as Rods;
      const caps = volumeOfShape({ ...ROD, length: 1 }, grid);
      expect(population.radius[0]).toBe(0.5);
      expect(caps + 2 * rods.halfLength[0] * rodCrossSection(0.5, grid)).toBeCloseTo(
        population.volume[0],
        12,
      );
      // Too little to fill its caps: it is round, and smaller.
      population.amounts[0] = 0.5 * caps * type.dryDensity;
      refreshGeometry(population, [type], grid);
      expect(rods.halfLength[0]).toBe(0);
      expect(population.radius[0]).toBeCloseTo(0.5 * 0.5 ** (1 / grid.dimensions), 12);
    }
  });

  test('columns grow, move and clear with the cells', () => {
    const population = bodiesAt([
      [1, 1, 0.5, 0.5, 1, 0, 1, 0],
      [2, 2, 0.5, 0.5, 2, 1, 1, 0],
    ]);
    for (let i = 0; i < 5; i++) append(population);
    expect(population.rods.axisY[0]).toBe(1);
    expect(population.rods.axisX[6]).toBe(1);
    expect(population.rods.halfLength[6]).toBe(0);
    population.rods.halfLength[6] = 9;
    removeSlot(population, 0);
    expect(population.rods.halfLength[0]).toBe(9);
    expect(population.rods.axisX[0]).toBe(1);
  });

  test.each([2, 3] as const)(
    'founders lie between the walls without overlap, in all directions (%s-D)',
    dims => {
      const grid = domain(dims, 30);
      const population = founders(grid, rodType(), 60);
      const rods = population.rods as Rods;
      expect(createMechanics(grid, SOFT, true).maxOverlap(population)).toBe(0);
      let aligned = 0;
      for (let i = 0; i < 60; i++) {
        const reach = 0.5 + rods.halfLength[i] * Math.abs(rods.axisX[i]);
        expect(population.x[i]).toBeGreaterThanOrEqual(reach - 1e-12);
        expect(population.x[i]).toBeLessThanOrEqual(30 - reach + 1e-12);
        aligned += rods.axisX[i] ** 2 / 60;
      }
      // ⟨cos²⟩ is 1/2 (1/3), with a standard error of √(1/8/60) (√(4/45/60)).
      expect(Math.abs(aligned - 1 / dims)).toBeLessThan(4 * 0.046);
    },
  );

  test('a given axis is kept, and a region too small for any cell is refused', () => {
    const grid = domain(2, 30);
    const population = founders(grid, rodType(), 5, [3, 4, 0]);
    const rods = population.rods as Rods;
    expect(Array.from(rods.axisX.subarray(0, 5))).toEqual(Array(5).fill(0.6));
    expect(() => founders(grid, rodType(), 5000)).toThrow(PlacementError);
  });
});

function founders(grid: Grid, type: CellType, count: number, axis?: readonly [number, number, number]) {
  return placeFounders(
    {
      grid,
      cellTypes: [type],
      population: [{ type: 0, count, region: { kind: 'domain' }, amounts: [], ...(axis && { axis }) }],
    },
    rootStream('rods'),
  );
}

describe('division of rods', () => {
  const division = { kind: 'adder', volume: 1, noise: 0, asymmetry: 0.1, angularNoise: 0.1 } as const;

  test.each([2, 3] as const)('daughters lie end to end, hold the mother and keep her centre (%s-D)', dims => {
    const grid = domain(dims, 40);
    const type = rodType({ division });
    const operator = createDivision([type], grid);
    let squares = 0;
    for (let trial = 0; trial < 200; trial++) {
      const population = createPopulation(2, type.circuit.species.length);
      const rods = createRods(2);
      population.rods = rods;
      const slot = append(population);
      population.x[slot] = 20;
      population.y[slot] = 20;
      population.z[slot] = dims === 2 ? 0.5 : 20;
      rods.axisX[slot] = 0.6;
      rods.axisY[slot] = 0.8;
      population.amounts[slot * population.stride] = 2 * volumeOfShape(ROD, grid) * type.dryDensity;
      deriveStream(rootStream(`division ${trial}`), 0, population.streams, 0, 1);
      refreshGeometry(population, [type], grid);
      const volume = population.volume[0];
      population.divisionVolume[0] = volume;
      expect(operator.advance(population, 0)).toBe(1);
      const [v1, v2] = population.volume;
      expect(v1 + v2).toBeCloseTo(volume, 12);
      for (const column of [population.x, population.y]) {
        expect((v1 * column[0] + v2 * column[1]) / volume).toBeCloseTo(20, 10);
      }
      // The caps at the septum touch in a point, and nothing else does.
      expect(Math.abs(createMechanics(grid, SOFT, true).maxOverlap(population))).toBeLessThan(1e-12);
      const end = (i: number, side: number) =>
        [population.x, population.y, population.z].map(
          (column, k) => column[i] + side * rods.halfLength[i] * [rods.axisX, rods.axisY, rods.axisZ][k][i],
        );
      const [a, b] = [end(0, -1), end(1, 1)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeCloseTo(1, 12);
      for (let i = 0; i < 2; i++) {
        const along = 0.6 * rods.axisX[i] + 0.8 * rods.axisY[i];
        squares += Math.acos(Math.min(1, along)) ** 2 / 400;
      }
    }
    // The mean square angle is noise² per axis across, less what the tangent is longer than the arc; 400 draws.
    const across = dims - 1;
    expect(Math.abs(squares / (across * 0.01) - 1)).toBeLessThan(4 * Math.sqrt(2 / (400 * across)) + 0.03);
  });
});

describe('contacts of rods', () => {
  test.each([
    [2, false],
    [3, false],
    [2, true],
    [3, true],
  ] as const)(
    'forces and torques of a random heap balance to rounding (%s-D, periodic %s)',
    (dims, periodic) => {
      const grid = domain(dims, 9, periodic);
      const population = randomBodies(dims, dims === 2 ? 60 : 150, 9, 'heap');
      const store = createBodyStore(grid);
      const finder = createPairFinder(grid);
      const law = createPairLaw({ ...SOFT, adhesion: 0.3, range: 0.2 });
      const builder = createContactSet(grid, law);
      store.load(population);
      finder.find(store.bodies, law.range, 1e9);
      builder.assemble(store.bodies, finder.pairs, population.id, law.range);
      const { contacts, freedoms } = builder;
      const { bodies } = store;
      let pairs = 0;
      const sum = new Float64Array(freedoms);
      let scale = 0;
      for (let c = 0; c < contacts.count; c++) {
        if (contacts.b[c] < 0) continue;
        pairs++;
        const f = contacts.strength[c] * law.force(contacts.overlap[c], contacts.touch[c]);
        const total = new Float64Array(freedoms);
        for (let side = 0; side < 2; side++) {
          const i = side === 0 ? contacts.a[c] : contacts.b[c];
          const at = 2 * freedoms * c + side * freedoms;
          // About the first body's centre; the second stands for its nearest image.
          const nearest = (d: number) => (periodic ? d - 9 * Math.round(d / 9) : d);
          const a = contacts.a[c];
          const x = nearest(bodies.x[i] - bodies.x[a]);
          const y = nearest(bodies.y[i] - bodies.y[a]);
          const z = nearest(bodies.z[i] - bodies.z[a]);
          const r = Array.from(contacts.row.subarray(at, at + freedoms), value => f * value);
          for (let n = 0; n < dims; n++) total[n] += r[n];
          if (dims === 2) total[2] += r[2] + x * r[1] - y * r[0];
          else {
            total[3] += r[3] + y * r[2] - z * r[1];
            total[4] += r[4] + z * r[0] - x * r[2];
            total[5] += r[5] + x * r[1] - y * r[0];
          }
          scale += Math.abs(f);
        }
        for (let n = 0; n < freedoms; n++) sum[n] += total[n];
        // Force by force: nothing at all; torque to rounding of the arms.
        for (let n = 0; n < dims; n++) expect(total[n]).toBe(0);
        for (let n = dims; n < freedoms; n++)
          expect(Math.abs(total[n])).toBeLessThan(1e-13 * (1 + Math.abs(f)));
      }
      expect(pairs).toBeGreaterThan(80);
      expect(scale).toBeGreaterThan(1);
      for (const value of sum) expect(Math.abs(value)).toBeLessThan(1e-12 * scale);
    },
  );

  test('every pair that touches is found, once, whatever the boxes', () => {
    for (const periodic of [false, true]) {
      const grid = domain(3, 7, periodic);
      const population = randomBodies(3, 120, 7, `pairs ${periodic}`);
      const store = createBodyStore(grid);
      const finder = createPairFinder(grid);
      store.load(population);
      finder.find(store.bodies, 0.1, 1e9);
      const { bodies } = store;
      const found = Array.from({ length: finder.pairs.count }, (_, p) => {
        const { a, b, image } = finder.pairs;
        return `${a[p]} ${b[p]} ${image[p]}`;
      });
      expect(new Set(found).size).toBe(found.length);
      const expected: string[] = [];
      const out = new Float64Array(6);
      for (let a = 0; a < 120; a++) {
        for (let b = a + 1; b < 120; b++) {
          for (let image = 0; image < 27; image++) {
            if (!periodic && image !== 13) continue;
            const w = [0, 1, 2].map(k => finder.pairs.shift[3 * image + k]);
            closestOnSegments(
              bodies.x[b] - bodies.x[a] + w[0],
              bodies.y[b] - bodies.y[a] + w[1],
              bodies.z[b] - bodies.z[a] + w[2],
              bodies.half[a] * bodies.ux[a],
              bodies.half[a] * bodies.uy[a],
              bodies.half[a] * bodies.uz[a],
              bodies.half[b] * bodies.ux[b],
              bodies.half[b] * bodies.uy[b],
              bodies.half[b] * bodies.uz[b],
              out,
            );
            if (Math.sqrt(out[SQUARE]) < bodies.radius[a] + bodies.radius[b] + 0.1) {
              expected.push(`${a} ${b} ${image}`);
            }
          }
        }
      }
      expect(found.sort()).toEqual(expected.sort());
    }
  });

  test('force and torque are continuous as two rods turn past parallel and slide past each other', () => {
    const grid = domain(2, 20);
    const law = createPairLaw(SOFT);
    const builder = createContactSet(grid, law);
    const finder = createPairFinder(grid);
    const store = createBodyStore(grid);
    const wrench = (shift: number, angle: number): number[] => {
      const population = bodiesAt([
        [10, 10, 0.5, 0.5, 1, 1, 0, 0],
        [10 + shift, 10.9, 0.5, 0.5, 1.3, Math.cos(angle), Math.sin(angle), 0],
      ]);
      store.load(population);
      finder.find(store.bodies, 0, 1e9);
      builder.assemble(store.bodies, finder.pairs, population.id, 0);
      const { contacts } = builder;
      const total = [0, 0, 0];
      const first = store.bodies.slot[0] === 0 ? 0 : 1;
      for (let c = 0; c < contacts.count; c++) {
        const f = contacts.strength[c] * law.force(contacts.overlap[c], contacts.touch[c]);
        const side = contacts.a[c] === first ? 0 : 3;
        for (let n = 0; n < 3; n++) total[n] += f * contacts.row[6 * c + side + n];
      }
      return total;
    };
    const jump = (path: (t: number) => [number, number]) => {
      let last = wrench(...path(0));
      let most = 0;
      for (let k = 1; k <= 4000; k++) {
        const next = wrench(...path(k / 4000));
        most = Math.max(most, ...next.map((value, n) => Math.abs(value - last[n])));
        last = next;
      }
      return most;
    };
    // The force is 0.025 µm² when parallel; steps of 1/4000 of the way change it by no more than a hundredth of that.
    expect(Math.hypot(...wrench(0, 0))).toBeCloseTo(0.25 * 0.1, 12);
    expect(jump(t => [0.4, -0.15 + 0.3 * t])).toBeLessThan(2.5e-4);
    expect(jump(t => [-3.2 + 6.4 * t, 0])).toBeLessThan(2.5e-4);
    expect(jump(t => [-3.2 + 6.4 * t, 0.03])).toBeLessThan(2.5e-4);
  });
});

describe('two and three bodies against exact solutions', () => {
  /** Explicit in many small steps. */
  function relax(
    population: Population,
    grid: Grid,
    duration: number,
    steps: number,
    mechanics = SOFT,
  ): void {
    const operator = createMechanics(grid, mechanics, true);
    for (let k = 0; k < steps; k++) operator.advance(population, duration / steps);
  }

  const drag = (radius: number, half: number) => radius + half;
  const gap = (population: Population, grid: Grid) =>
    createMechanics(grid, SOFT, true).maxOverlap(population);

  test('end to end and side by side, an overlap decays at rate m (1/drag₁ + 1/drag₂), without a turn', () => {
    const grid = domain(2, 40);
    const [h1, h2] = [1, 1.6];
    const exponent = 0.25 * (1 / drag(0.5, h1) + 1 / drag(0.5, h2));
    const endOn = bodiesAt([
      [15, 20, 0.5, 0.5, h1, 1, 0, 0],
      [15 + h1 + h2 + 1 - 0.2, 20, 0.5, 0.5, h2, 1, 0, 0],
    ]);
    const abreast = bodiesAt([
      [20, 20, 0.5, 0.5, h1, 1, 0, 0],
      [20, 20.8, 0.5, 0.5, h2, -1, 0, 0],
    ]);
    for (const population of [endOn, abreast]) {
      const before = [drag(0.5, h1) * population.x[0] + drag(0.5, h2) * population.x[1]];
      relax(population, grid, 3, 3000);
      // Euler with 3000 steps: relative error exponent² t² / (2 · 3000).
      expect(gap(population, grid) / (0.2 * Math.exp(-3 * exponent))).toBeCloseTo(1, 3);
      expect(Math.abs(population.rods.axisY[0]) + Math.abs(population.rods.axisY[1])).toBeLessThan(1e-12);
      expect(drag(0.5, h1) * population.x[0] + drag(0.5, h2) * population.x[1]).toBeCloseTo(before[0], 11);
    }
  });

  test.each(['explicit', 'implicit'] as const)(
    'a disc against a rod off its centre: shift and turn share the overlap as their mobilities (%s)',
    solver => {
      for (const dims of [2, 3] as const) {
        const grid = domain(dims, 40);
        const z = dims === 2 ? 0.5 : 20;
        const s0 = 1e-3;
        const arm = 0.8;
        const population = bodiesAt([
          [20, 20, z, 0.5, 1.2, 1, 0, 0],
          [20 + arm, 21 - s0, z, 0.5, 0, 1, 0, 0],
        ]);
        const zeta = drag(0.5, 1.2);
        const turning = zeta ** 3 / 3;
        const mobility = 0.25 * (1 / zeta + arm ** 2 / turning + 1 / 0.5);
        const duration = 2;
        let expected = s0 * Math.exp(-duration * mobility);
        if (solver === 'implicit') expected = s0 / (1 + duration * mobility);
        relax(population, grid, duration, solver === 'implicit' ? 1 : 4000, { ...SOFT, solver });
        const gone = s0 - expected;
        const shift = -(gone / mobility) * (0.25 / zeta);
        const turn = -(gone / mobility) * 0.25 * (arm / turning);
        expect((population.y[0] - 20) / shift).toBeCloseTo(1, 2);
        expect(population.rods.axisY[0] / turn).toBeCloseTo(1, 2);
        expect((population.y[1] - 21 + s0) / ((gone / mobility) * 0.5)).toBeCloseTo(1, 2);
      }
    },
  );

  test('three abreast: the outer ones part symmetrically, the middle one stays', () => {
    const grid = domain(2, 40);
    const population = bodiesAt([-1, 0, 1].map((k): Place => [20, 20 + 0.8 * k, 0.5, 0.5, 1, 1, 0, 0]));
    relax(population, grid, 2, 2000);
    // d(gap)/dt: an outer rod moves at m s / drag, the middle one not at all.
    const overlap = 0.2 * Math.exp((-2 * 0.25) / 1.5);
    expect(population.y[1]).toBeCloseTo(20, 12);
    expect((1 - (population.y[2] - population.y[1])) / overlap).toBeCloseTo(1, 3);
    expect(population.y[2] - 20).toBeCloseTo(20 - population.y[0], 12);
  });

  test('the implicit solver is backward Euler: of first order, and with the explicit one in the limit of short steps', () => {
    const grid = domain(2, 16);
    const ends = (mechanics: Mechanics, steps: number) => {
      const population = founders(grid, rodType(), 35);
      for (let i = 0; i < population.count; i++) population.radius[i] *= 1.4;
      relax(population, grid, 1, steps, mechanics);
      return [...population.x, ...population.y, ...(population.rods as Rods).axisX];
    };
    const apart = (a: number[], b: number[]) => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0));
    const reference = ends(SOFT, 2048);
    const coarse = apart(ends(IMPLICIT, 4), reference);
    const fine = apart(ends(IMPLICIT, 16), reference);
    expect(fine).toBeLessThan(coarse / 2.5);
    expect(fine).toBeGreaterThan(0);
  });

  test('discs and spheres alone: a chain of overlaps is solved as backward Euler says', () => {
    for (const dims of [2, 3] as const) {
      const grid = domain(dims, 40);
      const z = dims === 2 ? 0.5 : 20;
      // Three in a row, s = 0.2: by symmetry the outer ones move alone, at k m s/r = k s/2.
      const population = bodiesAt([-1, 0, 1].map((k): Place => [20 + 0.8 * k, 20, z, 0.5, 0, 1, 0, 0]));
      createMechanics(grid, IMPLICIT).advance(population, 30);
      expect(population.x[1]).toBeCloseTo(20, 3);
      expect((1 - (population.x[2] - population.x[1])) / (0.2 / (1 + 30 / 2))).toBeCloseTo(1, 2);
    }
  });

  test('adhesion draws surfaces together until they touch, and sticky heaps come to rest, with both solvers', () => {
    const grid = domain(2, 40);
    for (const solver of ['explicit', 'implicit'] as const) {
      const mechanics: Mechanics = { repulsion: 'soft', rate: 1, adhesion: 0.5, range: 0.4, solver };
      const population = bodiesAt([
        [20, 20, 0.5, 0.5, 1, 1, 0, 0],
        [20, 21.2, 0.5, 0.5, 1.4, 1, 0, 0],
      ]);
      const operator = createMechanics(grid, mechanics, true);
      for (let k = 0; k < 40; k++) operator.advance(population, 5);
      expect(population.y[1] - population.y[0]).toBeCloseTo(1, 2);
      const heap = randomBodies(2, 60, 12, 'sticky');
      for (let k = 0; k < 4; k++) {
        operator.advance(heap, 5);
        expect(operator.fault).toBeNull();
      }
      for (let i = 0; i < heap.count; i++) expect(Math.hypot(heap.x[i] - 6, heap.y[i] - 6)).toBeLessThan(20);
    }
  });

  test('walls: a rod thrust into a corner is turned and shifted inside, at once', () => {
    for (const mechanics of [SOFT, IMPLICIT]) {
      for (const dims of [2, 3] as const) {
        const grid = domain(dims, 10);
        const z = dims === 2 ? 0.5 : 1;
        const population = bodiesAt([
          [0.6, 1.2, z, 0.5, 1.5, 1, 2, dims === 3 ? 0.5 : 0],
          [9.8, 5, z, 0.5, 2, 1, 0.1, 0],
        ]);
        createMechanics(grid, mechanics, true).advance(population, 0.1);
        const { rods } = population;
        for (let i = 0; i < 2; i++) {
          const reachX = 0.5 + rods.halfLength[i] * Math.abs(rods.axisX[i]);
          const reachY = 0.5 + rods.halfLength[i] * Math.abs(rods.axisY[i]);
          expect(population.x[i]).toBeGreaterThanOrEqual(reachX - 1e-9);
          expect(population.x[i]).toBeLessThanOrEqual(10 - reachX + 1e-9);
          expect(population.y[i]).toBeGreaterThanOrEqual(reachY - 1e-9);
          expect(Math.hypot(rods.axisX[i], rods.axisY[i], rods.axisZ[i])).toBeCloseTo(1, 12);
        }
      }
    }
  });
});

describe('packed colonies', () => {
  /** One cell grown to `cells` at a doubling time of 1500 s. */
  function grow(grid: Grid, mechanics: Mechanics, cells: number, step: number) {
    const volume = volumeOfShape(ROD, grid);
    const type = rodType({
      division: { kind: 'adder', volume, noise: 0.1, asymmetry: 0.02, angularNoise: 0.02 },
    });
    const population = placeFounders(
      {
        grid,
        cellTypes: [type],
        population: [
          {
            type: 0,
            count: 1,
            region: { kind: 'points', points: [[grid.size[0] / 2, grid.size[1] / 2, grid.size[2] / 2]] },
            amounts: [],
          },
        ],
      },
      rootStream('colony'),
    );
    const operator = createMechanics(grid, mechanics, true);
    const division = createDivision([type], grid);
    let worst = 0;
    for (let k = 0; population.count < cells; k++) {
      for (let i = 0; i < population.count; i++) {
        population.amounts[i * population.stride] *= 2 ** (step / 1500);
      }
      refreshGeometry(population, [type], grid);
      division.advance(population, k * step);
      operator.advance(population, step);
      expect(operator.fault).toBeNull();
      worst = Math.max(worst, operator.maxOverlap(population) / 0.5);
    }
    return { population, worst, pressure: operator.pressure as Float64Array };
  }

  test.each([2, 3] as const)(
    'overlap stays below a twentieth of a radius with the implicit solver (%s-D)',
    dims => {
      const { population, worst, pressure } = grow(
        domain(dims, 80),
        { ...IMPLICIT, rate: 100 },
        dims === 2 ? 150 : 80,
        60,
      );
      expect(worst).toBeLessThan(0.05);
      // In space eighty cells still have room to turn.
      if (dims === 3) return;
      // Pressure is highest inside: the mean over the inner half of the cells against that of the outer half.
      const order = Array.from({ length: population.count }, (_, i) => i).sort(
        (a, b) => fromMiddle(population, a) - fromMiddle(population, b),
      );
      const mean = (slots: number[]) => slots.reduce((sum, i) => sum + pressure[i], 0) / slots.length;
      const half = Math.floor(order.length / 2);
      expect(mean(order.slice(0, half))).toBeGreaterThan(1.2 * mean(order.slice(half)));
    },
  );

  test('the explicit one does not explode, whatever the step', () => {
    for (const step of [20, 300]) {
      const { population } = grow(domain(2, 80), { ...SOFT, rate: 0.5 }, 100, step);
      // 100 rods of about 3 µm² fill a disc of radius 10 µm; none is flung away.
      for (let i = 0; i < population.count; i++) expect(fromMiddle(population, i)).toBeLessThan(30);
    }
  });

  function fromMiddle({ x, y, z, count }: Population, i: number): number {
    const mean = (column: Float64Array) => column.subarray(0, count).reduce((sum, c) => sum + c, 0) / count;
    return Math.hypot(x[i] - mean(x), y[i] - mean(y), z[i] - mean(z));
  }
});

describe('obstacles', () => {
  test.each([SOFT, IMPLICIT])('rods are turned and shifted out of them (%j)', mechanics => {
    for (const dims of [2, 3] as const) {
      const open = domain(dims, 16);
      const solid = new Uint8Array(open.voxels);
      // A bar of voxels 2 µm wide across the middle.
      for (let v = 0; v < open.voxels; v++) if (Math.floor(v / 8) % 8 === 4) solid[v] = 1;
      const grid = { ...open, solid };
      const z = dims === 2 ? 0.5 : 8;
      const population = bodiesAt([
        [5, 7, z, 0.5, 1.5, 0.2, 1, 0],
        [9, 11, z, 0.5, 1.5, 1, -1, dims === 3 ? 0.3 : 0],
        [12, 7.8, z, 0.5, 0, 1, 0, 0],
      ]);
      createMechanics(grid, mechanics, true).advance(population, 0.1);
      const { rods } = population;
      for (let i = 0; i < 3; i++) {
        for (const end of [-1, 0, 1]) {
          const y = population.y[i] + end * rods.halfLength[i] * rods.axisY[i];
          expect(y <= 7.5 + 1e-3 || y >= 10.5 - 1e-3).toBe(true);
        }
        expect(Math.hypot(rods.axisX[i], rods.axisY[i], rods.axisZ[i])).toBeCloseTo(1, 12);
      }
    }
  });
});
