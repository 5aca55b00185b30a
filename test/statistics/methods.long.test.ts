import { describe, expect, test } from 'vitest';
import { FAMILIES, SCHLOGL, scores } from './families.ts';

describe.each([...FAMILIES, SCHLOGL])('$name, ten times as many runs', family => {
  test.each([
    'direct',
    'next-reaction',
    'modified-next-reaction',
    'composition-rejection',
    'first-reaction',
    'rejection',
  ])('%s', method => {
    const runs = family === SCHLOGL ? 10_000 : 100_000;
    for (const z of scores(family, method, 'long', runs)) {
      expect(Math.abs(z.mean)).toBeLessThan(3.5);
      expect(Math.abs(z.variance)).toBeLessThan(3.5);
    }
  });
});
