import { binomial } from '../random/binomial.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';

/**
 * How the molecules of one species are shared out at division; s is the first daughter's share of the volume.
 *
 * - `binomial`: each molecule independently, to the first daughter with probability s (Huh & Paulsson 2011,
 *   doi:10.1038/ng.729);
 * - `equal`: half to each whatever their volumes, an odd molecule by a fair coin: what a cell segregates, such as chromosomes;
 * - `clustered`: molecules stick together in clusters that go as wholes, each to the first daughter with probability s. All
 *   clusters have `size` molecules, but for one that holds the rest; or, where `random`, sizes are geometric with mean `size`.
 *
 * Real amounts go by the share s without chance (`equal`: by halves).
 */
export type Partition =
  | { readonly law: 'binomial' }
  | { readonly law: 'equal' }
  | { readonly law: 'clustered'; readonly size: number; readonly random: boolean };

/** The first daughter's part of `total` molecules, a whole number; the rest is the second's. */
export function partitionCount(
  partition: Partition | undefined,
  streams: Uint32Array,
  offset: number,
  total: number,
  share: number,
): number {
  if (partition === undefined || partition.law === 'binomial') {
    return binomial(streams, offset, total, share);
  }
  if (partition.law === 'equal') {
    if (total % 2 === 0) return total / 2;
    return (total - 1) / 2 + binomial(streams, offset, 1, 0.5);
  }
  const { size, random } = partition;
  if (random) return randomClusters(streams, offset, total, share, size);
  const whole = Math.floor(total / size);
  const rest = total - whole * size;
  const kept = size * binomial(streams, offset, whole, share);
  return rest > 0 && uniform(streams, offset) < share ? kept + rest : kept;
}

/**
 * The first daughter's part of a real amount. Nothing is lost to rounding: the larger part p is the product, ½x ≤ p ≤ x, so that
 * x − p is exact (Sterbenz) and the two parts add up to x to the last bit.
 */
export function partitionReal(partition: Partition | undefined, total: number, share: number): number {
  const s = partition?.law === 'equal' ? 0.5 : share;
  return s >= 0.5 ? s * total : total - (1 - s) * total;
}

/** Cuts the molecules, lined up, into clusters: each is followed by another of its cluster with probability 1 − 1/size. */
function randomClusters(
  streams: Uint32Array,
  offset: number,
  total: number,
  share: number,
  size: number,
): number {
  if (size <= 1) return binomial(streams, offset, total, share);
  const decay = -Math.log1p(-1 / size);
  let kept = 0;
  for (let left = total; left > 0; ) {
    const cluster = Math.min(left, 1 + Math.floor(exponential(streams, offset) / decay));
    if (uniform(streams, offset) < share) kept += cluster;
    left -= cluster;
  }
  return kept;
}
