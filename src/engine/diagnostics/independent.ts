import type { ConversionNetwork } from './conversions.ts';
import type { SparseVector } from './sparseVector.ts';

/** The largest prime below 2²⁶, so that products of two residues are exact in a double. */
const PRIME = 67_108_859;

/**
 * A largest set of conversions that are linearly independent modulo a prime. They are then independent over the rationals
 * too; the reverse can fail only where the prime divides a minor of the matrix, in which case one is missing, so the caller
 * checks what it derives from them against all conversions. Where there are as many as substances, nothing is conserved.
 */
export function independentColumns({ substances, columns }: ConversionNetwork): SparseVector[] {
  const place = new Map(substances.map((substance, i) => [substance, i]));
  const size = substances.length;
  /** By pivot: a row of the echelon form, its leading entry 1 left out. */
  const pivots = new Array<{ indices: Int32Array; values: Float64Array } | undefined>(size);
  const work = new Float64Array(size);
  const found: SparseVector[] = [];
  for (const column of columns) {
    if (found.length === size) break;
    let lowest = size;
    column.indices.forEach((substance, i) => {
      const at = place.get(substance) ?? 0;
      work[at] = Number(((column.values[i] % BigInt(PRIME)) + BigInt(PRIME)) % BigInt(PRIME));
      lowest = Math.min(lowest, at);
    });
    for (let at = lowest; at < size; at++) {
      const factor = work[at];
      if (factor === 0) continue;
      const pivot = pivots[at];
      if (!pivot) {
        pivots[at] = takeRow(work, at);
        found.push(column);
        break;
      }
      work[at] = 0;
      const { indices, values } = pivot;
      const times = PRIME - factor;
      for (let i = 0; i < indices.length; i++) {
        work[indices[i]] = (work[indices[i]] + times * values[i]) % PRIME;
      }
    }
  }
  return found;
}

/** The rest of the working row, made to lead with 1; leaves the row empty. */
function takeRow(work: Float64Array, lead: number): { indices: Int32Array; values: Float64Array } {
  const scale = inverse(work[lead]);
  work[lead] = 0;
  const indices: number[] = [];
  const values: number[] = [];
  for (let at = lead + 1; at < work.length; at++) {
    if (work[at] === 0) continue;
    indices.push(at);
    values.push((work[at] * scale) % PRIME);
    work[at] = 0;
  }
  return { indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

/** By Fermat: a^(p − 2). */
function inverse(value: number): number {
  let result = 1;
  let power = value;
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * power) % PRIME;
    power = (power * power) % PRIME;
  }
  return result;
}
