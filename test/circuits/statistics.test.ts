import { describe, expect, it } from 'vitest';
import { Moments } from '../../src/engine/circuits/statistics.ts';

describe('moments', () => {
  it('of equal values are the value and no spread at all', () => {
    const { mean, squares } = Moments.of(new Array<number>(1000).fill(0.1));
    expect([mean, squares]).toEqual([0.1, 0]);
  });

  it('hold a small spread on a large mean', () => {
    const values = Array.from({ length: 1001 }, (_, i) => 1e15 + i - 500);
    const { mean, squares, count } = Moments.of(values);
    expect([mean, count]).toEqual([1e15, 1001]);
    expect(squares).toBe((1001 * (1001 ** 2 - 1)) / 12);
  });
});
