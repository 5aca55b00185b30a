import type { Grid } from '../fields/grid.ts';
import { type Bodies, createBodyStore } from './bodies.ts';
import type { Mechanics } from './cellType.ts';
import { type ContactSet, createContactSet } from './contactSet.ts';
import { createPairLaw, type PairLaw } from './pairLaw.ts';
import { createPairFinder } from './pairList.ts';
import type { Population } from './population.ts';

/**
 * The pressure on each cell, by slot: the sum of the normal forces that push it (m φ, µm²; attraction does not count) over its
 * surface, 4 π r (r + h) in 3-D; in 2-D its outline 2 π r + 4 h times its width 2 r, as in a layer as high as cells are wide.
 * No unit: times the mechanics rate and the drag per length of a real cell it is a stress. A disc that overlaps six equal ones by s has
 * 3 s/(4 π r).
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
  const { a, b, overlap, touch, strength, kind } = contacts;
  for (let c = 0; c < contacts.count; c++) {
    const force = strength[c] * law.force(overlap[c], touch[c], kind[c]);
    if (!(force > 0)) continue;
    pressure[slot[a[c]]] += force;
    if (b[c] >= 0) pressure[slot[b[c]]] += force;
  }
  for (let i = 0; i < count; i++) {
    const r = radius[i];
    const surface = flat ? 2 * r * (2 * Math.PI * r + 4 * half[i]) : 4 * Math.PI * r * extent[i];
    if (surface > 0) pressure[slot[i]] /= surface;
  }
}

export interface PressureGauge {
  /** Fills `population.pressure` from where the cells lie, and moves none. */
  measure(population: Population): void;
}

/**
 * The pressures as rates read them: a function of places and sizes alone, so that they are no part of the state. Rigid walls, off
 * which cells are put after each move, do not push.
 */
export function createPressureGauge(grid: Grid, mechanics: Mechanics): PressureGauge {
  const store = createBodyStore(grid);
  const finder = createPairFinder(grid);
  const law = createPairLaw(mechanics);
  const builder = createContactSet(grid, law);
  return {
    measure(population) {
      const { pressure } = population;
      if (!pressure || population.count === 0) return;
      store.load(population);
      finder.find(store.bodies, 0, Number.POSITIVE_INFINITY);
      builder.assemble(store.bodies, finder.pairs, population.id, 0);
      addPressure(pressure, store.bodies, builder.contacts, law, grid.dimensions === 2);
    },
  };
}
