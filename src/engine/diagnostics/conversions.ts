import Fraction from 'fraction.js';
import type { Cause, Change } from '../exchange/ledger.ts';
import { gcd, reduced, type SparseVector } from './sparseVector.ts';

/** Net stoichiometry with both signs: something turns into something else. One sign only is a source or a sink. */
export function isConversion(changes: readonly Change[]): boolean {
  return changes.some(change => change.amount > 0) && changes.some(change => change.amount < 0);
}

/**
 * Columns of the stoichiometric matrix that are conversions, as integers without a common factor and with a positive
 * first entry: neither the scale of a column nor its direction matters to what it conserves. Each is listed once.
 */
export function conversionColumns(causes: readonly Cause[]): SparseVector[] {
  const columns = new Map<string, SparseVector>();
  for (const { changes } of causes) {
    if (!isConversion(changes)) continue;
    const column = columnOf(changes);
    columns.set(`${column.indices.join()}:${column.values.join()}`, column);
  }
  return [...columns.values()];
}

function columnOf(changes: readonly Change[]): SparseVector {
  const exact = changes
    .map(({ substance, exact: terms }) => ({ substance, amount: sum(terms) }))
    .filter(({ amount }) => amount.n !== 0n)
    .sort((a, b) => a.substance - b.substance);
  const denominator = exact.reduce((lcm, { amount }) => (lcm / gcd(lcm, amount.d)) * amount.d, 1n);
  const values = reduced(exact.map(({ amount }) => amount.s * amount.n * (denominator / amount.d)));
  return {
    indices: exact.map(({ substance }) => substance),
    values: values[0] < 0n ? values.map(value => -value) : values,
  };
}

function sum(terms: Change['exact']): Fraction {
  return terms.reduce(
    (total, { sign, value }) => (sign > 0 ? total.add(new Fraction(value)) : total.sub(new Fraction(value))),
    new Fraction(0),
  );
}

/** Substances that conversions tie together, directly or through others, and those conversions. */
export interface ConversionNetwork {
  /** Ascending. */
  readonly substances: readonly number[];
  readonly columns: readonly SparseVector[];
}

/** The connected components of substances 0 … count − 1, in order of their first substance. */
export function splitNetwork(count: number, columns: readonly SparseVector[]): ConversionNetwork[] {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const rootOf = (substance: number): number => {
    let root = substance;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  for (const { indices } of columns) {
    for (let i = 1; i < indices.length; i++) {
      const [a, b] = [rootOf(indices[0]), rootOf(indices[i])];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const networks = new Map<number, { substances: number[]; columns: SparseVector[] }>();
  for (let substance = 0; substance < count; substance++) {
    const root = rootOf(substance);
    if (root === substance) networks.set(root, { substances: [], columns: [] });
    networks.get(root)?.substances.push(substance);
  }
  for (const column of columns) networks.get(rootOf(column.indices[0]))?.columns.push(column);
  return [...networks.values()];
}
