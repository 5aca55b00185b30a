import type { Model } from '../model/model.ts';
import { computeCoefficients, depositCoefficients } from './uptake.ts';

/** Every field as the cells see it: kernel-weighted concentrations, molecules/µm³. */
export function sampleFields(model: Model, fields: readonly Float64Array[]): void {
  const { work, kernel, population, exchange } = model;
  for (let f = 0; f < fields.length; f++) {
    exchange.sample(kernel, population.count, fields[f], work.sampled, work.fieldCount, f);
  }
}

/**
 * Replaces the sampled concentrations by those predicted for the middle of the window: one backward Euler stage per field
 * over half of it, with the mean release of the cells at the present state as source and their linearised uptake. Second
 * order in the window, which is all that a midpoint needs. No random numbers are drawn and nothing is transferred.
 */
export function predictMidpoint(model: Model, time: number, duration: number): void {
  const { work, kernel, population, exchange, circuits, description, solver, profile } = model;
  const { fieldCount } = work;
  const { voxelVolume } = description.grid;
  work.released.fill(0, 0, population.count * fieldCount);
  for (let t = 0; t < circuits.length; t++) {
    circuits[t].releaseRates(
      population,
      work.slots[t],
      work.slotCounts[t],
      time,
      work.sampled,
      work.released,
    );
  }
  if (work.hasUptake) computeCoefficients(model, population.amounts, time);
  for (let f = 0; f < fieldCount; f++) {
    const source = work.source.fill(0);
    exchange.deposit(kernel, population.count, work.released, fieldCount, f, 1 / voxelVolume, source);
    const uptake = depositCoefficients(model, f);
    profile.enter('fields');
    solver.predict(description.fields[f], model.fields[f], duration / 2, source, uptake, work.next[f]);
    profile.enter('sample');
  }
  sampleFields(model, work.next);
}
