/**
 * Rank of an integer matrix, exactly, by fraction-free elimination of sparse rows (Bareiss 1968,
 * doi:10.1090/S0025-5718-1968-0226829-0, with each row divided by its common factor instead).
 * Rows map a column to an entry ≠ 0.
 */
export function exactRank(rows: readonly ReadonlyMap<number, bigint>[]): number {
  const pivots = new Map<number, ReadonlyMap<number, bigint>>();
  for (const row of rows) {
    let left = new Map(row);
    while (left.size > 0) {
      const column = Math.min(...left.keys());
      const pivot = pivots.get(column);
      if (!pivot) {
        pivots.set(column, withoutCommonFactor(left));
        break;
      }
      left = eliminate(left, pivot, column);
    }
  }
  return pivots.size;
}

/** row · pivot[column] − pivot · row[column], which is 0 in that column. */
function eliminate(
  row: ReadonlyMap<number, bigint>,
  pivot: ReadonlyMap<number, bigint>,
  column: number,
): Map<number, bigint> {
  const byRow = pivot.get(column) ?? 0n;
  const byPivot = row.get(column) ?? 0n;
  const result = new Map<number, bigint>();
  for (const [c, value] of row) result.set(c, value * byRow);
  for (const [c, value] of pivot) result.set(c, (result.get(c) ?? 0n) - value * byPivot);
  for (const [c, value] of result) if (value === 0n) result.delete(c);
  return withoutCommonFactor(result);
}

function withoutCommonFactor(row: ReadonlyMap<number, bigint>): Map<number, bigint> {
  let divisor = 0n;
  for (const value of row.values()) divisor = gcd(divisor, value);
  const result = new Map<number, bigint>();
  for (const [c, value] of row) result.set(c, value / divisor);
  return result;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
