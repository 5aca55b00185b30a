import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { netChange } from '../../src/engine/circuits/circuit.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { compileDirect, directSource } from '../../src/engine/circuits/direct.ts';
import { tabulateDirect } from '../../src/engine/circuits/directTable.ts';
import { METHODS, selectMethod } from '../../src/engine/circuits/methods.ts';
import { stochasticNetwork } from '../../src/engine/circuits/network.ts';
import { createFailure, failTotal } from '../../src/engine/circuits/window.ts';
import { amountsOf, fixture, populate, type ReactionText, windowFor } from './fixtures.ts';
import { dimerisation, immigrationDeath, schlogl, toggle, vilar } from './models.ts';

function run(type: CellType, cells: number, durations: readonly number[], generate: boolean, seed = 1) {
  const circuit = compileCircuit(type, 0, { generate });
  const population = populate(type, cells, seed);
  const window = windowFor(type, population, 0);
  for (const duration of durations) {
    window.duration = duration;
    expect(circuit.advance(window)).toBeNull();
  }
  return { amounts: population.amounts, streams: population.streams, extents: window.extents };
}

/** A network in which every rate form occurs: gates, hill, conditionals, volume, division by a varying amount. */
function mixed(): CellType {
  return fixture(
    { biomass: 3, A: 40, B: 5, C: 0 },
    {
      gated: ['3 A -> B', '0.4'],
      pair: ['A + B -> C', '0.3 * A * B / volume'],
      hill: ['-> A', '20 * hill(B, 6, 2.5) + 3'],
      saturating: ['A ->', '4 * A / (10 + A)'],
      switched: ['C -> 2 B', 'C > 3 ? 2 * C : 0.1 * C'],
      cube: ['B ->', '0.001 * B^3 + min(B, 4) * 0.1'],
    },
  );
}

describe('generated code and tables', () => {
  test.each([
    ['Vilar', vilar(), 1],
    ['immigration–death', immigrationDeath(), 30],
    ['dimerisation', dimerisation(), 300],
    ['Schlögl', schlogl(), 0.5],
    ['toggle, exponent 2', toggle(), 3],
    ['toggle, exponent 2.5', toggle(2.5), 3],
    ['all rate forms', mixed(), 20],
  ] as const)('run bit-identical trajectories: %s', (_, type, duration) => {
    const durations = [duration, duration / 3, duration * 0.1];
    const generated = run(type, 40, durations, true);
    const tabulated = run(type, 40, durations, false);
    expect(generated.extents.reduce((a, b) => a + b)).toBeGreaterThan(300);
    expect(tabulated).toEqual(generated);
  });

  test('agree on random mass-action networks of up to 30 reactions', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const name = fc.constantFrom(...names);
    const reaction = fc
      .record({
        left: fc.array(name, { maxLength: 2 }),
        right: fc.array(name, { maxLength: 2 }),
        k: fc.double({ min: 0.01, max: 1, noNaN: true }),
      })
      .map(
        ({ left, right, k }): ReactionText => [
          `${left.join(' + ')} -> ${right.join(' + ')}`,
          [k, ...left, ...(left.length === 2 ? [0.05] : [])].join(' * '),
        ],
      );
    fc.assert(
      fc.property(fc.array(reaction, { minLength: 1, maxLength: 30 }), reactions => {
        const type = fixture(
          Object.fromEntries(names.map((n, i) => [n, 3 * i])),
          Object.fromEntries(reactions.map((r, i) => [`r${i}`, r])),
        );
        const generated = run(type, 5, [0.5, 0.25], true);
        expect(run(type, 5, [0.5, 0.25], false)).toEqual(generated);
        expect(generated.amounts.every(amount => amount >= 0 && Number.isInteger(amount))).toBe(true);
      }),
      { seed: 31, numRuns: 60 },
    );
  });

  test('a network too large to generate runs on tables', () => {
    const type = fixture(
      { A: 10 },
      Object.fromEntries(
        Array.from({ length: 200 }, (_, i): [string, ReactionText] => [
          `r${i}`,
          i % 2 === 0 ? ['-> A', '1'] : ['A ->', '0.1 * A'],
        ]),
      ),
    );
    expect(run(type, 3, [1], true)).toEqual(run(type, 3, [1], false));
  });
});

describe('firing without branches', () => {
  const branchless = (type: CellType): boolean => {
    const network = stochasticNetwork(type.circuit, false);
    if (!network) throw new Error('no channel');
    return directSource(type, network, 1, false, 1).source.includes('pick');
  };
  const ring = (length: number): CellType =>
    fixture(
      Object.fromEntries(Array.from({ length }, (_, i) => [`S${i}`, 3 * i])),
      Object.fromEntries(
        Array.from({ length }, (_, i): [string, ReactionText] => [
          `r${i}`,
          [`S${i} -> S${(i + 1) % length}`, `${0.3 + i} * S${i}`],
        ]),
      ),
    );

  test('is for small networks of cheap rates', () => {
    expect([immigrationDeath(), dimerisation(), schlogl(), toggle(), ring(10)].every(branchless)).toBe(true);
    expect([vilar(), ring(11), fixture({ A: 9 }, { lose: ['A ->', 'A'] })].some(branchless)).toBe(false);
    const costly = fixture(
      { A: 9, B: 2 },
      Object.fromEntries(
        ['A', 'B', 'A', 'B'].map((name, i): [string, ReactionText] => [
          `r${i}`,
          [`-> ${name}`, `exp(-${name} / 9) / (1 + ${name}^2.5)`],
        ]),
      ),
    );
    expect(branchless(costly)).toBe(false);
  });

  test.each([2, 5, 8, 10])('takes the trajectory of the search: a ring of %d', length => {
    const type = ring(length);
    expect(run(type, 20, [2, 0.1, 1], true)).toEqual(run(type, 20, [2, 0.1, 1], false));
  });

  test('books transfers with fields as the search does, and chooses reactions beside continuous ones', () => {
    const type = fixture(
      { A: 20, B: 3 },
      {
        flow: ['-> B', '0.3', 'continuous'],
        export: ['A -> 2 f1', '0.5 * A'],
        fade: ['B ->', '0.1 * B', 'continuous'],
        import: ['f0 -> A', '0.6 * volume * f0 + 0.1 * B'],
      },
    );
    expect(branchless(type)).toBe(true);
    const results = [true, false].map(generate => {
      const population = populate(type, 20);
      const window = windowFor(type, population, 3, { fieldCount: 2, sampled: 4 });
      expect(compileCircuit(type, 2, { generate }).advance(window)).toBeNull();
      return { amounts: population.amounts, released: window.released, extents: window.extents };
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[0].extents[1]).toBeGreaterThan(100);
    expect(results[0].extents[3]).toBeGreaterThan(100);
  });
});

describe('amounts follow the stoichiometry', () => {
  test('change of every species = Σ extents × net change', () => {
    const type = mixed();
    const { amounts, extents } = run(type, 30, [10], true);
    const stride = type.circuit.species.length;
    type.circuit.species.forEach((species, s) => {
      let expected = 30 * species.initial;
      type.circuit.reactions.forEach((reaction, r) => {
        for (const [index, n] of netChange(reaction, 'cell')) if (index === s) expected += n * extents[r];
      });
      let total = 0;
      for (let i = 0; i < 30; i++) total += amounts[i * stride + s];
      expect(total).toBe(expected);
    });
  });

  test('dimerisation conserves P + 2 P₂ in every cell', () => {
    const type = dimerisation();
    const circuit = compileCircuit(type, 0);
    const population = populate(type, 200);
    circuit.advance(windowFor(type, population, 500));
    const monomers = amountsOf(type, population, 'P');
    const dimers = amountsOf(type, population, 'P2');
    expect(new Set(monomers.map((p, i) => p + 2 * dimers[i]))).toEqual(new Set([100]));
    expect(new Set(dimers).size).toBeGreaterThan(5);
  });
});

describe('random streams', () => {
  test('a cell’s trajectory does not depend on other cells or on the order of slots', () => {
    const type = vilar();
    const circuit = compileCircuit(type, 0);
    const together = populate(type, 10);
    circuit.advance(windowFor(type, together, 1));
    const apart = populate(type, 10);
    const window = windowFor(type, apart, 1);
    window.cells.reverse();
    for (let n = 9; n >= 0; n--) circuit.advance({ ...window, from: n, to: n + 1 });
    expect(apart.amounts).toEqual(together.amounts);
    expect(apart.streams).toEqual(together.streams);
  });

  test('stopping, saving and resuming gives the same state', () => {
    const type = toggle();
    const straight = run(type, 8, [1, 2, 3], true);
    const circuit = compileCircuit(type, 0);
    const population = populate(type, 8);
    circuit.advance(windowFor(type, population, 1));
    const restored = populate(type, 8, 99);
    restored.amounts.set(population.amounts.slice());
    restored.streams.set(population.streams.slice());
    const again = compileCircuit(type, 0);
    again.advance(windowFor(type, restored, 2));
    again.advance(windowFor(type, restored, 3));
    expect(restored.amounts).toEqual(straight.amounts);
    expect(restored.streams).toEqual(straight.streams);
  });

  test('a cell in which nothing can happen draws nothing', () => {
    const type = immigrationDeath(0, 0.1);
    const { amounts, streams } = run(type, 3, [10], true);
    expect(streams).toEqual(populate(type, 3).streams);
    expect(amounts).toEqual(populate(type, 3).amounts);
  });
});

describe('what may fire', () => {
  // Rates of very different size, so that sums round; zeros at the start, between and at the end of groups.
  test.each([
    [['0', '1e-17', '0', '1', '1e16', '0', '0.1', '0.3', '0.7', '0', '1e-3', '0']],
    [['0', '1e-17', '0', '1', '1e16', '0', '0.3', '0']],
    [['0', '1', '0']],
  ])(
    'a reaction of zero propensity never fires, whatever its place and the rounding of the others: %j',
    rates => {
      const type = fixture(
        { X: 0 },
        Object.fromEntries(rates.map((rate, i): [string, ReactionText] => [`r${i}`, ['-> X', rate]])),
      );
      for (const generate of [true, false]) {
        const duration = 100 / Math.max(...rates.map(Number));
        const { extents } = run(type, 20, [duration], generate);
        rates.forEach((rate, i) => {
          if (rate === '0') expect(extents[i]).toBe(0);
        });
        const most = rates.reduce((best, rate, i) => (Number(rate) > Number(rates[best]) ? i : best), 0);
        const total = rates.reduce((sum, rate) => sum + Number(rate), 0);
        expect(extents[most]).toBeGreaterThan(1000);
        expect(extents[most]).toBeLessThan(20 * duration * total + 6 * Math.sqrt(20 * duration * total));
      }
    },
  );

  test('a constant rate is gated by the reactants it needs', () => {
    const type = fixture({ A: 7, B: 0 }, { take: ['2 A -> B', '5'] });
    for (const generate of [true, false]) {
      const { amounts } = run(type, 20, [100], generate);
      for (let i = 0; i < 20; i++) expect([...amounts.slice(3 * i, 3 * i + 3)]).toEqual([1, 1, 3]);
    }
  });

  test('a rate proportional to an amount needs a gate only for a second molecule', () => {
    const type = fixture({ A: 7 }, { pair: ['2 A ->', '3 * A'] });
    const { amounts } = run(type, 20, [100], true);
    for (let i = 0; i < 20; i++) expect(amounts[2 * i + 1]).toBe(1);
  });

  test('a catalyst must be present', () => {
    const type = fixture({ E: 0, X: 0 }, { make: ['E -> E + X', '10'] });
    expect(run(type, 5, [10], true).extents[0]).toBe(0);
  });
});

describe('channels that span cell and field', () => {
  const exchange = fixture(
    { A: 20 },
    {
      export: ['A -> f1', '0.5 * A'],
      import: ['2 f0 -> A', '0.3 * volume * f0'],
    },
  );

  test('released is the net count, added to what is there', () => {
    const circuit = compileCircuit(exchange, 2);
    const population = populate(exchange, 50);
    const window = windowFor(exchange, population, 2, { fieldCount: 2, sampled: 4 });
    window.released.fill(0.25);
    expect(circuit.advance(window)).toBeNull();
    let exported = 0;
    let imported = 0;
    for (let i = 0; i < 50; i++) {
      imported -= (window.released[2 * i] - 0.25) / 2;
      exported += window.released[2 * i + 1] - 0.25;
      expect(population.amounts[2 * i + 1]).toBe(
        20 - (window.released[2 * i] - 0.25) / 2 - (window.released[2 * i + 1] - 0.25),
      );
    }
    expect([exported, imported]).toEqual([...window.extents]);
    expect(imported).toBeGreaterThan(50);
  });

  test('a guarded window never takes more than is available, and gives back to it', () => {
    const type = fixture(
      { A: 0 },
      { import: ['2 f0 -> A', '50 * f0'], leak: ['A -> f0', '0.2 * A'], other: ['-> A', '1'] },
    );
    for (const generate of [true, false]) {
      const circuit = compileCircuit(type, 1, { generate });
      const population = populate(type, 30);
      const window = windowFor(type, population, 1, { fieldCount: 1, sampled: 3, available: 9.5 });
      expect(circuit.advance(window)).toBeNull();
      const { available } = window;
      for (let i = 0; i < 30; i++) {
        expect(available?.[i]).toBe(9.5 + window.released[i]);
        expect(available?.[i]).toBeGreaterThanOrEqual(0);
        expect(window.released[i]).toBeLessThan(0);
      }
      // The leak refills what was taken, so more fires than four times per cell.
      expect(window.extents[0]).toBeGreaterThan(4 * 30);
    }
  });

  test('guarded generated code and tables are bit-identical, and equal the free run where nothing binds', () => {
    const results = [true, false].map(generate => {
      const population = populate(exchange, 20);
      const window = windowFor(exchange, population, 3, { fieldCount: 2, sampled: 4, available: 5 });
      compileCircuit(exchange, 2, { generate }).advance(window);
      return { amounts: population.amounts, streams: population.streams, released: window.released };
    });
    expect(results[1]).toEqual(results[0]);
    const free = populate(exchange, 20);
    compileCircuit(exchange, 2).advance(windowFor(exchange, free, 3, { fieldCount: 2, sampled: 4 }));
    const ample = populate(exchange, 20);
    compileCircuit(exchange, 2).advance(
      windowFor(exchange, ample, 3, { fieldCount: 2, sampled: 4, available: 1e9 }),
    );
    expect(ample.streams).toEqual(free.streams);
    expect(ample.amounts).toEqual(free.amounts);
  });
});

describe('invalid rates', () => {
  test.each([true, false])('a rate that turns negative is a fault (generated: %s)', generate => {
    const type = fixture({ X: 0 }, { ramp: ['-> X', '5 - X'], idle: ['X -> X', '2'] });
    const circuit = compileCircuit(type, 0, { generate });
    const population = populate(type, 4);
    population.amounts[2 * 2 + 1] = 9;
    expect(circuit.advance(windowFor(type, population, 1))).toEqual({
      reaction: 'ramp',
      slot: 2,
      value: -4,
      message: 'the rate is -4; it must be finite and at least 0',
    });
  });

  test.each([true, false])('also when it does so by firing (generated: %s)', generate => {
    const type = fixture({ X: 0 }, { on: ['-> X', '1'], bad: ['X ->', 'X * (3.5 - X) * 0.01'] });
    const fault = compileCircuit(type, 0, { generate }).advance(windowFor(type, populate(type, 1), 1000));
    expect(fault).toMatchObject({ reaction: 'bad', slot: 0, value: -0.02 });
  });

  test.each([true, false])('infinite and undefined rates are faults (generated: %s)', generate => {
    for (const [rate, value] of [
      ['1 / X', Number.POSITIVE_INFINITY],
      ['X / X', Number.NaN],
    ] as const) {
      const type = fixture({ X: 0 }, { fine: ['-> X', '1'], bad: ['-> X', rate] });
      const fault = compileCircuit(type, 0, { generate }).advance(windowFor(type, populate(type, 1), 1));
      expect(fault).toMatchObject({ reaction: 'bad', value });
    }
  });
});

describe('limits of a rate', () => {
  test('a total below 0 is blamed on the negative rate, whatever stands after or before it', () => {
    const failure = createFailure();
    for (const [rates, culprit] of [
      [[3, -5, 1], 1],
      [[-5, 3, 1], 0],
      [[3, 1, -5], 2],
      [[3, Number.NaN, -5], 1],
      [[3, Number.POSITIVE_INFINITY, 1], 1],
    ] as const) {
      expect(failTotal(failure, [10, 11, 12], rates, 7)).toBe(false);
      expect(failure).toMatchObject({
        reaction: 10 + culprit,
        value: rates[culprit],
        slot: 7,
        cause: 'rate',
      });
    }
  });

  test('a sum that overflows is blamed on its largest member', () => {
    const failure = createFailure();
    failTotal(failure, [0, 1, 2], [1e308, 1.5e308, 1e308], 0);
    expect(failure).toMatchObject({ reaction: 1, value: 1.5e308 });
  });

  test('endless firing ends with the fastest reaction’s name, from code and from tables alike', () => {
    const type = fixture({ X: 1 }, { slow: ['X -> X', '3 * X'], fast: ['X -> 2 X', '1e12 * X'] });
    const [generated, tabulated] = [compileDirect, tabulateDirect].map(compile => {
      const population = populate(type, 2);
      const window = windowFor(type, population, 60);
      const failure = createFailure();
      expect(compile(type, 0, false, 1000)?.(window, 60, failure)).toBe(false);
      return { extents: window.extents, failure };
    });
    expect(generated.failure).toMatchObject({ reaction: 1, slot: 0, value: 1001e12, cause: 'firings' });
    expect(generated.extents).toEqual(Float64Array.of(0, 1000));
    expect(tabulated).toEqual(generated);
  });

  test('exactly as many firings as are allowed are no fault', () => {
    const type = fixture({ A: 1000 }, { use: ['A ->', '1 * A'] });
    for (const compile of [compileDirect, tabulateDirect]) {
      const window = windowFor(type, populate(type, 1), 100);
      expect(compile(type, 0, false, 1000)?.(window, 100, createFailure())).toBe(true);
      expect(
        compile(type, 0, false, 999)?.(windowFor(type, populate(type, 1), 100), 100, createFailure()),
      ).toBe(false);
    }
  });
});

describe('memory', () => {
  test('nothing is allocated per cell', () => {
    const type = fixture(
      { A: 4, B: 2 },
      {
        make: ['-> A', '1 * hill(B, 3, 2) + f0'],
        lose: ['A ->', '0.2 * A'],
        give: ['A -> f0', '0.1 * A'],
        fade: ['B ->', '0.001 * B', 'continuous'],
      },
    );
    const circuit = compileCircuit(type, 1);
    const population = populate(type, 1000);
    const window = windowFor(type, population, 0.1, { fieldCount: 1, sampled: 1 });
    for (let i = 0; i < 300; i++) circuit.advance(window);
    const growths = [0, 1, 2, 3, 4].map(() => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 200; i++) circuit.advance(window);
      return process.memoryUsage().heapUsed - before;
    });
    // 200,000 cell windows; one object of 16 bytes in each would be 3.2 MB. A collection in between only lowers it.
    expect(growths.sort((a, b) => a - b)[2]).toBeLessThan(400_000);
    expect(growths.filter(growth => growth < 0).length).toBeLessThan(3);
  });
});

describe('catalogue', () => {
  test('every method says when to use it and cites its source', () => {
    for (const { name, use, doi } of METHODS) {
      expect(name).not.toBe('');
      expect(use.length).toBeGreaterThan(20);
      expect(doi).toMatch(/^10\.\d{4,}\//);
    }
    expect(selectMethod(vilar().circuit).name).toBe('direct');
    expect(() => selectMethod(vilar().circuit, 'none')).toThrow(/'none'; known are auto, direct/);
  });
});
