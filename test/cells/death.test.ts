import { describe, expect, it } from 'vitest';
import type { CellType, Release } from '../../src/engine/cells/cellType.ts';
import { createDeath } from '../../src/engine/cells/death.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { Term } from '../../src/engine/circuits/circuit.ts';
import { cellsAt, cellType, contents, domain } from './fixtures.ts';

const grid = domain(2, 100);
const term = (where: Term['in'], index: number, coefficient: number): Term => ({
  in: where,
  index,
  coefficient,
  exact: String(coefficient),
});
const release = (reactants: Term[], products: Term[]): Release => ({
  name: 'lysis',
  equation: 'as given',
  reactants,
  products,
});
const [BIOMASS, MRNA, PROTEIN, SUGAR] = [0, 1, 2, 3];

function mortal(...releases: Release[]): CellType {
  return cellType({ death: { hazard: { kind: 'number', value: 1 }, releases } });
}

function some(type: CellType, count: number): Population {
  return cellsAt(
    grid,
    type,
    Array.from({ length: count }, (_, i) => [1 + (i % 98), 50, 0, 1] as const),
  );
}

/** Kills every cell and returns what the fields received. */
function killAll(
  type: CellType,
  cells: Population,
): { death: ReturnType<typeof createDeath>; given: number[] } {
  const death = createDeath([type], cells.stride);
  const given = [0, 0, 0];
  const deposit = (_slot: number, field: number, amount: number) => {
    given[field] += amount;
  };
  death.advance(cells, () => Number.POSITIVE_INFINITY, 1, deposit);
  expect(cells.count).toBe(0);
  return { death, given };
}

describe('the releases of a dying cell', () => {
  it('run to completion: all protein into the field, the rest into the sink', () => {
    const type = mortal(release([term('cell', PROTEIN, 1)], [term('field', 1, 1)]));
    const cells = some(type, 3);
    const { death, given } = killAll(type, cells);
    expect(given).toEqual([0, 1200, 0]);
    expect(death.extents[0][0]).toBe(1200);
    expect(death.deaths[0]).toBe(3);
    expect(Array.from(death.sink.subarray(1, 3))).toEqual([15, 0]);
    expect(death.sink[BIOMASS]).toBeCloseTo(300 * Math.PI, 9);
    expect(death.sink[SUGAR]).toBeCloseTo(36.9, 12);
  });

  it('stop at whole firings, limited by the scarcest reactant, in order', () => {
    const type = mortal(
      release([term('cell', MRNA, 2)], [term('cell', PROTEIN, 3), term('field', 0, 1)]),
      release([term('cell', PROTEIN, 4), term('cell', SUGAR, 0.5)], [term('field', 2, 8)]),
    );
    const { death, given } = killAll(type, some(type, 1));
    // 5 mRNA: 2 firings leave 1 and make 6 protein; 406 protein allow 101 firings, 12.3 of sugar only 24.
    expect([death.extents[0][0], death.extents[0][1]]).toEqual([2, 24]);
    expect(given).toEqual([2, 0, 192]);
    expect(death.sink[MRNA]).toBe(1);
    expect(death.sink[PROTEIN]).toBe(310);
    expect(death.sink[SUGAR]).toBeCloseTo(0.3, 12);
  });

  it('let a reactant that is partly given back fire to its last use, and a catalyst stay', () => {
    const type = mortal(
      release([term('cell', PROTEIN, 3)], [term('cell', PROTEIN, 1), term('field', 0, 2)]),
      release([term('cell', MRNA, 5), term('cell', SUGAR, 1)], [term('cell', MRNA, 5), term('field', 1, 1)]),
    );
    const { death, given } = killAll(type, some(type, 1));
    // 400 → 398 → … → 4 → 2: the last firing starts from 4.
    expect(death.extents[0][0]).toBe(199);
    expect(given[0]).toBe(398);
    expect(death.sink[PROTEIN]).toBe(2);
    // Five mRNA are needed and there, so whole firings: 12 of 12.3 sugar.
    expect(given[1]).toBe(12);
    expect(death.sink[MRNA]).toBe(5);
  });

  it('take real amounts to the end, and conserve each substance to rounding', () => {
    const type = mortal(
      release([term('cell', BIOMASS, 0.3)], [term('field', 0, 7), term('cell', SUGAR, 0.1)]),
    );
    const cells = some(type, 500);
    const { death, given } = killAll(type, cells);
    const extent = death.extents[0][0];
    expect(Math.abs(given[0] / (7 * extent) - 1)).toBeLessThan(1e-13);
    expect(Math.abs((0.3 * extent + death.sink[BIOMASS]) / (500 * 100 * Math.PI) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(death.sink[BIOMASS])).toBeLessThan(1e-9);
    expect(Math.abs((death.sink[SUGAR] - 0.1 * extent) / (500 * 12.3) - 1)).toBeLessThan(1e-10);
  });

  it('are refused where they take from a field or never end', () => {
    const fromField = mortal(release([term('field', 0, 1)], [term('cell', MRNA, 1)]));
    expect(() => createDeath([fromField], 4)).toThrow(
      /release lysis .* of cell type cell: .*cannot take from a field/,
    );
    const endless = mortal(release([term('cell', MRNA, 1)], [term('cell', MRNA, 1), term('field', 0, 1)]));
    expect(() => createDeath([endless], 4)).toThrow(/no reactant is used up/);
  });
});

describe('death', () => {
  it('takes 1 − exp(−hazard · duration) of the cells, each by its own hazard', () => {
    const type = mortal();
    const cells = some(type, 20_000);
    const death = createDeath([type], cells.stride);
    const rate = (slot: number) => (slot % 2 === 0 ? 0.3 : 0.02);
    const deaths = death.advance(cells, rate, 2, () => {});
    let even = 0;
    for (let i = 0; i < deaths; i++) if (death.log.id[i] % 2 === 1) even++;
    for (const [seen, p] of [
      [even, 1 - Math.exp(-0.6)],
      [deaths - even, 1 - Math.exp(-0.04)],
    ]) {
      expect(Math.abs(seen - 10_000 * p)).toBeLessThan(4.5 * Math.sqrt(10_000 * p * (1 - p)));
    }
  });

  it('is independent of how the time is cut, in law: survival over 10 short steps', () => {
    const type = mortal();
    const cells = some(type, 20_000);
    const death = createDeath([type], cells.stride);
    for (let step = 0; step < 10; step++)
      death.advance(
        cells,
        () => 0.3,
        0.2,
        () => {},
      );
    const p = Math.exp(-0.6);
    expect(Math.abs(cells.count - 20_000 * p)).toBeLessThan(4.5 * Math.sqrt(20_000 * p * (1 - p)));
  });

  it('leaves slots in place while hazards and deposits are taken, then removes exactly the dead', () => {
    const type = mortal(release([term('cell', PROTEIN, 1)], [term('field', 0, 1)]));
    const cells = some(type, 300);
    for (let i = 0; i < 300; i++) cells.amounts[4 * i + PROTEIN] = cells.id[i];
    const ids = contents(cells).id;
    const death = createDeath([type], cells.stride);
    const doomed = (id: number) => id % 3 === 0 || id > 290;
    const seen: number[] = [];
    death.advance(
      cells,
      slot => (doomed(ids[slot]) ? Number.POSITIVE_INFINITY : 0),
      1,
      (slot, _field, amount) => {
        expect(amount).toBe(ids[slot]);
        seen.push(ids[slot]);
      },
    );
    expect(seen).toEqual(ids.filter(doomed));
    expect(Array.from(death.log.id.subarray(0, death.log.count))).toEqual(seen);
    expect(contents(cells).id.sort((a, b) => a - b)).toEqual(ids.filter(id => !doomed(id)));
    for (let i = 0; i < cells.count; i++) expect(cells.amounts[4 * i + PROTEIN]).toBe(cells.id[i]);
  });

  it('starts a new account with every call, and leaves immortal types and their streams alone', () => {
    const type = mortal();
    const immortal = cellType({ name: 'immortal' });
    const cells = some(type, 4);
    cells.type[1] = 1;
    const before = contents(cells).streams.slice(4, 8);
    const death = createDeath([type, immortal], cells.stride);
    death.advance(
      cells,
      () => Number.POSITIVE_INFINITY,
      1,
      () => {},
    );
    expect(Array.from(death.deaths)).toEqual([3, 0]);
    expect(contents(cells).id).toEqual([2]);
    expect(contents(cells).streams).toEqual(before);
    death.advance(
      cells,
      () => Number.POSITIVE_INFINITY,
      1,
      () => {},
    );
    expect(Array.from(death.deaths)).toEqual([0, 0]);
    expect(death.sink.every(amount => amount === 0)).toBe(true);
    expect(death.log.count).toBe(0);
  });
});
