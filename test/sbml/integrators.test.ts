import { describe, expect, it } from 'vitest';
import { createDormandPrince } from '../../src/engine/sbml/dormandPrince.ts';
import type { Derivative, Integrator, Tolerance } from '../../src/engine/sbml/integrator.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { createRosenbrock } from '../../src/engine/sbml/rosenbrock.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { apply, ci, cn, document, parameters, rateRule } from './document.ts';

type Create = (n: number, f: Derivative, tolerance: Tolerance) => Integrator;

/** Error at t = 2 of a non-linear, time-dependent problem with fixed steps: y' = −2 t y², y = 1/(1 + t²). */
function errorAt(create: Create, steps: number): number {
  const f: Derivative = (t, y, out) => {
    out[0] = -2 * t * y[0] * y[0];
  };
  // So large a tolerance that no step is refused; the limits set the steps.
  const integrator = create(1, f, { relative: 1e9, absolute: 1e9 });
  integrator.restart(0, Float64Array.of(1));
  for (let i = 1; i <= steps; i++) {
    while (integrator.to < (2 * i) / steps) integrator.step((2 * i) / steps);
  }
  return Math.abs(integrator.state[0] - 1 / 5);
}

describe('order of accuracy', () => {
  for (const [name, create, order] of [
    ['Dormand–Prince', createDormandPrince, 5],
    ['Kaps–Rentrop', createRosenbrock, 4],
  ] as const) {
    it(`${name} has order ${order}`, () => {
      const slope = Math.log2(errorAt(create, 40) / errorAt(create, 80));
      expect(slope).toBeGreaterThan(order - 0.4);
      expect(slope).toBeLessThan(order + 0.9);
    });

    it(`${name}: the solution between steps is as good as its tolerance`, () => {
      const f: Derivative = (_t, y, out) => {
        out[0] = y[1];
        out[1] = -y[0];
      };
      const integrator = create(2, f, { relative: 1e-8, absolute: 1e-8 });
      integrator.restart(0, Float64Array.of(1, 0));
      const between = new Float64Array(2);
      let worst = 0;
      while (integrator.to < 10) {
        integrator.step(10);
        for (const part of [0.1, 0.37, 0.5, 0.83, 1]) {
          const time = integrator.from + part * (integrator.to - integrator.from);
          integrator.interpolate(time, between);
          worst = Math.max(worst, Math.abs(between[0] - Math.cos(time)));
        }
      }
      expect(worst).toBeLessThan(1e-6);
    });
  }
});

/** Robertson's problem (1966). */
const robertson: Derivative = (_t, y, out) => {
  out[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
  out[2] = 3e7 * y[1] * y[1];
  out[1] = -out[0] - out[2];
};

describe('stiff problems', () => {
  it('are seen by the explicit method', () => {
    const integrator = createDormandPrince(3, robertson, { relative: 1e-6, absolute: 1e-9 });
    integrator.restart(0, Float64Array.of(1, 0, 0));
    let steps = 0;
    while (integrator.step(40) !== 'stiff') expect(++steps).toBeLessThan(2000);
    expect(integrator.to).toBeLessThan(40);
  });

  it('are solved by the Rosenbrock method in few steps', () => {
    const integrator = createRosenbrock(3, robertson, { relative: 1e-8, absolute: 1e-12 });
    integrator.restart(0, Float64Array.of(1, 0, 0));
    let steps = 0;
    while (integrator.to < 40) {
      integrator.step(40);
      steps++;
    }
    // The explicit method is bound to 3.3/2200 s by stability: 27,000 steps.
    expect(steps).toBeLessThan(2500);
    // Hairer & Wanner 1996, IV.10, at t = 40.
    expect(integrator.state[0]).toBeCloseTo(0.7158270688, 7);
    expect(integrator.state[1]).toBeCloseTo(0.9185534765e-5, 11);
    expect(integrator.state[2]).toBeCloseTo(0.2841637458, 7);
  });
});

describe('a time course', () => {
  it('is as accurate for amounts of 1e-20 as for amounts of 1', () => {
    const decay = (initial: number): number => {
      const model = readSbml(
        document(
          `${parameters({ x: initial })}<listOfRules>${rateRule('x', apply('times', cn(-2), ci('x')))}</listOfRules>`,
        ),
      );
      const [, end] = simulateSbml(model, { times: [0, 3], observables: [{ name: 'x', as: 'symbol' }] });
      return end[0] / initial;
    };
    expect(Math.abs(decay(1) / Math.exp(-6) - 1)).toBeLessThan(1e-8);
    expect(Math.abs(decay(1e-20) / Math.exp(-6) - 1)).toBeLessThan(1e-8);
  });

  it('of a stiff model goes on with the implicit method', () => {
    // x relaxes to y at 10⁶, y decays at 1: x → e^(−t)·10⁶/(10⁶ − 1).
    const fast = apply('times', cn(1e6), apply('minus', ci('y'), ci('x')));
    const model = readSbml(
      document(
        `${parameters({ x: 0, y: 1 })}<listOfRules>${rateRule('x', fast)}${rateRule('y', apply('minus', ci('y')))}</listOfRules>`,
      ),
    );
    const began = performance.now();
    const [, end] = simulateSbml(model, { times: [0, 10], observables: [{ name: 'x', as: 'symbol' }] });
    expect(Math.abs(end[0] / ((Math.exp(-10) * 1e6) / (1e6 - 1)) - 1)).toBeLessThan(1e-6);
    // The explicit method alone would take 3·10⁶ steps, beyond its limit of 2·10⁶.
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
