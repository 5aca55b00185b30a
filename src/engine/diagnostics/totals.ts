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
  const { count, stride, type, amounts } = population;
  const { typeOffset, cellCount } = substances;
  out.fill(0, 0, cellCount);
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(from + BLOCK, count);
    partial.fill(0, 0, cellCount);
    for (let slot = from; slot < to; slot++) {
      const first = typeOffset[type[slot]];
      const species = speciesCount(substances, type[slot]);
      const row = slot * stride;
      for (let s = 0; s < species; s++) partial[first + s] += amounts[row + s];
    }
    for (let s = 0; s < cellCount; s++) out[s] += partial[s];
  }
}

export function speciesCount(substances: SubstanceIndex, type: number): number {
  const { typeOffset, cellCount } = substances;
  return (type + 1 < typeOffset.length ? typeOffset[type + 1] : cellCount) - typeOffset[type];
}

/** Slot and species of the first amount that is negative or not finite, or null. */
export function findBadAmount(
  population: Population,
  substances: SubstanceIndex,
): { slot: number; species: number; value: number } | null {
  const { count, stride, type, amounts } = population;
  for (let slot = 0; slot < count; slot++) {
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
