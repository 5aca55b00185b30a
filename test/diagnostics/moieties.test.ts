import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Substance } from '../../src/engine/description/substances.ts';
import { findMoieties } from '../../src/engine/diagnostics/moieties.ts';
import type { Cause } from '../../src/engine/exchange/ledger.ts';

const substances = (names: string): Substance[] =>
  names.split(' ').map(name => ({ name, unit: 'molecules', in: 'cell' }));

/** A reaction from net changes by substance index, exact as decimal text. */
function cause(changes: Record<number, string>): Cause {
  return {
    name: 'r',
    kind: 'reaction',
    changes: Object.entries(changes).map(([substance, text]) => ({
      substance: Number(substance),
      amount: Number(text),
      exact: [{ sign: text.startsWith('-') ? -1 : 1, value: text.replace('-', '') }],
    })),
  };
}

const namesOf = (list: string, ...causes: Cause[]) =>
  findMoieties(substances(list), causes).map(({ name }) => name);

describe('conserved moieties', () => {
  it('an enzyme, its complex and the substrate', () => {
    // E + S ⇌ ES → E + P
    const bind = cause({ 0: '-1', 1: '-1', 2: '1' });
    const turn = cause({ 2: '-1', 0: '1', 3: '1' });
    expect(namesOf('E S ES P', bind, turn).sort()).toEqual(['E + ES', 'S + ES + P']);
  });

  it('weights that are exact although the coefficients are decimal', () => {
    expect(namesOf('glucose biomass', cause({ 0: '-1000000000', 1: '0.4' }))).toEqual([
      'glucose + 2500000000 biomass',
    ]);
    expect(namesOf('a b', cause({ 0: '-0.1', 1: '0.3' }))).toEqual(['3 a + b']);
  });

  it('sources and sinks do not spoil a moiety; a substance without conversion is its own', () => {
    expect(namesOf('A B C', cause({ 0: '1' }), cause({ 0: '-1', 1: '1' }), cause({ 1: '-1' }))).toEqual([
      'C',
      'A + B',
    ]);
  });

  it('a contradiction conserves nothing', () => {
    expect(namesOf('A B', cause({ 0: '-1', 1: '1' }), cause({ 0: '-1', 1: '2' }))).toEqual([]);
  });

  it('dimerisation', () => {
    expect(namesOf('P P2', cause({ 0: '-2', 1: '1' }))).toEqual(['P + 2 P2']);
  });

  it('every moiety is orthogonal to every conversion, and there are at least as many as the null space has dimensions', () => {
    const column = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(column, { maxLength: 4 }), columns => {
        const causes = columns.map(values =>
          cause(Object.fromEntries(values.flatMap((v, i) => (v === 0 ? [] : [[i, String(v)]])))),
        );
        const conversions = columns.filter(values => values.some(v => v > 0) && values.some(v => v < 0));
        const moieties = findMoieties(substances('a b c d e'), causes);
        for (const { weights } of moieties) {
          expect(weights.some(w => w !== 0)).toBe(true);
          for (const values of conversions)
            expect(values.reduce((sum, v, i) => sum + v * weights[i], 0)).toBe(0);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
