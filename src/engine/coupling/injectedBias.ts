import { netChange } from '../circuits/circuit.ts';
import type { Model } from '../model/model.ts';

/**
 * The self-test of the books: one channel's interface leaks on purpose. What the fields are given (or lose) for it is
 * 1 + ε times what the cells' side says; nothing else knows of it, least of all the books that are to find it.
 */

/** What a unit of extent of the channel leaks into each field: [field, ε × change]. */
export function leakOf(model: Model): readonly (readonly [number, number])[] {
  const { injectBias: bias, cellTypes } = model.description;
  if (!bias) return [];
  const changes = netChange(cellTypes[bias.type].circuit.reactions[bias.reaction], 'field');
  return changes.map(([field, change]) => [field, bias.relative * change]);
}

/** Whether the fields' side of channel `reaction` of type `t` is biased. */
export function isBiased({ description: { injectBias: bias } }: Model, t: number, reaction: number): boolean {
  return bias != null && bias.type === t && bias.reaction === reaction;
}

/** Factor on what fields lose by a channel's share in their implicit operator. */
export function biasOf(model: Model, t: number, reaction: number): number {
  return isBiased(model, t, reaction) ? 1 + (model.description.injectBias?.relative ?? 0) : 1;
}

/** The cell in `slot` fired the biased channel so often: what will reach the fields beyond that. `only` one field, or all. */
export function leak(model: Model, slot: number, extent: number, only = -1): void {
  const { leaked, fieldCount } = model.work;
  for (const [f, amount] of leakOf(model)) {
    if (only < 0 || f === only) leaked[slot * fieldCount + f] += amount * extent;
  }
}
