import type { Linearisation, Problem } from './integrator.ts';
import { factorise, solveFactorised } from './lu.ts';

/** By forward differences: the error, 10⁻⁸ of the Jacobian's entries, is below what the method notices. */
const DIFFERENCE = 2 ** -26;

/**
 * Dense Jacobian by forward differences, for a problem that knows no better. `typical`: an unknown below it is moved as if it
 * were that large (absolute over relative tolerance).
 */
export function createDense(problem: Problem, typical: number): Linearisation {
  const n = problem.size;
  const jacobian = new Float64Array(n * n);
  const matrix = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  const moved = new Float64Array(n);
  const shifted = new Float64Array(n);
  return {
    evaluate(time, y, slope, step, timeSlope) {
      moved.set(y);
      for (let j = 0; j < n; j++) {
        const size = Math.max(Math.abs(y[j]), Math.abs(step * slope[j]), typical);
        moved[j] = y[j] + DIFFERENCE * size;
        const by = moved[j] - y[j];
        problem.derivative(time, moved, shifted);
        for (let i = 0; i < n; i++) jacobian[i * n + j] = (shifted[i] - slope[i]) / by;
        moved[j] = y[j];
      }
      const later = time + DIFFERENCE * Math.max(Math.abs(time), step);
      problem.derivative(later, y, shifted);
      for (let i = 0; i < n; i++) timeSlope[i] = (shifted[i] - slope[i]) / (later - time);
    },
    factorise(sigma) {
      for (let i = 0; i < n * n; i++) matrix[i] = -jacobian[i];
      for (let i = 0; i < n; i++) matrix[i * n + i] += sigma;
      return factorise(matrix, pivots, n);
    },
    solve: x => solveFactorised(matrix, pivots, n, x),
  };
}
