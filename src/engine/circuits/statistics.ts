/**
 * Mean and sum of squared deviations, merged pairwise (Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115):
 * nothing cancels where the spread is small beside the mean.
 */
export class Moments {
  count = 0;
  mean = 0;
  /** Σ (x − mean)². */
  squares = 0;

  static of(values: ArrayLike<number>): Moments {
    const moments = new Moments();
    const n = values.length;
    if (n === 0) return moments;
    // From the first value on, so that equal values have it for their mean and no spread.
    const first = values[0];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i] - first;
    const mean = first + sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (values[i] - mean) * (values[i] - mean);
    moments.count = n;
    moments.mean = mean;
    moments.squares = squares;
    return moments;
  }

  merge(count: number, mean: number, squares: number): void {
    if (count === 0) return;
    const all = this.count + count;
    const difference = mean - this.mean;
    this.squares += squares + difference * difference * ((this.count * count) / all);
    this.mean += difference * (count / all);
    this.count = all;
  }
}

/** How often each bin [i w, (i + 1) w) was met. */
export class Tally {
  private readonly width: number;
  private readonly counts = new Map<number, number>();

  constructor(width: number) {
    this.width = width;
  }

  addAll(values: ArrayLike<number>): this {
    for (let i = 0; i < values.length; i++) this.add(Math.floor(values[i] / this.width), 1);
    return this;
  }

  addSorted({ bins, counts }: { readonly bins: Float64Array; readonly counts: Float64Array }): void {
    for (let i = 0; i < bins.length; i++) this.add(Math.round(bins[i] / this.width), counts[i]);
  }

  /** Lower ends of the bins that were met, ascending, and how often. */
  sorted(): { bins: Float64Array; counts: Float64Array } {
    const entries = [...this.counts].sort((a, b) => a[0] - b[0]);
    return {
      bins: Float64Array.from(entries, ([bin]) => bin * this.width),
      counts: Float64Array.from(entries, ([, count]) => count),
    };
  }

  private add(bin: number, count: number): void {
    this.counts.set(bin, (this.counts.get(bin) ?? 0) + count);
  }
}
