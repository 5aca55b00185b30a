import { describe, expect, it } from 'vitest';
import { build, loadScenario, simulate } from '../../src/engine/index.ts';
import { cellColumns, takeCells } from '../../src/engine/recording/cellColumns.ts';
import { frameBytes, readFrame, writeFrame } from '../../src/engine/recording/frame.ts';

const TEXT = `
cellfield: 1
title: Phases to be seen
domain: { size: [50 um, 50 um], grid: [2, 2], thickness: 1 um }
time: { end: 10 s, step: 1 s }
mechanics: none
cells:
  cyclist:
    shape: { disc: { radius: 1 um } }
    division: { phases: { G1: { duration: 4 s }, S: { duration: 20 s } } }
    rules: { rest: { when: time > 7.5 s, do: quiesce } }
  other: { shape: { disc: { radius: 1 um } } }
population: [{ type: cyclist, count: 2 }, { type: other, count: 1 }]
`;

describe('phases and rest', () => {
  const model = simulate(build(loadScenario(TEXT)), { untilStep: 9 });

  it('are in frames', () => {
    const frame = readFrame(writeFrame(model).buffer);
    // Asleep from 8 s on: a turn before, 8 − 4 of the 20 s of S were over, and entered and due move on with the time.
    expect(frame.phase?.[0]).toBeCloseTo((1 + 4 / 20) / 2, 6);
    expect(frame.phase?.[2]).toBeNaN();
    expect(frame.buffer.byteLength).toBeGreaterThanOrEqual(frameBytes(model.description, 1, 3, 0));
  });

  it('are in recordings', () => {
    const columns = cellColumns(model.description);
    const { values } = takeCells(model, columns);
    const column = (name: string) => [...values[columns.findIndex(one => one.name === name)]];
    expect(column('phase')[1]).toBeCloseTo(0.6, 6);
    expect(column('phase')[2]).toBe(0);
    expect(column('quiescent')).toEqual([1, 1, 0]);
  });
});
