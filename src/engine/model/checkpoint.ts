import { unpackEntries } from '../cells/calendar.ts';
import { ensureCapacity } from '../cells/population.ts';
import { locateAll } from '../exchange/kernels.ts';
import type { Model } from './model.ts';
import type { Counts } from './profile.ts';
import { type Column, columnsOf } from './snapshot.ts';

/** A copy of a model's whole state in memory: what a snapshot holds, without its checks and its digest. */
export interface Checkpoint {
  readonly step: number;
  readonly count: number;
  readonly nextId: number;
  readonly breaches: number;
  readonly counts: Counts;
  readonly columns: ReadonlyMap<string, Column>;
  readonly bytes: number;
}

export function takeCheckpoint(model: Model): Checkpoint {
  const columns = new Map<string, Column>();
  let bytes = 0;
  for (const [name, column] of columnsOf(model)) {
    columns.set(name, column.slice());
    bytes += column.byteLength;
  }
  const { step, breaches, population, profile } = model;
  return {
    step,
    count: population.count,
    nextId: population.nextId,
    breaches,
    counts: { ...profile.counts },
    columns,
    bytes,
  };
}

/** Puts a model back into a state of its own run, bit for bit, books included. */
export function restoreCheckpoint(model: Model, checkpoint: Checkpoint): void {
  const { population } = model;
  ensureCapacity(population, checkpoint.count);
  population.count = checkpoint.count;
  const { columns } = checkpoint;
  for (const [name, column] of columnsOf(model)) {
    // Packed: there may be others now.
    if (name === 'calendar.due' || name === 'calendar.what') continue;
    const kept = columns.get(name);
    if (kept === undefined) throw new RangeError(`the checkpoint has no column ${name}`);
    column.set(kept);
  }
  const [due, what] = [columns.get('calendar.due'), columns.get('calendar.what')];
  if (population.calendar && due instanceof Float64Array && what instanceof Uint16Array) {
    unpackEntries(population.calendar, checkpoint.count, { due, what });
  }
  model.balance.abandonStep();
  locateAll(model.kernels, population, model.description.grid);
  model.step = checkpoint.step;
  population.nextId = checkpoint.nextId;
  model.breaches = checkpoint.breaches;
  Object.assign(model.profile.counts, checkpoint.counts);
}
