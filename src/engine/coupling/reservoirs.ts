import type { ReservoirStep } from '../fields/reservoirBorder.ts';
import type { Model } from '../model/model.ts';

/** At the start of a window: what the reservoirs hold is what they held. */
export function openReservoirs({ bulk, work }: Model): void {
  bulk.forEach((held, f) => {
    work.nextBulk[f].set(held);
  });
}

/** Accepts what the window has made of them. */
export function acceptReservoirs({ bulk, work }: Model): void {
  bulk.forEach((held, f) => {
    held.set(work.nextBulk[f]);
  });
}

/** Books what a step did to the reservoirs of field f and keeps their next state; returns what the field got from them. */
export function bookReservoirs(model: Model, f: number, step: ReservoirStep): number {
  const { work, ledger, balance, substances, description } = model;
  let given = 0;
  description.fields[f].reservoirs?.forEach((_, j) => {
    const [exchanged, inflow, outflow, decayed] = [
      step.exchanged[j],
      step.inflow[j],
      step.outflow[j],
      step.decayed[j],
    ];
    given += exchanged;
    [exchanged, inflow, outflow, decayed].forEach((amount, k) => {
      ledger.pending[ledger.causes.bulk[f] + 4 * j + k] += amount;
    });
    const substance = substances.bulkOffset[f] + j;
    const after = step.end[j] * step.volumes[j];
    balance.note(
      'fields',
      substance,
      after - work.totals[substance] - (inflow - outflow - decayed - exchanged),
    );
    work.totals[substance] = after;
    work.nextBulk[f][j] = step.end[j];
  });
  return given;
}
