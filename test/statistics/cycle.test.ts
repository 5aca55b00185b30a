import { describe, expect, it } from 'vitest';
import type { CyclePhase, Division } from '../../src/engine/cells/cellType.ts';
import { advanceCycles, beginCycle, type PhaseFunctions } from '../../src/engine/cells/cycle.ts';
import { createDivision } from '../../src/engine/cells/division.ts';
import { createLife } from '../../src/engine/cells/life.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { DelayLaw } from '../../src/engine/circuits/circuit.ts';
import { number } from '../../src/engine/expression/build.ts';
import { cellsAt, cellType, domain } from '../cells/fixtures.ts';

const grid = domain(2, 1e4);

function phase(name: string, duration: DelayLaw | null, rate: number | null = null): CyclePhase {
  return { name, duration, rate: rate === null ? null : number(rate), until: null };
}

function cycleOf(...phases: CyclePhase[]): Division {
  return { kind: 'cycle', volume: Number.POSITIVE_INFINITY, noise: 0, asymmetry: 0, phases };
}

function functionsOf({ phases = [] }: Division): PhaseFunctions[] {
  return phases.map(({ rate }) => ({
    rate: rate?.kind === 'number' ? () => rate.value : null,
    until: null,
  }));
}

function founders(division: Division, count: number, seed: string): Population {
  const type = cellType({ division });
  const cells = cellsAt(
    grid,
    type,
    Array.from({ length: count }, () => [5e3, 5e3, 0, 1] as const),
    seed,
  );
  cells.life = createLife(cells.capacity);
  for (let slot = 0; slot < count; slot++) beginCycle(cells, slot, type, 0);
  cells.divisionVolume.fill(Number.POSITIVE_INFINITY);
  return cells;
}

/** Grows clones for `steps` windows; returns the population and the clone of every cell. */
function growClones(
  division: Division,
  count: number,
  steps: number,
  step: number,
  prepare?: (cells: Population) => void,
) {
  const type = cellType({ division });
  const cells = founders(division, count, JSON.stringify(division));
  prepare?.(cells);
  const operator = createDivision([type], grid);
  const clone = new Map<number, number>();
  for (let slot = 0; slot < count; slot++) clone.set(cells.id[slot], slot);
  const functions = [functionsOf(division)];
  for (let n = 1; n <= steps; n++) {
    advanceCycles(cells, [type], functions, n * step, step);
    operator.advance(cells, n * step);
    const { log } = operator;
    for (let i = 0; i < log.count; i++) {
      const of = clone.get(log.mother[i]) ?? -1;
      clone.set(log.first[i], of);
      clone.set(log.second[i], of);
    }
  }
  return { cells, clone };
}

/**
 * Share of cells younger than `age` with its standard error. Sisters have one age, so clones are what is independent: the ratio
 * Σ m/Σ n over clones, its error from the residuals m − R n.
 */
function youngerThan(
  age: number,
  time: number,
  count: number,
  { cells, clone }: ReturnType<typeof growClones>,
) {
  const young = new Float64Array(count);
  const all = new Float64Array(count);
  for (let slot = 0; slot < cells.count; slot++) {
    const of = clone.get(cells.id[slot]) ?? -1;
    all[of]++;
    if (time - cells.birthTime[slot] < age) young[of]++;
  }
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const share = sum(young) / sum(all);
  const error = Math.sqrt(sum(young.map((m, i) => (m - share * all[i]) ** 2))) / sum(all);
  return { share, error };
}

describe('ages in an exponentially growing population', () => {
  it('of a fixed timer follow 2 ln 2 · 2^(−a/T)/T, and the number doubles every period', () => {
    const T = 100;
    const count = 2000;
    const run = growClones(cycleOf(phase('cycle', { kind: 'fixed', time: T })), count, 47, 7.5, cells => {
      // Founders of the stationary law: the share younger than a is 2 (1 − 2^(−a/T)).
      for (let slot = 0; slot < count; slot++) {
        const age = -T * Math.log2(1 - (slot + 0.5) / count / 2);
        cells.birthTime[slot] = -age;
        if (cells.life) {
          cells.life.entered[slot] = -age;
          cells.life.due[slot] = T - age;
        }
      }
    });
    const time = 47 * 7.5;
    // Divisions happen at their moments, not at the ends of steps, so the law is met to the spacing of the founders.
    expect(run.cells.count / (count * 2 ** (time / T))).toBeCloseTo(1, 3);
    for (const age of [10, 25, 50, 75, 95]) {
      const { share } = youngerThan(age, time, count, run);
      expect(share).toBeCloseTo(2 * (1 - 2 ** (-age / T)), 3);
    }
    const ages = Array.from({ length: run.cells.count }, (_, slot) => time - run.cells.birthTime[slot]);
    expect(Math.max(...ages)).toBeLessThan(T);
  });

  it('of an Erlang timer follow 2 λ e^(−λ a) S(a) with 2 f̂(λ) = 1', () => {
    const [T, k, count] = [100, 4, 150];
    const theta = T / k;
    const lambda = (2 ** (1 / k) - 1) / theta;
    const division = cycleOf(phase('cycle', { kind: 'gamma', mean: T, cv: 1 / Math.sqrt(k) }));
    const time = 600;
    const run = growClones(division, count, 120, 5);
    const survival = (a: number) => {
      const x = a / theta;
      return Math.exp(-x) * (1 + x + x ** 2 / 2 + x ** 3 / 6);
    };
    const law = (age: number) => {
      const n = 2000;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const a = (age * (i + 0.5)) / n;
        sum += (2 * lambda * Math.exp(-lambda * a) * survival(a) * age) / n;
      }
      return sum;
    };
    expect(law(2000)).toBeCloseTo(1, 4);
    for (const age of [25, 50, 100, 150]) {
      const { share, error } = youngerThan(age, time, count, run);
      expect(error).toBeLessThan(0.012);
      expect(Math.abs(share - law(age))).toBeLessThan(4.5 * error);
    }
  });
});

describe('phases of a cycle', () => {
  // The window is as long as the phases: each ends at its own moment all the same.
  const STEP = 40;
  const N = 20_000;
  const division = cycleOf(
    phase('G1', { kind: 'gamma', mean: 50, cv: 0.5 }),
    phase('S', { kind: 'fixed', time: 30 }),
    phase('G2', null, 1 / 20),
    phase('M', { kind: 'fixed', time: 5 }, 1 / 10),
  );

  it('last as long as their laws say, whatever the step', () => {
    const type = cellType({ division });
    const cells = founders(division, N, 'phases');
    const { life } = cells;
    if (!life) throw new Error('no life');
    const ends = new Float64Array(N);
    let done = 0;
    for (let n = 1; done < N; n++) {
      advanceCycles(cells, [type], [functionsOf(division)], n * STEP, STEP);
      for (let slot = 0; slot < N; slot++) {
        if (ends[slot] === 0 && life.stage[slot] === 4) {
          ends[slot] = life.entered[slot];
          expect(ends[slot]).toBeLessThanOrEqual(n * STEP);
          expect(ends[slot]).toBeGreaterThan((n - 1) * STEP);
          done++;
        }
      }
    }
    // Independent phases: means and variances add up.
    const mean = ends.reduce((a, b) => a + b, 0) / N;
    const variance = ends.reduce((a, b) => a + (b - mean) ** 2, 0) / (N - 1);
    const expected = 25 ** 2 + 20 ** 2 + 10 ** 2;
    expect(Math.abs(mean - (50 + 30 + 20 + 5 + 10))).toBeLessThan(4.5 * Math.sqrt(expected / N));
    // Fourth cumulants: gamma 6 θ⁴ k = 6 σ⁴/k; exponentials 6 σ⁴.
    const fourth = 3 * expected ** 2 + (6 * 25 ** 4) / 4 + 6 * (20 ** 4 + 10 ** 4);
    expect(Math.abs(variance - expected)).toBeLessThan(4.5 * Math.sqrt((fourth - expected ** 2) / N));
  });

  it('stand still in quiescent cells', () => {
    const type = cellType({ division });
    const cells = founders(division, 50, 'quiet');
    const { life } = cells;
    if (!life) throw new Error('no life');
    life.quiescent.fill(1);
    const left = life.due.slice();
    for (let n = 1; n <= 10; n++) advanceCycles(cells, [type], [functionsOf(division)], n * STEP, STEP);
    expect([...life.stage.subarray(0, 50)].every(stage => stage === 0)).toBe(true);
    for (let slot = 0; slot < 50; slot++) expect(life.due[slot] - left[slot]).toBeCloseTo(10 * STEP, 9);
  });
});
