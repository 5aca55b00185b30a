import { euclidean, firstStep, type Integrator, type Problem, shortestStep } from './integrator.ts';

/** Tableau of Dormand & Prince (1980, doi:10.1016/0771-050X(80)90013-3), order 5(4), first same as last. */
const C = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const A = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Weights of the fifth order minus those of the fourth. */
const E = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
/** Dense output of order 4 (Hairer, Nørsett & Wanner 1993, II.6). */
const D = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];
const STAGES = 7;
/**
 * Boundary of stability on the negative real axis; steps beyond it that make a problem stiff, unless so many in a row lie within
 * (Hairer & Wanner 1996, IV.2).
 */
const STABLE = 3.25;
const STIFF_STEPS = 15;
const EASY_STEPS = 6;

/** The explicit method for problems that are not stiff. */
export function createDormandPrince(problem: Problem): Integrator {
  const n = problem.size;
  const distance = problem.distance ?? euclidean;
  const k = Array.from({ length: STAGES }, () => new Float64Array(n));
  const state = new Float64Array(n);
  const before = new Float64Array(n);
  const trial = new Float64Array(n);
  const sixth = new Float64Array(n);
  const error = new Float64Array(n);
  const first = new Float64Array(n);
  let from = 0;
  let to = 0;
  let length = 0;
  let stiffSteps = 0;
  let easySteps = 0;

  /** NaN where a stage is not defined. */
  function attempt(time: number, h: number): number {
    for (let s = 1; s < STAGES; s++) {
      const row = A[s];
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < s; j++) sum += row[j] * k[j][i];
        trial[i] = before[i] + h * sum;
      }
      if (s === STAGES - 2) sixth.set(trial);
      if (!problem.derivative(time + C[s] * h, trial, k[s])) return Number.NaN;
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let s = 0; s < STAGES; s++) sum += E[s] * k[s][i];
      error[i] = h * sum;
    }
    return problem.norm(error, before, trial);
  }

  /** h |λ| from the last two stages, which are evaluated at the same time (Hairer & Wanner 1996, IV.2). */
  function beyondStability(h: number): boolean {
    const apart = distance(trial, sixth);
    return apart > 0 && h * distance(k[6], k[5]) > STABLE * apart;
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
      stiffSteps = 0;
      easySteps = 0;
      if (!problem.derivative(time, state, k[6])) return false;
      length = own ?? firstStep(state, k[6], problem);
      return true;
    },
    step(limit) {
      const time = to;
      before.set(state);
      first.set(k[6]);
      const left = limit - time;
      for (let h = length; ; ) {
        if (h >= left * (1 - 1e-12)) h = left;
        k[0].set(first);
        const norm = attempt(time, h);
        if (norm <= 1) {
          const growth = norm === 0 ? 10 : Math.min(10, Math.max(0.2, 0.9 * norm ** -0.2));
          // A step cut short by the limit says little about the next one.
          length = h === left ? Math.max(length, h * growth) : h * growth;
          if (beyondStability(h)) {
            stiffSteps += 1;
            easySteps = 0;
          } else if (++easySteps >= EASY_STEPS) stiffSteps = 0;
          from = time;
          to = h === left ? limit : time + h;
          state.set(trial);
          return stiffSteps >= STIFF_STEPS ? 'stiff' : 'done';
        }
        h *= norm > 1 ? Math.max(0.2, 0.9 * norm ** -0.2) : 0.1;
        length = h;
        if (!(h > shortestStep(time, left))) return 'failed';
      }
    },
    interpolate(time, out) {
      const h = to - from;
      const theta = h > 0 ? (time - from) / h : 1;
      const rest = 1 - theta;
      for (let i = 0; i < n; i++) {
        const rise = state[i] - before[i];
        const bend = h * k[0][i] - rise;
        let quartic = 0;
        for (let s = 0; s < STAGES; s++) quartic += D[s] * k[s][i];
        const cubic = rise - h * k[6][i] - bend;
        out[i] = before[i] + theta * (rise + rest * (bend + theta * (cubic + rest * h * quartic)));
      }
    },
  };
}
