/**
 * Where the root of a decreasing residual must lie, for each of many values: above every u at which it was positive, below
 * every u at which it was negative. A proposal outside is replaced by the middle, and so is one after a pass that did not halve
 * the residual. A residual that steps by whole firings is met this way in about log₂(bracket/step) passes, which a slope alone
 * cannot promise. Neighbours move the residual a little between passes: a bracket too narrow for what is left is dropped.
 */
export interface Brackets {
  begin(size: number): void;
  /** The next guess of value i, from residual r at u and a proposal; `allowed` is what counts as zero. */
  next(i: number, u: number, r: number, proposal: number, allowed: number): number;
}

export function createBrackets(): Brackets {
  let low = new Float64Array(0);
  let high = new Float64Array(0);
  /** Size of the residual at the last pass. */
  let last = new Float64Array(0);
  return {
    begin(size) {
      if (low.length < size) [low, high, last] = [0, 1, 2].map(() => new Float64Array(size));
      low.fill(0);
      high.fill(Number.POSITIVE_INFINITY);
      last.fill(Number.POSITIVE_INFINITY);
    },
    next(i, u, r, proposal, allowed) {
      if (r > 0) low[i] = Math.max(low[i], u);
      else high[i] = Math.min(high[i], u);
      const stalls = 2 * Math.abs(r) > last[i];
      last[i] = Math.abs(r);
      const span = high[i] - low[i];
      if (!(span > 1e-3 * allowed)) {
        low[i] = r > 0 ? u : 0;
        high[i] = r > 0 ? Number.POSITIVE_INFINITY : u;
      } else if (span < Number.POSITIVE_INFINITY && (stalls || !(proposal > low[i] && proposal < high[i]))) {
        return low[i] + 0.5 * span;
      }
      return proposal;
    },
  };
}
