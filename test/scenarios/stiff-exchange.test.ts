import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/index.ts';
import { fallbacks, LONG, speciesOf, start } from './shipped.ts';

const TOTAL = 4000;
/** Binomial with probability ½. */
const VARIANCE = TOTAL / 4;
const SKIP = 10;

/** Mean and variance over the steps of what all cells hold together, from 10 s on. */
function moments(...set: string[]) {
  const model = start('stiff-exchange', ...set);
  const { steps, step } = model.description.time;
  const A = speciesOf(model, 'A');
  const skip = SKIP / step;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < steps; i++) {
    advance(model);
    if (i < skip) continue;
    const { population } = model;
    let content = 0;
    for (let slot = 0; slot < population.count; slot++) {
      content += population.amounts[slot * population.stride + A];
    }
    sum += content;
    squares += content * content;
  }
  const n = steps - skip;
  const mean = sum / n;
  return { model, mean, variance: (squares / n - mean * mean) / VARIANCE };
}

/** Steps of total rate × step = 2 whose states are correlated by up to e⁻²: a variance counts them as (1 − e⁻⁴)/(1 + e⁻⁴) each. */
const INDEPENDENT = 390 * 0.96;
const NOISE = 3.5 * Math.sqrt(2 / INDEPENDENT);

describe('stiff-exchange', () => {
  it(
    'keeps the binomial law in steps as long as the exchange',
    () => {
      const { model, mean, variance } = moments();
      expect(Math.abs(mean - TOTAL / 2)).toBeLessThan(3.5 * Math.sqrt((VARIANCE * 1.31) / 390) + 2);
      expect(Math.abs(variance - 1)).toBeLessThan(NOISE);
      expect(model.balance.worstRelative()).toBeLessThan(1e-14);
      expect(fallbacks(model)).toBe(0);
      const { iterations, iteratedWindows } = model.profile.counts;
      expect(iterations / iteratedWindows).toBeLessThan(6);
    },
    LONG,
  );

  it('has its fluctuations damped where cells see the end, and doubled by a single pass', () => {
    // Measured 0.66 and 1.9; the bounds keep clear of 1 by more than the noise.
    expect(moments('coupling.sees=end').variance).toBeLessThan(1 - NOISE + 0.02);
    expect(moments('coupling={ schedule: weak }').variance).toBeGreaterThan(1.3 + NOISE);
  });

  it('is binomial too in short steps of weak coupling', () => {
    const short = moments('coupling={ schedule: weak }', 'time.step=0.02 s', 'time.record=1 s');
    // 1.02 by the table of limits in numerics.md; the time between independent states is the same as above.
    expect(Math.abs(short.variance - 1.02)).toBeLessThan(3.5 * Math.sqrt((2 * 0.5) / 390) + 0.01);
  });
});
