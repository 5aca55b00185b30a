import { describe, expect, it } from 'vitest';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { apply, ci, cn, document, parameters, rateRule } from './document.ts';

describe('a time course', () => {
  it('is as accurate for amounts of 1e-20 as for amounts of 1', () => {
    const decay = (initial: number): number => {
      const model = readSbml(
        document(
          `${parameters({ x: initial })}<listOfRules>${rateRule('x', apply('times', cn(-2), ci('x')))}</listOfRules>`,
        ),
      );
      const [, end] = simulateSbml(model, { times: [0, 3], observables: [{ name: 'x', as: 'symbol' }] });
      return end[0] / initial;
    };
    expect(Math.abs(decay(1) / Math.exp(-6) - 1)).toBeLessThan(1e-8);
    expect(Math.abs(decay(1e-20) / Math.exp(-6) - 1)).toBeLessThan(1e-8);
  });

  it('of a stiff model goes on with the implicit method', () => {
    // x relaxes to y at 10⁶, y decays at 1: x → e^(−t)·10⁶/(10⁶ − 1).
    const fast = apply('times', cn(1e6), apply('minus', ci('y'), ci('x')));
    const model = readSbml(
      document(
        `${parameters({ x: 0, y: 1 })}<listOfRules>${rateRule('x', fast)}${rateRule('y', apply('minus', ci('y')))}</listOfRules>`,
      ),
    );
    const began = performance.now();
    const [, end] = simulateSbml(model, { times: [0, 10], observables: [{ name: 'x', as: 'symbol' }] });
    expect(Math.abs(end[0] / ((Math.exp(-10) * 1e6) / (1e6 - 1)) - 1)).toBeLessThan(1e-6);
    // The explicit method alone would take 3·10⁶ steps, beyond its limit of 2·10⁶.
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
