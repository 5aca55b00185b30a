import { nextUint32, uniform } from './xoshiro.ts';

/**
 * Binomial deviates, exact for every n:
 * - p = ½ and n ≤ COIN_LIMIT: count the ones among n fair bits;
 * - n·min(p, 1 − p) < INVERSION_LIMIT: sequential inversion (BINV; Kachitvichyanukul & Schmeiser 1988,
 *   doi:10.1145/42372.42381), whose cost grows with the mean;
 * - beyond: BTRS, transformed rejection with squeeze (Hörmann 1993, doi:10.1080/00949659308811496), whose cost does
 *   not grow at all and whose hat is valid from n·p = 10 on.
 */
const COIN_LIMIT = 512;
const INVERSION_LIMIT = 10;

/**
 * The number of successes in `n` independent trials of probability `p`, from the stream at `offset`.
 * `n` is a whole number ≥ 0; p ≤ 0 gives 0 and p ≥ 1 gives n without a draw.
 */
export function binomial(state: Uint32Array, offset: number, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p === 0.5 && n <= COIN_LIMIT) return fairCoins(state, offset, n);
  if (p > 0.5) return n - belowHalf(state, offset, n, 1 - p);
  return belowHalf(state, offset, n, p);
}

function belowHalf(state: Uint32Array, offset: number, n: number, p: number): number {
  return n * p < INVERSION_LIMIT ? inversion(state, offset, n, p) : rejection(state, offset, n, p);
}

function fairCoins(state: Uint32Array, offset: number, n: number): number {
  let heads = 0;
  let coins = n;
  for (; coins >= 32; coins -= 32) heads += onesIn(nextUint32(state, offset));
  // The high bits: coins = 0 would need a shift by 32, which JavaScript takes as 0.
  if (coins > 0) heads += onesIn(nextUint32(state, offset) >>> (32 - coins));
  return heads;
}

/** Number of ones in a 32-bit word, summed in parallel in pairs, nibbles and bytes. */
function onesIn(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  w = (w + (w >>> 4)) & 0x0f0f0f0f;
  return Math.imul(w, 0x01010101) >>> 24;
}

/** Subtracts P(0), P(1), … from one uniform; P(k) = P(k − 1)·((n + 1)/k − 1)·p/q. */
function inversion(state: Uint32Array, offset: number, n: number, p: number): number {
  const odds = p / (1 - p);
  const none = Math.exp(n * Math.log1p(-p));
  for (;;) {
    let left = uniform(state, offset);
    let probability = none;
    for (let k = 0; k <= n; k++) {
      if (left < probability) return k;
      left -= probability;
      probability *= ((n + 1) / (k + 1) - 1) * odds;
    }
    // Only where rounding left the probabilities' sum below the uniform: draw again.
  }
}

/** BTRS with the constants of Hörmann's table; the acceptance test compares with P(k)/P(mode). */
function rejection(state: Uint32Array, offset: number, n: number, p: number): number {
  const odds = p / (1 - p);
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const v = uniform(state, offset);
    const u = uniform(state, offset) - 0.5;
    const inside = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / inside + b) * u + centre);
    if (inside >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0 && k <= n)) continue;
    if (Math.log((v * alpha) / (a / (inside * inside) + b)) <= logRatio(n, odds, k, mode)) return k;
  }
}

/**
 * ln(P(k)/P(m)) = ln m! + ln(n − m)! − ln k! − ln(n − k)! + (k − m) ln(p/q), with ln j! = ½ ln 2π + (j + ½) ln(j + 1)
 * − (j + 1) + δ(j) and the large terms combined into ratios near one, so that nothing cancels for large n.
 */
function logRatio(n: number, odds: number, k: number, m: number): number {
  return (
    (m + 0.5) * Math.log((m + 1) / (odds * (n - m + 1))) +
    (n + 1) * Math.log1p((k - m) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirlingTail(m) +
    stirlingTail(n - m) -
    stirlingTail(k) -
    stirlingTail(n - k)
  );
}

const TAIL_TABLE = new Float64Array(10);
for (let k = 0, logFactorial = 0; k < TAIL_TABLE.length; k++) {
  if (k > 0) logFactorial += Math.log(k);
  TAIL_TABLE[k] = logFactorial - (0.5 * Math.log(2 * Math.PI) + (k + 0.5) * Math.log(k + 1) - (k + 1));
}

/** δ(k) above: by table below 10, then by Stirling's series, whose next term is below 10⁻¹². */
function stirlingTail(k: number): number {
  if (k < TAIL_TABLE.length) return TAIL_TABLE[k];
  const j = k + 1;
  const jj = j * j;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / jj) / jj) / jj) / j;
}
