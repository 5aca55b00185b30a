import type { Model } from '../model/model.ts';
import { runCircuits } from './runCircuits.ts';

/**
 * Circuits over a window in `parts` equal steps of their own. Each holds time anew, as far into it as `time` is into the window (its
 * start or its middle); fields stay as the window shows them. What the cells release, and what uptake they expect, are sums over
 * the window: fields learn of them once.
 */
export function runCircuitsInParts(
  model: Model,
  parts: number,
  time: number,
  start: number,
  duration: number,
  includeUptake: boolean,
): void {
  if (parts === 1) {
    runCircuits(model, time, start, duration, includeUptake);
    return;
  }
  const { work, population } = model;
  const part = duration / parts;
  const share = (time - start) / duration;
  const size = includeUptake ? population.count * work.uptakeStride : 0;
  const expected = new Float64Array(size);
  for (let p = 0; p < parts; p++) {
    const from = start + (p * duration) / parts;
    runCircuits(model, from + share * part, from, part, includeUptake, p === 0);
    for (let i = 0; i < size; i++) expected[i] += work.expectedUptake[i];
  }
  work.expectedUptake.set(expected);
}
