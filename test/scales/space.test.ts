import { describe, expect, it } from 'vitest';
import { createRods } from '../../src/engine/cells/rods.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { createModel, type Model } from '../../src/engine/model/model.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { correlate } from '../../src/engine/scales/correlation.ts';
import { colonyBox, type Microstructure, rasterise } from '../../src/engine/scales/microstructure.ts';
import { representativeVolume } from '../../src/engine/scales/representative.ts';
import { analyseSpace, effectiveOf, maxwell, type PackingReport } from '../../src/engine/scales/space.ts';
import {
  concentration,
  describeModel,
  field,
  fieldOf,
  reaction,
  times,
  typeOf,
  value,
  volume,
} from '../support/describe.ts';

/** A structure given voxel by voxel, edges of 1 µm. */
function structureOf(
  cells: readonly [number, number, number],
  isInside: (i: number, j: number, k: number) => boolean,
  periodic = true,
): Microstructure {
  const [nx, ny, nz] = cells;
  const inside = Uint8Array.from({ length: nx * ny * nz }, (_, v) =>
    isInside(v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))) ? 1 : 0,
  );
  return {
    dimensions: nz > 1 ? 3 : 2,
    cells,
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    size: cells,
    periodic: [periodic, periodic, periodic && nz > 1],
    inside,
    fraction: inside.reduce((sum, filled) => sum + filled, 0) / inside.length,
  };
}

/** Cells of one radius at these centres, in a square of this edge, µm; each takes 0.5 × its volume × 3 molecules/s. */
function modelOf(
  edge: number,
  radius: number,
  centres: readonly (readonly number[])[],
  periodic = true,
): Model {
  const taking = reaction('taking', [field(0)], [], times(value(0.5), volume, concentration(0)));
  const points = centres.map(([x, y]) => [x, y, 0.5] as const);
  return createModel(
    describeModel({
      grid: createGrid(2, [20, 20, 1], [edge, edge, 1], [periodic, periodic, false]),
      fields: [
        fieldOf({
          diffusivity: 200,
          initial: value(3),
          boundary: [0, 1, 2, 3, 4, 5].map(face => ({
            kind: periodic && face < 4 ? 'periodic' : 'no-flux',
          })) as unknown as FieldDescription['boundary'],
        }),
      ],
      cellTypes: [typeOf([], [taking], { shape: { kind: 'disc', radius } })],
      population: [{ type: 0, count: points.length, region: { kind: 'points', points }, amounts: [] }],
    }),
  );
}

/** A sequence of uniform numbers that is the same each time. */
function randomOf(seed: number): () => number {
  const state = new Uint32Array([seed, 1, 2, 3]);
  return () => uniform(state, 0);
}

/** Discs at random, none nearer to another than `apart`. */
function scatter(edge: number, count: number, apart: number, seed: number): number[][] {
  const random = randomOf(seed);
  const made: number[][] = [];
  const across = (d: number) => Math.min(Math.abs(d), edge - Math.abs(d));
  while (made.length < count) {
    const [x, y] = [edge * random(), edge * random()];
    if (made.every(([u, w]) => Math.hypot(across(u - x), across(w - y)) >= apart)) made.push([x, y]);
  }
  return made;
}

describe('the correlation of what cells fill', () => {
  it('along stripes never ends, and across them falls linearly to 0 after a quarter of a period', () => {
    const stripes = correlate(structureOf([48, 12, 1], i => i % 24 < 12));
    expect(stripes?.[0].length).toBeCloseTo(24 / 8, 12);
    expect(stripes?.[0].fall).toBeCloseTo(6 * (1 - 1 / Math.E), 12);
    // Anticorrelated after half a period, the same again after a whole one.
    expect(stripes?.[0].values[12]).toBeCloseTo(-1, 12);
    expect(stripes?.[0].values[24]).toBeCloseTo(1, 12);
    expect(stripes?.[1].length).toBeNull();
    expect(stripes?.[1].values.every(value => Math.abs(value - 1) < 1e-12)).toBe(true);
  });

  it('is seen in part of a pattern as in the whole', () => {
    const part = correlate(structureOf([480, 4, 1], i => i % 24 < 12, false));
    // Pairs 6 apart leave out 6 of 480 at the ends, where the stripes do not come out even.
    expect(Math.abs((part?.[0].length as number) / 3 - 1)).toBeLessThan(0.025);
  });

  it('is that of the Boolean model for discs put down at random', () => {
    // Poisson discs of number density ρ: the void's S₂ is exp(−ρ × area of two discs r apart), and so is their covariance.
    const [edge, radius, density] = [160, 2, 0.06];
    const random = randomOf(7);
    const centres = Array.from({ length: density * edge ** 2 }, () => [edge * random(), edge * random()]);
    const { structure } = rasterise(modelOf(edge, radius, centres), { from: [0, 0, 0], to: [edge, edge, 1] });
    const overlap = (r: number) =>
      r >= 2 * radius
        ? 0
        : 2 * radius ** 2 * Math.acos(r / 2 / radius) - (r / 2) * Math.sqrt(4 * radius ** 2 - r * r);
    const one = Math.PI * radius ** 2;
    const covariance = (r: number) =>
      Math.exp(-density * (2 * one - overlap(r))) - Math.exp(-2 * density * one);
    const exact = (r: number) => covariance(r) / covariance(0);
    const found = correlate(structure);
    expect(structure.periodic).toEqual([true, true, false]);
    // Some 160²/(2π × 2²) ≈ 1000 independent patches: a standard error of 0.03 in each value, and in the share filled 0.016.
    expect(Math.abs(structure.fraction - (1 - Math.exp(-density * one)))).toBeLessThan(0.05);
    for (const { values, spacing, length, fall } of found ?? []) {
      for (let i = 0; i * spacing < 10; i++)
        expect(Math.abs(values[i] - exact(i * spacing))).toBeLessThan(0.1);
      let integral = 0;
      for (let i = 0; i < 400; i++) integral += (exact((i + 0.5) * 0.01) * 4) / 400;
      expect(Math.abs((length as number) / integral - 1)).toBeLessThan(0.12);
      expect(Math.abs(exact(fall as number) * Math.E - 1)).toBeLessThan(0.15);
    }
  });

  it('is that of no packing where all is filled or empty', () => {
    expect(correlate(structureOf([8, 8, 1], () => true))).toBeNull();
    expect(correlate(structureOf([8, 8, 1], () => false))).toBeNull();
  });
});

describe('the representative volume', () => {
  it('of a periodic pattern is its period', () => {
    for (const cells of [
      [72, 72, 1],
      [36, 36, 36],
    ] as const) {
      const pattern = structureOf(cells, (i, j, k) => i % 12 < 5 && j % 12 < 7 && k % 12 < 6);
      const found = representativeVolume(pattern, Float64Array.from(pattern.inside), 1e-9);
      expect(found?.first).toBe(12);
      for (const { edge, spread } of found?.windows ?? [])
        if (edge % 12 === 0) expect(spread).toBeLessThan(1e-12);
        else expect(spread).toBeGreaterThan(1e-3);
    }
  });

  it('of one voxel spreads as much as a coin does, and of random ones as the square root', () => {
    const random = randomOf(3);
    const coins = structureOf([256, 256, 1], () => random() < 0.3);
    const found = representativeVolume(coins, Float64Array.from(coins.inside), 0.05);
    const { fraction } = coins;
    for (const { edge, mean, spread } of (found?.windows ?? []).filter(window => window.edge <= 16)) {
      expect(mean).toBeCloseTo(fraction, 12);
      const expected = Math.sqrt((1 - fraction) / fraction) / edge;
      // (256/16)² independent windows: a standard error of 1/√512 = 4 % at the largest.
      expect(Math.abs(spread / expected - 1)).toBeLessThan(0.16);
    }
    // √(0.7/0.3)/0.05 = 30.6 µm.
    expect(found?.first).toBeGreaterThan(24);
    expect(found?.first).toBeLessThan(38);
    expect(found?.plateau).toBeGreaterThanOrEqual(found?.first as number);
  });

  it('is not there where nothing is taken, nor within a slope', () => {
    const slope = structureOf([40, 40, 1], () => true, false);
    expect(representativeVolume(slope, new Float64Array(1600), 0.05)).toBeNull();
    const rising = Float64Array.from({ length: 1600 }, (_, v) => v % 40);
    const found = representativeVolume(slope, rising, 0.05);
    expect(found).toMatchObject({ first: null, plateau: null });
  });
});

describe('a packing of cells', () => {
  it('fills what its discs fill, carries what they take, around the seam too', () => {
    const model = modelOf(20, 1.5, [
      [0.2, 19.9],
      [10, 10],
      [7, 3],
    ]);
    const { structure, loads } = rasterise(model, { from: [0, 0, 0], to: [20, 20, 1] }, [
      new Float64Array([5, 7, 11]),
    ]);
    // The rim is drawn to within a voxel: a few parts in a thousand.
    expect(Math.abs(structure.fraction / ((3 * Math.PI * 1.5 ** 2) / 400) - 1)).toBeLessThan(0.02);
    expect(loads[0].reduce((a, b) => a + b)).toBeCloseTo(23, 10);
    // Half of the middle one, cut along its middle.
    const half = rasterise(model, { from: [10, 5, 0], to: [15, 15, 1] }, [new Float64Array([5, 7, 11])]);
    expect(half.loads[0].reduce((a, b) => a + b)).toBeCloseTo(3.5, 10);
    expect(half.structure.periodic).toEqual([false, false, false]);
    // What lies across the seam of the domain is in a box by the other side.
    const corner = rasterise(model, { from: [0, 0, 0], to: [4, 1, 1] });
    expect(corner.structure.fraction).toBeGreaterThan(0.2);
  });

  it('fills what its rods fill, however they lie', () => {
    const model = modelOf(20, 1, [
      [0.2, 19.9],
      [10, 10],
    ]);
    const rods = createRods(model.population.capacity);
    model.population.rods = rods;
    rods.halfLength.fill(2.5);
    [rods.axisX[1], rods.axisY[1]] = [0.6, -0.8];
    const { structure, loads } = rasterise(model, { from: [0, 0, 0], to: [20, 20, 1] }, [
      new Float64Array([5, 7]),
    ]);
    expect(Math.abs(structure.fraction / ((2 * (Math.PI + 10)) / 400) - 1)).toBeLessThan(0.02);
    expect(loads[0].reduce((a, b) => a + b)).toBeCloseTo(12, 10);
    // The half of the second one that lies to the right of its centre.
    const half = rasterise(model, { from: [10, 5, 0], to: [15, 15, 1] }, [new Float64Array([5, 7])]);
    expect(Math.abs(half.loads[0].reduce((a, b) => a + b) / 3.5 - 1)).toBeLessThan(0.02);
  });

  it('is looked at within its colony, and whole where a periodic domain is full', () => {
    const disc = scatter(100, 3000, 0.1, 5).filter(([x, y]) => Math.hypot(x - 50, y - 50) < 20);
    const box = colonyBox(modelOf(100, 0.5, disc, false));
    // The square inscribed in a disc of radius 20, to a standard error of 20/√380 µm in the middle and 3 % in the edge.
    expect(Math.abs((box?.to[0] as number) - (box?.from[0] as number) - 20 * Math.SQRT2)).toBeLessThan(3);
    expect(Math.abs((box?.to[1] as number) + (box?.from[1] as number) - 100)).toBeLessThan(4);
    expect(colonyBox(modelOf(100, 0.5, scatter(100, 500, 1, 5)))).toEqual({
      from: [0, 0, 0],
      to: [100, 100, 1],
    });
    expect(colonyBox(modelOf(100, 0.5, [[50, 50]]))).toBeNull();
    expect(analyseSpace(modelOf(100, 0.5, [[50, 50]])).packing).toBeNull();
  });

  it.each([{ inCells: 0 }, { inCells: 0.25 }, { inCells: 5 }])(
    'diluted slows diffusion as Maxwell says ($inCells inside)',
    ({ inCells }) => {
      const model = modelOf(24, 1, scatter(24, 15, 3, 11));
      const before = stateHash(model);
      const { packing } = analyseSpace(model, { inCells });
      expect(stateHash(model)).toBe(before);
      expect(packing?.fraction).toBeCloseTo((15 * Math.PI) / 576, 2);
      expect(packing?.maxwell).toBe(maxwell(packing?.fraction as number, inCells, 2));
      const { fraction, effective, diffusivities } = packing as PackingReport;
      const dilute = maxwell(fraction, inCells, 2);
      const mean = (effective[0] + effective[1]) / 2;
      // Maxwell's is exact to first order in the share filled, and the bound of Hashin and Shtrikman: discs that are near each
      // other can only be further from the medium. The rim drawn in voxels is worth a few parts in a thousand.
      expect(Math.abs(mean - dilute)).toBeLessThan(2 * fraction ** 2);
      expect((mean - dilute) * Math.sign(1 - inCells)).toBeLessThan(0.003);
      for (const value of effective) expect(Math.abs(value - mean)).toBeLessThan(2 * fraction ** 2);
      expect(diffusivities[0].values).toEqual(effective.map(value => 200 * value));
      // Cells of one size in one concentration: uptake spreads as they do, 0.5 × 3 per volume of cells on average.
      const uptake = packing?.uptake[0].volume?.windows ?? [];
      expect(uptake[0].mean).toBeCloseTo(1.5 * ((15 * Math.PI) / 576), 6);
      expect(uptake[uptake.length - 1].spread).toBeLessThan(uptake[0].spread / 10);
    },
  );

  it('of balls slows diffusion as Maxwell says', () => {
    const ball = structureOf([32, 32, 32], (i, j, k) => Math.hypot(i - 15.5, j - 15.5, k - 15.5) < 8);
    const [along] = effectiveOf(ball, 0);
    expect(Math.abs(along / maxwell(ball.fraction, 0, 3) - 1)).toBeLessThan(0.01);
  });

  it('of balls in space fills what they fill, around the seams, and slows diffusion as Maxwell says', () => {
    const model = createModel(
      describeModel({
        grid: createGrid(3, [10, 10, 10], [9, 9, 9], [true, true, true]),
        fields: [],
        cellTypes: [typeOf([], [], { shape: { kind: 'sphere', radius: 1.5 } })],
        population: [
          {
            type: 0,
            count: 4,
            region: {
              kind: 'points',
              points: [
                [0.3, 8.8, 4.5],
                [4.8, 4.3, 0.1],
                [4.8, 8.8, 4.6],
                [0.3, 4.3, 0.1],
              ],
            },
            amounts: [],
          },
        ],
      }),
    );
    const { packing } = analyseSpace(model, { inCells: 0.3, box: { from: [0, 0, 0], to: [9, 9, 9] } });
    const { fraction, effective, voxels, correlation } = packing as PackingReport;
    expect(voxels).toEqual([48, 48, 48]);
    expect(correlation).toHaveLength(3);
    expect(Math.abs(fraction / ((4 * (4 / 3) * Math.PI * 1.5 ** 3) / 729) - 1)).toBeLessThan(0.02);
    const mean = (effective[0] + effective[1] + effective[2]) / 3;
    expect(Math.abs(mean / maxwell(fraction, 0.3, 3) - 1)).toBeLessThan(0.005);
  });

  it('that touches around the domain lets nothing through, nor do pores shut in it', () => {
    const walls = structureOf([16, 16, 1], (i, j) => i === 4 || j === 9);
    expect(effectiveOf(walls, 0)).toEqual([0, 0]);
    // Open along the diagonal alone, which winds along both axes.
    const diagonal = structureOf([16, 16, 1], (i, j) => (i - j + 16) % 16 > 1);
    for (const value of effectiveOf(diagonal, 0)) expect(value).toBeGreaterThan(0.01);
    // Around a ring that is closed nothing changes what passes by it.
    const ring = (i: number, j: number) => Math.abs(Math.hypot(i - 15.5, j - 15.5) - 8) < 1.5;
    const filled = (i: number, j: number) => Math.hypot(i - 15.5, j - 15.5) < 9.5;
    const [open] = effectiveOf(structureOf([32, 32, 1], ring), 0);
    expect(open).toBeCloseTo(effectiveOf(structureOf([32, 32, 1], filled), 0)[0], 8);
  });
});
