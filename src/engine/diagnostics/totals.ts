import type { Population } from '../cells/population.ts';
import type { SubstanceIndex } from '../description/substances.ts';

/** Slots per block of the fixed summation tree. */
const BLOCK = 256;

/**
 * Sums every cell substance over the population into out[substance]. Blocks of fixed size are summed first and then
 * added in order, so that the result depends on the slots alone, not on who sums which block.
 */
export function sumCells(
  population: Population,
  substances: SubstanceIndex,
  out: Float64Array,
  partial: Float64Array,
): void {
  const { cellCount } = substances;
  out.fill(0, 0, cellCount);
  for (let block = 0; block * BLOCK < population.count; block++) {
    partial.fill(0, 0, cellCount);
    sumBlock(population, substances, block, partial, 0);
    for (let s = 0; s < cellCount; s++) out[s] += partial[s];
  }
}

/** Blocks of a population, each of which sumBlock sums. */
export function sumBlocks({ count }: Population): number {
  return Math.ceil(count / BLOCK);
}

/** Adds every cell substance of a block of cells to into[at + substance]. */
export function sumBlock(
  population: Population,
  substances: SubstanceIndex,
  block: number,
  into: Float64Array,
  at: number,
): void {
  const { count, stride, type, amounts } = population;
  const { typeOffset } = substances;
  const to = Math.min((block + 1) * BLOCK, count);
  for (let slot = block * BLOCK; slot < to; slot++) {
    const first = at + typeOffset[type[slot]];
    const species = speciesCount(substances, type[slot]);
    const row = slot * stride;
    for (let s = 0; s < species; s++) into[first + s] += amounts[row + s];
  }
}

export function speciesCount(substances: SubstanceIndex, type: number): number {
  const { typeOffset, cellCount } = substances;
  return (type + 1 < typeOffset.length ? typeOffset[type + 1] : cellCount) - typeOffset[type];
}

export interface BadAmount {
  readonly slot: number;
  readonly species: number;
  readonly value: number;
}

/** Slot and species of the first amount, in slots from … to, that is negative or not finite; or null. */
export function findBadAmount(
  population: Population,
  substances: SubstanceIndex,
  from = 0,
  to = population.count,
): BadAmount | null {
  const { stride, type, amounts } = population;
  for (let slot = from; slot < to; slot++) {
    const species = speciesCount(substances, type[slot]);
    for (let s = 0; s < species; s++) {
      const value = amounts[slot * stride + s];
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return { slot, species: s, value };
    }
  }
  return null;
}

/** Index of the first value that is negative or not finite, or −1. */
export function findBadValue(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] < Number.POSITIVE_INFINITY)) return i;
  }
  return -1;
}
