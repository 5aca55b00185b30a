import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { CouplingChoice } from '../../src/engine/description/description.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { weakUptakeError } from '../../src/engine/scales/weakError.ts';
import { boxes, contents } from '../support/boxes.ts';
import { concentration, times, value } from '../support/describe.ts';
import { CONTINUOUS_SCHEDULES, SCHEDULES } from '../support/exchange.ts';
import { integrateLinear } from '../support/lineOde.ts';
import { windowLaw } from '../support/windowLaw.ts';

/** docs/numerics.md, Stiff exchange: every schedule on continuous channels. */

const N = 120;

function exactly(coupling: CouplingChoice): CouplingChoice {
  return coupling.schedule === 'strong' ? { ...coupling, tolerance: 1e-9 } : coupling;
}

/** What a box's cells hold less what they should, as a share, at the ends of windows with rate × window = 100. */
function deviations(coupling: CouplingChoice, inside: number, windows: number): number[] {
  const stiff = { step: 1, steps: windows, continuous: true, inside };
  const model = createModel(boxes(1, 4, N, 50, exactly(coupling), stiff));
  const found = Array.from({ length: windows }, () => {
    advance(model);
    for (const c of model.fields[0]) expect(c).toBeGreaterThanOrEqual(0);
    return contents(model, 4)[0] / (N / 2) - 1;
  });
  expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  return found;
}

describe.each([0.1, 0.9])(
  'a stiff exchange (rate × window = 100) that starts with %d of all inside',
  inside => {
    it.each([
      ['strong end', 1],
      ['strong linear', 3],
      ['joint', 1],
      ['monolithic', 5],
    ])('%s is within 10⁻⁶ of the exact equilibrium after %d windows, and stays', (name, windows) => {
      for (const off of deviations(CONTINUOUS_SCHEDULES[name], inside, windows + 5).slice(windows - 1))
        expect(Math.abs(off)).toBeLessThan(1e-6);
    });

    it('the midpoint swings into it, by −⅓ a window', () => {
      const found = deviations(SCHEDULES['strong midpoint'], inside, 14);
      const { lagged } = windowLaw(SCHEDULES['strong midpoint'], 1, 50, N / 2);
      for (let i = 1; i < 8; i++) expect(Math.abs(found[i] / found[i - 1] - lagged)).toBeLessThan(0.005);
      expect(Math.abs(found[13])).toBeLessThan(1e-6);
    });

    it('weak coupling is off as predicted: by Lie for ever, by Strang for dozens of windows', () => {
      const lie = deviations(SCHEDULES['weak lie'], inside, 8);
      const { mean } = weakUptakeError(50, 50, 1, 'lie');
      expect(Math.abs(lie[7])).toBeGreaterThan(0.9);
      expect(Math.abs(lie[7] / Math.abs(mean))).toBeGreaterThan(0.9);
      const strang = deviations(SCHEDULES['weak strang'], inside, 12);
      for (let i = 6; i < 12; i++) {
        expect(strang[i] / strang[i - 1]).toBeGreaterThan(0.65);
        expect(strang[i] / strang[i - 1]).toBeLessThan(0.8);
      }
    });
  },
);

describe('orders in the deterministic limit, on a line of diffusing voxels', () => {
  const [BOXES, RATE, HOP, END] = [5, 0.7, 1, 2];
  const x = { kind: 'variable', variable: { of: 'position', axis: 0 } } as const;

  it.each([
    ['weak lie', 1],
    ['weak strang', 2],
    ['strong end', 1],
    ['strong midpoint', 2],
    ['strong linear', 2],
    ['joint', 2],
    ['monolithic', 2],
  ] as const)('%s: %i', (name, order) => {
    const start = Array.from({ length: 2 * BOXES }, (_, i) =>
      i < BOXES ? 0.2 * N : 8 * (2 * (i - BOXES) + 1) * 4,
    );
    const exact = integrateLinear(start, BOXES, RATE, HOP, END);
    const errors = [10, 20, 40].map(steps => {
      const line = boxes(BOXES, 2, N, RATE, exactly(CONTINUOUS_SCHEDULES[name]), {
        step: END / steps,
        steps,
        continuous: true,
        diffusivity: 4 * HOP,
        inside: 0.2,
      });
      const model = createModel({ ...line, fields: [{ ...line.fields[0], initial: times(value(8), x) }] });
      return Math.max(...contents(simulate(model), 2).map((found, i) => Math.abs(found - exact[i])));
    });
    for (let i = 1; i < errors.length; i++) {
      expect(Math.log2(errors[i - 1] / errors[i])).toBeGreaterThan(order - 0.2);
      expect(Math.log2(errors[i - 1] / errors[i])).toBeLessThan(order + 0.35);
    }
  });

  it('the same where rates are not in proportion to what is seen', () => {
    // One box, saturating both ways: against a run with a hundredth of the step.
    const make = (coupling: CouplingChoice, steps: number) => {
      const box = boxes(1, 2, N, RATE, exactly(coupling), {
        step: END / steps,
        steps,
        continuous: true,
        inside: 0.1,
      });
      const [type] = box.cellTypes;
      const [out, into] = type.circuit.reactions;
      const rate = times(into.rate, concentration(0), value(0.1));
      const circuit = { ...type.circuit, reactions: [out, { ...into, rate }] };
      return contents(simulate(createModel({ ...box, cellTypes: [{ ...type, circuit }] })), 2)[0];
    };
    const exact = make(SCHEDULES['strong midpoint'], 2000);
    for (const [name, order] of [
      ['weak strang', 2],
      ['strong end', 1],
      ['strong midpoint', 2],
      ['strong linear', 2],
    ] as const) {
      const [coarse, fine] = [20, 40].map(steps => Math.abs(make(SCHEDULES[name], steps) - exact));
      expect(Math.abs(Math.log2(coarse / fine) - order)).toBeLessThan(0.3);
    }
  });
});
