/**
 * What one pass per window does to an exchange of whole molecules between a cell (rate a out of it) and what it touches of a field
 * (rate b out of that), by the exact recursion of mean and variance of the linear case: over a window H a molecule stays in the
 * cell with q = exp(−aH), and what comes in is Poisson with the concentration held (Lie) or predicted for the middle by one
 * backward Euler stage (Strang). With m the mean in the cell and φ the factor on a deviation,
 *
 *     variance = m (1 − q²)/(1 − φ²),      exact: m a/(a + b),      φ = q + (1 − q)(b/a) s
 *
 * where s is the slope of the seen content by the cell's: −1 (Lie), (−1 + aH/2)/(1 + bH/2) (Strang).
 */
export interface WeakError {
  /** Relative error of the stationary variance; infinite where the recursion is unstable. */
  readonly variance: number;
  /** φ − exp(−(a + b) H): what is wrong with a deviation after one window. */
  readonly deviation: number;
}

export function weakError(a: number, b: number, window: number, splitting: 'lie' | 'strang'): WeakError {
  // Without a way back the limit a → 0 is meant.
  const out = Math.max(a, 1e-9 * b);
  if (!(out > 0) || b === 0) return { variance: 0, deviation: 0 };
  const left = -Math.expm1(-out * window);
  const slope = splitting === 'lie' ? -1 : (-1 + (out * window) / 2) / (1 + (b * window) / 2);
  const factor = 1 - left + left * (b / out) * slope;
  const deviation = factor - Math.exp(-(out + b) * window);
  if (Math.abs(factor) >= 1) return { variance: Number.POSITIVE_INFINITY, deviation };
  const variance = ((left * (2 - left)) / (1 - factor * factor)) * ((out + b) / out);
  return { variance: variance - 1, deviation };
}

/**
 * The same where the field takes what cells take as uptake, implicitly, and cells give by another channel: over a window they give
 *
 *     T = (1 − q) x + b ȳ (H − (1 − q)/a),      y(end) = e^(−bH) y + T (1 − e^(−bH))/(b H),
 *
 * ȳ what they assume to take of (Strang; Lie assumes nothing). `mean` is the larger relative error of the steady contents.
 */
export function weakUptakeError(
  a: number,
  b: number,
  window: number,
  splitting: 'lie' | 'strang',
): WeakError & { readonly mean: number } {
  if (a === 0 || b === 0) return { variance: 0, deviation: 0, mean: 0 };
  const left = -Math.expm1(-a * window);
  const gone = -Math.expm1(-b * window);
  const assumed = splitting === 'lie' ? 0 : (b * (window - left / a)) / (1 + (b * window) / 2);
  // What is given, by the contents of cell and field.
  const byCell = left + (assumed * a * window) / 2;
  const byField = assumed;
  const share = gone / (b * window);
  const factor = 1 - gone + (byField - byCell) * share;
  const exact = Math.exp(-(a + b) * window);
  const deviation = factor - exact;
  // Of one molecule in all.
  const field = (byCell * share) / (gone + (byCell - byField) * share);
  const mean = [(field * (a + b)) / a, ((1 - field) * (a + b)) / b]
    .map(ratio => ratio - 1)
    .reduce((most, off) => (Math.abs(off) > Math.abs(most) ? off : most));
  if (Math.abs(factor) >= 1) return { variance: Number.POSITIVE_INFINITY, deviation, mean };
  return { variance: (1 - exact * exact) / (1 - factor * factor) - 1, deviation, mean };
}
