import { exponential } from './exponential.ts';
import { normal } from './normal.ts';
import { uniform } from './xoshiro.ts';

/**
 * A gamma deviate of the given shape a and scale 1 (mean a, variance a), from the stream at `offset`: the transformed
 * rejection of Marsaglia & Tsang (2000, doi:10.1145/358407.358414); below shape 1 as Γ(a + 1) · e^(−E/a), E exponential.
 */
export function gamma(state: Uint32Array, offset: number, shape: number): number {
  if (shape < 1) {
    const boost = Math.exp(-exponential(state, offset) / shape);
    return boost * gamma(state, offset, shape + 1);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(state, offset);
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const u = uniform(state, offset);
    if (u < 1 - 0.0331 * x * x * x * x) return d * v;
    if (Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
