import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../src/engine/expression/ast.ts';
import { binary, conditional, number, variable } from '../../src/engine/expression/build.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import { createFieldOperator } from '../../src/engine/fields/fieldOperator.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { createRoom, createSystem } from '../../src/engine/fields/implicitSystem.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { congruential, type Problem, problems } from './arbitrary.ts';
import {
  all,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  observedOrder,
  PERIODIC,
  rungeKutta,
} from './semiDiscrete.ts';

const x = variable({ of: 'position', axis: 0 });

function unfactored(field: FieldDescription, medium?: FieldDescription['medium']): FieldDescription {
  return { ...field, solver: 'multigrid', ...(medium && { medium }) };
}

/** `inner` where from ≤ x < to, else `outer`. */
function layer(from: number, to: number, inner: number, outer: number): Expression {
  const test = binary('and', binary('>=', x, number(from)), binary('<', x, number(to)));
  return conditional(test, number(inner), number(outer));
}

/** A problem with obstacles in about a fifth of the voxels and a diffusivity that jumps by 100. */
function roughened(problem: Problem): Problem {
  const { grid, field } = problem;
  const random = congruential(grid.voxels);
  const solid = Uint8Array.from({ length: grid.voxels }, () => (random() < 0.2 ? 1 : 0));
  solid[0] = 0;
  const empty = (values: Float64Array | null) => values?.map((value, v) => (solid[v] ? 0 : value)) ?? null;
  const coefficient = layer(
    grid.size[0] * 0.3,
    grid.size[0] * 0.7,
    field.diffusivity / 100,
    field.diffusivity,
  );
  return {
    ...problem,
    grid: { ...grid, solid },
    field: unfactored(field, [coefficient, coefficient, coefficient]),
    c: problem.c.map((value, v) => (solid[v] ? 0 : value)),
    source: empty(problem.source),
    uptake: empty(problem.uptake),
  };
}

function advance({ grid, field, c, h, source, uptake }: Problem) {
  const next = new Float64Array(grid.voxels).fill(NaN);
  const exposure = new Float64Array(grid.voxels).fill(NaN);
  const step = createFieldSolver(grid).advance(field, c, h, source, uptake, next, exposure);
  return { next, exposure, step };
}

describe('unfactored solver', () => {
  it('is second order in time against the semi-discrete equation', () => {
    for (const [cells, boundary] of [
      [
        [9, 8, 1],
        [fixed(1), NO_FLUX, NO_FLUX, fixed(0.5), NO_FLUX, NO_FLUX],
      ],
      [
        [7, 6, 5],
        [PERIODIC, PERIODIC, fixed(2), NO_FLUX, NO_FLUX, fixed(1)],
      ],
    ] as const) {
      const grid = makeGrid(cells, cells, boundary);
      const random = congruential(3);
      const c = Float64Array.from({ length: grid.voxels }, () => 1 + random());
      const source = Float64Array.from({ length: grid.voxels }, random);
      const uptake = Float64Array.from({ length: grid.voxels }, random);
      const field = makeField(1, 0.3, boundary);
      const exact = rungeKutta(grid, field, c, source, uptake, 0.8, 100);
      const solver = createFieldSolver(grid);
      const counts = [4, 8, 16];
      const errors = counts.map(steps => {
        let [from, to] = [c.slice(), new Float64Array(grid.voxels)];
        for (let step = 0; step < steps; step++) {
          solver.advance(unfactored(field), from, 0.8 / steps, source, uptake, to, null);
          [from, to] = [to, from];
        }
        return maximumDifference(from, exact);
      });
      expect(
        observedOrder(
          counts.map(n => 1 / n),
          errors,
        ),
      ).toBeGreaterThan(1.8);
      expect(errors[2]).toBeLessThan(2e-4);
    }
  });

  it('closes the balance and stays positive with jumps, obstacles, sources, uptake and any step', () => {
    fc.assert(
      fc.property(problems({ most: [15, 6], leastSource: 0, stiffness: 4 }), plain => {
        const problem = roughened(plain);
        const { grid, field, c, h, source, uptake } = problem;
        const { next, exposure, step } = advance(problem);
        expect(step.minimum).toBeGreaterThanOrEqual(0);
        expect(Math.min(...next)).toBe(step.minimum);
        for (let v = 0; v < grid.voxels; v++) if (grid.solid?.[v]) expect(next[v]).toBe(0);
        const taken = uptake === null ? 0 : total(exposure.map((e, v) => e * uptake[v]));
        const given = source === null ? 0 : h * total(source);
        const inflow = total(step.inflow) / grid.voxelVolume;
        const residual = total(next) - total(c) - inflow - given + step.decayed / grid.voxelVolume + taken;
        // Rounding of the terms that a voxel adds up: fluxes D h/spacing² times its potential, and sinks.
        let scale = Math.max(...c, 1e-300);
        const rate = Math.max(...grid.spacing.slice(0, grid.dimensions).map(s => field.diffusivity / s ** 2));
        for (let v = 0; v < grid.voxels; v++) {
          scale = Math.max(
            scale,
            exposure[v] * (field.decay + (uptake?.[v] ?? 0) + rate),
            h * (source?.[v] ?? 0),
          );
        }
        for (const face of field.boundary)
          if (face.kind === 'value') scale = Math.max(scale, face.value * rate * h);
        expect(Math.abs(residual)).toBeLessThan(2e-15 * scale * grid.voxels);
      }),
      { seed: 31, numRuns: 150 },
    );
  });

  it('does not drown an empty far field in what the iteration leaves over', () => {
    const grid = makeGrid([64, 64, 1], [64, 64, 1]);
    const c = new Float64Array(grid.voxels);
    const source = new Float64Array(grid.voxels);
    source[0] = 1e6;
    const field = unfactored(makeField(1, 0, all(NO_FLUX)));
    const { next, step } = advance({ grid, field, c, source, uptake: null, h: 0.1 });
    expect(step.scheme).toBe('tr-bdf2');
    expect(step.substeps).toBe(1);
    expect(step.minimum).toBeGreaterThanOrEqual(0);
    expect(next[grid.voxels - 1]).toBeLessThan(1e-3);
  });

  it('obeys the maximum principle where backward Euler takes over', () => {
    const grid = makeGrid([21, 17, 1], [21, 17, 1]);
    const c = new Float64Array(grid.voxels);
    c[200] = 1;
    const medium = layer(5, 12, 0.01, 1);
    const field = unfactored(makeField(1, 0, all(NO_FLUX)), [medium, medium, medium]);
    const next = new Float64Array(grid.voxels);
    for (const h of [1, 1e2, 1e4, 1e6]) {
      const step = createFieldSolver(grid).advanceBy('positive', field, c, h, null, null, next, null);
      expect(step.minimum).toBeGreaterThanOrEqual(0);
      expect(Math.max(...next)).toBeLessThanOrEqual(1);
      expect(Math.abs(total(next) - 1)).toBeLessThan(1e-13 * Math.max(1, h * 1e-3));
    }
  });

  it('is L-stable: a step that is long for every mode ends in the steady state', () => {
    for (const cells of [
      [40, 33, 1],
      [12, 11, 10],
    ] as const) {
      const grid = makeGrid(cells, cells);
      const random = congruential(8);
      const boundary = [fixed(1), fixed(3), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX] as const;
      const c = Float64Array.from({ length: grid.voxels }, () => 2 + 0.2 * random());
      const field = unfactored(makeField(1, 0, boundary));
      const next = new Float64Array(grid.voxels);
      const step = createFieldSolver(grid).advanceBy('tr-bdf2', field, c, 1e8, null, null, next, null);
      expect(step.substeps).toBe(1);
      const exact = Float64Array.from(next, (_, v) => 1 + (2 * ((v % cells[0]) + 0.5)) / cells[0]);
      // Of a mode with rate λ about 5/(λ H) is left, of the slowest one here 8e-6 of 0.2.
      expect(maximumDifference(next, exact)).toBeLessThan(5e-6);
    }
  });

  it('gives the exact steady flux through layers', () => {
    const boundary = [fixed(1), fixed(0), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX] as const;
    const grid = makeGrid([30, 4, 1], [30, 4, 2], boundary);
    const medium = layer(10, 20, 0.01, 1);
    const field = unfactored(makeField(1, 0, boundary), [medium, medium, medium]);
    const solver = createFieldSolver(grid);
    let [c, next] = [new Float64Array(grid.voxels).fill(0.5), new Float64Array(grid.voxels)];
    let inflow = new Float64Array(6);
    for (let step = 0; step < 6; step++) {
      inflow = Float64Array.from(solver.advance(field, c, 1e5, null, null, next, null).inflow);
      [c, next] = [next, c];
    }
    // Resistances 10/1 + 10/0.01 + 10/1 in series, area 8 µm².
    const flux = (8 / (10 + 1000 + 10)) * 1e5;
    expect(inflow[0] / flux).toBeCloseTo(1, 8);
    expect(inflow[1] / flux).toBeCloseTo(-1, 8);
  });

  it('converges at second order in space for a diffusivity that varies', () => {
    // D = 1 + x, c = ln(1 + x) is steady: D c' = 1.
    const errors = [10, 20, 40].map(n => {
      const boundary = [fixed(0), fixed(Math.log(2)), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX] as const;
      const grid = makeGrid([n, 2, 1], [1, 1, 1], boundary);
      const medium = binary('+', number(1), x);
      const exact = Float64Array.from({ length: grid.voxels }, (_, v) => Math.log(1 + ((v % n) + 0.5) / n));
      const field = unfactored(makeField(2, 0, boundary), [medium, medium, medium]);
      const next = new Float64Array(grid.voxels);
      createFieldSolver(grid).advanceBy('tr-bdf2', field, exact, 1e6, null, null, next, null);
      return maximumDifference(next, exact);
    });
    expect(observedOrder([4, 2, 1], errors)).toBeGreaterThan(1.9);
  });

  it('solves different diffusivities along the axes as stretched space', () => {
    const random = congruential(4);
    const values = Float64Array.from({ length: 20 * 12 }, random);
    const run = (grid: Grid, field: FieldDescription) => {
      const next = new Float64Array(grid.voxels);
      createFieldSolver(grid).advance(field, values, 0.7, null, null, next, null);
      return next;
    };
    // D_y = 4 D_x on squares is D on voxels half as high.
    const stretched = run(makeGrid([20, 12, 1], [20, 6, 1]), unfactored(makeField(1, 0.1, all(NO_FLUX))));
    const axes = [number(1), number(4), number(4)] as const;
    const turned = run(makeGrid([20, 12, 1], [20, 12, 1]), unfactored(makeField(4, 0.1, all(NO_FLUX)), axes));
    expect(maximumDifference(stretched, turned)).toBeLessThan(1e-9);
  });

  it('lets nothing through a wall and gives the same bits in a new solver', () => {
    const grid = makeGrid([16, 16, 1], [16, 16, 1]);
    const solid = Uint8Array.from({ length: 256 }, (_, v) => (v % 16 === 7 ? 1 : 0));
    const walled = { ...grid, solid };
    const c = Float64Array.from({ length: 256 }, (_, v) => (v % 16 < 7 ? 1 : 0));
    const field = makeField(1, 0, all(NO_FLUX));
    const [first, again, next] = [0, 0, 0].map(() => new Float64Array(256));
    createFieldSolver(walled).advance(field, c, 1e3, null, null, first, null);
    expect(maximumDifference(first, c)).toBeLessThan(1e-12);
    const used = createFieldSolver(walled);
    used.advance(field, c, 5, null, c, next, null);
    used.advance(field, c, 1e3, null, null, again, null);
    expect(again).toEqual(first);
  });

  it('predicts a state that is not negative', () => {
    fc.assert(
      fc.property(problems({ most: [15, 6], leastSource: 0, stiffness: 4 }), plain => {
        const { grid, field, c, h, source, uptake } = roughened(plain);
        const out = new Float64Array(grid.voxels);
        createFieldSolver(grid).predict(field, c, h / 2, source, uptake, out);
        expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 32, numRuns: 60 },
    );
  });
});

describe('coarse grids of a window with uptake', () => {
  const boundary = [fixed(1), NO_FLUX, fixed(1), NO_FLUX, NO_FLUX, NO_FLUX] as const;
  const grid = makeGrid([96, 80, 1], [96, 80, 1], boundary);
  const operator = createFieldOperator(grid, makeField(100, 0, boundary));
  const random = congruential(12);
  const eaten = Float64Array.from({ length: grid.voxels }, () => random());

  /** Iterations for ten digits of a window of one second with uptake up to κ. */
  function solveWith(system: ReturnType<typeof createSystem>, most: number): number {
    system.prepare(
      0,
      1,
      eaten.map(one => (one < 0.3 ? most * one : 0)),
    );
    system.b.fill(0);
    system.x.fill(0);
    for (const { places, supply } of operator.faces) {
      for (let p = 0; p < places.length; p++) system.b[places[p]] += supply[p];
    }
    return system.solve(1e-10);
  }

  it('serve as well where only their diagonals took it up as where they were made for it', () => {
    const system = createSystem(grid, operator, createRoom(operator.layout.size));
    // Up to a quarter of the links, 300 to 400 /s, it is the former.
    const [light, full] = [240, 350].map(most => solveWith(system, most));
    expect(light).toBeLessThanOrEqual(full + 1);
    expect(full).toBeLessThanOrEqual(9);
  });

  it('know nothing of the window before, so that a resumed run has the same bits', () => {
    const used = createSystem(grid, operator, createRoom(operator.layout.size));
    for (const most of [3000, 0.1, 150, 1]) solveWith(used, most);
    used.prepare(0.3, 7, null);
    used.solve(1e-6);
    solveWith(used, 200);
    const fresh = createSystem(grid, operator, createRoom(operator.layout.size));
    solveWith(fresh, 200);
    expect([...used.x]).toEqual([...fresh.x]);
  });
});
