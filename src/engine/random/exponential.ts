import { drawn, nextInt32, uniform } from './xoshiro.ts';

/**
 * Standard exponential deviates by the ziggurat of Marsaglia & Tsang (2000, doi:10.18637/jss.v005.i08) with 256
 * layers of equal area. The layer is chosen by 8 bits and the place in it by 53 others: a ziggurat that reuses the bits
 * of the layer is visibly wrong (Doornik 2005).
 */
export const EXPONENTIAL_LAYERS = 256;

/** Right end of the bottom rectangle and area of every layer; they make the topmost layer end at exp(0) = 1. */
const TAIL = 7.69711747013105;
const LAYER_AREA = 0.003949659822581557;

/** Right ends of the layers, decreasing: [0] the bottom layer's as if its tail were a rectangle, [256] = 0. */
export const layerEnds: Float64Array = new Float64Array(EXPONENTIAL_LAYERS + 1);

/** exp(−layerEnds). */
const layerHeights = new Float64Array(EXPONENTIAL_LAYERS + 1);

/** layerEnds / 2⁵³: turns a 53-bit integer into a place in the layer (scaling by 2⁻⁵³ is exact). */
export const layerScales: Float64Array = new Float64Array(EXPONENTIAL_LAYERS);

layerEnds[0] = LAYER_AREA * Math.exp(TAIL);
layerEnds[1] = TAIL;
for (let i = 2; i < EXPONENTIAL_LAYERS; i++) {
  layerEnds[i] = -Math.log(Math.exp(-layerEnds[i - 1]) + LAYER_AREA / layerEnds[i - 1]);
}
layerEnds[EXPONENTIAL_LAYERS] = 0;
for (let i = 0; i <= EXPONENTIAL_LAYERS; i++) layerHeights[i] = Math.exp(-layerEnds[i]);
for (let i = 0; i < EXPONENTIAL_LAYERS; i++) layerScales[i] = layerEnds[i] / 9007199254740992;

/**
 * Exponential deviate of mean 1. Two words of the stream: the low 8 bits of the first choose the layer, its other 24
 * and 29 of the second the place. Hot loops inline these lines and call `drawBeyond` (1 % of draws).
 */
export function exponential(state: Uint32Array, offset: number): number {
  drawExponential(state, offset);
  return drawn[0];
}

/** The same into `drawn` (xoshiro.ts), for functions so large that `exponential` would not be inlined in them. */
export function drawExponential(state: Uint32Array, offset: number): void {
  const word = nextInt32(state, offset);
  const layer = word & 255;
  const place = (word >>> 8) * 536870912 + (nextInt32(state, offset) >>> 3);
  const x = place * layerScales[layer];
  drawn[0] = x;
  if (!(x < layerEnds[layer + 1])) drawBeyond(state, offset, layer);
}

/**
 * Goes on where drawn[0] lies outside the part of its layer that is wholly under the curve: wedge, tail or a new draw, into
 * drawn[0].
 */
export function drawBeyond(state: Uint32Array, offset: number, layer: number): void {
  // The tail of an exponential is an exponential again.
  if (layer === 0) {
    drawExponential(state, offset);
    drawn[0] += TAIL;
    return;
  }
  const x = drawn[0];
  const height =
    layerHeights[layer] + uniform(state, offset) * (layerHeights[layer + 1] - layerHeights[layer]);
  drawn[0] = x;
  if (!(height < Math.exp(-x))) drawExponential(state, offset);
}
