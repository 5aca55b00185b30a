import type { Solver, Step } from './dormandPrince.ts';
import type { Flow } from './flow.ts';
import { factorise, solveFactorised } from './lu.ts';

/**
 * RODAS4(3), a stiffly accurate, L-stable Rosenbrock method of six stages (Hairer & Wanner 1996, Solving Ordinary Differential
 * Equations II, sect. IV.7, doi:10.1007/978-3-642-05221-7), on the extents of a flow:
 *
 *     (I/hγ − J) K_i = v(t + α_i h, e + Σ a_ij K_j) + Σ (c_ij/h) K_j + γ_i h ∂v/∂t,     e⁺ = e + Σ m_i K_i,   error = K_6
 *
 * J = V N with V = ∂v/∂x of rank at most the number of species, so the linear systems are solved among species:
 * K = hγ (r + V u), (I/hγ − N V) u = N r (Woodbury). Extents, and with them moieties, stay exact.
 */
const GAMMA = 0.25;
const ALPHA = [0, 0.386, 0.21, 0.63, 1, 1];
const SLOPE = [0.25, -0.1043, 0.1035, -0.0362, 0, 0];
const A = [
  [],
  [1.544],
  [0.9466785280815826, 0.2557011698983284],
  [3.314825187068521, 2.896124015972201, 0.9986419139977817],
  [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895],
  [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1],
];
const C = [
  [],
  [-5.6688],
  [-2.430093356833875, -0.2063599157091915],
  [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
  [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
  [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
];
export const ROSENBROCK_ORDER = 4;

export function createRosenbrock(flow: Flow): Solver {
  const { count, size } = flow;
  const k = Array.from({ length: 6 }, () => new Float64Array(count));
  const first = new Float64Array(count);
  const slope = new Float64Array(count);
  const rates = new Float64Array(count);
  const stage = new Float64Array(count);
  const partial = new Float64Array(count * size);
  const matrix = new Float64Array(size * size);
  const pivots = new Int32Array(size);
  const u = new Float64Array(size);
  const step: Step = { extents: new Float64Array(count), error: new Float64Array(count), stiffness: 0 };
  const { changers } = flow.network;

  return {
    step,
    begin: offset => flow.rates(offset, first),
    attempt(offset, h, extents, floor) {
      // The flow stands at `extents` only after a step that was taken; a rejected one moved it.
      flow.moveTo(extents);
      if (flow.rates(offset, first) >= 0) return false;
      flow.jacobian(offset, partial);
      flow.timeSlope(offset, slope);
      const diagonal = 1 / (h * GAMMA);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          let sum = i === j ? diagonal : 0;
          for (const [channel, n] of changers[i]) sum -= n * partial[channel * size + j];
          matrix[i * size + j] = sum;
        }
      }
      if (!factorise(matrix, pivots, size)) return false;
      for (let i = 0; i < 6; i++) {
        const [a, c] = [A[i], C[i]];
        stage.set(extents);
        for (let j = 0; j < i; j++) for (let n = 0; n < count; n++) stage[n] += a[j] * k[j][n];
        if (i === 0) rates.set(first);
        else {
          const least = flow.moveTo(stage);
          // Inner stages may undershoot; only where rates end is the step given up.
          if (Number.isNaN(least) || flow.rates(offset + ALPHA[i] * h, rates) >= 0) return false;
        }
        const r = k[i];
        for (let n = 0; n < count; n++) {
          let sum = rates[n] + SLOPE[i] * h * slope[n];
          for (let j = 0; j < i; j++) sum += (c[j] / h) * k[j][n];
          r[n] = sum;
        }
        flow.combine(r, u);
        solveFactorised(matrix, pivots, size, u);
        for (let n = 0; n < count; n++) {
          let sum = r[n];
          for (let s = 0; s < size; s++) sum += partial[n * size + s] * u[s];
          r[n] = h * GAMMA * sum;
        }
      }
      for (let n = 0; n < count; n++) {
        step.extents[n] = stage[n] + k[5][n];
        step.error[n] = k[5][n];
      }
      return flow.moveTo(step.extents) >= floor;
    },
    accept() {},
  };
}
