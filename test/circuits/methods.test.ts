import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { netChange } from '../../src/engine/circuits/circuit.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { METHOD_NAMES, METHODS, selectMethod } from '../../src/engine/circuits/methods.ts';
import { fixture, populate, type ReactionText, windowFor } from './fixtures.ts';
import { dimerisation, immigrationDeath, schlogl, toggle, vilar } from './models.ts';

/** Methods that simulate whole firings of the circuit as it is. */
const STOCHASTIC = METHODS.filter(method => !method.prepare).map(({ name }) => name);

function run(type: CellType, method: string, cells: number, durations: readonly number[], generate = true) {
  const circuit = compileCircuit(type, 0, { generate, method });
  const population = populate(type, cells, 1);
  const window = windowFor(type, population, 0);
  for (const duration of durations) {
    window.duration = duration;
    expect(circuit.advance(window)).toBeNull();
    window.time += duration;
  }
  return { amounts: population.amounts, streams: population.streams, extents: window.extents };
}

/** Every rate form, with few and with many molecules. */
function mixed(scale = 1): CellType {
  return fixture(
    { biomass: 3, A: 40 * scale, B: 5 * scale, C: 0 },
    {
      gated: ['3 A -> B', '0.4'],
      pair: ['A + B -> C', `${0.3 / scale} * A * B / volume`],
      hill: ['-> A', `${20 * scale} * hill(B, ${6 * scale}, 2.5) + 3`],
      saturating: ['A ->', `4 * A / (${10 * scale} + A)`],
      switched: ['C -> 2 B', 'C > 3 ? 2 * C : 0.1 * C'],
      clocked: ['-> C', '0.2 + 0.1 * sin(time / 3) + 0.01 * age'],
    },
  );
}

describe.each(STOCHASTIC)('%s', method => {
  test.each([
    ['Vilar', vilar(), 0.5],
    ['immigration–death', immigrationDeath(), 30],
    ['many molecules', immigrationDeath(1e5, 10, 9e3), 0.03],
    ['dimerisation', dimerisation(), 300],
    ['Schlögl', schlogl(), 0.5],
    ['toggle', toggle(2.5), 3],
    ['all rate forms', mixed(), 10],
    ['all rate forms, many molecules', mixed(1000), 0.1],
  ] as const)('generated code and closures give the same bits: %s', (_, type, duration) => {
    const durations = [duration, duration / 3, duration * 0.1];
    const generated = run(type, method, 10, durations);
    expect(generated.extents.reduce((a, b) => a + b)).toBeGreaterThan(100);
    expect(run(type, method, 10, durations, false)).toEqual(generated);
  });

  test('amounts are whole, never negative, and follow the stoichiometry exactly', () => {
    for (const type of [mixed(), mixed(100), dimerisation(), vilar()]) {
      const { amounts, extents } = run(type, method, 20, [0.5, 0.03, 0.1]);
      const { species, reactions } = type.circuit;
      expect(extents.every(Number.isInteger)).toBe(true);
      species.forEach(({ initial }, s) => {
        let expected = 20 * initial;
        reactions.forEach((reaction, r) => {
          for (const [index, n] of netChange(reaction, 'cell')) if (index === s) expected += n * extents[r];
        });
        let total = 0;
        for (let i = 0; i < 20; i++) {
          const amount = amounts[i * species.length + s];
          expect(amount >= 0 && Number.isInteger(amount)).toBe(true);
          total += amount;
        }
        expect(total).toBe(expected);
      });
    }
  });

  test('a trajectory does not depend on other cells or on their order', () => {
    const type = mixed(30);
    const circuit = compileCircuit(type, 0, { method });
    const together = populate(type, 10);
    circuit.advance(windowFor(type, together, 1));
    const apart = populate(type, 10);
    const window = windowFor(type, apart, 1);
    window.cells.reverse();
    for (let n = 9; n >= 0; n--) circuit.advance({ ...window, from: n, to: n + 1 });
    expect(apart.amounts).toEqual(together.amounts);
    expect(apart.streams).toEqual(together.streams);
  });

  test('a reaction of zero propensity never fires, reactants must be there', () => {
    const rates = ['0', '1e-17', '0', '1', '1e5', '0', '0.1', '0', '1e-3', '0'];
    const type = fixture(
      { X: 0, E: 0, A: 7 },
      {
        ...Object.fromEntries(rates.map((rate, i): [string, ReactionText] => [`r${i}`, ['-> X', rate]])),
        make: ['E -> E + X', '10'],
        pair: ['2 A -> X', '5'],
      },
    );
    const { amounts, extents } = run(type, method, 10, [1e-3, 0.5, 2]);
    rates.forEach((rate, i) => {
      if (rate === '0') expect(extents[i]).toBe(0);
    });
    expect(extents[4]).toBeGreaterThan(1e6);
    expect(extents[rates.length]).toBe(0);
    for (let i = 0; i < 10; i++) expect(amounts[4 * i + 3]).toBe(1);
  });

  test('a guarded window never takes more than is available, and releases are booked', () => {
    const type = fixture(
      { A: 0 },
      { import: ['2 f0 -> A', '50 * f0'], leak: ['A -> f0', '0.2 * A'], other: ['-> A', '1'] },
    );
    for (const available of [9.5, 4000]) {
      const circuit = compileCircuit(type, 1, { method });
      const population = populate(type, 10);
      const window = windowFor(type, population, 5, { fieldCount: 1, sampled: 30, available });
      window.released.fill(0.25);
      expect(circuit.advance(window)).toBeNull();
      let released = 0;
      for (let i = 0; i < 10; i++) {
        expect(window.available?.[i]).toBe(available + window.released[i] - 0.25);
        expect(window.available?.[i]).toBeGreaterThanOrEqual(0);
        released += window.released[i] - 0.25;
      }
      expect(released).toBe(window.extents[1] - 2 * window.extents[0]);
      expect(window.extents[0]).toBeGreaterThan(10);
    }
  });

  test.each([true, false])('invalid rates are faults with the reaction’s name (generated: %s)', generate => {
    const cases: [string, Record<string, ReactionText>, number][] = [
      ['ramp', { ramp: ['-> X', '5 - X'], idle: ['X -> X', '2'] }, -4],
      ['bad', { fine: ['-> X', '1'], bad: ['-> X', '1 / (X - 9)'] }, Number.POSITIVE_INFINITY],
    ];
    for (const [reaction, reactions, value] of cases) {
      const type = fixture({ X: 9 }, reactions);
      const fault = compileCircuit(type, 0, { generate, method }).advance(
        windowFor(type, populate(type, 3), 1),
      );
      expect(fault).toMatchObject({ reaction, slot: 0, value });
    }
  });

  test('where nothing can happen the state stays', () => {
    const type = immigrationDeath(0, 0.1);
    expect(run(type, method, 3, [10]).amounts).toEqual(populate(type, 3).amounts);
  });
});

describe('selection', () => {
  test('auto takes the direct method, next reaction for large networks in long windows', () => {
    expect(selectMethod(vilar().circuit).name).toBe('direct');
    expect(selectMethod(vilar().circuit, 'auto').name).toBe('direct');
    const large = fixture(
      { A: 10 },
      Object.fromEntries(
        Array.from({ length: 400 }, (_, i): [string, ReactionText] => [`r${i}`, ['-> A', '1']]),
      ),
    );
    expect(selectMethod(large.circuit).name).toBe('direct');
    expect(selectMethod(large.circuit, 'auto', { exactTime: true }).name).toBe('next-reaction');
  });

  test('auto takes the rejection method where a firing changes several costly rates', () => {
    const regulated = (n: string): CellType =>
      fixture(
        { A: 9, B: 9, C: 9 },
        Object.fromEntries(
          ['A', 'B', 'C'].flatMap((name): [string, ReactionText][] => [
            [`make${name}`, [`-> ${name}`, `hill(A + B + C, 20, ${n})`]],
            [`lose${name}`, [`${name} ->`, `1 * ${name}`]],
          ]),
        ),
      );
    expect(selectMethod(regulated('2.5').circuit, 'auto', { exactTime: true }).name).toBe('rejection');
    expect(selectMethod(regulated('2.5').circuit).name).toBe('direct');
    // Whole powers are products.
    expect(selectMethod(regulated('2').circuit, 'auto', { exactTime: true }).name).toBe('direct');
  });

  test('auto follows rates in time where asked to', () => {
    const type = fixture({ X: 0 }, { make: ['-> X', '1 + sin(time)'] });
    expect(selectMethod(type.circuit).name).toBe('direct');
    expect(selectMethod(type.circuit, 'auto', { exactTime: true }).name).toBe('modified-next-reaction');
  });

  test('a type’s own method runs, an option overrules it, an unknown name lists the known', () => {
    const type = { ...toggle(), method: 'tau-leaping' };
    expect(compileCircuit(type, 0).method).toBe('tau-leaping');
    expect(compileCircuit(type, 0, { method: 'direct' }).method).toBe('direct');
    expect(() => selectMethod(type.circuit, 'gillespie')).toThrow(METHOD_NAMES.join(', '));
  });
});
