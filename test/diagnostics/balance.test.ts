import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/engine/description/description.ts';
import { deposit, sample } from '../../src/engine/exchange/kernel.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  reaction,
  species,
  times,
  typeOf,
  value,
} from '../support/describe.ts';

function secreting(changes: Partial<Description> = {}): Description {
  return describeModel({
    grid: createGrid(2, [8, 8, 1], [16, 16, 1]),
    time: { step: 0.5, steps: 50, recordEvery: 1 },
    fields: [
      fieldOf({
        decay: 0.1,
        boundary: [{ kind: 'value', value: 1 }, ...Array(5).fill({ kind: 'no-flux' })] as never,
      }),
    ],
    cellTypes: [
      typeOf(
        [{ name: 'A', initial: 30, continuous: false }],
        [
          reaction('make', [], [cell(1)], value(5)),
          reaction('out', [cell(1)], [field(0)], times(value(0.5), species(1))),
          reaction('eat', [field(0, 1000)], [cell(0)], times(value(0.002), concentration(0)), true),
        ],
      ),
    ],
    population: [{ type: 0, count: 10, region: { kind: 'domain' }, amounts: [] }],
    coupling: { schedule: 'weak', splitting: 'strang', kernel: 'linear' },
    ...changes,
  });
}

describe('the balance', () => {
  it('closes to rounding and names every cause', () => {
    const model = simulate(createModel(secreting()));
    const [moiety] = model.balance.report();
    expect(moiety.name).toBe('1000 cell.biomass + cell.A + field.A');
    expect(model.balance.worstRelative()).toBeLessThan(1e-14);
    expect(Object.keys(moiety.byCause)).toEqual(expect.arrayContaining(['cell.make', 'A decay', 'A left']));
    const explained = Object.values(moiety.byCause).reduce((a, b) => a + b, 0);
    expect(moiety.initial + explained).toBeCloseTo(moiety.total, 6);
  });

  it('stops a run whose deposit leaks, and names the exchange', () => {
    const leaky: typeof deposit = (kernel, count, amounts, stride, offset, scale, target) =>
      deposit(kernel, count, amounts, stride, offset, scale * (1 - 1e-6), target);
    const model = createModel(secreting(), { exchange: { sample, deposit: leaky } });
    expect(() => simulate(model)).toThrowError(/operator that lost it is exchange/);
    expect(model.step).toBe(1);
  });

  it('sizes the leak in the books of the operator', () => {
    const leaky: typeof deposit = (kernel, count, amounts, stride, offset, scale, target) =>
      deposit(kernel, count, amounts, stride, offset, scale * 0.999, target);
    // Only the release passes the deposit here: no uptake, no prediction.
    const plain = secreting({
      cellTypes: [
        typeOf(
          [{ name: 'A', initial: 30, continuous: false }],
          [reaction('out', [cell(1)], [field(0)], times(value(0.5), species(1)))],
        ),
      ],
      balance: { tolerance: 1e-12, onBreach: 'warn' },
      coupling: { schedule: 'weak', splitting: 'lie', kernel: 'linear' },
    });
    const model = simulate(createModel(plain, { exchange: { sample, deposit: leaky } }));
    const moiety = model.balance.report().find(({ name }) => name === 'cell.A + field.A');
    const released = 300 - (model.balance.totals[1] ?? 0);
    expect(moiety?.suspect).toBe('exchange');
    expect(moiety?.byOperator.exchange).toBeCloseTo(-0.001 * released, 6);
    expect(moiety?.byOperator.circuits).toBe(0);
    expect(Math.abs(moiety?.byOperator.fields ?? 1)).toBeLessThan(1e-9);
    expect(model.breaches).toBeGreaterThan(0);
  });

  it('stays at rounding level over 10⁵ steps', () => {
    const model = createModel(
      secreting({
        time: { step: 0.5, steps: 100_000, recordEvery: 1 },
        grid: createGrid(2, [4, 4, 1], [16, 16, 1]),
      }),
    );
    simulate(model);
    expect(model.step).toBe(100_000);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  }, 240_000);
});
