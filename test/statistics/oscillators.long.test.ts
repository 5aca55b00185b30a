import { describe, expect, test } from 'vitest';
import { repressilator, vilar } from '../circuits/models.ts';
import { beyond, differences, EXACT, moments, OSCILLATORS } from './families.ts';
import { periods } from './periods.ts';

const others = EXACT.filter(method => method !== 'direct');

describe.each(OSCILLATORS)('$name', family => {
  test.each(others)('%s as direct', method => {
    expect(beyond(differences(family, ['direct', method], 400, 'long'))).toEqual([]);
  });
});

describe.each([
  { name: 'repressilator', type: repressilator(), species: 'p1', low: 500, high: 1500, end: 3000, step: 2 },
  { name: 'Vilar oscillator', type: vilar(), species: 'R', low: 300, high: 1000, end: 400, step: 0.2 },
])('periods of the $name', ({ type, species, low, high, end, step }) => {
  const of = (method: string): Float64Array =>
    periods(type, { method, species, low, high, end, step, runs: 40, seed: `long ${method}` });
  let reference: Float64Array | null = null;

  test.each(others)('%s: mean and spread as by direct', method => {
    reference ??= of('direct');
    const list = of(method);
    expect(Math.min(list.length, reference.length)).toBeGreaterThan(200);
    const [x, y] = [reference, list].map(moments);
    const error = (one: number, other: number): number =>
      Math.sqrt(one / (reference?.length ?? 0) + other / list.length);
    expect(Math.abs(y.mean - x.mean) / error(x.variance, y.variance)).toBeLessThan(3.5);
    const spread = error(x.fourth - x.variance ** 2, y.fourth - y.variance ** 2);
    expect(Math.abs(y.variance - x.variance) / spread).toBeLessThan(3.5);
  });
});
