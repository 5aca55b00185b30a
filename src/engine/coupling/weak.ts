import type { Model } from '../model/model.ts';
import { auditCircuits, auditUptake, openWindow } from './audit.ts';
import { runCircuitsInParts } from './circuitParts.ts';
import { exchangeWithFields } from './exchangeWithFields.ts';
import { predictMidpoint, sampleFields } from './predict.ts';
import type { Rejection } from './rejection.ts';
import { runGuardedCircuits } from './runCircuits.ts';

/**
 * One sequential (weak) pass over a window, in the order of the step's list. Transfers that the cells make over the window
 * enter the field's equation spread evenly over it, not as a jump: a steady state then does not depend on the step, as it
 * would with plain splitting (the idea of balanced splitting: Speth, Green, MacNamara & Strang 2013, doi:10.1137/120878641).
 *
 * `lie`: cells see the field at the start of the window; first order.
 * `strang`: cells see the field predicted for the middle, and integrate their own uptake with it; the uptake they assumed
 * is then replaced by what the field really gave. Symmetric about the middle up to third-order terms, so second order: the
 * field–cells–field form of Strang's splitting, with the two field halves taken as one solve.
 *
 * Changes cells and `work.next`; the fields are swapped in only when nothing speaks against the window.
 */
export function attemptWindow(
  model: Model,
  time: number,
  duration: number,
  splitting: 'lie' | 'strang',
  guarded: boolean,
): Rejection | null {
  const { profile, work } = model;
  const { circuitParts = 1 } = model.description.time;
  openWindow(model);

  profile.enter('sample');
  sampleFields(model, model.fields);
  // Where a rate is invalid already at the start, the circuits will say so.
  const second = splitting === 'strang' && (!work.readsFields || predictMidpoint(model, time, duration));

  profile.enter('circuits');
  const seenAt = second ? time + duration / 2 : time;
  const assumeUptake = second && work.hasUptake;
  if (guarded) runGuardedCircuits(model, seenAt, time, duration);
  else runCircuitsInParts(model, circuitParts, seenAt, time, duration, assumeUptake);
  profile.enter('diagnostics');
  auditCircuits(model, assumeUptake ? 'assumed' : 'none');

  const rejection = exchangeWithFields(model, seenAt, duration, second);
  if (rejection) return rejection;
  auditUptake(model);

  for (let f = 0; f < model.fields.length; f++) {
    const current = model.fields[f];
    model.fields[f] = work.next[f];
    work.next[f] = current;
  }
  return null;
}
