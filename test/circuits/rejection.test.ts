import { expect, test } from 'vitest';
import { chiSquareZ, sampleAmounts, Z } from '../statistics/circuits.ts';
import { fixture } from './fixtures.ts';

/** Stationary law of births at b(x) and deaths at d(x): p(x + 1)/p(x) = b(x)/d(x + 1). */
function birthDeathLaw(b: (x: number) => number, d: (x: number) => number, most: number): number[] {
  const weights = [1];
  for (let x = 0; x < most; x++) weights.push((weights[x] * b(x)) / d(x + 1));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map(w => w / total);
}

test.each([
  // Rises and falls within an interval of the amount: bounds by interval arithmetic.
  ['8 * X * exp(0 - X / 12) + 2', (x: number) => 8 * x * Math.exp(-x / 12) + 2],
  // Undefined in between, so never bounded: evaluated at every firing.
  ['30 / (X - 0.5) ^ 2 + 4', (x: number) => 30 / (x - 0.5) ** 2 + 4],
  // A gate.
  ['X >= 5 ? 6 * hill(X, 9, 1.5) : 3', (x: number) => (x >= 5 ? (6 * x ** 1.5) / (9 ** 1.5 + x ** 1.5) : 3)],
] as const)('the rejection method has the stationary law of a rate %s', (rate, b) => {
  const type = {
    ...fixture({ X: 8 }, { birth: ['-> X', rate], death: ['X ->', '1 * X'] }),
    method: 'rejection',
  };
  const values = sampleAmounts(type, 'X', 8000, [7, 8], 3);
  expect(
    Math.abs(
      chiSquareZ(
        values,
        birthDeathLaw(b, x => x, 120),
      ),
    ),
  ).toBeLessThan(Z);
});
