import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import { add, binary, call, multiply, number, variable } from '../../src/engine/expression/build.ts';
import { chooseSolver } from '../../src/engine/fields/choice.ts';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { build } from '../../src/engine/run/build.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';
import {
  all,
  type Boundaries,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  observedOrder,
} from './semiDiscrete.ts';

const time = variable({ of: 'time' });
const x = variable({ of: 'position', axis: 0 });
const y = variable({ of: 'position', axis: 1 });
const D = 1.3;

/** Conditions at y = 0 and y = 1, and what c(y, t) = cos(k y) e^{−D k² t} + 2 must have there; x is closed. */
interface Case {
  readonly name: string;
  readonly boundary: Boundaries;
}

const K = 1.7;
const fade = call('exp', multiply(number(-D * K * K), time));
const value = (at: number): Expression => add(multiply(number(Math.cos(K * at)), fade), number(2));
/** ∂c/∂y. */
const slope = (at: number): Expression => multiply(number(-K * Math.sin(K * at)), fade);
const exact = (n: number, t: number) => (v: number) =>
  Math.cos((K * (Math.floor(v / 2) + 0.5)) / n) * Math.exp(-D * K * K * t) + 2;

const held: Boundary = { kind: 'value', value: 3, expression: value(1) };
/** Inwards at y = 1 is D ∂c/∂y. */
const given: Boundary = { kind: 'flux', flux: 0, expression: multiply(number(D), slope(1)) };
/** k (g − c) = D ∂c/∂y, k = 0.9. */
const layered: Boundary = {
  kind: 'transfer',
  transfer: 0.9,
  value: 0,
  expression: add(value(1), multiply(number(D / 0.9), slope(1))),
};

const CASES: readonly Case[] = [
  ['a value', held],
  ['a flux', given],
  ['a transfer layer', layered],
].map(([name, top]) => ({
  name: name as string,
  boundary: [NO_FLUX, NO_FLUX, NO_FLUX, top as Boundary, NO_FLUX, NO_FLUX],
}));

function run(n: number, steps: number, boundary: Boundaries): number {
  const grid = makeGrid([2, n, 1], [2 / n, 1, 1], boundary);
  const field: FieldDescription = makeField(D, 0, boundary);
  const solver = createFieldSolver(grid);
  const T = 0.3;
  let c = Float64Array.from({ length: grid.voxels }, (_, v) => exact(n, 0)(v));
  let next = new Float64Array(grid.voxels);
  for (let step = 0; step < steps; step++) {
    solver.clock.time = (T * step) / steps;
    const before = total(c);
    const done = solver.advance(field, c, T / steps, null, null, next, null);
    const residual = total(next) - before - total(done.inflow) / grid.voxelVolume;
    expect(Math.abs(residual)).toBeLessThan(1e-12 * before);
    [c, next] = [next, c];
  }
  return maximumDifference(
    c,
    Float64Array.from(c, (_, v) => exact(n, T)(v)),
  );
}

describe('boundaries that vary with time', () => {
  it.each(CASES)('are of second order in space and time at $name', ({ boundary }) => {
    const sizes = [8, 16, 32, 64];
    const errors = sizes.map(n => run(n, n, boundary));
    expect(
      observedOrder(
        sizes.map(n => 1 / n),
        errors,
      ),
    ).toBeGreaterThan(1.85);
    expect(errors[3]).toBeLessThan(1e-3);
    // Time alone: against the same grid in fine steps.
    const coarse = [4, 8, 16].map(steps => run(128, steps, boundary));
    const fine = run(128, 256, boundary);
    expect(coarse[0]).toBeGreaterThan(4 * fine);
  });
});

describe('boundaries', () => {
  it('have their exact steady states: flux, and transfer in series with the medium', () => {
    const boundary: Boundaries = [
      { kind: 'flux', flux: 2 },
      { kind: 'transfer', transfer: 0.5, value: 3 },
      NO_FLUX,
      NO_FLUX,
      NO_FLUX,
      NO_FLUX,
    ];
    const grid = makeGrid([12, 3, 1], [6, 3, 1], boundary);
    const field = makeField(4, 0, boundary);
    const solver = createFieldSolver(grid);
    let [c, next] = [new Float64Array(grid.voxels), new Float64Array(grid.voxels)];
    for (let step = 0; step < 8; step++) {
      solver.advance(field, c, 1e4, null, null, next, null);
      [c, next] = [next, c];
    }
    // c(6) = 3 + 2/0.5; slope −2/4.
    const steady = Float64Array.from(c, (_, v) => 7 + (6 - (((v % 12) + 0.5) * 6) / 12) / 2);
    expect(maximumDifference(c, steady)).toBeLessThan(1e-8);
  });

  it('let a fast layer pass for a fixed value and a slow one for none', () => {
    const run = (condition: Boundary) => {
      const boundary: Boundaries = [condition, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
      const grid = makeGrid([12, 3, 1], [6, 3, 1], boundary);
      const next = new Float64Array(grid.voxels);
      const field = { ...makeField(4, 0, boundary), solver: 'multigrid' as const };
      createFieldSolver(grid).advance(field, new Float64Array(grid.voxels), 0.3, null, null, next, null);
      return next;
    };
    const layer = (transfer: number) => run({ kind: 'transfer', transfer, value: 2 });
    expect(maximumDifference(layer(1e9), run(fixed(2)))).toBeLessThan(1e-7);
    expect(Math.max(...layer(1e-9))).toBeLessThan(1e-7);
  });

  it('hold on patches alone, and read the place on the face', () => {
    const grid = makeGrid([10, 10, 1], [10, 10, 1]);
    const field: FieldDescription = {
      ...makeField(1, 0, all(NO_FLUX)),
      patches: [
        { face: 2, from: [2], to: [5], condition: { kind: 'flux', flux: 0, expression: x } },
        { face: 2, from: [4], to: [9], condition: { kind: 'flux', flux: 7 } },
        { face: 2, from: [8], to: [9], condition: NO_FLUX },
        {
          face: 1,
          from: [0],
          to: [3],
          condition: { kind: 'value', value: 0, expression: binary('*', y, number(0)) },
        },
      ],
    };
    expect(chooseSolver(grid, field, 1)).toEqual({ solver: 'multigrid', reason: 'a face has patches' });
    const next = new Float64Array(grid.voxels);
    const c = new Float64Array(grid.voxels).fill(1);
    const { inflow } = createFieldSolver(grid).advance(field, c, 1e-3, null, null, next, null);
    // 2.5 + 3.5 read from x, 7 four times.
    expect(inflow[2] / 1e-3).toBeCloseTo(34, 10);
    expect(inflow[1]).toBeLessThan(0);
    expect([inflow[0], inflow[3]]).toEqual([0, 0]);
    expect(next[9 + 10 * 2]).toBeLessThan(1);
    expect(next[9 + 10 * 3]).toBeGreaterThan(next[9 + 10 * 2]);
  });
});

const text = (boundary: string, more = '') => `
cellfield: 1
title: A pulse of antibiotic over a slab
domain: { size: [20 um, 10 um], grid: [20, 10], thickness: 2 um }
time: { end: 10 s, step: 0.5 s }
fields:
  drug:
    diffusivity: 100 um^2/s
    initial: 0 nM
    boundary: ${boundary}
${more}
`;

describe('boundary conditions in a scenario', () => {
  it('keep the balance by face', () => {
    const model = build(
      loadScenario(
        text(
          `{ top: { transfer: 5 um/s, value: "time < 5 s ? 10 nM : 0 nM" }, left: { flux: 1 nM * 2 um/s }, patches: [{ face: bottom, from: [5 um], to: [8 um], condition: { value: 1 nM } }] }`,
        ),
      ),
    );
    for (let step = 0; step < 20; step++) advance(model);
    const summary = summarise(model);
    const [{ byCause }] = summary.moieties;
    expect(Object.keys(byCause).sort()).toEqual(['drug bottom', 'drug left', 'drug top']);
    // 1 nM · 2 µm/s over 20 µm² in 10 s.
    expect(byCause['drug left'] / (0.602214076 * 2 * 20 * 10)).toBeCloseTo(1, 10);
    expect(summary.worstRelativeResidual).toBeLessThan(1e-13);
  });

  it('are refused where they make no sense, with the place', () => {
    const faults = (boundary: string): string => {
      try {
        loadScenario(text(boundary));
        return '';
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        return error.problems.map(({ path, message }) => `${path} ${message}`).join('\n');
      }
    };
    expect(faults('{ top: { transfer: 5 um/s } }')).toMatch(/`value` is missing/);
    expect(faults('{ top: { flux: 5 nM, value: 5 nM } }')).toMatch(/nothing else to choose/);
    expect(faults('{ top: { flux: 5 nM } }')).toMatch(/must be/);
    expect(faults('{ top: { value: "5 nM - 1 nM * time / (1 s)" } }')).toMatch(
      /must not be negative at 5.1 s/,
    );
    expect(
      faults('{ patches: [{ face: top, from: [1 um, 2 um], to: [3 um], condition: no-flux }] }'),
    ).toMatch(/has 2 coordinates/);
    expect(faults('{ patches: [{ face: top, from: [4 um], to: [3 um], condition: no-flux }] }')).toMatch(
      /less than/,
    );
    expect(faults('{ patches: [{ face: back, from: [1 um], to: [3 um], condition: no-flux }] }')).toMatch(
      /no such face/,
    );
    expect(faults('{ patches: [{ face: top, from: [1 um], to: [3 um], condition: periodic }] }')).toMatch(
      /periodic/,
    );
  });
});
