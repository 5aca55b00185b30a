import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { fallbacks, LONG, meanOf, speciesOf, standardError, start } from './shipped.ts';

/** Parameters of the file; concentrations in units of the model, IPTG in µM. */
const ALPHA_U = 156.25;
const ALPHA_V = 15.6;
const BETA = 2.5;
const ETA = 2.0015;
const K_I = 29.618;
const OMEGA = 5;
const I_MAX = 80;
const MICROMOLAR = 602.214076;

interface State {
  readonly u: number;
  readonly v: number;
}

/** Fixed points of the deterministic model at an inducer concentration, from low U to high U: one or three. */
function fixedPoints(inducer: number): State[] {
  const active = (1 + inducer / K_I) ** ETA;
  const vOf = (u: number) => ALPHA_V / (1 + u / active);
  const excess = (u: number) => ALPHA_U / (1 + vOf(u) ** BETA) - u;
  const points: State[] = [];
  const n = 20_000;
  const at = (i: number) => 0.01 * (ALPHA_U / 0.01) ** (i / n);
  for (let i = 0; i < n; i++) {
    let [low, high] = [at(i), at(i + 1)];
    if (excess(low) > 0 === excess(high) > 0) continue;
    for (let k = 0; k < 60; k++) {
      const middle = 0.5 * (low + high);
      if (excess(middle) > 0 === excess(low) > 0) low = middle;
      else high = middle;
    }
    points.push({ u: low, v: vOf(low) });
  }
  return points;
}

/** The inducer concentration at which the state with U high ends, µM. */
function foldOfHighU(): number {
  let [low, high] = [0, I_MAX];
  for (let k = 0; k < 40; k++) {
    const middle = 0.5 * (low + high);
    if (fixedPoints(middle).length === 3) low = middle;
    else high = middle;
  }
  return low;
}

interface Cell extends State {
  /** µM at the cell. */
  readonly inducer: number;
  /** log10 (V + 1)/(U + 1): below 0 U is high, above it V. */
  readonly balance: number;
}

function cellsOf(model: Model): Cell[] {
  const { count, x, amounts, stride } = model.population;
  const [u, v] = [speciesOf(model, 'U'), speciesOf(model, 'V')];
  const length = model.description.grid.size[0];
  return Array.from({ length: count }, (_, i) => {
    const [nu, nv] = [amounts[i * stride + u], amounts[i * stride + v]];
    return {
      u: nu / OMEGA,
      v: nv / OMEGA,
      inducer: (I_MAX * x[i]) / length,
      balance: Math.log10((nv + 1) / (nu + 1)),
    };
  });
}

function between(cells: readonly Cell[], from: number, to: number): Cell[] {
  return cells.filter(({ inducer }) => inducer >= from && inducer < to);
}

function fractionHigh(cells: readonly Cell[]): number {
  return cells.filter(({ balance }) => balance > 0).length / cells.length;
}

/** Means of 1/(1 + n/a) or 1/(1 + (n/a)^b) over a Poisson law of the count n. */
function poissonMean(mean: number, value: (n: number) => number): number {
  let probability = Math.exp(-mean);
  let sum = 0;
  for (let n = 0; n < 20 * (mean + 10); n++) {
    sum += probability * value(n);
    probability *= mean / (n + 1);
  }
  return sum;
}

describe('toggle-switch-in-a-gradient', () => {
  let model: Model;
  let cells: Cell[];
  let fold: number;

  beforeAll(() => {
    model = simulate(start('toggle-switch-in-a-gradient'));
    cells = cellsOf(model);
    fold = foldOfHighU();
  }, LONG);

  it('has two stable states below 39.2 µM IPTG and one above', () => {
    expect(fold).toBeCloseTo(39.2, 1);
    expect(fixedPoints(0)).toHaveLength(3);
    expect(fixedPoints(I_MAX)).toHaveLength(1);
  });

  it('keeps the linear profile of the inducer to rounding', () => {
    const [nx, ny] = model.description.grid.cells;
    let worst = 0;
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const exact = (I_MAX * MICROMOLAR * (i + 0.5)) / nx;
        worst = Math.max(worst, Math.abs(model.fields[0][i + nx * j] - exact));
      }
    }
    // Rounding of the face fluxes, half an ulp × D step/h² = 312 of the concentration in each step, is damped, not summed.
    expect(worst / (I_MAX * MICROMOLAR)).toBeLessThan(1e-11);
  });

  it('answers with a sigmoid: none on the left, all on the right, in order between', () => {
    const width = 4;
    const fractions = Array.from({ length: I_MAX / width }, (_, i) =>
      fractionHigh(between(cells, i * width, (i + 1) * width)),
    );
    expect(fractions.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(fractions.slice(14)).toEqual([1, 1, 1, 1, 1, 1]);
    // 128 cells per bin: a fraction's standard error is at most 0.044, that of a difference 0.063.
    for (let i = 1; i < fractions.length; i++) {
      expect(fractions[i]).toBeGreaterThan(fractions[i - 1] - 3 * 0.063);
    }
    // Half of the cells have crossed just below the fold, where noise still has to help.
    const half = fractions.findIndex(fraction => fraction > 0.5);
    expect(Math.abs((half + 0.5) * width - fold)).toBeLessThan(width);
  });

  it('has both kinds of cells side by side in the middle, and hardly any between', () => {
    const middle = between(cells, fold - 4, fold);
    const low = middle.filter(({ balance }) => balance < -0.5).length / middle.length;
    const high = middle.filter(({ balance }) => balance > 0.5).length / middle.length;
    expect(low).toBeGreaterThan(0.2);
    expect(high).toBeGreaterThan(0.2);
    expect(1 - low - high).toBeLessThan(0.1);
    // The valley lies where the deterministic barrier does.
    const barrier = fixedPoints(fold - 2)[1];
    expect(Math.abs(Math.log10(barrier.v / barrier.u))).toBeGreaterThan(0.5);
  });

  it('has the stable states’ amounts at both ends', () => {
    // Left, U high. V is Poisson with the mean that U allows (U varies by 4 % only); U is made at the mean of
    // 1 − hill over that law: the deterministic value lowered by noise in V.
    const left = between(cells, 0, 8);
    const [, , uHigh] = fixedPoints(4);
    const v = left.map(cell => cell.v * OMEGA);
    expect(Math.abs(meanOf(v) - OMEGA * uHigh.v)).toBeLessThan(4 * standardError(v) + 0.03 * OMEGA * uHigh.v);
    const repressed = poissonMean(meanOf(v), n => 1 / (1 + (n / OMEGA) ** BETA));
    const u = left.map(cell => cell.u);
    expect(Math.abs(meanOf(u) - ALPHA_U * repressed)).toBeLessThan(4 * standardError(u));

    // Right, V high: the same with the roles exchanged.
    const right = between(cells, 72, I_MAX);
    const active = (1 + 76 / K_I) ** ETA;
    const vHigh = right.map(cell => cell.v);
    const uLow = meanOf(right.map(cell => cell.u * OMEGA));
    const expected = ALPHA_V * poissonMean(uLow, n => 1 / (1 + n / OMEGA / active));
    expect(Math.abs(meanOf(vHigh) - expected)).toBeLessThan(4 * standardError(vHigh));
    expect(Math.abs(expected / fixedPoints(76)[0].v - 1)).toBeLessThan(0.01);
  });

  it('needs no fallback', () => {
    expect(fallbacks(model)).toBe(0);
  });
});
