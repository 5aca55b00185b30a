import { describe, expect, it } from 'vitest';
import { exactRank } from '../../src/engine/circuits/rank.ts';
import { analyseStructure } from '../../src/engine/circuits/structure.ts';
import { fixture } from './fixtures.ts';
import { dimerisation, schlogl, vilar } from './models.ts';

describe('rank, complexes and deficiency', () => {
  it('of a network whose answers are in the books: A + B ⇌ C, C → D, D → A + B has deficiency 0', () => {
    const { circuit } = fixture(
      { A: 1, B: 1, C: 0, D: 0 },
      {
        bind: ['A + B -> C', '1 * A * B'],
        free: ['C -> A + B', '1 * C'],
        turn: ['C -> D', '1 * C'],
        split: ['D -> A + B', '1 * D'],
      },
    );
    expect(analyseStructure(circuit)).toMatchObject({
      rank: 2,
      complexes: 3,
      linkageClasses: 1,
      deficiency: 0,
    });
  });

  it('of the Edelstein network: A ⇌ 2A, A + B ⇌ C ⇌ B has deficiency 1 (Feinberg 1987)', () => {
    const { circuit } = fixture(
      { A: 1, B: 1, C: 0 },
      {
        r1: ['A -> 2 A', '1 * A'],
        r2: ['2 A -> A', '1 * A * (A - 1)'],
        r3: ['A + B -> C', '1 * A * B'],
        r4: ['C -> A + B', '1 * C'],
        r5: ['C -> B', '1 * C'],
        r6: ['B -> C', '1 * B'],
      },
    );
    expect(analyseStructure(circuit)).toMatchObject({
      rank: 2,
      complexes: 5,
      linkageClasses: 2,
      deficiency: 1,
    });
  });

  it('of Schlögl’s model is 1', () => {
    expect(analyseStructure(schlogl().circuit)).toMatchObject({ rank: 1, deficiency: 1 });
  });

  it('is exact where doubles are not', () => {
    // Two rows that differ in the 18th digit.
    const big = 10n ** 18n;
    const row = (...values: bigint[]): Map<number, bigint> =>
      new Map(values.flatMap((value, i) => (value === 0n ? [] : [[i, value] as const])));
    expect(exactRank([row(big, big + 1n), row(big, big + 1n)])).toBe(1);
    expect(exactRank([row(big, big + 1n), row(big, big)])).toBe(2);
    expect(exactRank([row(1n, 2n, 3n), row(4n, 5n, 6n), row(7n, 8n, 9n)])).toBe(2);
    expect(exactRank([])).toBe(0);
  });
});

describe('conserved sums', () => {
  it('carry their initial value; what sources and sinks change is told apart', () => {
    const { conserved, open, rank, substances } = analyseStructure(vilar().circuit);
    expect(conserved.map(({ name, total }) => `${name} = ${total}`)).toEqual([
      'DA + DAp = 1',
      'DR + DRp = 1',
    ]);
    expect(open.map(({ name }) => name)).toEqual(['MA', 'MR', 'R + C']);
    expect(rank).toBe(substances.length - conserved.length);
    expect(analyseStructure(dimerisation().circuit).conserved[0]).toMatchObject({
      name: 'P + 2 P2',
      total: 100,
    });
  });

  it('with a field have no value of their own', () => {
    const { circuit } = fixture({ A: 3 }, { export: ['A -> f0', '1 * A'] });
    expect(analyseStructure(circuit, ['AHL']).conserved).toMatchObject([
      { name: 'A + field.AHL', total: null },
    ]);
  });
});

describe('what can never happen', () => {
  it('is found through a chain, and through conservation', () => {
    const { circuit } = fixture(
      { A: 1, B: 0, C: 0, D: 0 },
      {
        need: ['B -> C', '1 * B'],
        next: ['C -> D', '1 * C'],
        pair: ['2 A ->', '1 * A * (A - 1)'],
        silent: ['A -> A + A', '0 * A'],
        catalysed: ['A -> D', '1 * A * B'],
      },
    );
    const { deadReactions, absentSpecies } = analyseStructure(circuit);
    expect(deadReactions).toEqual(['need', 'next', 'silent', 'catalysed']);
    expect(absentSpecies).toEqual(['B', 'C', 'D']);
    const single = fixture(
      { A: 1, B: 0, C: 0 },
      { swap: ['A -> B', '1 * A'], back: ['B -> A', '1 * B'], pair: ['A + A -> C + C', '1 * A'] },
    );
    expect(analyseStructure(single.circuit).deadReactions).toEqual(['pair']);
  });
});

describe('warnings', () => {
  const warningsOf = (type: Parameters<typeof analyseStructure>[0]): readonly string[] =>
    analyseStructure(type).warnings;

  it('are silent about sound models', () => {
    for (const { circuit } of [vilar(), dimerisation(), schlogl()]) expect(warningsOf(circuit)).toEqual([]);
  });

  it('name a species that only grows, rates that may be negative or undefined', () => {
    const { circuit } = fixture(
      { X: 0, Y: 5 },
      { make: ['-> X', '1'], odd: ['Y -> ', 'Y * (10 - Y)'], bad: ['Y ->', 'Y / (Y - 1)'] },
    );
    expect(warningsOf(circuit)).toEqual([
      'X only grows: no reaction takes it',
      'odd: the rate may be negative',
      expect.stringMatching(/^bad: the rate may be/),
    ]);
  });

  it('name rates that do not fit what a reaction takes', () => {
    const { circuit } = fixture(
      { X: 5, Y: 5 },
      { fixed: ['X ->', '2'], made: ['Y -> Y + X', '3'], square: ['2 Y ->', '0.1 * Y * Y'] },
    );
    expect(warningsOf(circuit)).toEqual([
      'fixed: the rate does not depend on X, which it takes; below 1 it is 0',
      'made: the rate does not depend on Y, which it needs; below 1 it is 0',
      'square: it takes 2 Y, but the rate is not 0 where there is 1; there it is held at 0',
    ]);
  });

  it('name a meeting that leaves the volume of a growing cell out', () => {
    const reactions = {
      grow: ['-> biomass', '0.1 * biomass', 'continuous'],
      meet: ['A + B ->', '0.1 * A * B'],
    } as const;
    expect(warningsOf(fixture({ A: 1, B: 1 }, reactions).circuit)).toEqual([
      expect.stringMatching(/^meet: 2 molecules meet, .*volume/),
    ]);
    const scaled = { ...reactions, meet: ['A + B ->', '0.1 * A * B / volume'] } as const;
    expect(warningsOf(fixture({ A: 1, B: 1 }, scaled).circuit)).toEqual([]);
  });

  it('name a rate that goes with the wrong power of the volume, but not surfaces', () => {
    const of = (equation: string, rate: string): readonly string[] =>
      warningsOf(
        fixture(
          { A: 1, B: 1 },
          {
            grow: ['-> biomass', '0.1 * biomass', 'continuous'],
            make: ['-> A', '1'],
            meet: [equation, rate],
          },
        ).circuit,
      );
    expect(of('A + B ->', '0.1 * A * B * volume')).toEqual([
      expect.stringMatching(/^meet: the rate goes with the size of the growing cell to the power 3, .*unit/),
    ]);
    expect(of('A ->', '0.1 * A / volume')).toEqual([expect.stringMatching(/to the power 0/)]);
    for (const [equation, rate] of [
      ['A + B ->', '0.1 * A * B / volume'],
      ['2 A -> B', '0.1 * A * (A - 1) / volume'],
      ['2 A + B ->', '0.1 * A * (A - 1) * B / volume^2'],
      ['A ->', '0.1 * A * volume^(-0.333)'],
      ['A -> f0', '0.1 * A * B / volume'],
      ['A -> B', '0.1 * volume * hill(A / volume, 3, 2)'],
      ['B -> A', '0.1 * B / (B + 4 * volume)'],
    ]) {
      expect(of(equation, rate)).toEqual([]);
    }
  });

  it('let a species only grow in a cell that grows too', () => {
    const make = ['-> A', '1'] as const;
    expect(warningsOf(fixture({ A: 0 }, { make }).circuit)).toEqual(['A only grows: no reaction takes it']);
    const grow = ['-> biomass', '0.1 * biomass', 'continuous'] as const;
    expect(warningsOf(fixture({ A: 0 }, { make, grow }).circuit)).toEqual([]);
  });
});

describe('reversible pairs', () => {
  it('are reactions that undo each other, each in one pair', () => {
    expect(analyseStructure(vilar().circuit).reversible).toEqual([
      ['bindA', 'unbindA'],
      ['bindR', 'unbindR'],
    ]);
    expect(analyseStructure(schlogl().circuit).reversible).toEqual([['autocatalysis', 'trimolecular']]);
    const two = fixture({ A: 1, B: 0 }, { f: ['A -> B', 'A'], g: ['A -> B', '2 * A'], h: ['B -> A', 'B'] });
    expect(analyseStructure(two.circuit).reversible).toEqual([['f', 'h']]);
    const catalysed = fixture({ A: 1, B: 0 }, { f: ['A + B -> B + A', 'A * B'] });
    expect(analyseStructure(catalysed.circuit).reversible).toEqual([]);
  });
});
