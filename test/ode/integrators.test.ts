import { describe, expect, it } from 'vitest';
import { createDense } from '../../src/engine/ode/dense.ts';
import { createDormandPrince } from '../../src/engine/ode/dormandPrince.ts';
import { errorNorm, type Integrator, type Problem, type Tolerance } from '../../src/engine/ode/integrator.ts';
import { createRosenbrock } from '../../src/engine/ode/rosenbrock.ts';
import { createSwitching } from '../../src/engine/ode/switching.ts';

type Derivative = (time: number, y: Float64Array, out: Float64Array) => void;
type Create = (n: number, f: Derivative, tolerance: Tolerance) => Integrator;

function problemOf(size: number, f: Derivative, tolerance: Tolerance): Problem {
  return {
    size,
    derivative(time, y, out) {
      f(time, y, out);
      return true;
    },
    norm: (error, before, after) => errorNorm(error, before, after, tolerance),
  };
}

const explicit: Create = (n, f, tolerance) => createDormandPrince(problemOf(n, f, tolerance));
const stiff: Create = (n, f, tolerance) => {
  const problem = problemOf(n, f, tolerance);
  return createRosenbrock(problem, createDense(problem, tolerance.absolute / tolerance.relative));
};

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
    ['Dormand–Prince', explicit, 5],
    ['RODAS', stiff, 4],
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
    const integrator = explicit(3, robertson, { relative: 1e-6, absolute: 1e-9 });
    integrator.restart(0, Float64Array.of(1, 0, 0));
    let steps = 0;
    while (integrator.step(40) !== 'stiff') expect(++steps).toBeLessThan(2000);
    expect(integrator.to).toBeLessThan(40);
  });

  it('are solved by the Rosenbrock method in few steps', () => {
    const integrator = stiff(3, robertson, { relative: 1e-8, absolute: 1e-12 });
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

  it('hand over: explicit, then stiff, continuous in between', () => {
    const tolerance = { relative: 1e-8, absolute: 1e-12 };
    const problem = problemOf(3, robertson, tolerance);
    const solver = createSwitching(problem, createDense(problem, 1e-4));
    solver.restart(0, Float64Array.of(1, 0, 0));
    const between = new Float64Array(3);
    const seen: string[] = [];
    let steps = 0;
    while (solver.to < 40 && ++steps < 5000) {
      expect(solver.step(40)).not.toBe('failed');
      if (seen.at(-1) !== solver.solver) seen.push(solver.solver);
      solver.interpolate(solver.to, between);
      expect(between).toEqual(solver.state);
    }
    expect(seen).toEqual(['explicit', 'stiff']);
    expect(solver.state[0]).toBeCloseTo(0.7158270688, 7);
  });

  it('that end in a singularity fail instead of passing it', () => {
    // y' = y², y = 1/(1 − t).
    const solver = explicit(
      1,
      (_t, y, out) => {
        out[0] = y[0] * y[0];
      },
      { relative: 1e-8, absolute: 1e-8 },
    );
    solver.restart(0, Float64Array.of(1));
    let outcome = solver.step(2);
    for (let steps = 0; outcome !== 'failed' && steps < 10_000; steps++) outcome = solver.step(2);
    expect(outcome).toBe('failed');
    expect(solver.to).toBeCloseTo(1, 6);
  });
});
