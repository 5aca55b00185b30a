import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, runEnsemble, simulate } from '../../src/engine/index.ts';
import { LONG, speciesOf, start, stepAt } from './shipped.ts';

const MINUTE = 60;
/** Level whose crossing from below is taken for the firing of a clock, molecules/µm³. */
const LEVEL = 200;

/** Minutes at which a curve crosses LEVEL upward, by linear interpolation between points `step` minutes apart. */
function firings(curve: ArrayLike<number>, step: number): number[] {
  const times: number[] = [];
  for (let i = 1; i < curve.length; i++) {
    if (curve[i - 1] < LEVEL && curve[i] >= LEVEL) {
      times.push((i - 1 + (LEVEL - curve[i - 1]) / (curve[i] - curve[i - 1])) * step);
    }
  }
  return times;
}

/** The circuit without noise, dr/dt = α/(1 + r(t − τ)/C₀)² − γ r/(R₀ + r) − μ r in minutes, by Heun's method. */
function withoutNoise(growth: number, end: number, step: number): Float64Array {
  const [alpha, c0, tau, gamma, r0] = [200, 10, 6, 60, 2];
  const lag = Math.round(tau / step);
  const curve = new Float64Array(Math.round(end / step) + 1);
  const past = (i: number) => alpha / (1 + curve[i] / c0) ** 2;
  for (let i = 1; i < curve.length; i++) {
    const r = curve[i - 1];
    const made = (j: number) => (j < 0 ? 0 : past(j));
    const slope = (x: number, j: number) => made(j) - (gamma * x) / (r0 + x) - growth * x;
    const k1 = slope(r, i - 1 - lag);
    curve[i] = r + (step / 2) * (k1 + slope(r + step * k1, i - lag));
  }
  return curve;
}

describe('delayed oscillators', () => {
  const mean: number[] = [];
  const spread: number[] = [];
  let model: Model;

  beforeAll(() => {
    model = start('delayed-oscillator', 'parameters.reset=62 min', 'time.end=100 min');
    const R = speciesOf(model, 'R');
    for (let minute = 0; minute <= 100; minute++) {
      simulate(model, { untilStep: stepAt(model, minute * MINUTE) });
      const { count, amounts, stride, volume } = model.population;
      const levels = Array.from({ length: count }, (_, i) => amounts[i * stride + R] / volume[i]);
      const middle = levels.reduce((sum, level) => sum + level, 0) / count;
      mean.push(middle);
      spread.push(Math.sqrt(levels.reduce((sum, level) => sum + (level - middle) ** 2, 0) / count));
    }
  }, LONG);

  it('fire after a delay and then every 22 minutes, a little sooner than without noise', () => {
    const times = firings(mean, 1).filter(time => time < 62);
    const expected = firings(withoutNoise(0.01, 62, 0.001), 0.001);
    expect(times).toHaveLength(3);
    // The first time is the delay and a climb; the delay has a standard deviation of 0.6 min.
    expect(Math.abs(times[0] - expected[0])).toBeLessThan(0.6);
    const period = (times[2] - times[0]) / 2;
    const smooth = (expected[2] - expected[0]) / 2;
    expect(period / smooth).toBeGreaterThan(0.86);
    expect(period / smooth).toBeLessThan(0.98);
  });

  it('drift apart, and fire together again after the pulse', () => {
    const flank = (from: number): number => {
      const minute = mean.findIndex((level, i) => i >= from && level >= LEVEL);
      // The spread of levels over their slope is that of the times.
      return spread[minute] / (mean[minute + 1] - mean[minute - 1]) / 0.5;
    };
    const [first, third] = [flank(1), flank(45)];
    const afterwards = flank(77);
    expect(third).toBeGreaterThan(2.5 * first);
    expect(afterwards).toBeLessThan(0.5 * third);
    // Kept clear to the end of the pulse; then what all have under way arrives.
    expect(Math.max(...mean.slice(70, 77))).toBeLessThan(5);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('have the period of the delay equation where cells are large', () => {
    const large = start(
      'delayed-oscillator',
      'cells.clock.shape.disc.radius=4 um',
      'cells.clock.growth=0 /min',
      'cells.clock.reactions.expression.delay=tau',
      'population[0].count=1',
      'parameters.reset=9 h',
      'cells.clock.division.adder.added=50 um^3',
    );
    const type = large.description.cellTypes[0];
    const step = 0.25;
    const times = Array.from({ length: 320 }, (_, i) => i * step * MINUTE);
    const { mean: amounts, species } = runEnsemble(type, { runs: 3, times, seed: 'large', fields: [0] });
    const volume = Math.PI * 16;
    const curve = times.map((_, t) => amounts[t * species.length + species.indexOf('R')] / volume);
    const found = firings(curve, step);
    const expected = firings(withoutNoise(0, 80, 0.001), 0.001);
    expect(found).toHaveLength(expected.length);
    found.forEach((time, i) => {
      expect(Math.abs(time / expected[i] - 1)).toBeLessThan(0.02);
    });
  });
});
