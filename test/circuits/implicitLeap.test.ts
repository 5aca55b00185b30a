import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { createWork } from '../../src/engine/circuits/window.ts';
import { amountsOf, fixture, meanAndVariance, populate, varianceError, windowFor } from './fixtures.ts';

/** Fast isomerisation with a slow way out. */
const isomers = fixture(
  { A: 2000, B: 0, C: 0 },
  { forth: ['A -> B', '1e3 * A'], back: ['B -> A', '1e3 * B'], leave: ['B -> C', '0.5 * B'] },
);

function run(type: CellType, duration: number, cells: number, windows = 1) {
  const circuit = compileCircuit({ ...type, method: 'tau-leaping' }, 0);
  const population = populate(type, cells);
  const window = windowFor(type, population, duration / windows);
  const work = createWork();
  window.work = work;
  for (let w = 0; w < windows; w++) {
    expect(circuit.advance(window)).toBeNull();
    window.time += window.duration;
  }
  return { population, work, extents: window.extents };
}

describe('implicit leaps', () => {
  test.each([1, 5])('have the law of a fast linear pair with a slow exit (%i windows)', windows => {
    const cells = 1000;
    const { population, work } = run(isomers, 1, cells, windows);
    // The total A + B loses molecules at ¼ /s each; given it, A is binomial with ½: A ~ Binomial(2000, q/2), q = e^(−¼).
    const q = Math.exp(-0.25);
    for (const [name, p] of [
      ['A', q / 2],
      ['C', 1 - q],
    ] as const) {
      const amounts = amountsOf(isomers, population, name);
      const { mean, variance } = meanAndVariance(amounts);
      // Besides the standard error 0.2 %, the first order of the slow channel.
      expect(Math.abs(mean / (2000 * p) - 1)).toBeLessThan(
        0.002 + 4 * Math.sqrt((1 - p) / (2000 * p * cells)),
      );
      expect(Math.abs(variance - 2000 * p * (1 - p))).toBeLessThan(4 * varianceError(amounts));
    }
    expect(work.implicit).toBeGreaterThan(0);
    expect(work.switches).toBeGreaterThanOrEqual(cells);
    // The explicit method takes 5000 leaps a second.
    expect((work.implicit + work.explicit) / cells).toBeLessThan(2000);
  });

  test('keep amounts whole, not negative and in the stoichiometry', () => {
    const cells = 20;
    const { population, extents } = run(isomers, 20, cells, 4);
    const [a, b, c] = ['A', 'B', 'C'].map(name => amountsOf(isomers, population, name));
    for (let i = 0; i < cells; i++) {
      expect(a[i] + b[i] + c[i]).toBe(2000);
      for (const x of [a[i], b[i], c[i]]) expect(x >= 0 && Number.isInteger(x)).toBe(true);
    }
    expect(extents.every(Number.isInteger)).toBe(true);
    expect(c.reduce((sum, x) => sum + x)).toBe(extents[2]);
  });

  test('can be forbidden and forced', () => {
    const explicit = run({ ...isomers, methodOptions: { leap: 'explicit' } }, 0.3, 2);
    expect(explicit.work).toMatchObject({ implicit: 0, switches: 0 });
    const slow = fixture({ X: 1e4 }, { birth: ['-> X', '1e4'], death: ['X ->', '1 * X'] });
    expect(run(slow, 10, 2).work.implicit).toBe(0);
    const forced = run({ ...slow, methodOptions: { leap: 'implicit' } }, 10, 1000);
    expect(forced.work.explicit).toBe(0);
    const amounts = amountsOf(slow, forced.population, 'X');
    const { mean, variance } = meanAndVariance(amounts);
    expect(Math.abs(mean - 1e4)).toBeLessThan(4 * Math.sqrt(10));
    expect(Math.abs(variance - 1e4)).toBeLessThan(4 * varianceError(amounts));
  });

  test('real amounts do not fall between the entries of a table', () => {
    const type = fixture(
      { P: 500, Q: 500 },
      { forth: ['P -> Q', '1e6 * hill(P, 400, 2)'], back: ['Q -> P', '1e6 * hill(Q, 400, 2)'] },
    );
    const { population, work } = run({ ...type, methodOptions: { leap: 'implicit' } }, 5, 50);
    expect(work.implicit).toBeGreaterThan(50);
    const { mean } = meanAndVariance(amountsOf(type, population, 'P'));
    expect(Math.abs(mean - 500)).toBeLessThan(25);
  });
});
