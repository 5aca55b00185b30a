import { like } from '../crew/column.ts';
import type { Operator } from '../diagnostics/balance.ts';
import { sumBlocks } from '../diagnostics/totals.ts';
import type { Model } from '../model/model.ts';
import { openReservoirs } from './reservoirs.ts';
import { addRows, tasksOf } from './tasks.ts';

/**
 * The books of a window: after each operator the totals are measured anew, and what they changed by is set against what
 * the named causes say. `work.totals` holds the last measurement; `balance.note` takes the difference.
 */
export function openWindow(model: Model): void {
  const { work, balance } = model;
  work.totals.set(balance.totals);
  work.transit.fill(0);
  work.leaked.fill(0);
  work.named.fill(0);
  openReservoirs(model);
  for (const extents of work.extents) extents.fill(0);
}

/**
 * After the circuits: cells changed by Σ stoichiometry × extents, and what field-spanning channels took from or gave to
 * fields is now in transit. Uptake that the cells `assumed` (weak coupling of second order) has so far happened on their
 * side only; where it was `made` it is in transit like everything else.
 */
export function auditCircuits(model: Model, uptake: 'none' | 'assumed' | 'made'): void {
  const { work, ledger, balance, circuits, substances, population } = model;
  const { named } = work;
  for (let t = 0; t < circuits.length; t++) {
    const first = ledger.causes.reaction[t];
    for (let r = 0; r < work.extents[t].length; r++) {
      const extent = work.extents[t][r];
      // What an uptake channel assumed is not yet an event: its extent comes with the field's solve.
      if (extent === 0 || (uptake !== 'made' && circuits[t].isUptake[r])) continue;
      ledger.pending[first + r] += extent;
      for (const { substance, amount } of ledger.causes.all[first + r].changes)
        named[substance] += amount * extent;
    }
    if (uptake !== 'assumed') continue;
    circuits[t].uptakes.forEach(({ cellChanges }, u) => {
      const extent = sumOver(work.slots[t], work.slotCounts[t], work.expectedUptake, work.uptakeStride, u);
      for (const [s, change] of cellChanges) named[substances.typeOffset[t] + s] += change * extent;
    });
  }
  auditCells(model, 'circuits', named);
  for (let f = 0; f < work.fieldCount; f++) {
    work.transit[f] = sumColumn(work.released, population.count, work.fieldCount, f);
    balance.note('circuits', substances.cellCount + f, work.transit[f] - named[substances.cellCount + f]);
  }
  named.fill(0);
}

/** After uptake reached the cells: exchangeWithFields has put what it meant to change into `work.named`. */
export function auditUptake(model: Model): void {
  if (model.work.hasUptake) auditCells(model, 'exchange', model.work.named);
  model.balance.totals.set(model.work.totals);
}

/** Measures every cell substance and notes its change since the last measurement less what was named. */
export function auditCells(model: Model, operator: Operator, named: Float64Array): void {
  const { work, balance, substances, population } = model;
  const blocks = sumBlocks(population);
  // Divisions may have made more cells than there was room for when the step began.
  const room = blocks * substances.cellCount;
  if (work.sumRows.length < room) work.sumRows = like(work.sumRows, 2 * room);
  tasksOf(model).sums(blocks);
  work.measured.fill(0, 0, substances.cellCount);
  addRows(work.measured, work.sumRows, substances.cellCount, blocks);
  for (let s = 0; s < substances.cellCount; s++) {
    balance.note(operator, s, work.measured[s] - work.totals[s] - named[s]);
    work.totals[s] = work.measured[s];
  }
}

/** Σ over cells of values[slot * stride + offset], in blocks of fixed size. */
export function sumColumn(values: Float64Array, count: number, stride: number, offset: number): number {
  const block = 256;
  let total = 0;
  for (let from = 0; from < count; from += block) {
    const to = Math.min(from + block, count);
    let sum = 0;
    for (let slot = from; slot < to; slot++) sum += values[slot * stride + offset];
    total += sum;
  }
  return total;
}

/** The same over listed slots, in their order. */
function sumOver(
  slots: Int32Array,
  count: number,
  values: Float64Array,
  stride: number,
  offset: number,
): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += values[slots[n] * stride + offset];
  return sum;
}
