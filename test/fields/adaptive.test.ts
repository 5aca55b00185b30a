import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { build } from '../../src/engine/run/build.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { congruential } from './arbitrary.ts';
import {
  type Boundaries,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  PERIODIC,
  rungeKutta,
} from './semiDiscrete.ts';

const SIDES: Boundaries = [fixed(1), NO_FLUX, PERIODIC, PERIODIC, NO_FLUX, NO_FLUX];

/** A smooth bump that spreads, is fed and eaten; what a window of one second of it comes to. */
function window(more: Partial<FieldDescription>) {
  const grid = makeGrid([20, 16, 1], [20, 16, 1], SIDES);
  const field = { ...makeField(2, 0.1, SIDES), ...more };
  const at = (v: number) => [((v % 20) + 0.5) / 20, (Math.floor(v / 20) + 0.5) / 16];
  const c = Float64Array.from({ length: grid.voxels }, (_, v) => {
    const [x, y] = at(v);
    return 1 + Math.sin(Math.PI * x) ** 2 * (1 + Math.cos(2 * Math.PI * y));
  });
  const uptake = Float64Array.from(c, (_, v) => (at(v)[1] < 0.5 ? 3 * at(v)[1] : 0));
  const source = Float64Array.from(c, (_, v) => at(v)[0]);
  return { grid, field, c, uptake, source };
}

function solve({ grid, field, c, uptake, source }: ReturnType<typeof window>, h: number) {
  const next = new Float64Array(grid.voxels);
  const exposure = new Float64Array(grid.voxels);
  const step = createFieldSolver(grid).advance(field, c, h, source, uptake, next, exposure);
  return { next, exposure, step };
}

describe('fields with a tolerance', () => {
  const tolerances = [1e-2, 1e-3, 1e-4, 1e-5];

  it('have an error in proportion to it and below, in as many steps as second order needs', () => {
    for (const solver of ['adi', 'multigrid'] as const) {
      const problem = window({ solver });
      const { grid, field, c, uptake, source } = problem;
      const exact = rungeKutta(grid, field, c, source, uptake, 4, 400);
      const top = Math.max(...exact, ...c);
      const runs = tolerances.map(tolerance => {
        const { next, step } = solve({ ...problem, field: { ...field, tolerance } }, 4);
        const error = maximumDifference(next, exact) / top;
        expect(error).toBeLessThan(tolerance);
        expect(error).toBeGreaterThan(tolerance / 100);
        expect(step.error).toBeLessThanOrEqual(tolerance);
        return { error, parts: step.substeps };
      });
      for (let i = 1; i < runs.length; i++) {
        expect(runs[i - 1].error / runs[i].error).toBeGreaterThan(3);
        // √10 = 3.2 times as many.
        if (runs[i - 1].parts >= 8) {
          expect(runs[i].parts / runs[i - 1].parts).toBeGreaterThan(2.2);
          expect(runs[i].parts / runs[i - 1].parts).toBeLessThan(4.5);
        }
      }
      expect(runs[3].parts).toBeGreaterThan(20);
    }
  });

  it('balance to rounding, sources and uptake in full, and know nothing of the window before', () => {
    const problem = window({ tolerance: 1e-4 });
    const { grid, field, c, uptake, source } = problem;
    const { next, exposure, step } = solve(problem, 2);
    const taken = total(exposure.map((e, v) => e * uptake[v]));
    const gained = 2 * total(source) - taken + (total(step.inflow) - step.decayed) / grid.voxelVolume;
    expect(Math.abs(total(next) - total(c) - gained)).toBeLessThan(1e-12 * total(c));
    // A solver that has taken other windows before gives the same bits.
    const used = createFieldSolver(grid);
    const again = next.slice();
    used.advance(field, next, 0.01, source, null, again, null);
    used.advance(field, c, 2, source, uptake, again, exposure);
    expect([...again]).toEqual([...next]);
  });

  it('stay positive where a sharp start meets strong uptake', () => {
    const random = congruential(9);
    const problem = window({ tolerance: 1e-3 });
    const c = problem.c.map(() => (random() < 0.2 ? 5 * random() : 0));
    const uptake = problem.uptake.map(() => (random() < 0.3 ? 100 : 0));
    const { step } = solve({ ...problem, c, uptake }, 3);
    expect(step.minimum).toBeGreaterThanOrEqual(0);
    expect(step.substeps).toBeGreaterThan(10);
  });

  it('take few steps where nothing changes', () => {
    const problem = window({ tolerance: 1e-6, decay: 0 });
    const still = { ...problem, c: problem.c.map(() => 1), uptake: problem.c.map(() => 0) };
    const { step } = solve({ ...still, source: problem.c.map(() => 0) }, 50);
    expect(step.substeps).toBe(2);
    expect(step.error).toBeLessThan(1e-12);
  });

  it('are reported by a run, and refused where they mean nothing', () => {
    const text = (more: string) => `
cellfield: 1
title: A bump
domain: { size: [40 um, 40 um], grid: [20, 20], thickness: 1 um }
time: { end: 20 s, step: 10 s }
fields: { dye: { diffusivity: 10 um^2/s, initial: "1 uM * x / (40 um)", ${more} } }
`;
    const model = build(loadScenario(text('tolerance: 1e-5')));
    advance(model);
    advance(model);
    const { counts, worstRelativeResidual } = summarise(model);
    expect(counts.fieldSubsteps).toBeGreaterThan(4);
    expect(counts.fieldError).toBeGreaterThan(1e-8);
    expect(counts.fieldError).toBeLessThanOrEqual(1e-5);
    expect(worstRelativeResidual).toBeLessThan(1e-12);
    expect(() => loadScenario(text('tolerance: 2'))).toThrow(/tolerance/);
    expect(() => loadScenario(text('tolerance: 1e-4, dynamics: quasi-steady, decay: 1 /s'))).toThrow(
      /fields that evolve/,
    );
  });
});
