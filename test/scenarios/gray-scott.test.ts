import { beforeAll, describe, expect, it } from 'vitest';
import { total } from '../../src/engine/fields/total.ts';
import { type Model, simulate } from '../../src/engine/index.ts';
import { causesOf, LONG, start, stepAt } from './shipped.ts';

const [F, K, D] = [0.04, 0.059, 1e-5 * 1e6];
const MICROMOLAR = 602.214076;
const SIDE = 1250;

/** The uniform state in which the reaction goes on, u v = F + k, uM. */
function uniformState(): [u: number, v: number] {
  const v = (F + Math.sqrt(F * F - 4 * F * (F + K) ** 2)) / (2 * (F + K));
  return [(F + K) / v, v];
}

/** e^(M t) of a 2 × 2 matrix, by its series. */
function exponential(m: readonly number[], t: number): number[] {
  let term = [1, 0, 0, 1];
  let sum = term;
  for (let n = 1; n < 200; n++) {
    const [a, b, c, d] = term;
    term = [a * m[0] + b * m[2], a * m[1] + b * m[3], c * m[0] + d * m[2], c * m[1] + d * m[3]].map(
      value => (value * t) / n,
    );
    sum = sum.map((value, i) => value + term[i]);
  }
  return sum;
}

/** Maxima of v above 0.15 uM: spots, all of whose neighbours are lower. */
function countSpots({ fields: [, v], description }: Model): number {
  const [nx, ny] = description.grid.cells;
  let spots = 0;
  for (let i = 0; i < v.length; i++) {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    let isTop = v[i] > 0.15 * MICROMOLAR;
    for (let n = 0; n < 9; n++) {
      const other = ((x + (n % 3) - 1 + nx) % nx) + nx * ((y + Math.floor(n / 3) - 1 + ny) % ny);
      if (v[other] > v[i]) isTop = false;
    }
    if (isTop) spots++;
  }
  return spots;
}

describe('waves on the uniform state', () => {
  it.each([0, 4, 9, 16])('grow or fade as linear theory says: wave number %i', m => {
    const [u, v] = uniformState();
    const [nx, seconds, size] = [64, 60, 1e-6];
    const wave = (mean: number, share: number) =>
      `one * (${mean} + ${share * size} * cos(2 * pi * ${m} * x / side))`;
    const model = start(
      'gray-scott',
      `domain.grid=[${nx}, 2]`,
      'time.step=0.5 s',
      `parameters.F=${F} /s`,
      `parameters.k=${K} /s`,
      `fields.u.initial=${wave(u, 1)}`,
      `fields.v.initial=${wave(v, -0.5)}`,
    );
    simulate(model, { untilStep: seconds / 0.5 });
    // The eigenvalue of the discrete Laplacian.
    const h = SIDE / nx;
    const q = ((2 * Math.sin((Math.PI * m) / nx)) / h) ** 2;
    const matrix = [-(v * v) - F - 2 * D * q, -2 * (F + K), v * v, F + K - D * q];
    const [a, b, c, d] = exponential(matrix, seconds);
    const expected = [a - 0.5 * b, c - 0.5 * d];
    const measured = model.fields.map((values, f) => {
      let sum = 0;
      for (let i = 0; i < nx; i++) {
        const here = values[i] / MICROMOLAR - [u, v][f];
        sum += here * Math.cos((2 * Math.PI * m * (i + 0.5)) / nx);
      }
      return (sum * (m === 0 ? 1 : 2)) / nx / size;
    });
    const largest = Math.max(...expected.map(Math.abs));
    // The step's error: second order, (0.5 s × some 0.2 /s)²/12 of a rate of 0.2 /s over 60 s.
    measured.forEach((value, f) => {
      expect(Math.abs(value - expected[f])).toBeLessThan(0.01 * largest);
    });
  });
});

describe('a square of v', () => {
  let model: Model;
  const spots: number[] = [];
  const means: number[][] = [];

  beforeAll(() => {
    model = start('gray-scott');
    for (const time of [1000, 2000]) {
      simulate(model, { untilStep: stepAt(model, time) });
      spots.push(countSpots(model));
      means.push(model.fields.map(values => total(values) / values.length / MICROMOLAR));
    }
  }, LONG);

  it('breaks up into spots that divide', () => {
    expect(spots).toEqual([8, 24]);
  });

  it('has the contents that steps of a quarter of the length give', () => {
    const [[u, v]] = means;
    expect(Math.abs(u - 0.95646)).toBeLessThan(0.001);
    expect(Math.abs(v - 0.0144)).toBeLessThan(0.0004);
  });

  it('stays as symmetric as it was', () => {
    const v = model.fields[1];
    const n = model.description.grid.cells[0];
    let worst = 0;
    for (let i = 0; i < v.length; i++) {
      const [x, y] = [i % n, Math.floor(i / n)];
      worst = Math.max(worst, Math.abs(v[i] - v[n - 1 - x + n * y]), Math.abs(v[i] - v[y + n * x]));
    }
    expect(worst / MICROMOLAR).toBeLessThan(1e-10);
  });

  it('eats what is fed: both sides of the books', () => {
    const causes = causesOf(model, 'field.u + field.v');
    expect(Object.keys(causes).sort()).toEqual(['feed reaction', 'loss reaction']);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });
});
