import { describe, expect, test } from 'vitest';
import { derivative } from '../../src/engine/expression/derivative.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { expression } from '../circuits/fixtures.ts';

const NAMES = ['biomass', 'X', 'Y'];

function value(text: string, biomass: number, x: number, y: number): number {
  return evaluate(expression(text, NAMES), {
    amounts: Float64Array.of(biomass, x, y),
    volume: biomass / 2,
    time: 1.3,
  });
}

describe('derivatives', () => {
  test.each([
    '3 * X * Y',
    'X / (4 + X) - Y',
    '5 - 2 * X',
    'X^3 + X^2.5 + X^1',
    '2^X * X^Y',
    'X^(-2)',
    'exp(-X / 3) + ln(X) + log10(1 + X) + sqrt(X)',
    'sin(X) * cos(X * Y)',
    'hill(X, 3, 2.5)',
    'hill(X * Y, X, 2)',
    'hill(Y, 3, X)',
    'abs(X - 9) + min(X, 2 * Y, 4) + max(X * X, 3 * X, Y)',
    'X > 1 ? X * X : 7',
    '(X > 1) * X + not(X)',
    'X * (X - 1) / volume * time',
    '-(X * X) / (-X)',
  ])('%s against a central difference', text => {
    for (const [x, y] of [
      [1.7, 2.2],
      [5.3, 0.9],
      [0.6, 3.1],
    ]) {
      const h = 1e-5 * x;
      const numeric = (value(text, 3, x + h, y) - value(text, 3, x - h, y)) / (2 * h);
      const exact = evaluate(derivative(expression(text, NAMES), { of: 'species', index: 1 }), {
        amounts: Float64Array.of(3, x, y),
        volume: 1.5,
        time: 1.3,
      });
      expect(Math.abs(exact - numeric)).toBeLessThan(1e-7 * (1 + Math.abs(exact)));
    }
  });

  test('biomass acts through the volume, too', () => {
    const text = 'X / volume + biomass * Y';
    const d = derivative(expression(text, NAMES), { of: 'species', index: 0 }, 0.5);
    const exact = evaluate(d, { amounts: Float64Array.of(3, 4, 5), volume: 1.5, time: 0 });
    const numeric = (value(text, 3 + 1e-5, 4, 5) - value(text, 3 - 1e-5, 4, 5)) / 2e-5;
    expect(exact).toBeCloseTo(numeric, 7);
  });

  test('a Hill function at 0 has the slope of its law', () => {
    const at0 = (text: string): number =>
      evaluate(derivative(expression(text, NAMES), { of: 'species', index: 1 }), {
        amounts: Float64Array.of(1, 0, 0),
      });
    expect(at0('hill(X, 4, 1)')).toBe(0.25);
    expect(at0('hill(X, 4, 2)')).toBe(0);
  });

  test('what does not depend on the variable is 0', () => {
    expect(derivative(expression('Y * exp(time)', NAMES), { of: 'species', index: 1 })).toEqual({
      kind: 'number',
      value: 0,
    });
  });
});
