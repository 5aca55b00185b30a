/** Counts of values in equal bins; edges has one entry more than counts. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/**
 * A histogram in at most so many bins. Whole numbers get bins of whole width that begin at a half, so that no count sits on an
 * edge; others get bins of a round width (1, 2, 5 × 10ⁿ). Values that are not finite are left out.
 */
export function histogram(values: ArrayLike<number>, most = 24): Histogram {
  let [low, high, whole, finite] = [Infinity, -Infinity, true, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    finite++;
    if (value < low) low = value;
    if (value > high) high = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  if (finite === 0) return { edges: [], counts: [] };
  const width = whole
    ? Math.max(1, Math.ceil((high - low + 1) / most))
    : roundWidth((high - low) / (most - 1));
  const start = whole ? low - 0.5 : Math.floor(low / width) * width;
  const bins = Math.max(
    1,
    whole ? Math.ceil((high + 0.5 - start) / width) : Math.floor((high - start) / width) + 1,
  );
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value))
      counts[Math.min(bins - 1, Math.max(0, Math.floor((value - start) / width)))]++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => start + i * width), counts };
}

/** The least 1, 2 or 5 × 10ⁿ that is no smaller; 1 for zero. */
export function roundWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5].find(step => step * power >= width * (1 - 1e-12)) ?? 10;
  return factor * power;
}

/** Mean and standard deviation (n − 1) of finite values. */
export function momentsOf(values: ArrayLike<number>): { count: number; mean: number; sd: number } {
  let [count, mean, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    count++;
    const delta = values[i] - mean;
    mean += delta / count;
    squares += delta * (values[i] - mean);
  }
  return {
    count,
    mean: count > 0 ? mean : Number.NaN,
    sd: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN,
  };
}
