import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { fallbacks, LONG, start, stepAt } from './shipped.ts';

const HOUR = 3600;
/** Leaks over needs, 1/h. */
const [RED, BLUE] = [0.9, 0.4];

/** Biomass of either strain, fg. */
function masses({ population }: Model): [red: number, blue: number] {
  const sums: [number, number] = [0, 0];
  for (let slot = 0; slot < population.count; slot++) {
    sums[population.type[slot]] += population.amounts[slot * population.stride];
  }
  return sums;
}

describe('cross-feeding-consortium', () => {
  const at = new Map<number, [number, number]>();
  const model = start('cross-feeding-consortium');

  beforeAll(() => {
    simulate(model, {
      untilStep: stepAt(model, 5 * HOUR),
      observers: [
        {
          when: step => (step * 10) % HOUR === 0,
          act: current => {
            at.set((current.step * 10) / HOUR, masses(current));
          },
        },
      ],
    });
  }, LONG);

  it('settles at the ratio and the rate of the leaks', () => {
    // R' = b B, B' = a R where all that leaks is eaten: eigenvalue √(a b), R/B = √(b/a).
    const rate = Math.sqrt(RED * BLUE);
    const ratio = Math.sqrt(BLUE / RED);
    const [red, blue] = at.get(5) ?? [0, 0];
    const [before] = [at.get(4) ?? [0, 0]];
    expect(Math.abs(red / blue / ratio - 1)).toBeLessThan(0.01);
    expect(Math.abs(Math.log((red + blue) / (before[0] + before[1])) / rate - 1)).toBeLessThan(0.01);
  });

  it('follows the linear equations from the start', () => {
    const rate = Math.sqrt(RED * BLUE);
    const [r, b] = at.get(1) ?? [0, 0];
    for (const hours of [2, 3, 4, 5]) {
      const t = hours - 1;
      const red = r * Math.cosh(rate * t) + (BLUE / rate) * b * Math.sinh(rate * t);
      const blue = b * Math.cosh(rate * t) + (RED / rate) * r * Math.sinh(rate * t);
      const [foundRed, foundBlue] = at.get(hours) ?? [0, 0];
      expect(Math.abs(foundRed / red - 1)).toBeLessThan(0.01);
      expect(Math.abs(foundBlue / blue - 1)).toBeLessThan(0.01);
    }
  });

  it('closes both metabolites, without fallbacks', () => {
    expect(fallbacks(model)).toBe(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });
});
