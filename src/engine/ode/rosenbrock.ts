import { firstStep, type Integrator, type Linearisation, type Problem, shortestStep } from './integrator.ts';

/**
 * RODAS4(3), a stiffly accurate, L-stable Rosenbrock method of six stages (Hairer & Wanner 1996, Solving Ordinary Differential
 * Equations II, sect. IV.7, doi:10.1007/978-3-642-05221-7):
 *
 *     (I/hγ − J) K_i = f(t + α_i h, y + Σ a_ij K_j) + Σ (c_ij/h) K_j + γ_i h ∂f/∂t,     y⁺ = y + Σ m_i K_i,   error = K_6
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
/** Dense output of order 3. */
const D = [
  [10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662],
  [-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872],
];
const STAGES = 6;
/** For those who follow many small systems one after the other. */
export const RODAS4 = { gamma: GAMMA, nodes: ALPHA, slope: SLOPE, a: A, c: C } as const;

/** The method for stiff problems. */
export function createRosenbrock(problem: Problem, linear: Linearisation): Integrator {
  const n = problem.size;
  const k = Array.from({ length: STAGES }, () => new Float64Array(n));
  const state = new Float64Array(n);
  const before = new Float64Array(n);
  const trial = new Float64Array(n);
  const slope = new Float64Array(n);
  const stage = new Float64Array(n);
  const timeSlope = new Float64Array(n);
  let from = 0;
  let to = 0;
  let length = 0;

  /** NaN where a stage is not defined. */
  function attempt(time: number, h: number): number {
    if (!linear.factorise(1 / (h * GAMMA))) return Number.NaN;
    for (let s = 0; s < STAGES; s++) {
      const [a, c] = [A[s], C[s]];
      trial.set(before);
      for (let j = 0; j < s; j++) for (let i = 0; i < n; i++) trial[i] += a[j] * k[j][i];
      if (s === 0) stage.set(slope);
      else if (!problem.derivative(time + ALPHA[s] * h, trial, stage)) return Number.NaN;
      const own = k[s];
      for (let i = 0; i < n; i++) {
        let sum = stage[i] + SLOPE[s] * h * timeSlope[i];
        for (let j = 0; j < s; j++) sum += (c[j] / h) * k[j][i];
        own[i] = sum;
      }
      linear.solve(own);
    }
    const error = k[STAGES - 1];
    for (let i = 0; i < n; i++) trial[i] += error[i];
    return problem.norm(error, before, trial);
  }

  return {
    get from() {
      return from;
    },
    get to() {
      return to;
    },
    state,
    restart(time, start, own) {
      state.set(start);
      from = time;
      to = time;
      if (!problem.derivative(time, state, slope)) return false;
      length = own ?? firstStep(state, slope, problem);
      return true;
    },
    step(limit) {
      const time = to;
      const left = limit - time;
      before.set(state);
      if (!problem.derivative(time, before, slope)) return 'failed';
      linear.evaluate(time, before, slope, Math.min(length, left), timeSlope);
      for (let h = length; ; ) {
        if (h >= left * (1 - 1e-12)) h = left;
        const norm = attempt(time, h);
        if (norm <= 1) {
          const growth = norm === 0 ? 6 : Math.min(6, Math.max(0.2, 0.9 * norm ** -0.25));
          length = h === left ? Math.max(length, h * growth) : h * growth;
          from = time;
          to = h === left ? limit : time + h;
          state.set(trial);
          return 'done';
        }
        h *= norm > 1 ? Math.max(0.2, 0.9 * norm ** -0.25) : 0.1;
        length = h;
        if (!(h > shortestStep(time, left))) return 'failed';
      }
    },
    interpolate(time, out) {
      const h = to - from;
      const theta = h > 0 ? (time - from) / h : 1;
      const rest = 1 - theta;
      for (let i = 0; i < n; i++) {
        let bend = 0;
        let twist = 0;
        for (let s = 0; s < STAGES - 1; s++) {
          bend += D[0][s] * k[s][i];
          twist += D[1][s] * k[s][i];
        }
        // The ends as they were computed: the state may have been shifted since.
        out[i] = rest * before[i] + theta * (trial[i] + rest * (bend + theta * twist));
      }
    },
  };
}
