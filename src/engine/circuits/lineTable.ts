import type { TimeTable } from './timeTable.ts';

/** A TimeTable of functions that are linear in time over the whole window: two values of each, and all integrals in closed form. */
export function createLineTable(functions: readonly ((time: number) => number)[]): TimeTable {
  const terms = functions.length;
  const starts = new Float64Array(terms);
  const slopes = new Float64Array(terms);
  let end = 0;
  /** Of the weighted sum, as `combine` left it. */
  let value = 0;
  let slope = 0;

  function combine(weights: Float64Array): void {
    value = 0;
    slope = 0;
    for (let i = 0; i < terms; i++) {
      value += weights[i] * starts[i];
      slope += weights[i] * slopes[i];
    }
  }

  return {
    build(span) {
      end = span;
      let finite = span > 0;
      for (let i = 0; i < terms; i++) {
        starts[i] = functions[i](0);
        slopes[i] = (functions[i](span) - starts[i]) / span;
        finite &&= Number.isFinite(starts[i]) && Number.isFinite(slopes[i]);
      }
      return finite;
    },
    isNonNegative(weights) {
      combine(weights);
      const last = value + slope * end;
      return value >= 0 && last >= 0 && value < Number.POSITIVE_INFINITY && last < Number.POSITIVE_INFINITY;
    },
    panelAt: () => 0,
    integral(weights, from, _p, to) {
      combine(weights);
      return Math.max(0, (to - from) * (value + 0.5 * slope * (from + to)));
    },
    solve(weights, from, _p, target, result) {
      combine(weights);
      const rate = value + slope * from;
      const left = end - from;
      const whole = left * (rate + 0.5 * slope * left);
      if (!(target < whole)) {
        result.time = Number.POSITIVE_INFINITY;
        result.integral = Math.max(0, whole);
        return;
      }
      // rate τ + ½ slope τ² = target, by the form that does not cancel; below `whole` the root is real.
      const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * target));
      const ahead = target === 0 && rate === 0 ? 0 : (2 * target) / (rate + root);
      result.time = Math.min(end, from + ahead);
      result.integral = target;
    },
  };
}
