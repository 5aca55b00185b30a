import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  backUp,
  bytesPerCell,
  createBackup,
  createPopulation,
  ensureCapacity,
  type Population,
  removeSlot,
  restore,
  slotsOfType,
} from '../../src/engine/cells/population.ts';
import { contents } from './fixtures.ts';

const PROPERTY = { seed: 20260, numRuns: 300 };

/** Fills every column of a slot with values that only this id has. */
function mark(population: Population, slot: number): void {
  const id = population.id[slot];
  population.parent[slot] = id + 1000;
  population.type[slot] = id % 3;
  const columns = ['x', 'y', 'z', 'radius', 'volume', 'birthTime', 'birthVolume', 'divisionVolume'] as const;
  columns.forEach((column, c) => {
    population[column][slot] = id + c / 16;
  });
  for (let s = 0; s < population.stride; s++) population.amounts[slot * population.stride + s] = id + s / 16;
  for (let word = 0; word < 4; word++) population.streams[4 * slot + word] = 10 * id + word;
}

/** What `mark` wrote for this id, for comparison with a slot. */
function marked(id: number, stride: number): Record<string, number[]> {
  const population = createPopulation(1, stride);
  population.nextId = id;
  mark(population, append(population));
  return contents(population);
}

type Action = { add: true } | { add: false; at: number };
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Action>({ add: true }) },
  { weight: 2, arbitrary: fc.nat(1000).map((at): Action => ({ add: false, at })) },
);

describe('population', () => {
  it('keeps every cell whole through any sequence of additions and removals', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (actions, stride) => {
        const population = createPopulation(0, stride);
        // The model: ids by slot, removal moving the last into the gap.
        const ids: number[] = [];
        for (const step of actions) {
          if (step.add) {
            const slot = append(population);
            mark(population, slot);
            ids.push(population.id[slot]);
          } else if (ids.length > 0) {
            const slot = step.at % ids.length;
            removeSlot(population, slot);
            const last = ids.pop();
            if (slot < ids.length && last !== undefined) ids[slot] = last;
          }
        }
        expect(population.count).toBe(ids.length);
        expect(Array.from(population.id.subarray(0, population.count))).toEqual(ids);
        const expected = ids.map(id => marked(id, stride));
        const found = contents(population);
        for (const name of Object.keys(found)) {
          expect(found[name], name).toEqual(expected.flatMap(cell => cell[name]));
        }
      }),
      PROPERTY,
    );
  });

  it('never hands out an id twice, and appends cells without a trace of the slot’s last owner', () => {
    const population = createPopulation(2, 3);
    mark(population, append(population));
    removeSlot(population, 0);
    const slot = append(population);
    expect(population.id[slot]).toBe(2);
    const fresh = contents(population);
    expect(fresh.amounts).toEqual([0, 0, 0]);
    expect(fresh.streams).toEqual([0, 0, 0, 0]);
    expect(fresh.divisionVolume).toEqual([Number.POSITIVE_INFINITY]);
    expect([fresh.parent, fresh.type, fresh.volume, fresh.birthTime]).toEqual([[0], [0], [0], [0]]);
  });

  it('grows by doubling, so that additions copy each cell about once', () => {
    const population = createPopulation(16, 1);
    let growths = 0;
    for (let cell = 0; cell < 10_000; cell++) {
      const before = population.capacity;
      append(population);
      if (population.capacity !== before) growths++;
    }
    expect(population.capacity).toBe(16_384);
    expect(growths).toBe(10);
    ensureCapacity(population, 100);
    expect(population.capacity).toBe(16_384);
    for (const [name, column] of Object.entries(population)) {
      if (typeof column === 'number') continue;
      const width = name === 'streams' ? 4 : 1;
      expect((column as Float64Array).length, name).toBe(width * population.capacity);
    }
  });

  it('lists the slots of a type in ascending order', () => {
    const population = createPopulation(8, 1);
    for (const type of [1, 0, 1, 2, 1]) population.type[append(population)] = type;
    const into = new Int32Array(8);
    expect(slotsOfType(population, 1, into)).toBe(3);
    expect(Array.from(into.subarray(0, 3))).toEqual([0, 2, 4]);
    expect(slotsOfType(population, 3, into)).toBe(0);
    expect(() => slotsOfType(population, 1, new Int32Array(4))).toThrow(/room for 4 slots.*5 cells/);
  });

  it('refuses to remove from a slot that holds no cell', () => {
    const population = createPopulation(8, 1);
    append(population);
    expect(() => removeSlot(population, 1)).toThrow(/slot 1 holds no cell/);
    expect(() => removeSlot(population, -1)).toThrow(RangeError);
  });

  it('restores amounts and streams after a rejected window, and only those', () => {
    const population = createPopulation(4, 2);
    for (let cell = 0; cell < 3; cell++) mark(population, append(population));
    const backup = createBackup();
    backUp(backup, population);
    const before = contents(population);
    population.amounts.fill(-1);
    population.streams.fill(7);
    restore(backup, population);
    expect(contents(population)).toEqual(before);
    const { amounts } = backup;
    backUp(backup, population);
    expect(backup.amounts).toBe(amounts);
    append(population);
    expect(() => restore(backup, population)).toThrow(/backup of 3 cells/);
  });

  it('takes 90 bytes per cell and 8 per species', () => {
    expect(bytesPerCell(createPopulation(10, 1))).toBe(98);
    expect(bytesPerCell(createPopulation(10, 5))).toBe(130);
  });
});
