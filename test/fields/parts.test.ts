import { describe, expect, it } from 'vitest';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { all, fixed, makeField, makeGrid } from './semiDiscrete.ts';

describe('windows too long for the factorised scheme', () => {
  it.each([600, 30_000])('are cut into parts that reach the steady state in 3-D, D H/h² = %i', ratio => {
    const grid = makeGrid([10, 10, 10], [20, 20, 20]);
    const field = { ...makeField(2000, 0, all(fixed(1))), solver: 'adi' as const };
    const solver = createFieldSolver(grid);
    let c = new Float64Array(grid.voxels);
    let next = new Float64Array(grid.voxels);
    const h = (ratio * 4) / field.diffusivity;
    // Half a minute is 600 times the slowest diffusion time of the cube; the sharpest modes fade by 0.99 in each of some 450 parts.
    for (let t = 0; t < 30; t += h) {
      const step = solver.advance(field, c, h, null, null, next, null);
      expect(step.substeps).toBeGreaterThan(1);
      [c, next] = [next, c];
    }
    expect(Math.min(...c)).toBeGreaterThan(1 - 1e-3);
  });

  it('keep the books over all parts, uptake and source included', () => {
    const grid = makeGrid([7, 6, 5], [7, 6, 5]);
    const field = makeField(300, 0.3, all(fixed(2)));
    const solver = createFieldSolver(grid);
    const c = Float64Array.from({ length: grid.voxels }, (_, v) => 1 + Math.sin(v));
    const source = Float64Array.from({ length: grid.voxels }, (_, v) => (v % 3) * 0.1);
    const uptake = Float64Array.from({ length: grid.voxels }, (_, v) => (v % 5 === 0 ? 4 : 0));
    const [next, exposure] = [new Float64Array(grid.voxels), new Float64Array(grid.voxels)];
    const h = 1;
    const step = solver.advance(field, c, h, source, uptake, next, exposure);
    expect(step.substeps).toBeGreaterThan(5);
    const taken = total(exposure.map((e, v) => e * uptake[v])) * grid.voxelVolume;
    const gained = (total(next) - total(c)) * grid.voxelVolume;
    const named =
      step.inflow.reduce((a, b) => a + b, 0) + h * total(source) * grid.voxelVolume - step.decayed - taken;
    expect(Math.abs(gained - named)).toBeLessThan(1e-12 * taken);
  });
});

describe('stiff uptake', () => {
  it('leaves a steady state that does not depend on the step, and never gives back', () => {
    const grid = makeGrid([40, 40, 1], [80, 80, 1]);
    const field = makeField(500, 0, all(fixed(10)));
    const solver = createFieldSolver(grid);
    const uptake = Float64Array.from({ length: grid.voxels }, (_, v) => ((v * 7919) % 11 === 0 ? 500 : 0));
    const steady = (h: number) => {
      let c = new Float64Array(grid.voxels).fill(10);
      let next = new Float64Array(grid.voxels);
      const exposure = new Float64Array(grid.voxels);
      for (let t = 0; t < 20; t += h) {
        const step = solver.advance(field, c, h, null, uptake, next, exposure);
        expect(step.minimum).toBeGreaterThanOrEqual(0);
        for (let v = 0; v < grid.voxels; v++)
          if (uptake[v] > 0) expect(exposure[v]).toBeGreaterThanOrEqual(0);
        [c, next] = [next, c];
      }
      return total(c);
    };
    const fine = steady(0.05);
    for (const h of [0.5, 2]) expect(Math.abs(steady(h) / fine - 1)).toBeLessThan(1e-5);
  });

  it('keeps the books where decay is a billion times faster than the window', () => {
    const grid = makeGrid([8, 8, 1], [8, 8, 1]);
    const field = makeField(10, 1e9, all(fixed(3)));
    const c = new Float64Array(grid.voxels).fill(5);
    const next = new Float64Array(grid.voxels);
    const step = createFieldSolver(grid).advance(field, c, 1, null, null, next, null);
    const change = (total(next) - total(c)) * grid.voxelVolume;
    const named = step.inflow.reduce((a, b) => a + b, 0) - step.decayed;
    expect(Math.abs(change - named)).toBeLessThan(1e-13 * step.decayed);
  });
});
