import { describe, expect, it } from 'vitest';
import { SbmlError } from '../../src/engine/sbml/errors.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { absent, caseNames, readCase, type SuiteCase } from './suite.ts';

/** Constructs that may be refused, by the words with which they are. */
const REFUSED =
  /algebraic rules are not supported|csymbol delay .* not supported|fast reactions are not supported/;
const USES = /<algebraicRule|symbols\/delay|fast="true"/;

/** Largest error over what the case tolerates, and where it is. */
function worstError(suite: SuiteCase): { size: number; place: string } {
  const rows = simulateSbml(readSbml(suite.model), {
    times: suite.times,
    observables: suite.columns.map(name => ({
      name,
      as: suite.amount.has(name) ? 'amount' : suite.concentration.has(name) ? 'concentration' : 'symbol',
    })),
    absolute: Math.min(1e-12, suite.absolute * 1e-3),
  });
  expect(rows.length).toBe(suite.expected.length);
  let worst = { size: 0, place: '' };
  rows.forEach((row, i) => {
    row.forEach((value, j) => {
      const expected = suite.expected[i][j];
      if (Object.is(value, expected)) return;
      const size = Math.abs(value - expected) / (suite.absolute + suite.relative * Math.abs(expected));
      if (!(size <= worst.size)) {
        worst = { size, place: `${suite.columns[j]} at ${suite.times[i]}: ${value}, not ${expected}` };
      }
    });
  });
  return worst;
}

const missing = absent('semantic');
if (missing !== null) console.log(missing);

describe.skipIf(missing !== null)('SBML test suite, semantic cases', () => {
  for (const name of caseNames('semantic')) {
    const suite = readCase('semantic', name);
    if (USES.test(suite.model)) {
      it(`${name} is refused by name`, () => {
        expect(() => readSbml(suite.model)).toThrow(SbmlError);
        expect(() => readSbml(suite.model)).toThrow(REFUSED);
      });
    } else {
      it(`${name} to its own tolerances`, () => {
        const { size, place } = worstError(suite);
        expect(size, place).toBeLessThanOrEqual(1);
      });
    }
  }
});
