/** The height of each bar of a histogram along a track, as a share of the highest: a square root, so that single events show. */
export function barHeights(counts: ArrayLike<number>, bars: number): Float64Array {
  const sums = new Float64Array(bars);
  for (let i = 0; i < counts.length; i++) {
    sums[Math.min(bars - 1, Math.floor((i * bars) / counts.length))] += counts[i];
  }
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  return most > 0 ? sums.map(sum => Math.sqrt(sum / most)) : sums;
}

/** The least share of the height that a bar has, so that one event among thousands shows. */
const LEAST = 0.12;

/** A path of bars that stand on `base` and reach `height` up (negative: down), each `width` wide. */
export function barPath(heights: Float64Array, width: number, base: number, height: number): string {
  let path = '';
  heights.forEach((share, i) => {
    if (share <= 0) return;
    const tall = height * Math.max(LEAST, share);
    path += `M${i * width} ${base}h${width}v${(-tall).toFixed(3)}h${-width}z`;
  });
  return path;
}

/** Index of the time that lies nearest. */
export function nearest(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle;
  }
  return Math.abs(times[high] - time) < Math.abs(times[low] - time) ? high : low;
}
