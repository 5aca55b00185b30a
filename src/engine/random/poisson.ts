import { uniform } from './xoshiro.ts';

/**
 * Poisson deviates, exact for every mean:
 * - mean < REJECTION_FROM: sequential inversion of one uniform, whose cost grows with the mean;
 * - beyond: PTRS, transformed rejection with squeeze (Hörmann 1993, doi:10.1016/0167-6687(93)90997-4), whose cost does not
 *   grow and whose hat is valid from 10 on.
 */
const REJECTION_FROM = 10;

/** A Poisson deviate of the given mean ≥ 0 from the stream at `offset`; a mean of 0 takes no draw. */
export function poisson(state: Uint32Array, offset: number, mean: number): number {
  if (mean < REJECTION_FROM) return mean > 0 ? inversion(state, offset, mean) : 0;
  return rejection(state, offset, mean);
}

/** Subtracts P(0), P(1), … from one uniform; P(k) = P(k − 1)·mean/k. */
function inversion(state: Uint32Array, offset: number, mean: number): number {
  const none = Math.exp(-mean);
  for (;;) {
    let left = uniform(state, offset);
    let probability = none;
    for (let k = 0; k < 200; k++) {
      if (left < probability) return k;
      left -= probability;
      probability *= mean / (k + 1);
    }
    // Only where rounding left the probabilities' sum below the uniform: draw again.
  }
}

function rejection(state: Uint32Array, offset: number, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform(state, offset) - 0.5;
    const v = uniform(state, offset);
    const inside = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / inside + b) * u + mean + 0.43);
    if (inside >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (inside < 0.013 && v > inside)) continue;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    if (Math.log((v * inverseAlpha) / (a / (inside * inside) + b)) <= logProbability(mean, k)) return k;
  }
}

const LOG_FACTORIALS = new Float64Array(16);
for (let k = 2; k < LOG_FACTORIALS.length; k++) LOG_FACTORIALS[k] = LOG_FACTORIALS[k - 1] + Math.log(k);

/**
 * ln(e^(−m) m^k / k!). With ln k! = k ln k − k + ½ ln(2πk) + 1/12k − … this is k (ln(1 + y) − y) − ½ ln(2πk) − …, where
 * y = (m − k)/k, in which nothing of the size of m cancels.
 */
function logProbability(mean: number, k: number): number {
  if (k < LOG_FACTORIALS.length) return k * Math.log(mean) - mean - LOG_FACTORIALS[k];
  const y = (mean - k) / k;
  const series = (1 / 12 - (1 / 360 - 1 / 1260 / (k * k)) / (k * k)) / k;
  return k * (Math.log1p(y) - y) - 0.5 * Math.log(2 * Math.PI * k) - series;
}
