import { describe, expect, it } from 'vitest';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';

/** What strong coupling is combined with: lines of a scenario at top level, and of field A. */
const COMPANIONS: Record<
  string,
  { readonly top?: string; readonly field?: string; readonly order?: number }
> = {
  'a reservoir': {
    top: 'bulk: { tank: { face: left, volume: 200 um^3, inflow: 20 um^3/s, influent: { A: 2 uM }, initial: { A: 1 uM } } }',
  },
  'a quasi-steady field': {
    field:
      'dynamics: quasi-steady, boundary: { left: { value: 1 uM }, right: no-flux, top: no-flux, bottom: no-flux }',
    order: 1,
  },
  'reactions of fields': {
    top: 'reactions: { turn: { equation: "field.A -> field.B", rate: 0.5 /s * field.A }, back: { equation: "field.B -> field.A", rate: 0.2 /s * field.B } }',
  },
  'steps of the field’s own': { field: 'tolerance: 1e-4' },
  'a multigrid solver': { field: 'solver: multigrid' },
};

function scenario(sees: string, name: string, step: string, continuous: boolean): string {
  const { top = '', field = '' } = COMPANIONS[name];
  return `
cellfield: 1
title: strong coupling with ${name}
domain: { size: [8 um, 4 um], grid: [8, 4], thickness: 1 um }
time: { end: 2 s, step: ${step} }
fields:
  A: { diffusivity: 10 um^2/s, initial: 1 uM${field === '' ? '' : `, ${field}`} }
  B: { diffusivity: 10 um^2/s, initial: 0 uM }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 500 }
    reactions:
      in: { equation: "field.A -> A", continuous: ${continuous}, rate: 2 um^3/s * field.A }
      out: { equation: "A -> field.A", continuous: ${continuous}, rate: 1 /s * A }
population: [{ type: c, count: 3, in: { points: [[1 um, 1 um], [4 um, 2 um], [6 um, 3 um]] } }]
coupling: { schedule: strong, sees: ${sees}, tolerance: 1e-9, kernel: linear }
${top}
`;
}

describe.each(Object.keys(COMPANIONS))('strong coupling with %s', name => {
  it.each(['end', 'midpoint', 'linear'])(
    'sees: %s: converges with the step at its order and closes the balance',
    sees => {
      const [a, b, c] = [0.25, 0.125, 0.0625].map(step => {
        const model = simulate(build(loadScenario(scenario(sees, name, `${step} s`, true))));
        expect(model.balance.worstRelative()).toBeLessThan(1e-12);
        expect(model.profile.counts.halvedWindows).toBe(0);
        const { amounts, stride } = model.population;
        return [0, 1, 2].reduce((sum, slot) => sum + amounts[slot * stride + 1], 0);
      });
      const order = Math.log2(Math.abs((a - b) / (b - c)));
      expect(order).toBeGreaterThan(sees === 'end' || COMPANIONS[name].order === 1 ? 0.8 : 1.7);
    },
  );

  it.each(['midpoint', 'linear'])('sees: %s: takes whole molecules and closes the balance', sees => {
    const model = simulate(build(loadScenario(scenario(sees, name, '0.25 s', false))));
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    for (const values of model.fields) for (const x of values) expect(x).toBeGreaterThanOrEqual(0);
    const { amounts, stride } = model.population;
    for (const slot of [0, 1, 2]) expect(Number.isInteger(amounts[slot * stride + 1])).toBe(true);
  });
});
