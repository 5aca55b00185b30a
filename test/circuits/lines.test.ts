import { describe, expect, it } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { type CompileOptions, compileCircuit } from '../../src/engine/circuits/compile.ts';
import { drawLine, lineColumns } from '../../src/engine/circuits/lines.ts';
import type { CircuitWindow } from '../../src/engine/circuits/window.ts';
import { amountsOf, fixture, meanAndVariance, populate, windowFor } from './fixtures.ts';

const START = 1e4;
const DURATION = 3;
const FIELDS = 2;
/** f0 is used up, f1 grows: (6 − 2s) and (2 + s), s from the start. */
const FROM = [6, 2];
const TO = [0, 5];

function onLines(type: CellType, window: CircuitWindow): CircuitWindow {
  const { count } = window.population;
  const lines = new Float64Array(count * lineColumns(FIELDS));
  const rows = (values: readonly number[]) =>
    Float64Array.from({ length: count * FIELDS }, (_, i) => values[i % FIELDS]);
  const [from, to] = [rows(FROM), rows(TO)];
  for (let n = 0; n < count; n++) drawLine(from, to, n, FIELDS, START, DURATION, lines);
  return {
    ...window,
    time: START,
    start: START,
    sampled: lines,
    columns: lineColumns(FIELDS),
    extents: new Float64Array(type.circuit.reactions.length),
  };
}

function advanced(type: CellType, count: number, options: CompileOptions = {}) {
  const population = populate(type, count);
  const circuit = compileCircuit(type, FIELDS, { method: 'modified-next-reaction', lines: true, ...options });
  const window = onLines(type, windowFor(type, population, DURATION, { fieldCount: FIELDS }));
  const fault = circuit.advance(window);
  expect(fault).toBeNull();
  return { population, window };
}

/** ∫ of a rate over the window by Simpson's rule on many intervals, cut at s = 1. */
function integral(rate: (f0: number, f1: number) => number): number {
  let sum = 0;
  for (const [from, to] of [
    [0, 1],
    [1, DURATION],
  ]) {
    const n = 2000;
    const h = (to - from) / n;
    for (let i = 0; i < n; i++) {
      const at = (s: number) => rate(6 - 2 * s, 2 + s);
      const s = from + i * h;
      // Off the cut itself, where a step of a rate may be on either side.
      sum += (h / 6) * (at(s + 1e-12) + 4 * at(s + h / 2) + at(s + h - 1e-12));
    }
  }
  return sum;
}

const RATES: Record<string, (f0: number, f1: number) => number> = {
  f0: f0 => f0,
  '0.5 * f0 * f1 + 0.2 * f1': (f0, f1) => 0.5 * f0 * f1 + 0.2 * f1,
  '5 * hill(f1, 3, 4)': (_, f1) => (5 * f1 ** 4) / (81 + f1 ** 4),
  'f1 > 3 ? 4 : 0.5': (_, f1) => (f1 > 3 ? 4 : 0.5),
  'f0 / (0.1 + f0) * (1 + sin(f1))': (f0, f1) => (f0 / (0.1 + f0)) * (1 + Math.sin(f1)),
};

describe('cells that see fields on lines, whole molecules', () => {
  const COPIES = 4000;

  it.each(Object.entries(RATES))('fire at %s by the exact Poisson law', (rate, value) => {
    const type = fixture({ A: 0 }, { make: ['-> A', rate] });
    const { mean, variance } = meanAndVariance(amountsOf(type, advanced(type, COPIES).population, 'A'));
    const exact = integral(value);
    expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt(exact / COPIES));
    // Fourth cumulant of a Poisson law: its mean.
    expect(Math.abs(variance - exact)).toBeLessThan(4 * Math.sqrt((2 * exact * exact + exact) / COPIES));
  });

  it('lose molecules by the binomial law, each with its chance over the window', () => {
    const type = fixture({ A: 30 }, { lose: ['A ->', '0.05 * f0 * A'] });
    const { mean } = meanAndVariance(amountsOf(type, advanced(type, COPIES).population, 'A'));
    const kept = Math.exp(-0.05 * integral(f0 => f0));
    expect(Math.abs(mean - 30 * kept)).toBeLessThan(4 * Math.sqrt((30 * kept * (1 - kept)) / COPIES));
  });

  it('follow a rate in which field and amount cannot be told apart', () => {
    const type = fixture({ A: 6 }, { lose: ['A ->', 'f1 * A / (f1 + A)'] });
    const { population } = advanced(type, COPIES);
    // The master equation of 7 states.
    let law = [0, 0, 0, 0, 0, 0, 1];
    const steps = 3000;
    const h = DURATION / steps;
    const slope = (p: readonly number[], s: number) =>
      p.map((_, a) => {
        const out = (n: number) => (((2 + s) * n) / (2 + s + n)) * (p[n] ?? 0);
        return out(a + 1 > 6 ? 7 : a + 1) - out(a);
      });
    for (let n = 0; n < steps; n++) {
      const half = law.map((p, a) => p + 0.5 * h * slope(law, n * h)[a]);
      const change = slope(half, (n + 0.5) * h);
      law = law.map((p, a) => p + h * change[a]);
    }
    const found = amountsOf(type, population, 'A');
    for (let a = 0; a <= 6; a++) {
      const share = found.filter(x => x === a).length / COPIES;
      expect(Math.abs(share - law[a])).toBeLessThan(4 * Math.sqrt(law[a] / COPIES) + 1e-4);
    }
  });

  it('fire alike from generated code and from tables', () => {
    const type = fixture(
      { A: 20, B: 0 },
      { in: ['f0 -> A', '0.8 * f0'], out: ['A -> f0 + B', 'A * f1 / (4 + f1)'] },
    );
    const [one, other] = [advanced(type, 50), advanced(type, 50, { generate: false })];
    expect([...one.population.amounts]).toEqual([...other.population.amounts]);
    expect([...one.window.released]).toEqual([...other.window.released]);
  });
});

describe('cells that see fields on lines, continuous channels', () => {
  it.each(Object.entries(RATES))('flow at %s', (rate, value) => {
    const type = fixture({ A: 0 }, { make: ['-> A', rate, 'continuous'] });
    const exact = integral(value);
    const [one, other] = [true, false].map(generate => advanced(type, 2, { generate }).population.amounts);
    expect([...one]).toEqual([...other]);
    expect(Math.abs(one[1] / exact - 1)).toBeLessThan(2e-5);
    const { population } = advanced(type, 1, { method: 'deterministic' });
    expect(Math.abs(population.amounts[1] / exact - 1)).toBeLessThan(2e-5);
  });

  it('are followed where they are stiff: amounts lag behind the line by its slope over the rate', () => {
    const rate = 1e5;
    const type = fixture(
      { A: 2 },
      { in: ['-> A', `${rate} * f1`, 'continuous'], out: ['A ->', `${rate} * A`, 'continuous'] },
    );
    for (const method of ['modified-next-reaction', 'deterministic']) {
      expect(advanced(type, 1, { method }).population.amounts[1]).toBeCloseTo(5 - 1 / rate, 5);
    }
  });

  it('take turns with whole molecules, both on the line', () => {
    const type = fixture({ A: 0, B: 0 }, { flow: ['-> A', 'f1', 'continuous'], make: ['-> B', 'f0 * f1'] });
    const { population } = advanced(type, 4000);
    expect(population.amounts[1]).toBeCloseTo(
      integral((_, f1) => f1),
      6,
    );
    const { mean } = meanAndVariance(amountsOf(type, population, 'B'));
    expect(Math.abs(mean - 27)).toBeLessThan(4 * Math.sqrt(27 / 4000));
  });

  it('see what ends at 0 without a rate that is negative by rounding, late in a run', () => {
    const type = fixture({ A: 0 }, { make: ['-> A', 'f0'] });
    const population = populate(type, 200);
    const circuit = compileCircuit(type, 1, { method: 'modified-next-reaction', lines: true });
    for (const time of [1e5 + 0.1, 12345.678, 3e6 + 1 / 3]) {
      const lines = new Float64Array(200 * 3);
      const from = new Float64Array(200).fill(1 / 3);
      for (let n = 0; n < 200; n++) drawLine(from, new Float64Array(200), n, 1, time, 0.7, lines);
      const window = windowFor(type, population, 0.7, { fieldCount: 1 });
      expect(circuit.advance({ ...window, time, start: time, sampled: lines, columns: 3 })).toBeNull();
    }
  });
});
