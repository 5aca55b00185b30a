import type { ConversionNetwork } from './conversions.ts';
import { combine, entry, gcd, reduced, type SparseVector } from './sparseVector.ts';

/**
 * A basis of what independent conversions leave unchanged, { y : y·column = 0 for all }, by Gauss–Jordan elimination in
 * exact integers. Of the rows that are left, the shortest comes next, and in it the substance that stands in the fewest
 * (Markowitz 1957, doi:10.1287/mnsc.3.3.255), which keeps the rows sparse.
 */
export function nullSpace(
  { substances }: ConversionNetwork,
  independent: readonly SparseVector[],
): SparseVector[] {
  const rows = [...independent];
  const users = new Map(substances.map(substance => [substance, new Set<number>()]));
  rows.forEach(({ indices }, r) => {
    for (const substance of indices) users.get(substance)?.add(r);
  });
  const left = new Set(rows.keys());
  /** By pivot substance, the number of its row. */
  const pivots = new Map<number, number>();
  while (left.size > 0) {
    let shortest = -1;
    for (const r of left) {
      if (shortest < 0 || rows[r].indices.length < rows[shortest].indices.length) shortest = r;
    }
    left.delete(shortest);
    const row = rows[shortest];
    let pivot = row.indices[0];
    for (const substance of row.indices) {
      if ((users.get(substance)?.size ?? 0) < (users.get(pivot)?.size ?? 0)) pivot = substance;
    }
    pivots.set(pivot, shortest);
    const lead = entry(row, pivot);
    for (const other of [...(users.get(pivot) ?? [])]) {
      if (other === shortest) continue;
      for (const substance of rows[other].indices) users.get(substance)?.delete(other);
      const { indices, values } = combine(rows[other], lead, row, -entry(rows[other], pivot));
      rows[other] = { indices, values: reduced(values) };
      for (const substance of rows[other].indices) users.get(substance)?.add(other);
    }
  }
  return freeVectors(substances, rows, pivots);
}

/** One vector for each substance without a pivot: 1 of it, and of the pivots what makes every row vanish. */
function freeVectors(
  substances: readonly number[],
  rows: readonly SparseVector[],
  pivots: ReadonlyMap<number, number>,
): SparseVector[] {
  const vectors = new Map<number, { substance: number; numerator: bigint; denominator: bigint }[]>();
  for (const substance of substances) {
    if (!pivots.has(substance)) vectors.set(substance, [{ substance, numerator: 1n, denominator: 1n }]);
  }
  for (const [pivot, r] of pivots) {
    const denominator = entry(rows[r], pivot);
    rows[r].indices.forEach((substance, i) => {
      const numerator = -rows[r].values[i];
      vectors.get(substance)?.push({ substance: pivot, numerator, denominator });
    });
  }
  return [...vectors.values()].map(terms => {
    terms.sort((a, b) => a.substance - b.substance);
    const common = terms.reduce((lcm, { denominator }) => (lcm / gcd(lcm, denominator)) * denominator, 1n);
    const values = reduced(terms.map(({ numerator, denominator }) => numerator * (common / denominator)));
    const sign = values[0] < 0n ? -1n : 1n;
    return { indices: terms.map(({ substance }) => substance), values: values.map(value => sign * value) };
  });
}
