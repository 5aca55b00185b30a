import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/engine/index.ts';
import { effluent, layers, reactorAbove, run } from './iwaBiofilm.ts';
import { fallbacks, LONG } from './shipped.ts';

describe('iwa-biofilm, with more and with less nitrogen', () => {
  let standard: Model;
  let high: Model;
  let low: Model;
  const autotrophs = (one: Model) => layers(one)[1].reduce((sum, density) => sum + density, 0);

  beforeAll(() => {
    standard = run(20);
    high = run(20, 'parameters.N_in=30 g/m^3');
    low = run(20, 'parameters.N_in=1.5 g/m^3');
  }, 3 * LONG);

  it('has the effluent of one-dimensional equations', () => {
    for (const [model, N] of [
      [standard, 6],
      [high, 30],
      [low, 1.5],
    ] as const) {
      const expected = reactorAbove(layers(model), { COD: 30, N });
      const found = effluent(model);
      expect(Math.abs(found.COD / expected.COD - 1)).toBeLessThan(0.03);
      expect(Math.abs(found.N / expected.N - 1)).toBeLessThan(0.03);
      expect(fallbacks(model)).toBe(0);
    }
  });

  it('has few autotrophs where little nitrogen comes, and much nitrogen left where more comes than oxygen can burn', () => {
    expect(autotrophs(low)).toBeLessThan(0.6 * autotrophs(standard));
    expect(effluent(high).N).toBeGreaterThan(15);
    expect(effluent(low).N).toBeLessThan(effluent(standard).N);
    // The heterotrophs, nearer to the oxygen, hardly notice.
    for (const one of [low, high])
      expect(Math.abs(effluent(one).COD / effluent(standard).COD - 1)).toBeLessThan(0.2);
  });
});
