import { gamma } from '../random/gamma.ts';
import { uniform } from '../random/xoshiro.ts';
import type { DelayLaw } from './circuit.ts';

/** A delay (s) from the stream at `offset`; a fixed one draws nothing. */
export function drawDelay(law: DelayLaw, streams: Uint32Array, offset: number): number {
  switch (law.kind) {
    case 'fixed':
      return law.time;
    case 'uniform':
      return law.from + (law.to - law.from) * uniform(streams, offset);
    case 'gamma': {
      const shape = 1 / (law.cv * law.cv);
      return (gamma(streams, offset, shape) / shape) * law.mean;
    }
  }
}
