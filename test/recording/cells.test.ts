import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, it } from 'vitest';
import { build, loadScenario, type Model, simulate } from '../../src/engine/index.ts';
import { cellColumns, takeCells } from '../../src/engine/recording/cellColumns.ts';
import {
  CellStreamError,
  createCellStream,
  decodeCells,
  findBatch,
} from '../../src/engine/recording/cellStream.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';

const [COLONY] = Object.values(SCENARIOS);

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A colony of two types with different species, at some of its steps, as a stream. */
function record(steps: readonly number[], text = COLONY) {
  const scenario = loadScenario(text);
  const model: Model = build(scenario);
  const columns = cellColumns(model.description);
  const stream = createCellStream(columns, ['sender', 'receiver'], { title: 'A colony' });
  const frames = steps.map(step => {
    simulate(model, { untilStep: step });
    const frame = takeCells(model, columns);
    return { batch: Uint8Array.from(stream.encode(frame)), frame, amounts: model.population.amounts.slice() };
  });
  return { model, columns, stream, frames };
}

describe('frames of cells', () => {
  const { columns, stream, frames, model } = record([0, 40, 120]);
  const bytes = concat(stream.head, ...frames.map(({ batch }) => batch));

  it('are one Arrow table to another implementation, with missing values where a type has no such species', () => {
    const table = tableFromIPC(bytes);
    expect(table.numRows).toBe(frames.reduce((sum, { frame }) => sum + frame.count, 0));
    const names = table.schema.fields.map(({ name }) => name);
    expect(names.slice(0, 6)).toEqual(['step', 'time_s', 'id', 'parent', 'type', 'x']);
    expect(names).toEqual(expect.arrayContaining(['biomass', 'mRNA', 'LuxI', 'A', 'S', 'R', 'C']));
    const { population } = model;
    const rows = table.toArray().filter(row => row.step === 120);
    expect(rows).toHaveLength(population.count);
    rows.forEach((row, i) => {
      const type = model.description.cellTypes[population.type[i]];
      expect(row).toMatchObject({
        id: population.id[i],
        parent: population.parent[i],
        type: type.name,
        time_s: 240,
      });
      expect(row.x).toBe(Math.fround(population.x[i]));
      for (const name of ['mRNA', 'LuxI', 'A', 'S', 'R', 'C']) {
        const species = type.circuit.species.findIndex(one => one.name === name);
        expect(row[name]).toBe(species < 0 ? null : population.amounts[i * population.stride + species]);
      }
    });
    const units = Object.fromEntries(
      table.schema.fields.map(({ name, metadata }) => [name, metadata?.get('unit')]),
    );
    expect(units).toMatchObject({ x: 'um', volume: 'um^3', time_s: 's', biomass: 'fg', LuxI: 'molecules' });
  });

  it('come back one by one as they were', () => {
    for (const { batch, frame } of frames) {
      const back = decodeCells(columns, stream.head, batch);
      expect(back).toMatchObject({ step: frame.step, time: frame.time, count: frame.count });
      expect(back.values).toEqual(frame.values);
    }
    expect(findBatch(bytes)).toBe(stream.head.length);
  });

  it('may be empty', () => {
    const none = {
      step: 7,
      time: 14,
      count: 0,
      buffer: new ArrayBuffer(0),
      values: frames[0].frame.values.map(v => v.subarray(0, 0)),
    };
    const batch = stream.encode(none);
    expect(decodeCells(columns, stream.head, batch).count).toBe(0);
    const table = tableFromIPC(concat(stream.head, batch, frames[1].batch));
    expect(table.numRows).toBe(frames[1].frame.count);
  });

  it('that are damaged give one clear error, never another', () => {
    const { batch } = frames[1];
    for (let i = 0; i < batch.length; i += 97) {
      for (const harmed of [batch.subarray(0, i), flipped(batch, i)]) {
        try {
          decodeCells(columns, stream.head, harmed);
        } catch (error) {
          expect(error).toBeInstanceOf(CellStreamError);
        }
      }
    }
    expect(() => findBatch(Uint8Array.from([1, 2, 3]))).toThrow(CellStreamError);
    expect(() => findBatch(flipped(bytes, 1))).toThrow(CellStreamError);
  });

  it('have lengths and axes where a type is a rod', () => {
    const text = SCENARIOS['rods and discs, explicit'];
    const { stream: head, frames: taken, model: rods } = record([120], text);
    const rows = tableFromIPC(concat(head.head, taken[0].batch)).toArray();
    const { population } = rods;
    expect(rows.length).toBe(population.count);
    let long = 0;
    rows.forEach((row, i) => {
      const half = population.rods?.halfLength[i] ?? Number.NaN;
      expect(row.length).toBe(Math.fround(2 * (half + population.radius[i])));
      expect(row.axis_y).toBe(Math.fround(population.rods?.axisY[i] ?? Number.NaN));
      expect(row.S === null).toBe(row.type === 'sender');
      if (row.type === 'sender' && half > 0) long++;
    });
    expect(long).toBeGreaterThan(3);
    expect(names(COLONY)).not.toContain('length');
    expect(names(text)).toContain('length');
  });
});

function names(text: string): string[] {
  return cellColumns(build(loadScenario(text)).description).map(({ name }) => name);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] ^= 0xff;
  return copy;
}
