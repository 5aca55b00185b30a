const BLOCK = 128;

/**
 * Sum of `values[start … start + count)` by a fixed tree: runs of 128 added from the left, their sums pairwise
 * (Higham 2002, §4.2). The result depends on the numbers and their places alone; the error grows with log n.
 */
export function total(values: Float64Array, start = 0, count = values.length - start): number {
  if (count > BLOCK) {
    const half = BLOCK * Math.ceil(count / (2 * BLOCK));
    return total(values, start, half) + total(values, start + half, count - half);
  }
  let sum = 0;
  for (let i = start, end = start + count; i < end; i++) sum += values[i];
  return sum;
}
