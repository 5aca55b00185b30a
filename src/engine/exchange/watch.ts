import type { Population } from '../cells/population.ts';

/**
 * Keeps account of what some cells give to each field (molecules, net; negative: taken). For looking only: nothing of the
 * run depends on it.
 */
export interface Watch {
  readonly ids: readonly number[];
  /** Where each cell was last found; −1 once it is gone. */
  readonly slots: Int32Array;
  /** given[i * fieldCount + f] since the reader last set it to 0. */
  readonly given: Float64Array;
}

export function createWatch(ids: readonly number[], fieldCount: number): Watch {
  return { ids, slots: new Int32Array(ids.length), given: new Float64Array(ids.length * fieldCount) };
}

/** Slot of watched cell `i`, or −1 where it no longer lives. */
export function watchedSlot(watch: Watch, i: number, population: Population): number {
  const { id, count } = population;
  const known = watch.slots[i];
  if (known >= 0 && known < count && id[known] === watch.ids[i]) return known;
  const found = id.subarray(0, count).indexOf(watch.ids[i]);
  watch.slots[i] = found;
  return found;
}

/** Adds what an accepted window moved: released[slot * fieldCount + f]. */
export function noteExchange(
  watch: Watch,
  population: Population,
  released: Float64Array,
  fieldCount: number,
): void {
  for (let i = 0; i < watch.ids.length; i++) {
    const slot = watchedSlot(watch, i, population);
    if (slot < 0) continue;
    for (let f = 0; f < fieldCount; f++) watch.given[i * fieldCount + f] += released[slot * fieldCount + f];
  }
}
