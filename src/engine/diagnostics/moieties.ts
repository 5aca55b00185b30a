import Fraction from 'fraction.js';
import type { Substance } from '../description/substances.ts';
import type { Cause, Change } from '../exchange/ledger.ts';

/**
 * A conserved moiety: a weighted sum of substances that every conversion leaves unchanged. Causes that only produce or
 * only consume (transcription, decay, a face, death) are its sources and sinks, so every change of its total has a name.
 */
export interface Moiety {
  /** `sender.A + field.AHL`, `field.glucose + 1000000000 feeder.biomass`. */
  readonly name: string;
  /** Weight of each substance in SubstanceIndex order; integers without a common factor. */
  readonly weights: Float64Array;
}

/** Beyond this many intermediate rows the minimal semi-positive basis is given up for a plain null-space basis. */
const MOST_ROWS = 2000;

/**
 * Left null space of the stoichiometric matrix of all conversions (columns with both signs), exact over the integers.
 * The Farkas algorithm (Schuster & Höfer 1991, doi:10.1039/FT9918702561) yields the minimal semi-positive vectors,
 * which read as amounts of something; where their number explodes, a rational null-space basis is used instead.
 */
export function findMoieties(substances: readonly Substance[], causes: readonly Cause[]): Moiety[] {
  const columns = conversionColumns(substances.length, causes);
  const rows = farkas(substances.length, columns) ?? nullSpace(substances.length, columns);
  return rows.map(row => ({ name: nameOf(row, substances), weights: Float64Array.from(row, Number) }));
}

/** Net stoichiometry with both signs: something turns into something else. One sign only is a source or a sink. */
export function isConversion(changes: readonly Change[]): boolean {
  return changes.some(change => change.amount > 0) && changes.some(change => change.amount < 0);
}

/** Integer columns of the conversions; a column's own scale does not matter to the null space. */
function conversionColumns(length: number, causes: readonly Cause[]): bigint[][] {
  return causes
    .filter(cause => isConversion(cause.changes))
    .map(cause => {
      const exact = cause.changes.map(change =>
        change.exact.reduce(
          (sum, { sign, value }) => (sign > 0 ? sum.add(new Fraction(value)) : sum.sub(new Fraction(value))),
          new Fraction(0),
        ),
      );
      const denominator = exact.reduce((lcm, value) => (lcm / gcd(lcm, value.d)) * value.d, 1n);
      const column = new Array<bigint>(length).fill(0n);
      cause.changes.forEach((change, i) => {
        column[change.substance] = exact[i].s * exact[i].n * (denominator / exact[i].d);
      });
      return column;
    });
}

interface Row {
  /** Remaining right-hand side: the row's product with each column. */
  readonly products: bigint[];
  /** Weights so far. */
  readonly weights: bigint[];
}

function farkas(length: number, columns: readonly bigint[][]): bigint[][] | null {
  let rows: Row[] = Array.from({ length }, (_, i) => ({
    products: columns.map(column => column[i]),
    weights: Array.from({ length }, (_, j) => (i === j ? 1n : 0n)),
  }));
  for (let c = 0; c < columns.length; c++) {
    const kept = rows.filter(row => row.products[c] === 0n);
    const positive = rows.filter(row => row.products[c] > 0n);
    const negative = rows.filter(row => row.products[c] < 0n);
    if (kept.length + positive.length * negative.length > MOST_ROWS) return null;
    for (const p of positive) {
      for (const n of negative) kept.push(combine(p, -n.products[c], n, p.products[c]));
    }
    rows = minimalSupports(kept);
  }
  return rows.map(row => row.weights);
}

function combine(a: Row, byA: bigint, b: Row, byB: bigint): Row {
  const products = a.products.map((value, i) => value * byA + b.products[i] * byB);
  const weights = a.weights.map((value, i) => value * byA + b.weights[i] * byB);
  const divisor = [...products, ...weights].reduce(gcd, 0n);
  return { products: products.map(v => v / divisor), weights: weights.map(v => v / divisor) };
}

/** Keeps the rows whose set of substances contains no other row's set, each set once. */
function minimalSupports(rows: readonly Row[]): Row[] {
  const supports = rows.map(row => row.weights.flatMap((weight, i) => (weight === 0n ? [] : [i])));
  return rows.filter((row, r) => {
    return !supports.some((other, o) => {
      if (o === r || other.length > supports[r].length) return false;
      if (other.length === supports[r].length && o > r) return false;
      return other.every(i => row.weights[i] !== 0n);
    });
  });
}

/** Rational basis of { y : yᵀN = 0 } by Gauss–Jordan elimination of Nᵀ, scaled to integers. */
function nullSpace(length: number, columns: readonly bigint[][]): bigint[][] {
  const matrix = columns.map(column => column.map(value => new Fraction(value)));
  const pivots: number[] = [];
  for (let variable = 0; variable < length; variable++) {
    const from = pivots.length;
    const found = matrix.findIndex((row, r) => r >= from && !row[variable].equals(0));
    if (found < 0) continue;
    [matrix[from], matrix[found]] = [matrix[found], matrix[from]];
    const pivot = matrix[from][variable];
    matrix[from] = matrix[from].map(value => value.div(pivot));
    matrix.forEach((row, r) => {
      if (r === from || row[variable].equals(0)) return;
      const factor = row[variable];
      matrix[r] = row.map((value, i) => value.sub(factor.mul(matrix[from][i])));
    });
    pivots.push(variable);
  }
  const free = Array.from({ length }, (_, i) => i).filter(i => !pivots.includes(i));
  return free.map(variable => {
    const vector = Array.from({ length }, () => new Fraction(0));
    vector[variable] = new Fraction(1);
    pivots.forEach((pivot, r) => {
      vector[pivot] = matrix[r][variable].neg();
    });
    const denominator = vector.reduce((lcm, value) => (lcm / gcd(lcm, value.d)) * value.d, 1n);
    const integers = vector.map(value => value.s * value.n * (denominator / value.d));
    const divisor = integers.reduce(gcd, 0n);
    return integers.map(value => value / divisor);
  });
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function nameOf(weights: readonly bigint[], substances: readonly Substance[]): string {
  let name = '';
  weights.forEach((weight, i) => {
    if (weight === 0n) return;
    const size = weight < 0n ? -weight : weight;
    const term = size === 1n ? substances[i].name : `${size} ${substances[i].name}`;
    name += name === '' ? (weight < 0n ? `−${term}` : term) : weight < 0n ? ` − ${term}` : ` + ${term}`;
  });
  return name;
}
