import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { trend } from '../../src/engine/expression/monotone.ts';
import { expression } from '../circuits/fixtures.ts';

const names = ['biomass', 'X', 'Y'];
const X = { of: 'species', index: 1 } as const;
const isWhole = (): boolean => true;
const trendOf = (text: string) => trend(expression(text, names), X, isWhole);

describe('the trend of a rate in an amount', () => {
  test.each([
    ['3 * X * Y', 1],
    ['5 - 2', 0],
    ['0.5 * X * (X - 1)', 1],
    ['X * (X - 1) * (X - 2) / 6', 1],
    ['100 * (1 - hill(X, 20, 2.5))', -1],
    ['hill(Y, 3 + X, 2)', -1],
    ['4 * X / (10 + Y)', 1],
    ['4 * Y / (10 + X)', -1],
    ['4 * X / (10 + X)', 1],
    ['exp(0 - X)', -1],
    ['sqrt(X) + ln(1 + X)', 1],
    ['min(X, Y, 7)', 1],
    ['X >= 3 ? 2 * X : 0', 1],
    ['Y > 2 ? X : X ^ 2', 1],
    ['X ^ 3', 1],
    ['(1 + X) ^ -0.5', -1],
    // Rise and fall, or not known.
    ['X * (10 - X)', null],
    ['X * exp(0 - X)', null],
    ['X * X / (10 + X)', null],
    ['X * (X - 2)', null],
    ['sin(X)', null],
    ['X > 3 ? 1 : 2', null],
  ] as const)('%s', (text, expected) => {
    expect(trendOf(text)).toBe(expected);
  });

  test('x (x − 1) of an amount that is not whole dips below 0', () => {
    expect(trend(expression('X * (X - 1)', names), X)).toBeNull();
  });

  test('what is said to rise or fall does, at every whole amount', () => {
    for (const text of [
      '0.5 * X * (X - 1)',
      'X * (X - 1) * (X - 2) / 6',
      'Y * (1 - hill(X, 20, 2.5)) / (1 + X)',
      'X >= 3 ? Y * hill(X, 7, 1.3) : 0',
      'max(X, 9) * sqrt(Y + X)',
    ]) {
      const e = expression(text, names);
      const direction = trendOf(text) as number;
      expect(Math.abs(direction)).toBe(1);
      for (let x = 0; x < 60; x++) {
        const at = (count: number): number =>
          evaluate(e, { amounts: Float64Array.of(1, count, 13), speciesOffset: 0 });
        expect(direction * (at(x + 1) - at(x))).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
