import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/renderer/plots/csv.ts';
import { histogram, momentsOf, roundWidth } from '../../src/renderer/plots/histogram.ts';
import { decades, linearRange, logRange } from '../../src/renderer/plots/ranges.ts';
import { createSeries } from '../../src/renderer/state/series.ts';
import { groupStrokes, NO_STROKES } from '../../src/renderer/state/strokes.ts';
import { createTraces } from '../../src/renderer/state/traces.ts';
import type { LoggedEdit, SeriesColumn, Trace } from '../../src/session/contract.ts';

const columns: SeriesColumn[] = [
  { of: 'time', name: 'time', statistic: 'value', unit: 's' },
  { of: 'cells', name: 'sender', statistic: 'count', unit: 'cells' },
];

describe('the time series', () => {
  it('keeps every row as it grows, and replaces them on a reset', () => {
    const series = createSeries();
    series.reset(columns);
    for (let row = 0; row < 1000; row++) series.append(Float64Array.of(row, 2 * row), 2, false);
    expect(series.length).toBe(1000);
    expect([...series.column(1)]).toEqual(Array.from({ length: 1000 }, (_, row) => 2 * row));
    series.append(Float64Array.of(0, 20, 1, 21), 2, true);
    expect([...series.column(1)]).toEqual([20, 21]);
  });

  it('takes many rows at once', () => {
    const series = createSeries();
    series.reset(columns);
    series.append(
      Float64Array.from({ length: 2 * 5000 }, (_, i) => i),
      2,
      false,
    );
    expect(series.length).toBe(5000);
    expect(series.column(0)[4999]).toBe(9998);
  });

  it('refuses rows of another width, which would be read askew', () => {
    const series = createSeries();
    series.reset(columns);
    expect(() => series.append(Float64Array.of(1, 2, 3), 3, false)).toThrow(/rows of 3 columns, expected 2/);
  });

  it('finds columns, and tells listeners of changes until they leave', () => {
    const series = createSeries();
    series.reset(columns);
    expect(series.find({ of: 'cells' })).toEqual([1]);
    expect(series.find({ of: 'field' })).toEqual([]);
    let calls = 0;
    const stop = series.subscribe(() => calls++);
    series.append(Float64Array.of(0, 1), 2, false);
    stop();
    series.append(Float64Array.of(1, 1), 2, false);
    expect(calls).toBe(1);
  });
});

describe('traces of cells', () => {
  const trace = (id: number, rows: number[], more: Partial<Trace> = {}): Trace => ({
    id,
    alive: true,
    daughters: [],
    columns: 2,
    rows: Float64Array.from(rows),
    ...more,
  });

  it('grow row by row, and begin anew where the clock went back', () => {
    const traces = createTraces();
    traces.append([trace(7, [0, 1, 1, 2]), trace(8, [0, 5])]);
    traces.append([trace(7, [2, 3])]);
    expect([...(traces.get(7)?.data[1] ?? [])]).toEqual([1, 2, 3]);
    traces.append([trace(7, [1, 9])]);
    expect([...(traces.get(7)?.data[0] ?? [])]).toEqual([0, 1]);
    expect([...(traces.get(7)?.data[1] ?? [])]).toEqual([1, 9]);
    expect(traces.get(8)?.length).toBe(1);
  });

  it('remember what became of a cell, and are forgotten when it is no longer looked at', () => {
    const traces = createTraces();
    traces.append([trace(7, [0, 1])]);
    traces.append([trace(7, [], { alive: false, daughters: [9, 10] })]);
    expect(traces.get(7)).toMatchObject({ alive: false, daughters: [9, 10], length: 1 });
    traces.keep([8]);
    expect(traces.get(7)).toBeNull();
  });
});

describe('histograms', () => {
  it('count every finite value once', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 5000 })),
        ),
        values => {
          const { edges, counts } = histogram(values);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
          if (values.length === 0) return;
          expect(edges).toHaveLength(counts.length + 1);
          expect(counts.length).toBeLessThanOrEqual(25);
          const slack = 1e-9 * Math.max(1, ...values.map(Math.abs));
          expect(edges[0]).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(Math.max(...values) - slack);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  it('put whole numbers in the middle of their bins', () => {
    expect(histogram([0, 0, 1, 3])).toEqual({ edges: [-0.5, 0.5, 1.5, 2.5, 3.5], counts: [2, 1, 0, 1] });
  });

  it('leave out what is no number', () => {
    expect(histogram([1, Number.NaN, Infinity]).counts).toEqual([1]);
    expect(histogram([Number.NaN])).toEqual({ edges: [], counts: [] });
  });

  it('have bins of round width', () => {
    expect(roundWidth(0.013)).toBeCloseTo(0.02, 12);
    expect(roundWidth(3)).toBe(5);
    expect(roundWidth(1)).toBe(1);
    expect(roundWidth(0)).toBe(1);
  });

  it('come with the sample moments', () => {
    expect(momentsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ count: 8, mean: 5, sd: Math.sqrt(32 / 7) });
    expect(momentsOf([3]).sd).toBeNaN();
    expect(momentsOf([]).mean).toBeNaN();
  });
});

describe('axes', () => {
  it('start at zero where the values come near it', () => {
    expect(linearRange(1, 10)[0]).toBe(0);
    expect(linearRange(9, 10)[0]).toBeGreaterThan(8);
    expect(linearRange(-1, 10)[0]).toBeLessThan(-1);
  });

  it('give a flat line room', () => {
    const [low, high] = linearRange(20, 20);
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(20);
    expect(linearRange(0, 0)).toEqual([0, 1]);
    expect(linearRange(null, null)).toEqual([0, 1]);
  });

  it('show whole decades, few enough to read', () => {
    expect(logRange(3e-17, 1e-10)).toEqual([1e-17, 1e-9]);
    expect(decades(1e-18, 1e-8)).toHaveLength(6);
    expect(decades(1e-3, 1)).toEqual([1e-3, 1e-2, 1e-1, 1]);
  });
});

describe('CSV', () => {
  it('quotes names, keeps numbers to the bit and leaves gaps empty', () => {
    const text = toCsv([
      { name: 'time_s', values: [0, 0.1] },
      { name: 'a "b", c', values: Float64Array.of(1 / 3, Number.NaN) },
    ]);
    expect(text).toBe('time_s,"a ""b"", c"\r\n0,0.3333333333333333\r\n0.1,\r\n');
  });
});

describe('strokes of a brush', () => {
  const dab = (amount = 1, field = 0): LoggedEdit => ({
    step: 1,
    time: 1,
    edit: { kind: 'paint', field, at: { x: 0, y: 0, z: 0 }, radius: 1, amount },
  });
  const parameter: LoggedEdit = { step: 1, time: 1, edit: { kind: 'parameter', name: 'k', value: '1' } };

  it('are what came in quick succession with the same brush', () => {
    let strokes = groupStrokes(NO_STROKES, [dab()], 0);
    strokes = groupStrokes(strokes, [dab(), dab()], 20);
    strokes = groupStrokes(strokes, [dab(), dab(), dab()], 40);
    expect(strokes.groups).toEqual([3]);
    expect(groupStrokes(strokes, [dab(), dab(), dab(), dab()], 5000).groups).toEqual([3, 1]);
    expect(groupStrokes(strokes, [dab(), dab(), dab(), dab(-1)], 60).groups).toEqual([3, 1]);
    expect(groupStrokes(strokes, [dab(), dab(), dab(), dab(1, 1)], 60).groups).toEqual([3, 1]);
    expect(groupStrokes(strokes, [dab(), dab(), dab(), parameter], 60).groups).toEqual([3, 1]);
  });

  it('never join values of a parameter', () => {
    const strokes = groupStrokes(NO_STROKES, [parameter], 0);
    expect(groupStrokes(strokes, [parameter, parameter], 10).groups).toEqual([1, 1]);
  });

  it('shrink with the log as edits are undone', () => {
    const strokes = { groups: [3, 1, 2], at: 0 };
    const log = Array.from({ length: 6 }, () => dab());
    expect(groupStrokes(strokes, log.slice(0, 5), 10).groups).toEqual([3, 1, 1]);
    expect(groupStrokes(strokes, log.slice(0, 4), 10).groups).toEqual([3, 1]);
    expect(groupStrokes(strokes, log.slice(0, 2), 10).groups).toEqual([2]);
    expect(groupStrokes(strokes, [], 10).groups).toEqual([]);
  });
});
