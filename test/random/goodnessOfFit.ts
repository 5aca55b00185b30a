/**
 * Pearson's χ² of observed counts against probabilities, as the standard normal deviate it corresponds to (Wilson &
 * Hilferty 1931, doi:10.1073/pnas.17.12.684). Classes expected fewer than `least` times are merged with their
 * neighbours, and a χ² needs at least two classes.
 */
export function chiSquareDeviate(
  observed: ArrayLike<number>,
  probability: ArrayLike<number>,
  least = 20,
): number {
  let draws = 0;
  for (let k = 0; k < observed.length; k++) draws += observed[k];
  const classes: [seen: number, expected: number][] = [];
  let seen = 0;
  let expected = 0;
  for (let k = 0; k < observed.length; k++) {
    seen += observed[k];
    expected += draws * probability[k];
    if (expected < least) continue;
    classes.push([seen, expected]);
    seen = expected = 0;
  }
  const last = classes[classes.length - 1];
  last[0] += seen;
  last[1] += expected;
  if (classes.length < 2) throw new RangeError('a χ² needs at least two classes');
  let square = 0;
  for (const [count, mean] of classes) square += (count - mean) ** 2 / mean;
  const freedom = classes.length - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(square / freedom) - (1 - spread)) / Math.sqrt(spread);
}

/** The binomial law on lowest … lowest + length − 1 (ten standard deviations), by its ratio recursion from the mode. */
export function binomialLaw(n: number, p: number): { lowest: number; probability: Float64Array } {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const reach = Math.ceil(10 * Math.sqrt(n * p * (1 - p)) + 30);
  const lowest = Math.max(0, mode - reach);
  const probability = new Float64Array(Math.min(n, mode + reach) - lowest + 1);
  const at = mode - lowest;
  probability[at] = 1;
  for (let i = at + 1; i < probability.length; i++) {
    const k = lowest + i;
    probability[i] = (probability[i - 1] * (n - k + 1) * p) / (k * (1 - p));
  }
  for (let i = at - 1; i >= 0; i--) {
    const k = lowest + i;
    probability[i] = (probability[i + 1] * (k + 1) * (1 - p)) / ((n - k) * p);
  }
  const total = probability.reduce((sum, value) => sum + value, 0);
  return { lowest, probability: probability.map(value => value / total) };
}
