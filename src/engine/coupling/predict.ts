import type { Model } from '../model/model.ts';
import { MEAN_BLOCK, tasksOf } from './tasks.ts';
import { uptakeKernel } from './uptakeKernel.ts';

/** Every field as the cells see it: kernel-weighted concentrations, molecules/µm³. */
export function sampleFields(model: Model, fields: readonly Float64Array[]): void {
  const { work, kernels, population, exchange } = model;
  for (let f = 0; f < fields.length; f++) {
    exchange.sample(kernels.sample[f], population.count, fields[f], work.sampled, work.fieldCount, f);
  }
}

/**
 * Replaces the sampled concentrations by those predicted for the middle of the window: one backward Euler stage per field
 * over half of it, with the mean exchange of the cells at the present state: what they give as a source, what they take,
 * whole molecules or not, as a sink in proportion to what is there, so that the prediction cannot be overdrawn. Second order
 * in the window, which is all that a midpoint needs. Draws no random numbers and transfers nothing. False where a rate is
 * invalid; the sampled concentrations are then those of the start.
 */
export function predictMidpoint(model: Model, time: number, duration: number): boolean {
  if (!findMeanExchange(model, time)) return false;
  for (let f = 0; f < model.fields.length; f++) predictField(model, f, duration / 2, model.work.next[f]);
  sampleFields(model, model.work.next);
  return true;
}

/** What cells give and take on average at the present state (`released`, `available`); false where a rate is invalid. */
export function findMeanExchange(model: Model, time: number): boolean {
  const { work, population, circuits } = model;
  const { fieldCount, slotCounts, released: given, available: taken } = work;
  given.fill(0, 0, population.count * fieldCount);
  taken.fill(0, 0, population.count * fieldCount);
  const { meanExchange } = tasksOf(model);
  return circuits.every((_, t) => meanExchange(Math.ceil(slotCounts[t] / MEAN_BLOCK), t, time) === null);
}

/** Field f after `duration`, with that mean exchange, into `out`; its sink, 1/s per voxel, stays in `work.uptake` where cells take. */
export function predictField(model: Model, f: number, duration: number, out: Float64Array): void {
  const { work, kernels, population, exchange, description, solver, profile } = model;
  const { fieldCount, released: given, available: taken } = work;
  const { voxelVolume } = description.grid;
  const { reservoirs } = description.fields[f];
  const source = work.source.fill(0);
  exchange.deposit(kernels.deposit[f], population.count, given, fieldCount, f, 1 / voxelVolume, source);
  const sink = work.takes[f] ? work.uptake.fill(0) : null;
  if (sink) {
    const kernel = uptakeKernel(model, f, model.fields[f]);
    exchange.deposit(kernel, population.count, taken, fieldCount, f, 1 / voxelVolume, sink);
  }
  profile.enter('fields');
  solver.clock.reservoirs = reservoirs ? model.bulk[f] : null;
  solver.predict(description.fields[f], model.fields[f], duration, source, sink, out);
  profile.enter('sample');
}
