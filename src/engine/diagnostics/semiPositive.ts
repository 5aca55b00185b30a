import type { ConversionNetwork } from './conversions.ts';
import { combine, commonDivisor, divided, entry, type SparseVector } from './sparseVector.ts';

/** Steps of work that a network is worth (comparisons of 32 substances, or entries combined): about half a second. */
const MOST_WORK = 30_000_000;

/** Beyond this many vectors at a time the list has stopped to be one that people read. */
const MOST_ROWS = 2000;

interface Row {
  /** The row's product with each conversion that is still to come, by number. */
  readonly products: SparseVector;
  /** Weights so far, by substance. */
  readonly weights: SparseVector;
  /** The substances with a weight, as a bit set over the network's. */
  readonly support: Uint32Array;
}

/**
 * The minimal semi-positive vectors that a network conserves, by the Farkas algorithm (Schuster & Höfer 1991,
 * doi:10.1039/FT9918702561): conversion by conversion, rows of opposite sign are combined, and of all rows those with
 * minimal support are kept. The result does not depend on the order of the conversions; the number of intermediate rows
 * does, so that the conversion with the fewest combinations comes next. Null where the work is not worth it.
 */
export function semiPositiveBasis(
  { substances }: ConversionNetwork,
  columns: readonly SparseVector[],
): SparseVector[] | null {
  let rows = startRows(substances, columns);
  const remaining = new Set(columns.keys());
  let work = 0;
  while (remaining.size > 0) {
    const column = cheapest(rows, remaining, columns.length);
    remaining.delete(column);
    const kept: Row[] = [];
    const positive: [Row, bigint][] = [];
    const negative: [Row, bigint][] = [];
    for (const row of rows) {
      const product = entry(row.products, column);
      if (product === 0n) kept.push(row);
      else (product > 0n ? positive : negative).push([row, product]);
    }
    if (kept.length + positive.length * negative.length > MOST_ROWS) return null;
    for (const [p, byN] of positive) {
      for (const [n, byP] of negative) {
        kept.push(combineRows(p, -byP, n, byN));
        work += p.weights.indices.length + n.weights.indices.length + p.products.indices.length;
      }
    }
    if (positive.length > 0 && negative.length > 0) {
      work += kept.length * (kept.length + substances.length) * (kept[0].support.length / 4);
      if (work > MOST_WORK) return null;
      rows = minimalSupports(kept);
    } else rows = kept;
  }
  return rows.map(({ weights }) => weights);
}

function startRows(substances: readonly number[], columns: readonly SparseVector[]): Row[] {
  const place = new Map(substances.map((substance, i) => [substance, i]));
  const products = substances.map(() => ({ indices: [] as number[], values: [] as bigint[] }));
  columns.forEach(({ indices, values }, column) => {
    indices.forEach((substance, i) => {
      const row = products[place.get(substance) ?? 0];
      row.indices.push(column);
      row.values.push(values[i]);
    });
  });
  const words = Math.ceil(substances.length / 32);
  return substances.map((substance, i) => {
    const support = new Uint32Array(words);
    support[i >> 5] = 1 << (i & 31);
    return { products: products[i], weights: { indices: [substance], values: [1n] }, support };
  });
}

/** The conversion that makes the fewest combinations; the first of several. */
function cheapest(rows: readonly Row[], remaining: ReadonlySet<number>, count: number): number {
  const positive = new Int32Array(count);
  const negative = new Int32Array(count);
  for (const { products } of rows) {
    products.indices.forEach((column, i) => {
      if (products.values[i] > 0n) positive[column]++;
      else negative[column]++;
    });
  }
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const column of remaining) {
    const growth = positive[column] * negative[column] - positive[column] - negative[column];
    if (growth < least) [best, least] = [column, growth];
  }
  return best;
}

function combineRows(a: Row, byA: bigint, b: Row, byB: bigint): Row {
  const weights = combine(a.weights, byA, b.weights, byB);
  const products = combine(a.products, byA, b.products, byB);
  // What divides the weights divides their products with integer conversions.
  const divisor = commonDivisor(weights.values);
  const support = a.support.map((word, i) => word | b.support[i]);
  return {
    products: { indices: products.indices, values: divided(products.values, divisor) },
    weights: { indices: weights.indices, values: divided(weights.values, divisor) },
    support,
  };
}

/** Keeps the rows whose set of substances contains no other row's set, each set once. */
function minimalSupports(rows: readonly Row[]): Row[] {
  const sizes = rows.map(({ weights }) => weights.indices.length);
  return rows.filter((row, r) => {
    for (let o = 0; o < rows.length; o++) {
      if (o === r || sizes[o] > sizes[r] || (sizes[o] === sizes[r] && o > r)) continue;
      if (contains(row.support, rows[o].support)) return false;
    }
    return true;
  });
}

function contains(whole: Uint32Array, part: Uint32Array): boolean {
  for (let i = 0; i < part.length; i++) if ((part[i] & ~whole[i]) !== 0) return false;
  return true;
}
