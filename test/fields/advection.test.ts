import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import { multiply, number, subtract, variable } from '../../src/engine/expression/build.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { build } from '../../src/engine/run/build.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { congruential } from './arbitrary.ts';
import {
  all,
  type Boundaries,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  observedOrder,
  PERIODIC,
} from './semiDiscrete.ts';

const OUT = { kind: 'outflow' } as const;
const y = variable({ of: 'position', axis: 1 });

function flowing(
  field: FieldDescription,
  vx: Expression | number,
  vy: Expression | number,
): FieldDescription {
  const speed = (one: Expression | number) => (typeof one === 'number' ? number(one) : one);
  return { ...field, velocity: [speed(vx), speed(vy), number(0)] };
}

function run(grid: Grid, field: FieldDescription, start: Float64Array, end: number, steps: number) {
  const solver = createFieldSolver(grid);
  let [c, next] = [start.slice(), new Float64Array(grid.voxels)];
  const inflow = new Float64Array(6);
  for (let step = 0; step < steps; step++) {
    const before = total(c);
    const done = solver.advance(field, c, end / steps, null, null, next, null);
    expect(done.minimum).toBeGreaterThanOrEqual(0);
    const residual = total(next) - before - (total(done.inflow) - done.decayed) / grid.voxelVolume;
    expect(Math.abs(residual)).toBeLessThan(
      1e-13 * (1 + before + total(done.inflow.map(Math.abs)) / grid.voxelVolume),
    );
    done.inflow.forEach((value, face) => {
      inflow[face] += value;
    });
    [c, next] = [next, c];
  }
  return { c, inflow };
}

describe('transport by a flow', () => {
  it('carries a smooth bump round at second order, and spreads it as diffusion does', () => {
    const errors = [24, 48, 96].map(n => {
      const grid = makeGrid([n, n, 1], [1, 1, 1], all(PERIODIC));
      const bump = (t: number) =>
        Float64Array.from({ length: n * n }, (_, v) => {
          const [px, py] = [((v % n) + 0.5) / n - 0.6 * t, (Math.floor(v / n) + 0.5) / n + 0.3 * t];
          const fade = Math.exp(-4 * Math.PI ** 2 * 0.005 * t);
          return 3 + fade * (Math.cos(2 * Math.PI * px) + Math.sin(2 * Math.PI * py));
        });
      const field = flowing(makeField(0.005, 0, all(PERIODIC)), 0.6, -0.3);
      const { c } = run(grid, field, bump(0), 1, n / 3);
      const exact = bump(1);
      return c.reduce((sum, value, v) => sum + Math.abs(value - exact[v]), 0) / (n * n);
    });
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.8);
    expect(errors[2]).toBeLessThan(4e-3);
  });

  it('makes no new extrema and nothing negative of a sharp square, however long the window', () => {
    const grid = makeGrid([30, 30, 1], [30, 30, 1], all(PERIODIC));
    const square = Float64Array.from({ length: 900 }, (_, v) => {
      const [i, j] = [v % 30, Math.floor(v / 30)];
      return i > 8 && i < 16 && j > 8 && j < 16 ? 1 : 0;
    });
    for (const steps of [1, 20]) {
      const { c } = run(grid, flowing(makeField(0, 0, all(PERIODIC)), 2, 1), square, 10, steps);
      expect(Math.max(...c)).toBeLessThanOrEqual(1 + 1e-12);
      expect(total(c)).toBeCloseTo(49, 9);
    }
    // Along one axis, after 30 voxels: plain upwind would leave about 0.6 of the peak.
    const { c } = run(grid, flowing(makeField(0, 0, all(PERIODIC)), 3, 0), square, 10, 10);
    expect(Math.max(...c)).toBeGreaterThan(0.8);
  });

  it('meets the steady profile against the flow at second order', () => {
    // v c' = D c'', c(0) = 0, c(1) = 1.
    const peclet = 4;
    const errors = [16, 32, 64].map(n => {
      const boundary: Boundaries = [fixed(0), fixed(1), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
      const grid = makeGrid([n, 2, 1], [1, 1, 1], boundary);
      const field = flowing(makeField(1, 0, boundary), peclet, 0);
      const start = new Float64Array(grid.voxels).fill(0.5);
      const { c } = run(grid, field, start, 1, 16 * n);
      const exact = c.map((_, v) => Math.expm1((peclet * ((v % n) + 0.5)) / n) / Math.expm1(peclet));
      return c.reduce((sum, value, v) => sum + Math.abs(value - exact[v]), 0) / c.length;
    });
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.7);
    expect(errors[2]).toBeLessThan(1e-3);
  });

  it('brings in what the inlet holds and carries out what is there, in a channel with a pillar', () => {
    const boundary: Boundaries = [fixed(2), OUT, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
    const plain = makeGrid([40, 10, 1], [40, 10, 2], boundary);
    // Poiseuille: 6 m y (10 − y)/100, mean m = 5.
    const speed = multiply(number(0.3), multiply(y, subtract(number(10), y)));
    const field = flowing(makeField(1, 0, boundary), speed, 0);
    const empty = new Float64Array(plain.voxels);
    const { c, inflow } = run(plain, field, empty, 200, 100);
    expect(maximumDifference(c, c.slice().fill(2))).toBeLessThan(1e-6);
    expect((inflow[0] + inflow[1]) / (total(c) * plain.voxelVolume)).toBeCloseTo(1, 10);
    const late = run(plain, field, c, 1, 1).inflow;
    // Midpoint rule over ten voxels: mean 5.025 of 20 µm², times 2.
    expect(late[0] / (5.025 * 20 * 2)).toBeCloseTo(1, 5);
    expect(late[1] / late[0]).toBeCloseTo(-1, 5);
    const solid = Uint8Array.from({ length: 400 }, (_, v) => (v % 40 === 20 ? 1 : 0));
    const dammed = run({ ...plain, solid }, field, empty, 5, 10);
    for (let v = 0; v < 400; v++) if (v % 40 >= 20) expect(dammed.c[v]).toBe(0);
  });

  it('keeps random states positive and balanced with any flow, jumps and a source', () => {
    const random = congruential(17);
    const boundary: Boundaries = [fixed(1), OUT, OUT, NO_FLUX, PERIODIC, PERIODIC];
    const grid = makeGrid([9, 8, 5], [9, 8, 5], boundary);
    const c = Float64Array.from({ length: grid.voxels }, () => Math.max(0, random() - 0.5));
    for (const v of [0.1, 3, 40]) run(grid, flowing(makeField(0.3, 0.1, boundary), v, -v / 2), c, 1, 2);
  });

  it('runs in a scenario with the balance by face', () => {
    const text = (more = '') => `
cellfield: 1
title: Dye in a channel
domain: { size: [40 um, 10 um], grid: [40, 10], thickness: 1 um, flow: { x: "0.3 /um/s * y * (10 um - y)" } }
time: { end: 4 s, step: 0.5 s }
fields:
  dye:
    diffusivity: 2 um^2/s
    initial: 0 nM
    boundary: { left: { value: "time < 1 s ? 5 nM : 0 nM" }, right: outflow }
${more}
`;
    const model = build(loadScenario(text()));
    for (let step = 0; step < 8; step++) advance(model);
    const summary = summarise(model);
    const [{ byCause }] = summary.moieties;
    expect(Object.keys(byCause).sort()).toEqual(['dye left', 'dye right']);
    expect(summary.worstRelativeResidual).toBeLessThan(1e-13);
    expect(summary.solvers.dye).toEqual({
      solver: 'spectral',
      reason: 'a flow carries the field; its coefficients are constant',
    });
    expect(() => loadScenario(text('    dynamics: quasi-steady'))).not.toThrow();
    expect(() => loadScenario(text().replace('/um/s', '/s'))).toThrow(/length\/time/);
  });
});
