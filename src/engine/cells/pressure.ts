import type { Bodies } from './bodies.ts';
import type { ContactSet } from './contactSet.ts';
import type { PairLaw } from './pairLaw.ts';

/**
 * The pressure on each cell, by slot: the sum of the normal forces that push it (m φ, µm²; attraction does not count) over its
 * surface: its outline 2 π r + 4 h in 2-D (µm, so that the pressure is in µm), 4 π r (r + h) in 3-D (no unit).
 * Times the mechanics rate and the drag per length of a real cell it is a stress.
 */
export function addPressure(
  pressure: Float64Array,
  bodies: Bodies,
  contacts: ContactSet,
  law: PairLaw,
  flat: boolean,
): void {
  const { count, slot, radius, half, extent } = bodies;
  for (let i = 0; i < count; i++) pressure[slot[i]] = 0;
  const { a, b, overlap, touch, strength } = contacts;
  for (let c = 0; c < contacts.count; c++) {
    const force = strength[c] * law.force(overlap[c], touch[c]);
    if (!(force > 0)) continue;
    pressure[slot[a[c]]] += force;
    if (b[c] >= 0) pressure[slot[b[c]]] += force;
  }
  for (let i = 0; i < count; i++) {
    const surface = flat ? 2 * Math.PI * radius[i] + 4 * half[i] : 4 * Math.PI * radius[i] * extent[i];
    if (surface > 0) pressure[slot[i]] /= surface;
  }
}
