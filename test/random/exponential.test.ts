import { describe, expect, test } from 'vitest';
import {
  drawBeyond,
  EXPONENTIAL_LAYERS,
  exponential,
  layerEnds,
  layerScales,
} from '../../src/engine/random/exponential.ts';
import { drawn } from '../../src/engine/random/xoshiro.ts';

const DRAWS = 1_000_000;

function draws(seed: number): Float64Array {
  const state = Uint32Array.of(seed, 2, 3, 4);
  for (let i = 0; i < 20; i++) exponential(state, 0);
  return Float64Array.from({ length: DRAWS }, () => exponential(state, 0));
}

describe('ziggurat of the exponential', () => {
  test('all layers have the same area and the topmost ends at height 1', () => {
    const area = layerEnds[1] * Math.exp(-layerEnds[1]) + Math.exp(-layerEnds[1]);
    for (let i = 1; i < EXPONENTIAL_LAYERS; i++) {
      const height = Math.exp(-layerEnds[i + 1]) - Math.exp(-layerEnds[i]);
      expect(Math.abs((layerEnds[i] * height) / area - 1)).toBeLessThan(1e-10);
    }
    expect(layerEnds[0] * Math.exp(-layerEnds[1])).toBeCloseTo(area, 15);
  });

  test('Kolmogorov–Smirnov distance of 10⁶ draws is that of the law', () => {
    const sorted = draws(12345).sort();
    let distance = 0;
    for (let i = 0; i < DRAWS; i++) {
      const cumulative = -Math.expm1(-sorted[i]);
      distance = Math.max(distance, Math.abs(cumulative - (i + 0.5) / DRAWS) + 0.5 / DRAWS);
    }
    // √n D < 1.95 with probability 0.999.
    expect(Math.sqrt(DRAWS) * distance).toBeLessThan(1.95);
  });

  test('mean, variance and tail', () => {
    const values = draws(777);
    let sum = 0;
    let squares = 0;
    let beyond = 0;
    for (const value of values) {
      sum += value;
      squares += (value - 1) ** 2;
      if (value > layerEnds[1]) beyond++;
    }
    expect(Math.abs(sum / DRAWS - 1) * Math.sqrt(DRAWS)).toBeLessThan(4);
    // Var[(E − 1)²] = 9 − 1
    expect((Math.abs(squares / DRAWS - 1) * Math.sqrt(DRAWS)) / Math.sqrt(8)).toBeLessThan(4);
    const tail = DRAWS * Math.exp(-layerEnds[1]);
    expect(Math.abs(beyond - tail) / Math.sqrt(tail)).toBeLessThan(4);
  });

  test('the bits that choose the layer are not used for the place in it', () => {
    // Within any one layer the low bits of the place are uniform: count draws by parity of floor(2⁸ · place).
    const state = Uint32Array.of(9, 8, 7, 6);
    const odd = new Float64Array(4);
    const all = new Float64Array(4);
    for (let i = 0; i < 400_000; i++) {
      const before = Uint32Array.from(state);
      const value = exponential(state, 0);
      // First word, recomputed from the state before the draw.
      const five = Math.imul(before[1], 5);
      const layer = Math.imul((five << 7) | (five >>> 25), 9) & 255;
      if (layer === 0 || value >= layerEnds[layer + 1]) continue;
      const place = value / layerScales[layer] / 2 ** 53;
      all[layer & 3]++;
      if (Math.floor(place * 512) % 2 === 1) odd[layer & 3]++;
    }
    for (let k = 0; k < 4; k++) {
      expect(all[k]).toBeGreaterThan(50_000);
      // A place that ends at a layer's inner edge biases parity by less than one part in 10³.
      expect(Math.abs(odd[k] / all[k] - 0.5)).toBeLessThan(4 / (2 * Math.sqrt(all[k])) + 1e-3);
    }
  });

  test('beyond the bottom rectangle lies the tail', () => {
    const state = Uint32Array.of(5, 6, 7, 8);
    for (let i = 0; i < 100; i++) {
      drawn[0] = 8;
      drawBeyond(state, 0, 0);
      expect(drawn[0]).toBeGreaterThan(layerEnds[1]);
    }
  });
});
