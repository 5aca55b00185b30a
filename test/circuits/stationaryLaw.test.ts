import { describe, expect, test } from 'vitest';
import { meanPassage, switchingRates } from '../../src/engine/circuits/passage.ts';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import { stationaryLaw } from '../../src/engine/circuits/stationaryLaw.ts';
import { poisson } from '../statistics/circuits.ts';
import { fixture } from './fixtures.ts';
import { batchImmigration, burstingGene, dimerisation, immigrationDeath, schlogl } from './models.ts';

describe('stationary laws', () => {
  test('immigration–death is Poisson, every probability to rounding', () => {
    const { law, closed, conditional, rim } = stationaryLaw(immigrationDeath(4, 0.5));
    const exact = poisson(8, law.states);
    law.marginal('X').forEach((p, n) => {
      expect(Math.abs(p / exact[n] - 1)).toBeLessThan(1e-9);
    });
    expect(closed).toBe(false);
    expect(conditional).toBeLessThan(1e-8);
    expect(rim).toBeLessThan(1e-8);
  });

  test('a closed set is exact: dimerisation, reference figures', () => {
    const { law, closed, conditional, rim } = stationaryLaw(dimerisation());
    expect({ closed, conditional, rim }).toEqual({ closed: true, conditional: 0, rim: 0 });
    const { mean, variance } = law.moments('P2');
    expect(mean).toBeCloseTo(36.4592, 4);
    expect(Math.sqrt(variance)).toBeCloseTo(2.39, 4);
  });

  test('Schlögl: modes, weights, mean and sd, from whichever mode the set grows', () => {
    for (const start of [82, 250, 563]) {
      const { law } = stationaryLaw(schlogl(start));
      const p = law.marginal('X');
      const modes = [...p.keys()].filter(n => p[n] > (p[n - 1] ?? 0) && p[n] > (p[n + 1] ?? 0));
      expect(modes).toEqual([82, 563]);
      expect(p.slice(0, 256).reduce((a, b) => a + b)).toBeCloseTo(0.2203, 4);
      const { mean, variance } = law.moments('X');
      expect(mean).toBeCloseTo(454.86, 2);
      expect(Math.sqrt(variance)).toBeCloseTo(199.88, 2);
    }
  });

  test('Schlögl: every probability against detailed balance', () => {
    const { law } = stationaryLaw(schlogl());
    const p = law.marginal('X');
    for (let n = 1; n < 900; n++) {
      const up = 0.015 * (n - 1) * (n - 2) + 200;
      const down = (1e-4 / 6) * n * (n - 1) * (n - 2) + 3.5 * n;
      expect(Math.abs((p[n] * down) / (p[n - 1] * up) - 1)).toBeLessThan(1e-10);
    }
  });

  test('births in batches and a bursting gene: moments', () => {
    const batch = stationaryLaw(batchImmigration()).law.moments('X');
    expect(batch.mean).toBeCloseTo(14, 6);
    expect(batch.variance).toBeCloseTo(35, 5);
    const { law } = stationaryLaw(burstingGene(), { tolerance: 1e-6 });
    expect(law.moments('M').mean).toBeCloseTo(4 / 3, 5);
    // Fano factor 1 + k_tx k_off/[(k_on + k_off)(k_on + k_off + δ)].
    expect(law.moments('M').variance / law.moments('M').mean).toBeCloseTo(1 + 4 / (1.5 * 2.5), 4);
    expect(law.moments('P').mean).toBeCloseTo(20 / 3, 4);
  });

  test('the telegraph gene is Beta–Poisson', () => {
    const [on, off, make] = [0.6, 1.4, 9];
    const type = fixture(
      { off: 1, on: 0, M: 0 },
      {
        activate: ['off -> on', `${on} * off`],
        deactivate: ['on -> off', `${off} * on`],
        transcribe: ['on -> on + M', `${make} * on`],
        decay: ['M ->', '1 * M'],
      },
    );
    const p = stationaryLaw(type).law.marginal('M');
    // ∫ Poisson(n; make·x) dBeta(x; on, off): expanded, Σ_j (−make)^j/j! · (on)_{n+j}/(on+off)_{n+j} · make^n/n!
    for (let n = 0; n <= 12; n++) {
      let front = 1;
      for (let i = 0; i < n; i++) front *= ((on + i) / (on + off + i)) * (make / (i + 1));
      let term = front;
      let series = 0;
      for (let j = 0; j < 120; j++) {
        series += term;
        term *= ((-make / (j + 1)) * (on + n + j)) / (on + off + n + j);
      }
      expect(p[n]).toBeCloseTo(series, 8);
    }
  });

  test('the long time course ends in the stationary law, and what it says of its error holds', () => {
    for (const [type, species] of [
      [immigrationDeath(4, 0.5), 'X'],
      [dimerisation(), 'P2'],
      [batchImmigration(), 'X'],
    ] as const) {
      const { law } = stationaryLaw(type, { tolerance: 1e-12 });
      const late = projectLaw(type, [1e3, 1e5, 1e7], { tolerance: 1e-7 });
      const exact = law.marginal(species);
      late.times.forEach((_, t) => {
        const found = late.marginal(t, species);
        let distance = 0;
        for (let n = 0; n < Math.max(found.length, exact.length); n++)
          distance += Math.abs((found[n] ?? 0) - (exact[n] ?? 0));
        expect(late.bound[t]).toBeLessThanOrEqual(1e-7);
        if (t > 0) expect(distance).toBeLessThanOrEqual(late.bound[t] + 1e-11);
      });
    }
  });

  test('the bound within the set holds, with several ways in and out', () => {
    const type = fixture(
      { X: 0 },
      {
        one: ['-> X', '1'],
        two: ['-> 2 X', '0.5'],
        lose: ['X ->', 'X > 0 ? 0.9 : 0'],
        loseTwo: ['2 X ->', 'X > 1 ? 0.7 : 0'],
      },
    );
    const fine = stationaryLaw(type, { tolerance: 1e-13 }).law.marginal('X');
    const { law, conditional, rim } = stationaryLaw(type, { tolerance: 0.1 });
    const p = law.marginal('X');
    const inside = fine.slice(0, p.length).reduce((a, b) => a + b);
    let distance = 0;
    p.forEach((value, n) => {
      distance += Math.abs(value - fine[n] / inside);
    });
    expect(distance).toBeGreaterThan(1e-6);
    expect(distance).toBeLessThanOrEqual(conditional ?? 0);
    // What lies beyond: of the order of the estimate.
    expect(1 - inside).toBeLessThan(20 * rim);
  });

  test('what begins outside the states that are never left ends there', () => {
    const type = fixture(
      { A: 12, B: 0 },
      { turn: ['A -> B', '1 * A'], make: ['-> B', '2 * (1 - min(1, A))'], lose: ['B ->', '1 * B'] },
    );
    const { law } = stationaryLaw(type);
    expect(law.moments('A').mean).toBe(0);
    expect(law.moments('B').mean).toBeCloseTo(2, 8);
    expect(stationaryLaw(fixture({ X: 9 }, { lose: ['X ->', '1 * X'] })).law.moments('X').mean).toBe(0);
  });

  test('where there is no stationary law it says so', () => {
    const grows = fixture({ X: 0 }, { make: ['-> X', '1'] });
    expect(() => stationaryLaw(grows, { maxStates: 2000 })).toThrow('more than 2,000 states');
    const parts = fixture({ A: 1, B: 0, C: 0 }, { left: ['A -> B', '1 * A'], right: ['A -> C', '1 * A'] });
    expect(() => stationaryLaw(parts)).toThrow('2 sets of states that are never left');
  });
});

describe('first passage', () => {
  /** Mean time of a birth–death chain from `start` up to `end`: Σ_n Σ_{m ≤ n} π_m/(π_n up_n). */
  function climb(start: number, end: number, up: (n: number) => number, down: (n: number) => number): number {
    let mean = 0;
    let step = 0;
    for (let n = 0; n < end; n++) {
      step = (1 + (n > 0 ? down(n) * step : 0)) / up(n);
      if (n >= start) mean += step;
    }
    return mean;
  }

  test('Schlögl, from mode to mode, against the recursion of a birth–death chain', () => {
    const exact = climb(
      82,
      563,
      n => 0.015 * n * (n - 1) + 200,
      n => (1e-4 / 6) * n * (n - 1) * (n - 2) + 3.5 * n,
    );
    const { mean, sd, atLeast } = meanPassage(schlogl(82), amounts => amounts[1] >= 563);
    expect(mean / exact).toBeCloseTo(1, 9);
    expect(atLeast).toBeLessThanOrEqual(mean * (1 + 1e-12));
    // Rare switching is nearly exponential.
    expect(sd / mean).toBeCloseTo(1, 3);
  });

  test('a sum of exponentials: mean, sd and the law of the time', () => {
    // Ten molecules decay; all are gone after the sum of exponentials of rates 10, 9, … 1.
    const type = fixture({ X: 10 }, { lose: ['X ->', '1 * X'] });
    const gone = (amounts: Float64Array): boolean => amounts[1] === 0;
    const { mean, sd } = meanPassage(type, gone);
    const terms = Array.from({ length: 10 }, (_, i) => 1 / (i + 1));
    expect(mean).toBeCloseTo(
      terms.reduce((a, b) => a + b),
      12,
    );
    expect(sd ** 2).toBeCloseTo(
      terms.reduce((a, b) => a + b * b, 0),
      10,
    );
    const times = [0.3, 1, 4];
    const law = projectLaw(type, times, { target: gone });
    times.forEach((time, t) => {
      const exact = (1 - Math.exp(-time)) ** 10;
      expect(law.reached[t]).toBeLessThanOrEqual(exact + 1e-14);
      expect(law.reached[t] + law.bound[t]).toBeGreaterThanOrEqual(exact - 1e-14);
    });
  });

  test('a set that must grow: an unlimited walk to the side', () => {
    const type = fixture(
      { X: 3, Y: 0 },
      { lose: ['X ->', '1 * X'], make: ['-> Y', '20'], away: ['Y ->', '1 * Y'] },
    );
    const { mean, atLeast } = meanPassage(type, amounts => amounts[1] === 0, { tolerance: 1e-7 });
    expect(mean).toBeCloseTo(1 + 1 / 2 + 1 / 3, 6);
    expect(atLeast / mean).toBeGreaterThan(1 - 1e-7);
  });

  test('switching rates between two sets agree with the passages of a chain', () => {
    const { rate, back, probability } = switchingRates(
      schlogl(),
      amounts => amounts[1] <= 82,
      amounts => amounts[1] >= 563,
    );
    // A chain enters each set at its end.
    expect(rate * meanPassage(schlogl(82), amounts => amounts[1] >= 563).mean).toBeCloseTo(1, 8);
    expect(back * meanPassage(schlogl(563), amounts => amounts[1] <= 82).mean).toBeCloseTo(1, 8);
    // What leaves one side enters the other.
    expect((probability * rate) / ((1 - probability) * back)).toBeCloseTo(1, 8);
  });

  test('toggle: both directions alike, by symmetry', () => {
    const small = fixture(
      { U: 20, V: 0 },
      {
        makeU: ['-> U', '20 * (1 - hill(V, 5, 2))'],
        loseU: ['U ->', '1 * U'],
        makeV: ['-> V', '20 * (1 - hill(U, 5, 2))'],
        loseV: ['V ->', '1 * V'],
      },
    );
    const { rate, back, probability } = switchingRates(
      small,
      amounts => amounts[1] > amounts[2] + 5,
      amounts => amounts[2] > amounts[1] + 5,
      { tolerance: 1e-6 },
    );
    expect(rate).toBeLessThan(0.1);
    expect(rate / back).toBeCloseTo(1, 6);
    expect(probability).toBeCloseTo(0.5, 6);
  });

  test('conditions that make no sense are refused', () => {
    const type = immigrationDeath();
    expect(() => meanPassage(type, amounts => amounts[1] >= 0)).toThrow('meets the condition already');
    expect(() => meanPassage(dimerisation(), amounts => amounts[1] > 100)).toThrow('may never be met');
    expect(() =>
      switchingRates(
        type,
        a => a[1] > 5,
        a => a[1] > 7,
      ),
    ).toThrow('the two sets must be apart');
    expect(() =>
      switchingRates(
        dimerisation(),
        a => a[1] < 5,
        a => a[1] > 107,
      ),
    ).toThrow('no state that is visited meets the second');
  });
});
