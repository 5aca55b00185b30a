import { speciesCount } from '../engine/diagnostics/totals.ts';
import { createWatch, type Watch, watchedSlot } from '../engine/exchange/watch.ts';
import type { Model } from '../engine/model/model.ts';
import type { Trace } from './contract.ts';

/** Cells that can be watched at a time. */
export const MOST_WATCHED = 64;

interface Watched {
  readonly id: number;
  rows: number[];
  columns: number;
  daughters: readonly number[];
  /** The reader knows that it is gone. */
  ended: boolean;
}

/** Follows watched cells: rows of volume, amounts and exchange with the fields, and what became of them. */
export class Traces {
  readonly #fieldCount: number;
  #cells: Watched[] = [];
  #watch: Watch | null = null;
  #recorded = -1;

  constructor(fieldCount: number) {
    this.#fieldCount = fieldCount;
  }

  get watch(): Watch | null {
    return this.#watch;
  }

  /** Watches these cells from now on; what is known of those already watched goes on. */
  set(ids: readonly number[]): void {
    const wanted = [...new Set(ids)].slice(0, MOST_WATCHED);
    const old = new Map(this.#cells.map((cell, i) => [cell.id, { cell, i }]));
    const watch = createWatch(wanted, this.#fieldCount);
    this.#cells = wanted.map((id, i) => {
      const known = old.get(id);
      if (!known) return { id, rows: [], columns: 0, daughters: [], ended: false };
      const from = known.i * this.#fieldCount;
      const given = this.#watch?.given.subarray(from, from + this.#fieldCount) ?? [];
      watch.given.set(given, i * this.#fieldCount);
      return known.cell;
    });
    this.#watch = wanted.length === 0 ? null : watch;
    this.#recorded = -1;
  }

  /** To be called after each step: a division is told of only then. */
  afterStep(model: Model): void {
    const { log } = model.division;
    if (this.#cells.length === 0 || log.count === 0) return;
    for (let i = 0; i < log.count; i++) {
      const mother = this.#cells.find(cell => cell.id === log.mother[i]);
      if (mother) mother.daughters = [log.first[i], log.second[i]];
    }
  }

  /** Another moment of the run: what was given on the way there is unknown, and the gone may live again. */
  jump(): void {
    this.#watch?.given.fill(0);
    this.#recorded = -1;
    for (const cell of this.#cells) {
      cell.rows = [];
      cell.ended = false;
      cell.daughters = [];
    }
  }

  /** Adds a row for each living watched cell, once per step. */
  record(model: Model): void {
    const watch = this.#watch;
    if (!watch || model.step === this.#recorded) return;
    this.#recorded = model.step;
    const { population, substances, description } = model;
    this.#cells.forEach((cell, i) => {
      const slot = watchedSlot(watch, i, population);
      if (slot < 0) return;
      const row = [model.step * description.time.step, population.volume[slot]];
      const base = slot * population.stride;
      const species = speciesCount(substances, population.type[slot]);
      for (let s = 0; s < species; s++) row.push(population.amounts[base + s]);
      const given = watch.given.subarray(i * this.#fieldCount, (i + 1) * this.#fieldCount);
      for (const amount of given) row.push(amount);
      given.fill(0);
      cell.columns = row.length;
      cell.rows.push(...row);
    });
  }

  /** What the reader does not know yet. */
  take(model: Model): Trace[] {
    const watch = this.#watch;
    if (!watch) return [];
    return this.#cells.flatMap((cell, i) => {
      const alive = watchedSlot(watch, i, model.population) >= 0;
      // An id that has not been handed out yet (after going back) is a cell to come.
      const gone = !alive && cell.id < model.population.nextId;
      if (cell.rows.length === 0 && !(gone && !cell.ended)) return [];
      const rows = Float64Array.from(cell.rows);
      cell.rows = [];
      cell.ended = gone;
      return [{ id: cell.id, alive, daughters: cell.daughters, columns: cell.columns, rows }];
    });
  }
}
