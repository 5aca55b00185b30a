import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';

const text = (field: string, domain = '') => `
cellfield: 1
title: Cells between pillars
domain:
  size: [40 um, 30 um]
  grid: [40, 30]
  thickness: 1 um
${domain}
time: { end: 20 s, step: 1 s }
fields:
  food:
    initial: 1 uM
    boundary: { left: { value: 1 uM } }
${field}
cells:
  eater:
    shape: { disc: { radius: 0.3 um } }
    species: { eaten: 0, waste: 500 }
    reactions:
      eat: { equation: field.food -> eaten, continuous: true, rate: "20 /s * field.food / (1 uM + field.food)" }
      leak: { equation: waste -> field.food, k: 0.1 /s }
population:
  - { type: eater, in: { points: [[13.9 um, 15 um], [20 um, 8.9 um], [26.2 um, 15.1 um], [5 um, 5 um]] } }
`;
const PILLARS = `  obstacles: [{ disc: { centre: [20 um, 15 um], radius: 6 um } }, { where: x > 30 um and y < 10 um }]`;
const PLAIN = '    diffusivity: 200 um^2/s';

describe('obstacles and varying diffusivity in a scenario', () => {
  it('keep the balance, hold nothing, and resume to the bit', () => {
    const scenario = loadScenario(text(PLAIN, PILLARS));
    const model = build(scenario);
    const solid = scenario.description.grid.solid as Uint8Array;
    expect(solid.reduce((sum, one) => sum + one, 0)).toBe(112 + 100);
    for (let step = 0; step < 10; step++) advance(model);
    const resumed = build(scenario);
    restoreSnapshot(resumed, saveSnapshot(model, 'pillars'), 'pillars');
    for (let step = 0; step < 10; step++) {
      advance(model);
      advance(resumed);
    }
    expect(stateHash(resumed)).toBe(stateHash(model));
    const [values] = model.fields;
    for (let v = 0; v < values.length; v++) if (solid[v]) expect(values[v]).toBe(0);
    const summary = summarise(model);
    expect(summary.worstRelativeResidual).toBeLessThan(1e-12);
    expect(summary.worstStepResidual).toBeLessThan(1e-12);
    expect(summary.fields.food.min).toBeGreaterThan(0);
    expect(summary.solvers.food).toEqual({ solver: 'multigrid', reason: 'the domain has obstacles' });
    // The cells at the pillar stand beside it and exchange with the free voxels only.
    expect(model.population.y[1]).toBeCloseTo(8.7, 9);
    expect(model.population.x[2]).toBeCloseTo(26.3, 9);
    expect(summary.species['eater.eaten'].mean).toBeGreaterThan(100);
  });

  it('solve what both solvers can alike', () => {
    const run = (solver: string) => {
      const model = build(loadScenario(text(`${PLAIN}\n    solver: ${solver}`), {}));
      for (let step = 0; step < 20; step++) advance(model);
      return summarise(model);
    };
    const [adi, multigrid] = [run('adi'), run('multigrid')];
    expect(multigrid.fields.food.total / adi.fields.food.total).toBeCloseTo(1, 3);
    expect(multigrid.worstRelativeResidual).toBeLessThan(1e-12);
  });

  it('are refused where they make no sense, with the place', () => {
    const faults = (field: string, domain = ''): string => {
      try {
        loadScenario(text(field, domain));
        return '';
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        return error.problems.map(({ path, message }) => `${path} ${message}`).join('\n');
      }
    };
    expect(faults('    diffusivity: "200 um^2/s * (x - 20 um) / (1 um)"')).toMatch(
      /food\.diffusivity must not be negative/,
    );
    expect(faults('    diffusivity: { x: 1 um^2/s }')).toMatch(/`y` is missing/);
    expect(faults('    diffusivity: { x: 1 um^2/s, y: 1 um^2/s, z: 1 um^2/s }')).toMatch(/no such axis/);
    expect(faults('    diffusivity: 3 um')).toMatch(/length\^2\/time/);
    expect(faults(PLAIN, '  obstacles: [{ where: x > 0 um }]')).toMatch(/leave no free voxel/);
    expect(faults(PLAIN, '  obstacles: [{ where: time }]')).toMatch(/cannot be read in a condition/);
    expect(faults(PLAIN, '  obstacles: [{ ball: { centre: [1 um, 1 um], radius: 1 um } }]')).toMatch(/2-D/);
  });
});
