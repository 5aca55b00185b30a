import type { Linearisation, Problem } from '../ode/integrator.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import type { Flow } from './flow.ts';

/**
 * A flow as a problem for the solvers of ode/. Unknowns are extents since x₀; errors are those of the amounts, and of the extents of
 * channels that change none.
 *
 * J = V N with V = ∂v/∂x of rank at most the number of species, so the linear systems are solved among species:
 * (σI − VN)⁻¹ r = (r + V u)/σ, (σI − N V) u = N r (Woodbury). Extents, and with them moieties, stay exact.
 */
export interface FlowProblem extends Problem {
  readonly linear: Linearisation;
  /** Largest row sum of |N V| at the present amounts, `offset` s into the window: no eigenvalue exceeds it. */
  jacobianNorm(offset: number): number;
  /** Whether the last step that was tried ended below the floor. */
  readonly undershot: boolean;
  /** The channel whose rate was not valid in the last evaluation, −1 if none, and that rate. */
  readonly invalid: number;
  readonly invalidRate: number;
}

/**
 * `totals`: extents up to x₀, by channel. Amounts may end below 0 by `absolute`; where `strict` they may not, nor may rates be
 * negative that are to be checked.
 */
export function createFlowProblem(
  flow: Flow,
  tolerance: number,
  absolute: number,
  totals: Float64Array,
  strict = false,
): FlowProblem {
  const { count, size, amounts } = flow;
  const { channels, changed, detached, changers } = flow.network;
  const floor = strict ? 0 : -absolute;
  const checked = Int32Array.from(channels.flatMap((channel, c) => (strict && channel.checked ? [c] : [])));
  const difference = new Float64Array(count);
  const change = new Float64Array(size);
  const partial = new Float64Array(count * size);
  /** N V */
  const product = new Float64Array(size * size);
  const matrix = new Float64Array(size * size);
  const pivots = new Int32Array(size);
  let sigma = 1;
  let undershot = false;
  let invalid = -1;
  let invalidRate = 0;

  function multiply(): void {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (const [channel, n] of changers[i]) sum += n * partial[channel * size + j];
        product[i * size + j] = sum;
      }
    }
  }

  return {
    size: count,
    get undershot() {
      return undershot;
    },
    get invalid() {
      return invalid;
    },
    get invalidRate() {
      return invalidRate;
    },
    derivative(time, extents, out) {
      if (Number.isNaN(flow.moveTo(extents))) return false;
      let wrong = flow.rates(time, out);
      for (let i = 0; wrong < 0 && i < checked.length; i++) if (!(out[checked[i]] >= 0)) wrong = checked[i];
      invalid = wrong;
      if (wrong >= 0) invalidRate = out[wrong];
      return wrong < 0;
    },
    norm(error, _before, after) {
      undershot = !(flow.moveTo(after) >= floor);
      if (undershot) return Number.POSITIVE_INFINITY;
      flow.combine(error, change);
      let largest = 0;
      for (let i = 0; i < size; i++) {
        const scaled = Math.abs(change[i]) / (absolute + tolerance * Math.abs(amounts[changed[i]]));
        if (!(scaled <= largest)) largest = scaled;
      }
      for (const c of detached) {
        const scaled = Math.abs(error[c]) / (absolute + tolerance * Math.abs(totals[c] + after[c]));
        if (!(scaled <= largest)) largest = scaled;
      }
      return largest;
    },
    distance(a, b) {
      for (let c = 0; c < count; c++) difference[c] = a[c] - b[c];
      flow.combine(difference, change);
      let sum = 0;
      for (let i = 0; i < size; i++) sum += change[i] * change[i];
      return Math.sqrt(sum);
    },
    jacobianNorm(offset) {
      flow.jacobian(offset, partial);
      multiply();
      let most = 0;
      for (let i = 0; i < size; i++) {
        let row = 0;
        for (let j = 0; j < size; j++) row += Math.abs(product[i * size + j]);
        most = Math.max(most, row);
      }
      return most;
    },
    linear: {
      evaluate(time, extents, _slope, _step, timeSlope) {
        flow.moveTo(extents);
        flow.jacobian(time, partial);
        flow.timeSlope(time, timeSlope);
        multiply();
      },
      factorise(shift) {
        sigma = shift;
        for (let i = 0; i < size * size; i++) matrix[i] = -product[i];
        for (let i = 0; i < size; i++) matrix[i * size + i] += sigma;
        return factorise(matrix, pivots, size);
      },
      solve(x) {
        flow.combine(x, change);
        solveFactorised(matrix, pivots, size, change);
        for (let c = 0; c < count; c++) {
          let sum = x[c];
          for (let s = 0; s < size; s++) sum += partial[c * size + s] * change[s];
          x[c] = sum / sigma;
        }
      },
    },
  };
}
