import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import { call, multiply, number, variable } from '../../src/engine/expression/build.ts';
import { chooseSolver } from '../../src/engine/fields/choice.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import { createFlowOperator } from '../../src/engine/fields/flowOperator.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { createRoom, createSystem } from '../../src/engine/fields/implicitSystem.ts';
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
const [x, y] = [0, 1].map(axis => variable({ of: 'position', axis: axis as 0 | 1 }));

function flowing(
  field: FieldDescription,
  vx: Expression | number,
  vy: Expression | number,
  more: Partial<FieldDescription> = { dynamics: 'quasi-steady' },
): FieldDescription {
  const speed = (one: Expression | number) => (typeof one === 'number' ? number(one) : one);
  return { ...field, velocity: [speed(vx), speed(vy), number(0)], ...more };
}

function settle(grid: Grid, field: FieldDescription, uptake: Float64Array | null = null, h = 10) {
  const next = new Float64Array(grid.voxels);
  const exposure = new Float64Array(grid.voxels);
  const c = next.slice().fill(0.4);
  const step = createFieldSolver(grid).advance(field, c, h, null, uptake, next, exposure);
  return { c, next, exposure, step };
}

/** Cells of a vortex each with the next: −∂ψ/∂y and ∂ψ/∂x of sin πx sin πy, no flow through the walls. */
const VORTEX: [Expression, Expression] = [
  multiply(call('sin', multiply(number(Math.PI), x)), call('cos', multiply(number(Math.PI), y))),
  multiply(
    number(-1),
    multiply(call('cos', multiply(number(Math.PI), x)), call('sin', multiply(number(Math.PI), y))),
  ),
];

describe('quasi-steady fields in a flow', () => {
  it('have the exact profile between two held values at any Péclet number, with and against the flow', () => {
    for (const peclet of [1e-3, 0.1, 1, 10, 100, 1e4]) {
      for (const sign of [1, -1]) {
        const boundary: Boundaries = [fixed(1), fixed(0), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
        const grid = makeGrid([20, 3, 1], [1, 1, 1], boundary);
        const { next, step } = settle(grid, flowing(makeField(0.7, 0, boundary), 0.7 * peclet * sign, 0));
        expect(step.scheme).toBe('quasi-steady');
        const place = (v: number) => ((v % 20) + 0.5) / 20;
        // (e^P − e^Px)/(e^P − 1) in a form that does not overflow.
        const exact = next.map((_, v) =>
          sign > 0
            ? Math.expm1(-peclet * (1 - place(v))) / Math.expm1(-peclet)
            : (Math.exp(-peclet * place(v)) - Math.exp(-peclet)) / -Math.expm1(-peclet),
        );
        expect(maximumDifference(next, exact)).toBeLessThan(1e-7);
        // What comes in at one end goes out at the other: flux D P/(1 − e^−P) = v/(1 − e^−P).
        const flux = (0.7 * peclet) / (sign > 0 ? -Math.expm1(-peclet) : Math.expm1(peclet));
        expect(step.inflow[0] / 10).toBeCloseTo(flux, 6);
        expect(step.inflow[0] + step.inflow[1]).toBeCloseTo(0, 5);
      }
    }
  });

  it('have the profile of a reactor with dispersion (Danckwerts) at second order', () => {
    // D c″ − v c′ − k c = 0, v c − D c′ = v at the inlet, c′ = 0 at the outlet.
    const [D, v, k] = [0.3, 1.2, 2];
    const q = Math.sqrt(1 + (4 * k * D) / v ** 2);
    const p = v / D;
    const [a, b] = [(p * (1 + q)) / 2, (p * (1 - q)) / 2];
    // A e^(a(x−1)) + B e^(bx) with slope 0 at 1 and v c − D c′ = v at 0.
    const B = v / (v - D * b - ((v - D * a) * b * Math.exp(b - a)) / a);
    const A = (-B * b * Math.exp(b)) / a;
    // A layer that passes only what flows: the value beyond it comes in with the flow.
    const inlet = { kind: 'transfer', transfer: 0, value: 1 } as const;
    const boundary: Boundaries = [inlet, OUT, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
    const errors = [16, 32, 64].map(n => {
      const grid = makeGrid([n, 2, 1], [1, 1, 1], boundary);
      const uptake = new Float64Array(grid.voxels).fill(k);
      const { next, step, exposure, c } = settle(grid, flowing(makeField(D, 0, boundary), v, 0), uptake);
      const exact = next.map((_, voxel) => {
        const at = ((voxel % n) + 0.5) / n;
        return A * Math.exp(a * (at - 1)) + B * Math.exp(b * at);
      });
      const taken = total(exposure.map((e, voxel) => e * uptake[voxel])) * grid.voxelVolume;
      expect(total(step.inflow) / taken).toBeCloseTo(1, 7);
      const change = (total(next) - total(c)) * grid.voxelVolume;
      expect(Math.abs(change - (total(step.inflow) - taken + step.relaxed))).toBeLessThan(1e-12 * taken);
      return maximumDifference(next, exact);
    });
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.8);
    expect(errors[2]).toBeLessThan(1e-3);
  });

  it('obey the maximum principle and balance in any flow, with obstacles, jumps and uptake', () => {
    const random = congruential(11);
    for (const [cells, boundary] of [
      [
        [14, 11, 1],
        [fixed(1), OUT, fixed(0.2), OUT, NO_FLUX, NO_FLUX],
      ],
      [
        [12, 9, 1],
        [fixed(1), OUT, PERIODIC, PERIODIC, NO_FLUX, NO_FLUX],
      ],
      [
        [7, 6, 5],
        [fixed(1), OUT, NO_FLUX, NO_FLUX, PERIODIC, PERIODIC],
      ],
    ] as [[number, number, number], Boundaries][]) {
      const plain = makeGrid(cells, cells, boundary);
      for (const speed of [0.1, 10, 1e4]) {
        const solid = Uint8Array.from({ length: plain.voxels }, (_, v) =>
          // Not where the flow would pile up what it carries before them.
          speed < 1 && v > 0 && random() < 0.15 ? 1 : 0,
        );
        const grid = { ...plain, solid };
        const jump = call('exp', multiply(number(2), call('sin', x)));
        const field = flowing(
          makeField(8, 0.01, boundary),
          speed,
          multiply(number(0.3 * speed), call('sin', x)),
          {
            dynamics: 'quasi-steady',
            medium: [jump, jump, jump],
          },
        );
        const uptake = Float64Array.from({ length: grid.voxels }, (_, v) =>
          solid[v] || random() < 0.5 ? 0 : 10 * random(),
        );
        const c = Float64Array.from({ length: grid.voxels }, (_, v) => (solid[v] ? 0 : random()));
        const next = c.slice();
        const exposure = c.slice();
        const step = createFieldSolver(grid).advance(field, c, 3, null, uptake, next, exposure);
        expect(step.minimum).toBeGreaterThanOrEqual(0);
        const taken = total(exposure.map((e, v) => e * uptake[v])) * grid.voxelVolume;
        const gained = total(step.inflow) - step.decayed - taken + step.relaxed;
        const change = (total(next) - total(c)) * grid.voxelVolume;
        expect(Math.abs(change - gained)).toBeLessThan(
          1e-12 * (1 + total(c) + total(step.inflow.map(Math.abs))),
        );
      }
    }
    // Divergence-free and without obstacles nothing exceeds what is held.
    const walls: Boundaries = [fixed(1), fixed(0), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
    const grid = makeGrid([24, 24, 1], [1, 1, 1], walls);
    for (const D of [1, 1e-2, 1e-5]) {
      const { next } = settle(grid, flowing(makeField(D, 0, walls), ...VORTEX), null, 1e4);
      expect(Math.max(...next)).toBeLessThanOrEqual(1 + 1e-8);
      expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
    }
  });

  it('are solved in as many iterations whatever the grid and the Péclet number', () => {
    for (const n of [32, 128]) {
      for (const D of [1, 1e-2, 1e-3, 1e-5]) {
        const boundary: Boundaries = [fixed(1), NO_FLUX, fixed(0), NO_FLUX, NO_FLUX, NO_FLUX];
        const grid = makeGrid([n, n, 1], [1, 1, 1], boundary);
        const operator = createFlowOperator(grid, flowing(makeField(D, 0, boundary), ...VORTEX));
        const system = createSystem(grid, operator, createRoom(operator.layout.size));
        const window = 1e4;
        system.prepare(0, window, null, 1e-9);
        for (const { places, supply } of operator.faces) {
          for (let p = 0; p < places.length; p++) system.b[places[p]] += window * supply[p];
        }
        // Eight digits of the largest entry on the right.
        expect(system.solve(1e-8 * Math.max(...system.b))).toBeLessThanOrEqual(14);
      }
    }
  });
});

describe('the flow in the implicit solve', () => {
  it('is of second order in time, whatever the window against the crossing of a voxel', () => {
    const n = 24;
    const grid = makeGrid([n, n, 1], [1, 1, 1], all(PERIODIC));
    const field = flowing(makeField(0.02, 0, all(PERIODIC)), 1, -0.5, { solver: 'bicgstab' });
    const start = Float64Array.from({ length: n * n }, (_, v) => {
      const [px, py] = [((v % n) + 0.5) / n, (Math.floor(v / n) + 0.5) / n];
      return 3 + Math.cos(2 * Math.PI * px) + Math.sin(2 * Math.PI * py);
    });
    const ends = [8, 16, 32, 256].map(steps => {
      const solver = createFieldSolver(grid);
      let [c, next] = [start.slice(), start.slice()];
      for (let i = 0; i < steps; i++) {
        const before = total(c);
        const step = solver.advance(field, c, 0.5 / steps, null, null, next, null);
        expect(step.scheme).toBe('tr-bdf2');
        expect(Math.abs(total(next) - before)).toBeLessThan(1e-12 * before);
        [c, next] = [next, c];
      }
      return c;
    });
    const errors = ends.slice(0, 3).map(end => maximumDifference(end, ends[3]));
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.85);
  });

  it('is chosen where the flow crosses many voxels in a step, and says so', () => {
    const grid = makeGrid([20, 4, 1], [20, 4, 1]);
    const still = makeField(1, 0, all(NO_FLUX));
    expect(chooseSolver(grid, flowing(still, 50, 0, {}), 1).solver).toBe('spectral');
    expect(chooseSolver(grid, flowing(still, 5000, 0, {}), 1)).toEqual({
      solver: 'bicgstab',
      reason: 'the flow crosses 5000 voxels in a step',
    });
    expect(chooseSolver(grid, flowing(still, 5000, 0, { solver: 'multigrid' }), 1).solver).toBe('multigrid');
    expect(chooseSolver(grid, flowing(still, 1, 0), 1).solver).toBe('bicgstab');
  });

  it('runs in a scenario with cells, and the balance closes', () => {
    const scenario = loadScenario(`
cellfield: 1
title: Breath in a channel
domain: { size: [40 um, 10 um], grid: [40, 10], thickness: 1 um, flow: { x: "0.3 /um/s * y * (10 um - y)" } }
time: { end: 4 s, step: 0.5 s }
fields:
  oxygen:
    diffusivity: 100 um^2/s
    initial: 1 uM
    dynamics: quasi-steady
    boundary: { left: { value: 1 uM }, right: outflow, y: no-flux }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    reactions: { breath: { equation: "field.oxygen ->", continuous: true, rate: 50 um^3/s * field.oxygen } }
population: [{ type: c, in: { lattice: { from: [10 um, 0 um], to: [30 um, 1 um], counts: [20, 1] } } }]
mechanics: none
balance: { tolerance: 1e-12, onBreach: stop }
`);
    const model = build(scenario);
    for (let step = 0; step < 8; step++) advance(model);
    const { solvers, worstRelativeResidual } = summarise(model);
    expect(solvers.oxygen.solver).toBe('bicgstab');
    expect(worstRelativeResidual).toBeLessThan(1e-12);
  });
});
