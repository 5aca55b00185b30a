import { describe, expect, it } from 'vitest';
import type { Mechanics } from '../../src/engine/cells/cellType.ts';
import { createContactSweep } from '../../src/engine/cells/contacts.ts';
import { createMechanics } from '../../src/engine/cells/mechanics.ts';
import { createCellList } from '../../src/engine/cells/neighbours.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { RUN_LIMITS } from '../../src/engine/limits/runLimits.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { cellsAt, cellType, contents, domain } from './fixtures.ts';

const soft: Mechanics = { repulsion: 'soft', rate: 0.2, adhesion: 0, range: 0 };
const hertz: Mechanics = { ...soft, repulsion: 'hertz' };
const sticky: Mechanics = { ...soft, adhesion: 0.4, range: 0.5 };
const disc = cellType();
const sphere = cellType({ shape: { kind: 'sphere', radius: 1 } });

/** Moves the cells in `parts` equal calls, so with a step no longer than duration / parts. */
function advance(grid: Grid, law: Mechanics, cells: Population, duration: number, parts: number): void {
  const mechanics = createMechanics(grid, law);
  for (let part = 0; part < parts; part++) mechanics.advance(cells, duration / parts);
}

function distance(cells: Population, i: number, j: number): number {
  return Math.hypot(cells.x[i] - cells.x[j], cells.y[i] - cells.y[j], cells.z[i] - cells.z[j]);
}

/** Cells thrown anywhere in the domain with radii from 0.5 to 1.5 µm, overlapping freely. */
function crowd(grid: Grid, count: number, seed: string): Population {
  const state = rootStream(seed);
  const along = (axis: 0 | 1 | 2, radius: number) => {
    const margin = grid.periodic[axis] ? 0 : radius;
    return margin + (grid.size[axis] - 2 * margin) * uniform(state, 0);
  };
  const cells = Array.from({ length: count }, (): [number, number, number, number] => {
    const radius = 0.5 + uniform(state, 0);
    return [along(0, radius), along(1, radius), grid.dimensions === 3 ? along(2, radius) : 0.5, radius];
  });
  return cellsAt(grid, grid.dimensions === 3 ? sphere : disc, cells);
}

describe('what a call may cost', () => {
  it('ends with a fault after so many substeps, and without one below', () => {
    // More discs than the box has room for never come to rest.
    const grid = domain(2, 6);
    const fast = createMechanics(grid, { ...soft, rate: 1e20 });
    expect(fast.advance(crowd(grid, 40, 'full'), 1).substeps).toBe(RUN_LIMITS.substeps);
    expect(fast.fault?.reason).toBe('stiff');
    expect(fast.fault?.needed).toBeGreaterThan(1e20);
    const allowed = createMechanics(grid, { ...soft, rate: 300 });
    const { substeps } = allowed.advance(crowd(grid, 40, 'full'), 1);
    expect(substeps).toBeGreaterThan(1000);
    expect(substeps).toBeLessThan(RUN_LIMITS.substeps);
    expect(allowed.fault).toBeNull();
  });

  it('ends with a fault where every cell lies on hundreds of others', () => {
    const grid = domain(2, 40);
    const heap = (count: number) =>
      cellsAt(
        grid,
        disc,
        Array.from({ length: count }, (_, i) => [20 + 1e-3 * i, 20, 0, 1] as const),
      );
    const mechanics = createMechanics(grid, soft);
    mechanics.advance(heap(RUN_LIMITS.contacts + 2), 1e-3);
    expect(mechanics.fault?.reason).toBe('crowded');
    mechanics.advance(heap(RUN_LIMITS.contacts), 1e-3);
    expect(mechanics.fault).toBeNull();
  });
});

describe('two cells', () => {
  const overlapAfter = (law: Mechanics, radius: number, duration: number, parts: number) => {
    const grid = domain(2, 40);
    const cells = cellsAt(grid, disc, [
      [19, 20, 0, 1],
      [19.8 + 0.6 * radius, 20.4 + 0.8 * radius - 0.3, 0, radius],
    ]);
    const before = 1 + radius - distance(cells, 0, 1);
    advance(grid, law, cells, duration, parts);
    return { before, after: 1 + radius - distance(cells, 0, 1) };
  };

  it.each([1, 2, 3])(
    'relax exponentially at the stated rate for radii 1 : %d, first order in the step',
    radius => {
      const duration = 6;
      const errors = [64, 128, 256].map(parts => {
        const { before, after } = overlapAfter(soft, radius, duration, parts);
        return Math.abs(after / before / Math.exp(-soft.rate * duration) - 1);
      });
      // Euler: ln(1 − z) = −z − z²/2 …, so the relative error is ½ (rate·duration)² / parts.
      expect(errors[0]).toBeCloseTo((0.5 * (soft.rate * duration) ** 2) / 64, 3);
      for (const i of [0, 1]) expect(Math.log2(errors[i] / errors[i + 1])).toBeCloseTo(1, 1);
    },
  );

  it('relax by the Hertz law: 1/√s grows linearly', () => {
    // ds/dt = −k s √(s/R) with R = r₁ + r₂, so s(t) = s₀ / (1 + ½ k t √(s₀/R))².
    const duration = 10;
    const { before, after } = overlapAfter(hertz, 2, duration, 4000);
    const exact = before / (1 + 0.5 * hertz.rate * duration * Math.sqrt(before / 3)) ** 2;
    expect(Math.abs(after / exact - 1)).toBeLessThan(2e-4);
  });

  it('never overshoot, however long the step', () => {
    for (const law of [soft, hertz]) {
      const { before, after } = overlapAfter(law, 3, 1e4, 1);
      expect(before).toBeGreaterThan(0.3);
      expect(Math.abs(after)).toBeLessThan(1e-3 * before);
      expect(after).toBeGreaterThan(-1e-12);
    }
  });

  it('are drawn into contact by adhesion within its range, and left alone beyond', () => {
    const grid = domain(2, 40);
    const near = cellsAt(grid, disc, [
      [18, 20, 0, 1],
      [20.4, 20, 0, 1],
    ]);
    advance(grid, sticky, near, 400, 1);
    expect(Math.abs(distance(near, 0, 1) - 2)).toBeLessThan(1e-6);
    expect(near.x[0] + near.x[1]).toBeCloseTo(38.4, 12);
    const far = cellsAt(grid, disc, [
      [18, 20, 0, 1],
      [20.51, 20, 0, 1],
    ]);
    const before = contents(far);
    expect(createMechanics(grid, sticky).advance(far, 400)).toEqual({ substeps: 1, maxOverlap: 0 });
    expect(contents(far)).toEqual(before);
  });

  it('follow the adhesive law: ds/dt = a·g·(1 − g/ℓ) closes the gap logistically', () => {
    const grid = domain(2, 40);
    const cells = cellsAt(grid, disc, [
      [18, 20, 0, 1],
      [20.4, 20, 0, 1],
    ]);
    const time = 8;
    advance(grid, sticky, cells, time, 4000);
    // Logistic decay from g₀ = 0.4: g/(ℓ − g) falls as exp(−a·rate·t).
    const odds = (0.4 / 0.1) * Math.exp(-sticky.adhesion * sticky.rate * time);
    const exact = (sticky.range * odds) / (1 + odds);
    expect(Math.abs((distance(cells, 0, 1) - 2) / exact - 1)).toBeLessThan(1e-3);
  });

  it('part in a direction fixed by their ids where their centres coincide', () => {
    for (const dimensions of [2, 3] as const) {
      const grid = domain(dimensions, 40);
      const place = [20, 20, 20, 1] as const;
      const type = dimensions === 3 ? sphere : disc;
      const run = () => {
        const cells = cellsAt(grid, type, [place, place, place, place]);
        createMechanics(grid, soft).advance(cells, 200);
        return cells;
      };
      const cells = run();
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < i; j++) expect(distance(cells, i, j)).toBeGreaterThan(1.99);
        if (dimensions === 2) expect(cells.z[i]).toBe(0.5);
      }
      expect(contents(run())).toEqual(contents(cells));
    }
  });
});

describe('several cells', () => {
  it('three in a row: the exact modes of the linear chain', () => {
    // Overlaps a, b of neighbours in a row of equal cells: a' = −k(a − b/2), b' = −k(b − a/2); modes a ± b decay at
    // k/2 and 3k/2.
    const grid = domain(2, 40);
    const cells = cellsAt(grid, disc, [
      [18.5, 20, 0, 1],
      [20, 20, 0, 1],
      [21.8, 20, 0, 1],
    ]);
    const time = 4;
    advance(grid, soft, cells, time, 20_000);
    const sum = 0.7 * Math.exp(-0.5 * soft.rate * time);
    const difference = 0.3 * Math.exp(-1.5 * soft.rate * time);
    expect(2 - distance(cells, 0, 1)).toBeCloseTo((sum + difference) / 2, 4);
    expect(2 - distance(cells, 1, 2)).toBeCloseTo((sum - difference) / 2, 4);
  });

  const laws: [string, Mechanics][] = [
    ['soft', soft],
    ['hertz', hertz],
    ['adhesive', sticky],
  ];
  const settings = laws.flatMap(([name, law]) =>
    ([2, 3] as const).flatMap(dimensions =>
      [false, true].map(periodic => ({ name, law, dimensions, periodic })),
    ),
  );

  it.each(settings)(
    '$name, $dimensions-D, periodic $periodic: forces are those of all pairs, each equal and opposite',
    ({ law, dimensions, periodic }) => {
      const grid = domain(dimensions, dimensions === 3 ? 12 : 30, periodic);
      const cells = crowd(grid, 400, `forces ${dimensions}`);
      const builder = createCellList(grid);
      const reach = 2 * Math.max(...cells.radius.subarray(0, cells.count)) + law.range;
      builder.build(cells, reach);
      const sweep = createContactSweep(grid.size, grid.periodic, dimensions, law, builder.list);
      sweep.evaluate(cells);
      const found = new Map<number, [number, number, number]>();
      const { forceX, forceY, forceZ, maxOverlap } = sweep.contacts;
      builder.list.slot.subarray(0, cells.count).forEach((slot, at) => {
        found.set(slot, [forceX[at], forceY[at], forceZ[at]]);
      });
      const image = (d: number, axis: number) =>
        grid.periodic[axis] ? d - grid.size[axis] * Math.round(d / grid.size[axis]) : d;
      let deepest = 0;
      let scale = 0;
      const total = [0, 0, 0];
      for (let i = 0; i < cells.count; i++) {
        const force = [0, 0, 0];
        for (let j = 0; j < cells.count; j++) {
          if (j === i) continue;
          const dx = image(cells.x[j] - cells.x[i], 0);
          const dy = image(cells.y[j] - cells.y[i], 1);
          const dz = image(cells.z[j] - cells.z[i], 2);
          const d = Math.hypot(dx, dy, dz);
          const sum = cells.radius[i] + cells.radius[j];
          const s = sum - d;
          let phi = 0;
          if (s > 0) phi = law.repulsion === 'hertz' ? s * Math.sqrt(s / sum) : s;
          else if (-s < law.range) phi = law.adhesion * s * (1 + s / law.range);
          deepest = Math.max(deepest, s);
          const m = (cells.radius[i] * cells.radius[j]) / sum;
          [dx, dy, dz].forEach((along, axis) => {
            force[axis] -= (m * phi * along) / d;
          });
        }
        force.forEach((f, axis) => {
          const got = found.get(i)?.[axis] ?? Number.NaN;
          expect(Math.abs(got - f)).toBeLessThan(1e-12);
          total[axis] += got;
          scale += Math.abs(got);
        });
      }
      expect(maxOverlap).toBeCloseTo(deepest, 12);
      // Equal and opposite to the last bit: what is left is the rounding of the sums themselves.
      for (const sum of total) expect(Math.abs(sum)).toBeLessThan(1e-14 * scale);
    },
  );

  it('a pair’s forces are opposite to the last bit, across a periodic boundary too', () => {
    for (const [name, law] of laws) {
      // Wide enough that two cells touch through one image only.
      const grid = domain(3, 7, true);
      const builder = createCellList(grid);
      const sweep = createContactSweep(grid.size, grid.periodic, 3, law, builder.list);
      let touching = 0;
      for (let trial = 0; trial < 2000; trial++) {
        const cells = crowd(grid, 2, `${name} ${trial}`);
        builder.build(cells, 0.5 * grid.size[0]);
        sweep.evaluate(cells);
        for (const force of [sweep.contacts.forceX, sweep.contacts.forceY, sweep.contacts.forceZ]) {
          expect(force[0] + force[1]).toBe(0);
          if (force[0] !== 0) touching++;
        }
      }
      expect(touching).toBeGreaterThan(300);
    }
  });

  it.each(settings)(
    '$name, $dimensions-D, periodic $periodic: the drag-weighted centre of a free crowd stays',
    ({ law, dimensions, periodic }) => {
      const grid = domain(dimensions, 60, periodic);
      const cells = crowd(domain(dimensions, 9), dimensions === 3 ? 150 : 60, 'momentum');
      const offset = periodic ? 0 : 20;
      for (let i = 0; i < cells.count; i++) {
        cells.x[i] += offset;
        cells.y[i] += offset;
        if (dimensions === 3) cells.z[i] += offset;
      }
      const before = contents(cells);
      createMechanics(grid, law).advance(cells, 3);
      for (const axis of ['x', 'y', 'z'] as const) {
        let shift = 0;
        let moved = 0;
        for (let i = 0; i < cells.count; i++) {
          let d = cells[axis][i] - before[axis][i];
          if (periodic) d -= 60 * Math.round(d / 60);
          shift += cells.radius[i] * d;
          moved += cells.radius[i] * Math.abs(d);
        }
        if (axis === 'z' && dimensions === 2) expect(moved).toBe(0);
        else {
          expect(moved).toBeGreaterThan(1);
          expect(Math.abs(shift)).toBeLessThan(1e-12 * 60 * cells.count);
        }
      }
    },
  );

  it('a crowd of sizes up to 3 : 1 spreads until nothing overlaps', () => {
    const grid = domain(2, 60);
    const cells = crowd(grid, 300, 'spread');
    const mechanics = createMechanics(grid, soft);
    expect(mechanics.maxOverlap(cells)).toBeGreaterThan(1);
    for (let step = 0; step < 400; step++) mechanics.advance(cells, 10);
    expect(mechanics.maxOverlap(cells)).toBeLessThan(1e-3);
    for (let i = 0; i < cells.count; i++) {
      expect(cells.x[i]).toBeGreaterThanOrEqual(cells.radius[i]);
      expect(cells.x[i]).toBeLessThanOrEqual(60 - cells.radius[i]);
    }
  });

  it('a dense clump runs into cells far outside its first neighbourhood within one call', () => {
    const grid = domain(2, 80);
    const clump = Array.from({ length: 150 }, (_, i) => [38 + (i % 13) / 3, 38 + i / 30, 0, 1] as const);
    const ring = Array.from({ length: 40 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 40;
      return [40 + 11 * Math.cos(angle), 40 + 11 * Math.sin(angle), 0, 0.8] as const;
    });
    const cells = cellsAt(grid, disc, [...clump, ...ring]);
    const mechanics = createMechanics(grid, soft);
    mechanics.advance(cells, 4000 / soft.rate);
    expect(mechanics.maxOverlap(cells)).toBeLessThan(1e-3);
    const pushed = ring.filter(([x, y], i) => Math.hypot(cells.x[150 + i] - x, cells.y[150 + i] - y) > 0.5);
    expect(pushed.length).toBeGreaterThan(20);
  });

  it('walls keep every surface inside, also of cells that grew against them or are wider than the domain', () => {
    const grid = domain(3, 10);
    const cells = crowd(grid, 300, 'walls');
    for (let i = 0; i < cells.count; i++) cells.radius[i] *= 1.3;
    createMechanics(grid, soft).advance(cells, 20);
    for (const axis of ['x', 'y', 'z'] as const) {
      for (let i = 0; i < cells.count; i++) {
        expect(cells[axis][i]).toBeGreaterThanOrEqual(cells.radius[i]);
        expect(cells[axis][i]).toBeLessThanOrEqual(10 - cells.radius[i]);
      }
    }
    const wide = cellsAt(grid, sphere, [[4, 4, 4, 6]]);
    createMechanics(grid, soft).advance(wide, 1);
    expect([wide.x[0], wide.y[0], wide.z[0]]).toEqual([5, 5, 5]);
  });

  it('cells that have used up their biomass stay where they are', () => {
    for (const periodic of [false, true]) {
      const grid = domain(2, 20, periodic);
      const cells = cellsAt(grid, disc, [
        [10, 10, 0, 1],
        [10.5, 10, 0, 0],
        [11, 10, 0, 1],
        [10.5, 10, 0, 0],
      ]);
      createMechanics(grid, soft).advance(cells, 50);
      expect([cells.x[1], cells.y[1], cells.x[3]]).toEqual([10.5, 10, 10.5]);
      expect(distance(cells, 0, 2)).toBeCloseTo(2, 3);
    }
  });

  it('periodic cells push each other through the boundary and stay in the domain', () => {
    const grid = domain(2, 20, true);
    const cells = cellsAt(grid, disc, [
      [0.2, 10, 0, 1],
      [19.4, 10, 0, 1],
    ]);
    createMechanics(grid, soft).advance(cells, 200);
    const apart = 20 - Math.abs(cells.x[0] - cells.x[1]);
    expect(apart).toBeCloseTo(2, 8);
    const edge = cellsAt(grid, disc, [
      [0.1, 10, 0, 1],
      [0.9, 10, 0, 1],
    ]);
    createMechanics(grid, soft).advance(edge, 200);
    expect(edge.x[0]).toBeGreaterThan(19);
    expect(edge.x[0]).toBeLessThan(20);
  });

  it('is the same to the last bit shifted by whole periods and run again', () => {
    const grid = domain(2, 32, true);
    const run = (shift: number) => {
      const cells = crowd(grid, 500, 'again');
      for (let i = 0; i < cells.count; i++) cells.x[i] = Math.round(cells.x[i] * 1024) / 1024 + shift;
      const mechanics = createMechanics(grid, soft);
      for (let step = 0; step < 5; step++) mechanics.advance(cells, 3);
      return contents(cells);
    };
    expect(run(64)).toEqual(run(0));
  });

  it('has no memory: continuing with a fresh operator gives the same bits', () => {
    const grid = domain(2, 25);
    const one = crowd(grid, 300, 'memory');
    const two = crowd(grid, 300, 'memory');
    const kept = createMechanics(grid, soft);
    for (let step = 0; step < 6; step++) {
      kept.advance(one, 2);
      createMechanics(grid, soft).advance(two, 2);
    }
    expect(contents(two)).toEqual(contents(one));
  });

  it('settles a dense patch whose middle cell divided: overlaps below 5 % of a radius within 10 / rate', () => {
    // Hexagonal patch in contact whose middle cell is doubled: two full cells where one was.
    const grid = domain(2, 40);
    const places: [number, number, number, number][] = [
      [20.7, 20, 0, 1],
      [19.3, 20, 0, 1],
    ];
    for (let k = 0; k < 6; k++) {
      places.push([20 + 2 * Math.cos((k * Math.PI) / 3), 20 + 2 * Math.sin((k * Math.PI) / 3), 0, 1]);
    }
    const cells = cellsAt(grid, disc, places);
    const mechanics = createMechanics(grid, soft);
    expect(mechanics.maxOverlap(cells)).toBeGreaterThan(0.5);
    mechanics.advance(cells, 10 / soft.rate);
    expect(mechanics.maxOverlap(cells)).toBeLessThan(0.05);
  });

  it('holds at most 80 bytes of scratch per cell', () => {
    for (const dimensions of [2, 3] as const) {
      const grid = domain(dimensions, 100);
      const cells = crowd(grid, 3000, 'bytes');
      const mechanics = createMechanics(grid, soft);
      mechanics.advance(cells, 1);
      expect(mechanics.bytes() / cells.capacity).toBeLessThan(80);
    }
  });

  it('a growing patch presses on itself as the continuum limit says', () => {
    // Hexagonal packing of radius r, spacing 2r, volumes growing at rate g. The patch is an elastic solid with Lamé
    // constants λ = μ, in which (λ + 2μ) ∇(div u) = drag · v with v = g ρ/2. In a fluid ∇p would do it alone, with
    // p = −(λ + μ) div u and ∇²s = −g/(1.5 rate r) (docs/numerics.md): slope −g/(6 rate r) of s against ρ², here
    // (λ + μ)/(λ + 2μ) = 2/3 of it. It is reached after some R²/(8.7 rate r²) = 33/rate.
    const grid = domain(2, 100);
    const places: [number, number, number, number][] = [];
    for (let row = -12; row <= 12; row++) {
      for (let column = -14; column <= 14; column++) {
        const x = 2 * column + (row & 1);
        const y = Math.sqrt(3) * row;
        if (x * x + y * y < 18 ** 2) places.push([50 + x, 50 + y, 0, 1]);
      }
    }
    const cells = cellsAt(grid, disc, places);
    const mechanics = createMechanics(grid, soft);
    const growth = 1e-4 * soft.rate;
    const step = 0.5 / soft.rate;
    for (let time = 0; time < 150 / soft.rate; time += step) {
      for (let i = 0; i < cells.count; i++) cells.radius[i] *= 1 + (growth * step) / 2;
      mechanics.advance(cells, step);
    }
    // Mean overlap with its six neighbours against ρ², over the inner cells, by least squares.
    const inner: [square: number, overlap: number][] = [];
    for (let i = 0; i < cells.count; i++) {
      const square = (cells.x[i] - 50) ** 2 + (cells.y[i] - 50) ** 2;
      if (square > 13 ** 2) continue;
      const apart: number[] = [];
      for (let j = 0; j < cells.count; j++) if (j !== i) apart.push(distance(cells, i, j));
      const nearest = apart.sort((a, b) => a - b).slice(0, 6);
      inner.push([square, 2 * cells.radius[i] - nearest.reduce((a, b) => a + b, 0) / 6]);
    }
    const mean = (k: 0 | 1) => inner.reduce((sum, pair) => sum + pair[k], 0) / inner.length;
    const [square, overlap] = [mean(0), mean(1)];
    const slope =
      inner.reduce((sum, pair) => sum + (pair[0] - square) * (pair[1] - overlap), 0) /
      inner.reduce((sum, pair) => sum + (pair[0] - square) ** 2, 0);
    expect(Math.abs(slope / (-growth / (9 * soft.rate * cells.radius[0])) - 1)).toBeLessThan(0.04);
  });
});
