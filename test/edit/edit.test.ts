import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import { applyEdit } from '../../src/engine/edit/apply.ts';
import { type Edit, EditError } from '../../src/engine/edit/edit.ts';
import { total } from '../../src/engine/fields/total.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import type { Model } from '../../src/engine/model/model.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { COLONY } from '../session/support.ts';

const scenario = loadScenario(COLONY);
const spheres = loadScenario(SCENARIOS['spheres in three dimensions']);

function colony(steps = 20): Model {
  return simulate(build(scenario), { untilStep: steps });
}

/** What `user edit` brought (negative: took) of the substance of this name. */
function edited(model: Model, name: string): number {
  const substance = model.substances.all.findIndex(one => one.name === name);
  return model.ledger.extents.value(model.ledger.causes.edit + substance);
}

function closed(model: Model): number {
  return Math.max(model.balance.worstRelative(), ...model.balance.worstStep);
}

const MIDDLE = { x: 20, y: 15, z: 0.5 };

describe('painting', () => {
  it('adds the amount, evenly over the voxels whose centres lie within the radius', () => {
    const model = colony();
    const before = model.fields[0].slice();
    const amount = applyEdit(model, scenario, {
      kind: 'paint',
      field: 0,
      at: MIDDLE,
      radius: 4,
      amount: 5000,
    }).amount;
    expect(amount).toBeCloseTo(5000, 8);
    const { grid } = model.description;
    const inside: number[] = [];
    model.fields[0].forEach((value, v) => {
      const x = ((v % 20) + 0.5) * 2;
      const y = (Math.floor(v / 20) + 0.5) * 2.5;
      if (Math.hypot(x - 20, y - 15) <= 4) inside.push((value - before[v]) * grid.voxelVolume);
      else expect(value).toBe(before[v]);
    });
    expect(inside.length).toBeGreaterThan(8);
    for (const share of inside) expect(share).toBeCloseTo(5000 / inside.length, 6);
    expect(edited(model, 'field.AHL')).toBe(amount);
    expect(closed(model)).toBeLessThan(1e-13);
  });

  it('paints the voxel that holds the point where no centre lies within the radius', () => {
    const model = colony(0);
    applyEdit(model, scenario, { kind: 'paint', field: 0, at: { x: 0, y: 30, z: 0 }, radius: 0, amount: 7 });
    expect(model.fields[0][11 * 20]).toBeCloseTo(7 / model.description.grid.voxelVolume, 12);
  });

  it('takes at most what each voxel holds, and says how much that was', () => {
    const model = colony();
    const held = total(model.fields[0]) * model.description.grid.voxelVolume;
    const { amount } = applyEdit(model, scenario, {
      kind: 'paint',
      field: 0,
      at: MIDDLE,
      radius: 100,
      amount: -1e12,
    });
    expect(amount / -held).toBeCloseTo(1, 12);
    expect(model.fields[0].every(value => value === 0)).toBe(true);
    expect(edited(model, 'field.AHL')).toBe(amount);
    expect(closed(model)).toBeLessThan(1e-12);
    // Nothing is left to take.
    expect(
      applyEdit(model, scenario, { kind: 'paint', field: 0, at: MIDDLE, radius: 100, amount: -1 }).amount,
    ).toBe(0);
  });

  it('reaches across a periodic boundary, in three dimensions', () => {
    const model = build(spheres);
    const before = model.fields[0].slice();
    applyEdit(model, spheres, {
      kind: 'paint',
      field: 0,
      at: { x: 0.1, y: 8, z: 6 },
      radius: 2,
      amount: 1e6,
    });
    const changed = [...model.fields[0]].flatMap((value, v) => (value === before[v] ? [] : [v % 10]));
    expect(new Set(changed)).toEqual(new Set([0, 9]));
  });
});

describe('placing', () => {
  it('adds newborn cells with the amounts of their type, without overlap', () => {
    const model = colony();
    const { population } = model;
    const before = population.count;
    const nextId = population.nextId;
    const edit: Edit = { kind: 'place', type: 1, at: { x: 33, y: 23, z: 0 }, radius: 5, count: 6 };
    expect(applyEdit(model, scenario, edit).amount).toBe(6);
    expect(population.count).toBe(before + 6);
    for (let slot = before; slot < population.count; slot++) {
      expect(population.id[slot]).toBe(nextId + slot - before);
      expect(population.parent[slot]).toBe(0);
      expect(population.birthTime[slot]).toBe(40);
      expect(population.birthVolume[slot]).toBe(population.volume[slot]);
      expect(population.divisionVolume[slot]).toBeGreaterThan(1);
      expect([...population.amounts.subarray(slot * 4 + 1, slot * 4 + 4)]).toEqual([0, 50, 0]);
      for (let other = 0; other < slot; other++) {
        const gap = Math.hypot(
          population.x[slot] - population.x[other],
          population.y[slot] - population.y[other],
        );
        expect(gap).toBeGreaterThanOrEqual(population.radius[slot] + population.radius[other]);
      }
    }
    expect(edited(model, 'receiver.R')).toBe(300);
    expect(edited(model, 'receiver.biomass')).toBeCloseTo(population.amounts[before * 4] * 6, 6);
    expect(closed(model)).toBeLessThan(1e-12);
  });

  it('gives the same cells to the same run, and streams of their own', () => {
    const edit: Edit = { kind: 'place', type: 0, at: MIDDLE, radius: 12, count: 10 };
    const [one, two] = [colony(), colony()];
    applyEdit(one, scenario, edit);
    applyEdit(two, scenario, edit);
    expect(stateHash(one)).toBe(stateHash(two));
    const { streams, count } = one.population;
    const distinct = new Set(
      Array.from({ length: count }, (_, i) => streams.subarray(4 * i, 4 * i + 4).join()),
    );
    expect(distinct.size).toBe(count);
    applyEdit(one, scenario, edit);
    expect(stateHash(one)).not.toBe(stateHash(two));
  });

  it('changes nothing where the cells do not fit', () => {
    const model = colony();
    const before = stateHash(model);
    const edit: Edit = { kind: 'place', type: 0, at: MIDDLE, radius: 1, count: 500 };
    expect(() => applyEdit(model, scenario, edit)).toThrow(/500 cells .* at most/);
    expect(stateHash(model)).toBe(before);
    expect(model.balance.pending.some(value => value !== 0)).toBe(false);
  });
});

describe('killing', () => {
  it('removes the cells within the radius, and books all they held', () => {
    const model = colony();
    const { population, substances } = model;
    const doomed: number[] = [];
    const held = new Float64Array(substances.cellCount);
    for (let slot = 0; slot < population.count; slot++) {
      if (Math.hypot(population.x[slot] - 20, population.y[slot] - 15) > 5) continue;
      doomed.push(population.id[slot]);
      for (let s = 0; s < 4; s++) held[4 * population.type[slot] + s] += population.amounts[slot * 4 + s];
    }
    const before = population.count;
    const { amount, dead } = applyEdit(model, scenario, { kind: 'kill', at: MIDDLE, radius: 5 });
    expect(doomed.length).toBeGreaterThan(2);
    expect(amount).toBe(doomed.length);
    expect(population.count).toBe(before - amount);
    expect([...dead.id.subarray(0, dead.count)]).toEqual(doomed);
    expect(dead.radius[0]).toBeGreaterThan(0.4);
    substances.all.slice(0, 8).forEach(({ name }, s) => {
      expect(edited(model, name)).toBeCloseTo(-held[s], 6);
    });
    expect(closed(model)).toBeLessThan(1e-12);
    for (let i = 0; i < 20; i++) advance(model);
    expect(closed(model)).toBeLessThan(1e-12);
  });

  it('finds a cell with a brush smaller than it, and passes over ids that are gone', () => {
    const model = colony(0);
    const { population } = model;
    const [id] = population.id;
    const at = { x: population.x[0] + 0.3, y: population.y[0], z: 0 };
    expect(applyEdit(model, scenario, { kind: 'kill', at, radius: 0 }).amount).toBe(1);
    expect(applyEdit(model, scenario, { kind: 'killCells', ids: [id, 999] }).amount).toBe(0);
    expect(applyEdit(model, scenario, { kind: 'killCells', ids: [2, 3, 999] }).amount).toBe(2);
    expect(population.id.subarray(0, population.count)).not.toContain(2);
  });
});

describe('a changed parameter', () => {
  it('continues the state with other rates: the same as a run that changes to them there', () => {
    const model = colony();
    const result = applyEdit(model, scenario, { kind: 'parameter', name: 'leak', value: '0.9' });
    expect(stateHash(result.model)).toBe(stateHash(model));
    expect(result.scenario.text).toContain('leak: 0.9');
    expect(result.scenario.text).toContain('# share of the full rate');
    for (let i = 0; i < 20; i++) advance(result.model);
    const unchanged = colony(40);
    expect(stateHash(result.model)).not.toBe(stateHash(unchanged));
    const mRNA = (one: Model) => one.ledger.extents.value(0);
    expect(mRNA(result.model)).toBeGreaterThan(mRNA(unchanged));
    expect(closed(result.model)).toBeLessThan(1e-12);
  });

  it('with the value it has changes nothing; with a value and back, the run is as if it had not been', () => {
    const model = colony();
    expect(applyEdit(model, scenario, { kind: 'parameter', name: 'leak', value: ' 0.1 ' }).amount).toBe(0);
    const there = applyEdit(model, scenario, { kind: 'parameter', name: 'leak', value: '0.5' });
    const back = applyEdit(there.model, there.scenario, { kind: 'parameter', name: 'leak', value: '0.1' });
    for (let i = 0; i < 20; i++) advance(back.model);
    expect(stateHash(back.model)).toBe(stateHash(colony(40)));
  });
});

describe('an impossible edit', () => {
  const at = MIDDLE;
  const bad: [string, Edit, RegExp][] = [
    ['a field', { kind: 'paint', field: 2, at, radius: 1, amount: 1 }, /no field number 2/],
    ['a field', { kind: 'paint', field: -1, at, radius: 1, amount: 1 }, /no field/],
    ['an amount', { kind: 'paint', field: 0, at, radius: 1, amount: Number.NaN }, /amount/],
    ['a radius', { kind: 'paint', field: 0, at, radius: -1, amount: 1 }, /radius/],
    [
      'a place',
      { kind: 'paint', field: 0, at: { ...at, x: 41 }, radius: 1, amount: 1 },
      /x must be from 0 to 40/,
    ],
    ['a place', { kind: 'kill', at: { ...at, y: Number.NaN }, radius: 1 }, /y must be/],
    ['a type', { kind: 'place', type: 5, at, radius: 1, count: 1 }, /no cell type/],
    ['a number', { kind: 'place', type: 0, at, radius: 1, count: 0.5 }, /whole number/],
    [
      'a parameter',
      { kind: 'parameter', name: 'k', value: '1' },
      /no parameter k; the scenario has leak, import/,
    ],
    ['a value', { kind: 'parameter', name: 'import', value: '3 um' }, /dimension/],
    ['a value', { kind: 'parameter', name: 'import', value: '[1' }, /YAML/],
    ['a value', { kind: 'parameter', name: 'leak', value: 'nonsense' }, /nonsense/],
  ];
  it.each(bad)('of %s is refused and leaves the run as it was', (_, edit, message) => {
    const model = colony(5);
    const before = stateHash(model);
    expect(() => applyEdit(model, scenario, edit)).toThrow(EditError);
    expect(() => applyEdit(model, scenario, edit)).toThrow(message);
    expect(stateHash(model)).toBe(before);
    expect(closed(model)).toBeLessThan(1e-13);
  });
});

describe('any sequence of edits', () => {
  const at = fc.record({
    x: fc.double({ min: 0, max: 40, noNaN: true }),
    y: fc.double({ min: 0, max: 30, noNaN: true }),
    z: fc.constant(0.5),
  });
  const radius = fc.double({ min: 0, max: 12, noNaN: true });
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({
      kind: fc.constant('paint' as const),
      field: fc.nat(1),
      at,
      radius,
      amount: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('place' as const),
      type: fc.nat(1),
      at,
      radius,
      count: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({ kind: fc.constant('kill' as const), at, radius: fc.double({ min: 0, max: 5, noNaN: true }) }),
    fc.record({
      kind: fc.constant('parameter' as const),
      name: fc.constant('import'),
      value: fc.integer({ min: 1, max: 9 }).map(n => `0.${n} /s`),
    }),
  );

  it('leaves the balance closed to rounding, amounts whole and not negative', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), edits => {
        let run = { model: build(scenario), scenario };
        for (const one of edits) {
          try {
            run = applyEdit(run.model, run.scenario, one);
          } catch (error) {
            expect(error).toBeInstanceOf(EditError);
          }
          advance(run.model);
        }
        const { population, description, balance } = run.model;
        expect(closed(run.model)).toBeLessThanOrEqual(1e-12);
        expect(balance.pending.every(difference => difference === 0)).toBe(true);
        for (let slot = 0; slot < population.count; slot++) {
          const { species } = description.cellTypes[population.type[slot]].circuit;
          species.forEach(({ continuous }, s) => {
            const amount = population.amounts[slot * population.stride + s];
            expect(amount).toBeGreaterThanOrEqual(0);
            if (s > 0 && !continuous) expect(Number.isSafeInteger(amount)).toBe(true);
          });
        }
      }),
      { seed: 20261120, numRuns: 60 },
    );
  });
});
