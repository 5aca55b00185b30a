import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import {
  add,
  call,
  divide,
  multiply,
  number,
  subtract,
  variable,
} from '../../src/engine/expression/build.ts';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { build } from '../../src/engine/run/build.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { problems } from './arbitrary.ts';
import {
  type Boundaries,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  observedOrder,
} from './semiDiscrete.ts';

const quasiSteady = (field: FieldDescription): FieldDescription => ({ ...field, dynamics: 'quasi-steady' });

describe('quasi-steady fields', () => {
  it('have the profile of a slab at second order, whatever the state before and the window', () => {
    // c(0) = 1, no flux at 1: cosh(φ(1 − x))/cosh φ, Thiele modulus φ = √(κ/D).
    const phi = 3;
    const errors = [10, 20, 40].map(n => {
      const boundary: Boundaries = [fixed(1), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
      const grid = makeGrid([n, 2, 1], [1, 1, 1], boundary);
      const field = quasiSteady(makeField(2, 0, boundary));
      const uptake = new Float64Array(grid.voxels).fill(2 * phi * phi);
      const exposure = new Float64Array(grid.voxels);
      const next = new Float64Array(grid.voxels);
      const exact = Float64Array.from(
        next,
        (_, v) => Math.cosh(phi * (1 - ((v % n) + 0.5) / n)) / Math.cosh(phi),
      );
      const solver = createFieldSolver(grid);
      for (const h of [10, 1e3]) {
        const c = new Float64Array(grid.voxels).fill(0.3);
        const step = solver.advance(field, c, h, null, uptake, next, exposure);
        expect(step.scheme).toBe('quasi-steady');
        // What comes in is consumed; the change of content is relaxation alone.
        const taken = total(exposure.map((e, v) => e * uptake[v])) * grid.voxelVolume;
        expect(total(step.inflow) / taken).toBeCloseTo(1, 7);
        const change = (total(next) - total(c)) * grid.voxelVolume;
        expect(step.relaxed / change).toBeCloseTo(1, 6);
      }
      // Effectiveness factor tanh φ / φ.
      const mean = total(next) / grid.voxels;
      expect(Math.abs(mean / (Math.tanh(phi) / phi) - 1)).toBeLessThan(3 / n ** 2);
      return maximumDifference(next, exact);
    });
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.85);
  });

  it('have the profile and the effectiveness of a sphere', () => {
    // An eighth of a sphere of radius 1 with uptake k² D in a cube of 2; outside c = 1 − B/r, held at the far faces.
    const k = 3;
    const radius = 1;
    // Continuity of c and of its slope at r = 1: A sinh k = 1 − B, A (k cosh k − sinh k) = B.
    const A = 1 / (k * Math.cosh(k));
    const B = A * (k * Math.cosh(k) - Math.sinh(k));
    const at = ([0, 1, 2] as const).map(axis => variable({ of: 'position', axis }));
    const square = at.reduce<Expression>((sum, one) => add(sum, multiply(one, one)), number(0));
    const outside: Boundary = {
      kind: 'value',
      value: 1,
      expression: subtract(number(1), divide(number(B), call('sqrt', square))),
    };
    const boundary: Boundaries = [NO_FLUX, outside, NO_FLUX, outside, NO_FLUX, outside];
    const taken = [16, 32].map(n => {
      const grid = makeGrid([n, n, n], [2, 2, 2], boundary, 3);
      const place = (v: number) => [v % n, Math.floor(v / n) % n, Math.floor(v / (n * n))];
      // The share of a voxel that lies in the sphere takes up.
      const uptake = Float64Array.from({ length: grid.voxels }, (_, v) => {
        let inside = 0;
        for (let sub = 0; sub < 64; sub++) {
          const offset = [sub & 3, (sub >> 2) & 3, sub >> 4];
          const r = Math.hypot(...place(v).map((i, axis) => ((i + (offset[axis] + 0.5) / 4) * 2) / n));
          if (r < radius) inside++;
        }
        return (k * k * inside) / 64;
      });
      const next = new Float64Array(grid.voxels);
      const exposure = new Float64Array(grid.voxels);
      const c = new Float64Array(grid.voxels).fill(1);
      createFieldSolver(grid).advance(
        quasiSteady(makeField(1, 0, boundary)),
        c,
        50,
        null,
        uptake,
        next,
        exposure,
      );
      const worst = next.reduce((most, value, v) => {
        const r = Math.hypot(...place(v).map(i => ((i + 0.5) * 2) / n));
        const exact = r < radius ? (A * Math.sinh(k * r)) / r : 1 - B / r;
        return Math.max(most, Math.abs(value - exact));
      }, 0);
      expect(worst).toBeLessThan(0.2 / n);
      return (total(exposure.map((e, v) => e * uptake[v])) * grid.voxelVolume) / 50;
    });
    // An eighth of 4π D B.
    const exact = (4 * Math.PI * B) / 8;
    expect(Math.abs(taken[0] / exact - 1)).toBeLessThan(0.01);
    expect(Math.abs(taken[1] / exact - 1)).toBeLessThan(0.003);
  });

  it('close the balance and stay positive on any problem', () => {
    fc.assert(
      fc.property(problems({ most: [13, 6], leastSource: 0, stiffness: 3 }), plain => {
        const { grid, c, h, source, uptake } = plain;
        const field = quasiSteady({ ...plain.field, decay: plain.field.decay + 1e-2 / h });
        const next = new Float64Array(grid.voxels);
        const exposure = new Float64Array(grid.voxels);
        const step = createFieldSolver(grid).advance(field, c, h, source, uptake, next, exposure);
        expect(step.minimum).toBeGreaterThanOrEqual(0);
        const taken = uptake === null ? 0 : total(exposure.map((e, v) => e * uptake[v]));
        const given = source === null ? 0 : h * total(source);
        const flows = (total(step.inflow) - step.decayed + step.relaxed) / grid.voxelVolume;
        let scale = Math.max(...c, ...next, 1e-300);
        const rate = Math.max(...grid.spacing.slice(0, grid.dimensions).map(s => field.diffusivity / s ** 2));
        for (let v = 0; v < grid.voxels; v++) {
          scale = Math.max(
            scale,
            exposure[v] * (field.decay + (uptake?.[v] ?? 0) + 4 * rate),
            h * (source?.[v] ?? 0),
          );
        }
        for (const face of field.boundary)
          if (face.kind === 'value') scale = Math.max(scale, 2 * face.value * rate * h);
        expect(Math.abs(total(next) - total(c) - flows - given + taken)).toBeLessThan(
          1e-14 * scale * grid.voxels,
        );
      }),
      { seed: 41, numRuns: 100 },
    );
  });

  it('run in a scenario with their relaxation named', () => {
    const text = (boundary: string) => `
cellfield: 1
title: Fast oxygen over slow cells
domain: { size: [30 um, 20 um], grid: [30, 20], thickness: 1 um }
time: { end: 30 s, step: 1 s }
fields:
  oxygen:
    diffusivity: 2000 um^2/s
    initial: 0 uM
    dynamics: quasi-steady
    boundary: ${boundary}
cells:
  eater:
    shape: { disc: { radius: 0.5 um } }
    species: { eaten: 0 }
    reactions:
      eat: { equation: field.oxygen -> eaten, continuous: true, rate: "200 /s * field.oxygen / (1 uM + field.oxygen)" }
population: [{ type: eater, count: 30 }]
`;
    const model = build(loadScenario(text('{ top: { value: 2 uM } }')));
    for (let step = 0; step < 30; step++) advance(model);
    const summary = summarise(model);
    const moiety = summary.moieties.find(({ name }) => name.includes('oxygen'));
    const { byCause, relative } = moiety as NonNullable<typeof moiety>;
    expect(relative).toBeLessThan(1e-12);
    expect(summary.worstStepResidual).toBeLessThan(1e-12);
    expect(Object.keys(byCause).sort()).toEqual(['oxygen relaxation', 'oxygen top']);
    const eaten = summary.species['eater.eaten'].mean * 30;
    expect(byCause['oxygen top'] / eaten).toBeCloseTo(1, 6);
    expect(byCause['oxygen relaxation'] / summary.fields.oxygen.total).toBeCloseTo(1, 6);
    expect(summary.counts.positiveFields).toBe(0);
    expect(() => loadScenario(text('no-flux').replace('boundary: no-flux', ''))).toThrow(
      /quasi-steady needs/,
    );
  });
});
