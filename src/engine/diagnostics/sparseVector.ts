/** An integer vector by its non-zero entries, indices ascending. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly bigint[];
}

/** a·byA + b·byB. */
export function combine(a: SparseVector, byA: bigint, b: SparseVector, byB: bigint): SparseVector {
  const indices: number[] = [];
  const values: bigint[] = [];
  const add = (index: number, value: bigint): void => {
    if (value === 0n) return;
    indices.push(index);
    values.push(value);
  };
  let i = 0;
  let j = 0;
  while (i < a.indices.length || j < b.indices.length) {
    const left = i < a.indices.length ? a.indices[i] : Number.POSITIVE_INFINITY;
    const right = j < b.indices.length ? b.indices[j] : Number.POSITIVE_INFINITY;
    if (left < right) add(left, a.values[i++] * byA);
    else if (right < left) add(right, b.values[j++] * byB);
    else add(left, a.values[i++] * byA + b.values[j++] * byB);
  }
  return { indices, values };
}

/** The entry at an index; 0 where there is none. */
export function entry({ indices, values }: SparseVector, index: number): bigint {
  let low = 0;
  let high = indices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indices[middle] < index) low = middle + 1;
    else high = middle;
  }
  return indices[low] === index ? values[low] : 0n;
}

/** Greatest common divisor of the values; 0 of none. */
export function commonDivisor(values: readonly bigint[]): bigint {
  let divisor = 0n;
  for (const value of values) {
    divisor = gcd(divisor, value);
    if (divisor === 1n) break;
  }
  return divisor;
}

/** The values without a factor that divides them all. */
export function divided(values: readonly bigint[], divisor: bigint): readonly bigint[] {
  return divisor === 1n || values.length === 0 ? values : values.map(value => value / divisor);
}

export function reduced(values: readonly bigint[]): readonly bigint[] {
  return divided(values, commonDivisor(values));
}

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
