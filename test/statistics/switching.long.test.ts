import { describe, expect, test } from 'vitest';
import { EXACT, PASSAGES, shares } from './families.ts';

describe.each(PASSAGES)('switching of $name', passage => {
  const runs = 4000;
  const score = (method: string): number[] => {
    const law = passage.law();
    return shares(passage, method, 'long', runs).map(
      (share, t) => (share - law[t]) / Math.sqrt((law[t] * (1 - law[t])) / runs),
    );
  };

  test.each(EXACT)('%s', method => {
    for (const z of score(method)) expect(Math.abs(z)).toBeLessThan(3.5);
  });

  test.each(['tau-leaping', 'langevin'])('%s: probabilities within 5 %, as stated', method => {
    const law = passage.law();
    shares(passage, method, 'long', runs).forEach((share, t) => {
      const error = 3.5 * Math.sqrt((law[t] * (1 - law[t])) / runs);
      expect(Math.abs(share - law[t])).toBeLessThan(0.05 * law[t] + error);
    });
  });
});

test('hybrid misses switching that the noise of abundant species drives, as stated', () => {
  const law = PASSAGES[1].law();
  const late = shares(PASSAGES[1], 'hybrid', 'long', 4000)[3];
  expect(late).toBeLessThan(0.8 * law[3]);
});
