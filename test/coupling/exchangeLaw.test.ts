import { describe, expect, it } from 'vitest';
import { boxes } from '../support/boxes.ts';
import { errorsOf, follow, SCHEDULES } from '../support/exchange.ts';
import { simulateLine } from '../support/spatialSsa.ts';
import { hybridLaw, lineLaw, multinomialCovariance, windowLaw } from '../support/windowLaw.ts';

/** In short what exchangeLaw.long.test.ts measures at length: docs/numerics.md, The law of an exchange under every schedule. */

describe('the law that a schedule is predicted to have', () => {
  it('is the exact one for joint coupling and for the midpoint, whatever the window', () => {
    for (const window of [0.05, 0.5, 5, 50]) {
      expect(windowLaw(SCHEDULES['strong midpoint'], window, 1, 200).xx).toBeCloseTo(100, 8);
      expect(windowLaw(SCHEDULES.joint, window, 1, 200).xx).toBeCloseTo(100, 8);
      expect(windowLaw(SCHEDULES.joint, window, 1, 200).lagged).toBeCloseTo(Math.exp(-2 * window), 12);
    }
  });

  it('becomes the law of cells on fields without noise as windows become short', () => {
    const exact = lineLaw(4, 2, decay => hybridLaw(0.01, 1, 100, decay));
    for (const coupling of Object.values(SCHEDULES)) {
      const law = lineLaw(4, 2, decay => windowLaw(coupling, 0.001, 1, 100, decay));
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++)
          expect(Math.abs(law.covariance[i][j] - exact.covariance[i][j])).toBeLessThan(0.25);
      }
    }
  });
});

describe('the stochastic exchange of cells and a closed box', () => {
  const [N, PER_BOX] = [600, 5];
  it.each(
    Object.entries(SCHEDULES).flatMap(([name, coupling]) =>
      [
        [0.3, 1500],
        [3, 200],
      ].map(([total, windows]) => ({ name, coupling, total, windows })),
    ),
  )('has the predicted law under $name at rate × window = $total', ({ coupling, total, windows }) => {
    const step = total / 2;
    const law = windowLaw(coupling, step, 1, N / 2);
    const skip = Math.ceil(12 / total);
    const description = boxes(1, PER_BOX, N, 1, coupling, { step, steps: skip + windows });
    const found = follow(description, PER_BOX, N / 2, { skip, windows });
    const error = errorsOf(law.lagged, windows);
    // Agreement to within one firing leaves up to half a molecule.
    expect(Math.abs(found.total.mean - N / 2)).toBeLessThan(0.5 + 4 * Math.sqrt(law.xx) * error.mean);
    expect(Math.abs(found.total.variance / law.xx - 1)).toBeLessThan(4 * error.variance);
    expect(Math.abs(found.total.lagged / found.total.variance - law.lagged)).toBeLessThan(
      4 * Math.sqrt((1 - law.lagged ** 2) / windows) + 0.01,
    );
    expect(found.worstRelative).toBeLessThan(1e-13);
  });
});

describe('the reaction–diffusion master equation on a line', () => {
  const [BOXES, N, RATE, HOP] = [4, 100, 1, 8];

  it('has the multinomial law; where diffusion is fast, fields without noise give cells nearly the same', () => {
    const [step, samples, skip] = [0.5, 1500, 20];
    const { cells } = simulateLine(
      { boxes: BOXES, perBox: N, rate: RATE, hop: HOP },
      step,
      samples + skip,
      1,
    );
    const rows = cells.slice(skip).map(row => row.map(x => x - N / 2));
    const exact = multinomialCovariance(BOXES, N);
    const mean = (value: (row: number[]) => number) =>
      rows.reduce((sum, row) => sum + value(row), 0) / samples;
    // The slowest of all forgets at 1 /s or faster: e^(−½) from row to row.
    const error = errorsOf(Math.exp(-0.5), samples);
    const hybrid = lineLaw(BOXES, HOP, decay => hybridLaw(step, RATE, N / 2, decay));
    for (let i = 0; i < BOXES; i++) {
      expect(Math.abs(mean(row => row[i]))).toBeLessThan(4 * Math.sqrt(exact[i][i]) * error.mean);
      expect(Math.abs(mean(row => row[i] ** 2) / exact[i][i] - 1)).toBeLessThan(4 * error.variance);
      expect(hybrid.covariance[i][i] / exact[i][i]).toBeLessThan(1);
      expect(hybrid.covariance[i][i] / exact[i][i]).toBeGreaterThan(0.9);
    }
    const total = mean(row => row.reduce((a, b) => a + b) ** 2) / ((BOXES * N) / 4);
    expect(Math.abs(total - 1)).toBeLessThan(4 * errorsOf(Math.exp(-1), samples).variance);
    expect(hybrid.total.xx / (N / 4)).toBeCloseTo(1, 8);
  });

  it.each(Object.entries(SCHEDULES))('is followed under %s as predicted, box by box', (_, coupling) => {
    const [PER_BOX, step, windows, skip] = [2, 0.25, 1000, 40];
    const law = lineLaw(BOXES, HOP, decay => windowLaw(coupling, step, RATE, N / 2, decay));
    const description = boxes(BOXES, PER_BOX, N, RATE, coupling, {
      step,
      steps: skip + windows,
      diffusivity: 4 * HOP,
    });
    const found = follow(description, PER_BOX, N / 2, { skip, windows });
    const error = errorsOf(law.radius, windows);
    for (let i = 0; i < BOXES; i++) {
      const variance = law.covariance[i][i];
      expect(Math.abs(found.mean[i] - N / 2)).toBeLessThan(0.5 + 4 * Math.sqrt(variance) * error.mean);
      expect(Math.abs(found.covariance[i][i] / variance - 1)).toBeLessThan(4 * error.variance);
      if (i === 0) continue;
      const pair = law.covariance[i][i - 1];
      expect(Math.abs(found.covariance[i][i - 1] - pair)).toBeLessThan(
        4 * variance * error.variance * Math.SQRT1_2,
      );
    }
    const totalError = errorsOf(law.total.lagged, windows);
    expect(Math.abs(found.total.variance / (BOXES * law.total.xx) - 1)).toBeLessThan(4 * totalError.variance);
  });
});
