import { drawn, nextInt32, uniform } from './xoshiro.ts';

/**
 * Standard normal deviates by the ziggurat of 128 layers (Marsaglia & Tsang 2000, doi:10.18637/jss.v005.i08) in the
 * form of Doornik (2005), whose layer index and abscissa come from different draws: taking both from one word
 * correlates them. There is no second value kept for the next call, so the stream is the whole state.
 *
 * Layer i is the strip |x| < EDGE[i] of area AREA under exp(−x²/2); layer 0 carries the tail beyond TAIL.
 */
const LAYERS = 128;
/** Start of the tail, and the common area of the layers, for 128 layers. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

const EDGE = new Float64Array(LAYERS + 1);
/** EDGE[i + 1] / EDGE[i]: within this fraction of a layer's width every point lies under the curve. */
const INSIDE = new Float64Array(LAYERS);

let height = Math.exp(-0.5 * TAIL * TAIL);
EDGE[0] = AREA / height;
EDGE[1] = TAIL;
for (let layer = 2; layer < LAYERS; layer++) {
  EDGE[layer] = Math.sqrt(-2 * Math.log(AREA / EDGE[layer - 1] + height));
  height = Math.exp(-0.5 * EDGE[layer] * EDGE[layer]);
}
EDGE[LAYERS] = 0;
for (let layer = 0; layer < LAYERS; layer++) INSIDE[layer] = EDGE[layer + 1] / EDGE[layer];

/** A standard normal deviate from the stream at `offset`. */
export function normal(state: Uint32Array, offset: number): number {
  drawNormal(state, offset);
  return drawn[0];
}

function drawNormal(state: Uint32Array, offset: number): void {
  for (;;) {
    const u = 2 * uniform(state, offset) - 1;
    const layer = nextInt32(state, offset) >>> 25;
    const x = u * EDGE[layer];
    drawn[0] = x;
    if (Math.abs(u) < INSIDE[layer]) return;
    if (layer === 0) {
      drawn[0] = u < 0 ? -tail(state, offset) : tail(state, offset);
      return;
    }
    const below = Math.exp(-0.5 * (EDGE[layer] * EDGE[layer] - x * x));
    const above = Math.exp(-0.5 * (EDGE[layer + 1] * EDGE[layer + 1] - x * x));
    const height = above + uniform(state, offset) * (below - above);
    drawn[0] = x;
    if (height < 1) return;
  }
}

/** A deviate beyond TAIL (Marsaglia 1964, doi:10.2307/1266110). */
function tail(state: Uint32Array, offset: number): number {
  for (;;) {
    // 1 − U lies in (0, 1], so that the logarithm is finite.
    const x = -Math.log(1 - uniform(state, offset)) / TAIL;
    const y = -Math.log(1 - uniform(state, offset));
    if (2 * y >= x * x) return TAIL + x;
  }
}

/**
 * A log-normal deviate with the given mean and coefficient of variation: ln X is normal with variance
 * σ² = ln(1 + cv²) and mean ln(mean) − σ²/2. Draws nothing where cv = 0.
 */
export function logNormal(state: Uint32Array, offset: number, mean: number, cv: number): number {
  if (cv === 0) return mean;
  const variance = Math.log1p(cv * cv);
  return mean * Math.exp(Math.sqrt(variance) * normal(state, offset) - 0.5 * variance);
}
