import { describe, expect, test } from 'vitest';
import { beyond, COSTLY, EXACT, FAMILIES, scores } from './families.ts';
import { STATIONARY, stationaryScore } from './stationary.ts';

describe.each(FAMILIES)('$name, twice as many runs', family => {
  test.each(EXACT)('%s', method => {
    expect(beyond(scores(family, method, 'long', 20_000))).toEqual([]);
  });
});

describe.each(COSTLY)('$name', family => {
  test.each(EXACT)('%s', method => {
    expect(beyond(scores(family, method, 'long', 10_000))).toEqual([]);
  });
});

describe.each(STATIONARY)('stationary law of $name (χ²)', family => {
  test.each(EXACT)('%s', method => {
    expect(Math.abs(stationaryScore(family, method, 'long', 10_000))).toBeLessThan(3.5);
  });
});
