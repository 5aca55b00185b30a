import { Fraction } from 'fraction.js';
import type { Term } from '../circuits/circuit.ts';
import { LIMITS } from './limits.ts';
import { excerpt } from './problems.ts';
import { didYouMean, listing } from './suggest.ts';

/** The substances an equation may name. */
export interface Substances {
  /** Index of each species of the cell; `biomass` is 0. */
  readonly species: ReadonlyMap<string, number>;
  /** Index of each field. */
  readonly fields: ReadonlyMap<string, number>;
}

export interface Equation {
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
}

type Report = (message: string, allowed: string | null) => void;

const COEFFICIENT = /^(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?(?:\s*\/\s*(\d+))?/;
const NAME = /^(field\s*\.\s*)?((?:partner\s*\.\s*)?[A-Za-z_][A-Za-z0-9_]*)/;
/** Coefficients beyond this are mistakes, and their exact fractions long. */
const LARGEST_EXPONENT = 30;

/**
 * `1e9 field.glucose + 2 A -> biomass` to its two sides. A coefficient is a decimal number or a fraction of two
 * whole numbers, kept exactly; a substance named twice on a side counts twice. An empty side, `0` or `∅` is
 * nothing. Null after a fault.
 */
export function readEquation(text: string, substances: Substances, report: Report): Equation | null {
  if (text.length > LIMITS.expressionLength) {
    report(`the equation has ${text.length} characters`, `at most ${LIMITS.expressionLength}`);
    return null;
  }
  if (/<\s*-|⇌|↔/.test(text)) {
    report('an equation has one direction', 'two reactions, each with `->`');
    return null;
  }
  const sides = text.split(/->|→/);
  if (sides.length !== 2) {
    report(sides.length < 2 ? 'an equation needs `->`' : 'an equation has `->` once', '`left -> right`');
    return null;
  }
  const reactants = readSide(sides[0], substances, report);
  const products = readSide(sides[1], substances, report);
  if (reactants === null || products === null) return null;
  if (reactants.length === 0 && products.length === 0) {
    report('an equation needs a substance on one side at least', null);
    return null;
  }
  return { reactants, products };
}

/** Terms of one side, merged by substance, in the order written. */
function readSide(text: string, substances: Substances, report: Report): Term[] | null {
  let rest = text.trim();
  if (rest === '' || rest === '0' || rest === '∅') return [];
  const amounts = new Map<string, { readonly in: 'cell' | 'field'; readonly index: number; sum: Fraction }>();
  let sound = true;
  for (;;) {
    const written = COEFFICIENT.exec(rest);
    const coefficient = written ? exactCoefficient(written) : new Fraction(1);
    if (written) rest = rest.slice(written[0].length).replace(/^\s*\*?\s*/, '');
    const name = NAME.exec(rest);
    if (!name) {
      const found = rest === '' ? 'a substance is missing' : `\`${excerpt(rest, 20)}\` is not a substance`;
      report(found, 'terms such as `2 A`, `field.AHL`, `1e9 field.glucose`, joined by `+`');
      return null;
    }
    rest = rest.slice(name[0].length).trimStart();
    const substance = findSubstance(name[1] !== undefined, name[2].replace(/\s/g, ''), substances, report);
    if (coefficient === null) {
      const shown = excerpt(written?.[0] ?? '', 30);
      report(
        `the coefficient \`${shown}\` is out of range`,
        `above 0, from 1e-${LARGEST_EXPONENT} to 1e${LARGEST_EXPONENT}`,
      );
      sound = false;
    } else if (substance === null) sound = false;
    else {
      const key = `${substance.in} ${substance.index}`;
      const known = amounts.get(key);
      if (known) known.sum = known.sum.add(coefficient);
      else amounts.set(key, { ...substance, sum: coefficient });
    }
    if (rest === '') break;
    if (!rest.startsWith('+')) {
      report(`\`${excerpt(rest, 20)}\` follows a substance without \`+\``, null);
      return null;
    }
    rest = rest.slice(1).trimStart();
  }
  if (!sound) return null;
  return [...amounts.values()].map(({ in: compartment, index, sum }) => ({
    in: compartment,
    index,
    coefficient: sum.valueOf(),
    exact: sum.d === 1n ? `${sum.n}` : `${sum.n}/${sum.d}`,
  }));
}

/** The number as an exact fraction; null where it is zero or absurd. */
function exactCoefficient(written: RegExpExecArray): Fraction | null {
  const [text, mantissa, exponent = '0', divisor = '1'] = written;
  const [whole, decimals = ''] = mantissa.split('.');
  if (text.length > 40) return null;
  const power = Number(exponent) - decimals.length;
  if (Math.abs(power) > LARGEST_EXPONENT) return null;
  const numerator = BigInt(whole + decimals) * 10n ** BigInt(Math.max(0, power));
  const denominator = BigInt(divisor) * 10n ** BigInt(Math.max(0, -power));
  if (numerator === 0n || denominator === 0n) return null;
  const value = new Fraction(numerator, denominator);
  const size = value.valueOf();
  return size >= 1e-30 && size <= 1e30 ? value : null;
}

function findSubstance(
  isField: boolean,
  name: string,
  substances: Substances,
  report: Report,
): { in: 'cell' | 'field'; index: number } | null {
  const names = isField ? substances.fields : substances.species;
  const index = names.get(name);
  if (index !== undefined) return { in: isField ? 'field' : 'cell', index };
  const what = isField ? 'field' : 'species';
  const suggestion = didYouMean(name, names.keys());
  if (!isField && substances.fields.has(name)) {
    report(`unknown species \`${name}\`; the field is \`field.${name}\``, null);
  } else {
    const known = listing(names.keys());
    report(
      `unknown ${what} \`${excerpt(name, 40)}\`${suggestion}`,
      suggestion ? null : known || `the scenario has no ${what}s`,
    );
  }
  return null;
}
