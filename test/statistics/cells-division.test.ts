import { describe, expect, it } from 'vitest';
import type { Division } from '../../src/engine/cells/cellType.ts';
import { createDivision } from '../../src/engine/cells/division.ts';
import { refreshGeometry } from '../../src/engine/cells/geometry.ts';
import { type Population, removeSlot } from '../../src/engine/cells/population.ts';
import { cellsAt, cellType, domain } from '../cells/fixtures.ts';
import { binomialLaw, chiSquareDeviate } from '../random/goodnessOfFit.ts';

const CELLS = 20_000;
const GENERATIONS = 16;
const ADDED = 2;
const grid = domain(2, 1e4);

interface Sample {
  /** Birth volumes of the last generation. */
  birth: Float64Array;
  /** Volumes added from birth to division in the last generation. */
  added: Float64Array;
}

/**
 * Independent lineages, one random daughter kept per division, over GENERATIONS. Cells are grown to exactly their
 * division volume: the law of sizes from birth to birth, without the time step's overshoot.
 */
function lineages(division: Division): Sample {
  const type = cellType({ division });
  const cells = cellsAt(
    grid,
    type,
    Array.from({ length: CELLS }, () => [5e3, 5e3, 0, 0.8] as const),
    `${division.kind} ${division.noise} ${division.asymmetry}`,
  );
  for (let i = 0; i < CELLS; i++) cells.divisionVolume[i] = cells.volume[i];
  const operator = createDivision([type], grid);
  const added = new Float64Array(CELLS);
  for (let generation = 0; generation < GENERATIONS; generation++) {
    for (let i = 0; i < cells.count; i++) {
      added[i] = cells.divisionVolume[i] - cells.birthVolume[i];
      growTo(cells, i, cells.divisionVolume[i] * (1 + 1e-12));
    }
    refreshGeometry(cells, [type], grid);
    expect(operator.advance(cells, generation)).toBe(CELLS);
    // The first daughter is as good as random: her share is symmetric about ½.
    for (let i = 2 * CELLS - 1; i >= CELLS; i--) removeSlot(cells, i);
  }
  return { birth: cells.birthVolume.slice(0, CELLS), added };
}

function growTo(cells: Population, slot: number, volume: number): void {
  cells.amounts[slot * cells.stride] = volume * 100;
}

function moments(sample: Float64Array): { mean: number; cv: number; meanError: number } {
  const mean = sample.reduce((sum, v) => sum + v, 0) / sample.length;
  const variance = sample.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (sample.length - 1);
  return { mean, cv: Math.sqrt(variance) / mean, meanError: Math.sqrt(variance / sample.length) };
}

/** Standard error of a coefficient of variation c of a nearly normal sample: c √(½ + c²)/√n. */
function cvError(cv: number): number {
  return (cv * Math.sqrt(0.5 + cv * cv)) / Math.sqrt(CELLS);
}

describe('the adder at steady state', () => {
  // Birth volume b' = s (b + Δ) with E s = ½, var s = a²: E b = E Δ and
  // E b² = (¼ + a²)(E b² + 2 E b E Δ + E Δ²), whence cv² = (¼ + a²)(3 + cv_Δ²)/(¾ − a²) − 1 (a = 0: cv_Δ²/3).
  it.each([
    [0.1, 0],
    [0.25, 0],
    [0.15, 0.05],
    [0, 0.1],
  ])('adds the same volume whatever the birth size (noise %d, asymmetry %d)', (noise, asymmetry) => {
    const { birth, added } = lineages({ kind: 'adder', volume: ADDED, noise, asymmetry });
    const b = moments(birth);
    const a = moments(added);
    expect(Math.abs(a.mean - ADDED)).toBeLessThan(4.5 * a.meanError + 1e-12);
    expect(Math.abs(a.cv - noise)).toBeLessThan(4.5 * cvError(noise) + 1e-12);
    expect(Math.abs(b.mean - ADDED)).toBeLessThan(4.5 * b.meanError + 2 * 2 ** -GENERATIONS);
    const q = 0.25 + asymmetry ** 2;
    const cv = Math.sqrt((q * (3 + noise ** 2)) / (1 - q) - 1);
    // The law is skewed: 1.3 × the normal standard error covers its kurtosis.
    expect(Math.abs(b.cv - cv)).toBeLessThan(4.5 * 1.3 * cvError(cv));
  });

  it('forgets its birth size by half per generation, where a sizer forgets it at once', () => {
    for (const [kind, slope] of [
      ['adder', 0.5],
      ['sizer', 0],
    ] as const) {
      const type = cellType({ division: { kind, volume: 3, noise: 0.05, asymmetry: 0.08 } });
      const cells = cellsAt(
        grid,
        type,
        Array.from({ length: CELLS }, (_, i) => [5e3, 5e3, 0, 0.6 + (0.2 * i) / CELLS] as const),
        kind,
      );
      const operator = createDivision([type], grid);
      const birth: Float64Array[] = [];
      for (let generation = 0; generation < 2; generation++) {
        for (let i = 0; i < CELLS; i++) {
          const target = generation === 0 ? 2 * cells.volume[i] : cells.divisionVolume[i];
          cells.divisionVolume[i] = target;
          growTo(cells, i, target * (1 + 1e-12));
        }
        refreshGeometry(cells, [type], grid);
        operator.advance(cells, generation);
        for (let i = cells.count - 1; i >= CELLS; i--) removeSlot(cells, i);
        birth.push(cells.birthVolume.slice(0, CELLS));
      }
      const [x, y] = birth.map(moments);
      let covariance = 0;
      for (let i = 0; i < CELLS; i++) covariance += ((birth[0][i] - x.mean) * (birth[1][i] - y.mean)) / CELLS;
      const variance = (x.cv * x.mean) ** 2;
      const error = (y.cv * y.mean) / (x.cv * x.mean) / Math.sqrt(CELLS);
      expect(Math.abs(covariance / variance - slope), kind).toBeLessThan(4.5 * error);
    }
  });
});

describe('partition at division', () => {
  it.each([
    [1, 0],
    [40, 0],
    [700, 0],
    [30_000, 0],
  ])('of %d molecules between equal daughters is binomial', copies => {
    const observed = partition(copies, 0);
    const { lowest, probability } = binomialLaw(copies, 0.5);
    const counts = new Float64Array(probability.length);
    for (const k of observed) counts[k - lowest]++;
    expect(chiSquareDeviate(counts, probability)).toBeLessThan(4.5);
  });

  it('between unequal daughters follows each one’s share of the volume', () => {
    // Sum over cells of (k − n s)² / (n s (1 − s)) has mean 1 per cell and nearly the variance 2 of a χ².
    const copies = 500;
    const shares = new Float64Array(CELLS);
    const observed = partition(copies, 0.1, shares);
    let square = 0;
    let deviation = 0;
    for (let i = 0; i < CELLS; i++) {
      const z = (observed[i] - copies * shares[i]) / Math.sqrt(copies * shares[i] * (1 - shares[i]));
      deviation += z;
      square += z * z;
    }
    expect(Math.abs(deviation)).toBeLessThan(4.5 * Math.sqrt(CELLS));
    expect(Math.abs(square - CELLS)).toBeLessThan(4.5 * Math.sqrt(2 * CELLS));
    expect(moments(shares).cv).toBeCloseTo(0.2, 2);
  });
});

/** Copies in the first daughter of CELLS independent divisions; `shares` receives her share of the volume. */
function partition(copies: number, asymmetry: number, shares = new Float64Array(CELLS)): Float64Array {
  const type = cellType({ division: { kind: 'adder', volume: ADDED, noise: 0, asymmetry } });
  const cells = cellsAt(
    grid,
    type,
    Array.from({ length: CELLS }, () => [5e3, 5e3, 0, 1] as const),
    `partition ${copies} ${asymmetry}`,
  );
  for (let i = 0; i < CELLS; i++) {
    cells.amounts[4 * i + 1] = copies;
    cells.divisionVolume[i] = cells.volume[i];
  }
  const mother = cells.volume[0];
  expect(createDivision([type], grid).advance(cells, 0)).toBe(CELLS);
  const first = new Float64Array(CELLS);
  for (let i = 0; i < CELLS; i++) {
    first[i] = cells.amounts[4 * i + 1];
    shares[i] = cells.volume[i] / mother;
    expect(first[i] + cells.amounts[4 * (CELLS + i) + 1]).toBe(copies);
  }
  return first;
}
