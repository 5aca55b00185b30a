import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Substance } from '../../src/engine/description/substances.ts';
import { findMoieties } from '../../src/engine/diagnostics/moieties.ts';
import type { Cause } from '../../src/engine/exchange/ledger.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';

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
      'A + B',
      'C',
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
      fc.property(fc.array(column, { maxLength: 6 }), columns => {
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
        expect(moieties.map(({ weights }) => [...weights])).toEqual(farkas(conversions, 5));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('are in order of their substances, whatever the order of the reactions', () => {
    const bind = cause({ 0: '-1', 1: '-1', 2: '1' });
    const turn = cause({ 2: '-1', 0: '1', 3: '1' });
    const far = cause({ 5: '-1', 4: '1' });
    const expected = ['E + ES', 'S + ES + P', 'X + Y'];
    expect(namesOf('E S ES P X Y', bind, turn, far)).toEqual(expected);
    expect(namesOf('E S ES P X Y', far, turn, bind)).toEqual(expected);
  });

  it('a reaction and its reverse, or its multiple, count once', () => {
    const there = cause({ 0: '-1', 1: '2' });
    const back = cause({ 0: '0.5', 1: '-1' });
    expect(namesOf('A B', there, back, there)).toEqual(['2 A + B']);
  });

  it('a weight that no double holds exactly is not kept account of', () => {
    // Eight steps of 1 → 1000: the last weighs 10²⁴.
    const steps = Array.from({ length: 8 }, (_, i) => cause({ [i]: '-1000', [i + 1]: '1' }));
    expect(namesOf('a b c d e f g h i', ...steps)).toEqual([]);
    expect(namesOf('a b c d e f g h i', ...steps.slice(0, 5))).toHaveLength(4);
  });

  describe('in large networks', () => {
    /** `types` cell types of 256 species with random reactions A + B → C, each tied to one field. */
    const large = (types: number, reactions: number) => {
      const stream = rootStream('moieties');
      const draw = (n: number) => Math.floor(n * uniform(stream, 0));
      const causes: Cause[] = [];
      for (let t = 0; t < types; t++) {
        for (let r = 0; r < reactions; r++) {
          const changes: Record<number, string> = {};
          const [a, b, c] = Array.from({ length: 3 }, () => 256 * t + draw(256));
          if (a === b || b === c || a === c) continue;
          changes[a] = '-1';
          changes[b] = '-1';
          changes[c] = '1';
          causes.push(cause(changes));
        }
        causes.push(cause({ [256 * t]: '-1', [256 * types]: '1' }));
      }
      const list = Array.from({ length: 256 * types + 1 }, (_, i) => `s${i}`).join(' ');
      return { list: substances(list), causes };
    };

    // Measured: 0.2 to 0.5 s each; 2 × 256 species took 22 s with dense rows.
    it.each([
      [64, true],
      [128, true],
      [200, true],
      [256, true],
      [1024, false],
    ])('8 × 256 species with 8 × %d reactions are done in seconds', (reactions, conserves) => {
      const { list, causes } = large(8, reactions);
      const started = performance.now();
      const moieties = findMoieties(list, causes);
      expect((performance.now() - started) / 1000).toBeLessThan(15);
      expect(moieties.length > 0).toBe(conserves);
      let broken = 0;
      for (const { weights } of moieties) {
        for (const { changes } of causes) {
          let sum = 0;
          for (const { substance, amount } of changes) sum += amount * weights[substance];
          if (sum !== 0) broken++;
        }
      }
      expect(broken).toBe(0);
    });
  });
});

/** The minimal semi-positive vectors by the plain algorithm, dense and in doubles. */
function farkas(columns: readonly (readonly number[])[], length: number): number[][] {
  let rows = Array.from({ length }, (_, i) => Array.from({ length }, (__, j) => Number(i === j)));
  const product = (row: readonly number[], column: readonly number[]) =>
    row.reduce((sum, value, i) => sum + value * column[i], 0);
  for (const column of columns) {
    const next = rows.filter(row => product(row, column) === 0);
    for (const p of rows) {
      for (const n of rows) {
        const [up, down] = [product(p, column), product(n, column)];
        if (up > 0 && down < 0) next.push(p.map((value, i) => -down * value + up * n[i]));
      }
    }
    rows = next.map(row => row.map(value => value / row.reduce(gcd, 0)));
    rows = rows.filter(
      (row, r) =>
        !rows.some(
          (other, o) =>
            o !== r &&
            other.every((value, i) => value === 0 || row[i] !== 0) &&
            (o < r || other.some((value, i) => (value === 0) !== (row[i] === 0))),
        ),
    );
  }
  return rows.sort(bySubstances);
}

function bySubstances(a: readonly number[], b: readonly number[]): number {
  const [one, other] = [a, b].map(row => row.flatMap((value, i) => (value === 0 ? [] : [i])));
  const differ = one.findIndex((index, i) => index !== other[i]);
  if (differ < 0) return -1;
  return differ < other.length ? one[differ] - other[differ] : 1;
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}
