import { speciesCount } from '../engine/diagnostics/totals.ts';
import type { Grid } from '../engine/fields/grid.ts';
import type { Model } from '../engine/model/model.ts';
import { countCells, surveyFields, surveyReservoirs, surveySpecies } from '../engine/run/census.ts';
import type { Point, SeriesColumn } from './contract.ts';

/** Points that can be followed at a time; their columns are always there, NaN while unused. */
export const MOST_PROBES = 4;

/** Rows kept; beyond, every second one is let go and rows come half as often. */
export const MOST_ROWS = 4000;

const CONCENTRATION = 'molecules/µm³';

/**
 * The columns of a model's time series: time; cells of each type; total, mean, least and largest value of each field; what the
 * reservoirs hold; mean and
 * standard deviation over the cells of each species; total and relative residual of each moiety; concentrations at the probes.
 */
export function seriesColumns(model: Model): SeriesColumn[] {
  const { description, balance, substances } = model;
  const columns: SeriesColumn[] = [{ of: 'time', name: 'time', statistic: 'value', unit: 's' }];
  for (const { name } of description.cellTypes) {
    columns.push({ of: 'cells', name, statistic: 'count', unit: 'cells' });
  }
  for (const { name } of description.fields) {
    columns.push({ of: 'field', name, statistic: 'total', unit: 'molecules' });
    for (const statistic of ['mean', 'min', 'max'] as const) {
      columns.push({ of: 'field', name, statistic, unit: CONCENTRATION });
    }
  }
  for (const { reservoir, field } of surveyReservoirs(model)) {
    columns.push({ of: 'bulk', name: `${reservoir}.${field}`, statistic: 'value', unit: CONCENTRATION });
  }
  substances.typeOffset.forEach((offset, t) => {
    for (let s = 0; s < speciesCount(substances, t); s++) {
      const { name, unit } = substances.all[offset + s];
      for (const statistic of ['mean', 'sd'] as const) columns.push({ of: 'species', name, statistic, unit });
    }
  });
  for (const { name, weights } of balance.moieties) {
    const units = new Set(substances.all.filter((_, s) => weights[s] !== 0).map(({ unit }) => unit));
    // Of several units the weights make one sum, which has none of them.
    const unit = units.size === 1 ? [...units][0] : '';
    columns.push({ of: 'moiety', name, statistic: 'total', unit });
  }
  for (const { name } of balance.moieties) {
    columns.push({ of: 'residual', name, statistic: 'relative', unit: '' });
  }
  for (let p = 1; p <= MOST_PROBES; p++) {
    for (const { name } of description.fields) {
      columns.push({ of: 'probe', name: `probe ${p} ${name}`, statistic: 'value', unit: CONCENTRATION });
    }
  }
  return columns;
}

function rowOf(model: Model, columns: number, probes: readonly Point[]): Float64Array {
  const { description, balance } = model;
  const values: number[] = [model.step * description.time.step, ...countCells(model)];
  for (const { total, mean, min, max } of surveyFields(model)) values.push(total, mean, min, max);
  for (const { concentration } of surveyReservoirs(model)) values.push(concentration);
  for (let t = 0; t < description.cellTypes.length; t++) {
    for (const { mean, sd } of surveySpecies(model, t)) values.push(mean, sd);
  }
  const moieties = balance.report();
  for (const { total } of moieties) values.push(total);
  for (const { relative } of moieties) values.push(relative);
  for (const at of probes) {
    const voxel = voxelAt(description.grid, at);
    for (const field of model.fields) values.push(field[voxel]);
  }
  const row = new Float64Array(columns).fill(Number.NaN);
  row.set(values);
  return row;
}

/** The voxel that holds a point; the nearest one for a point outside. */
function voxelAt(grid: Grid, { x, y, z }: Point): number {
  const [i, j, k] = [x, y, z].map((value, axis) => {
    const index = Math.floor(value / grid.spacing[axis]);
    return Math.min(Math.max(index, 0), grid.cells[axis] - 1);
  });
  return i + grid.cells[0] * (j + grid.cells[1] * k);
}

interface Row {
  readonly step: number;
  readonly values: Float64Array;
}

/**
 * The rows of a run at its record interval. Rows ahead of the present (after going back) stay while the run's future is the
 * same, and are shown again when their step is reached.
 */
export class Series {
  readonly columns: readonly SeriesColumn[];
  readonly #firstProbe: number;
  #every: number;
  #rows: Row[] = [];
  #probes: readonly Point[] = [];
  /** Rows that the reader has; −1 where it is to get all of them anew. */
  #sent = -1;

  constructor(model: Model) {
    this.columns = seriesColumns(model);
    this.#firstProbe = this.columns.length - MOST_PROBES * model.description.fields.length;
    this.#every = model.description.time.recordEvery;
  }

  /** How far states may jump without leaving a hole in the rows. */
  get reach(): number {
    return (this.#rows.at(-1)?.step ?? 0) + this.#every;
  }

  /** Adds the row of this step, if it is due and not there yet. */
  record(model: Model): void {
    const { step } = model;
    if (step % this.#every !== 0 || step <= (this.#rows.at(-1)?.step ?? -1)) return;
    this.#rows.push({ step, values: rowOf(model, this.columns.length, this.#probes) });
    if (this.#rows.length > MOST_ROWS) {
      this.#every *= 2;
      this.#rows = this.#rows.filter(row => row.step % this.#every === 0);
      this.#sent = -1;
    }
  }

  /** Forgets the rows after a step: the run goes on in another way. */
  truncate(step: number): void {
    const kept = this.#rows.findLastIndex(row => row.step <= step) + 1;
    this.#rows.length = kept;
    if (this.#sent > kept) this.#sent = -1;
  }

  /** The reader is to get all rows anew: the present moved backwards. */
  resend(): void {
    this.#sent = -1;
  }

  /** Follows other points from now on. What earlier rows say of changed ones is void. */
  setProbes(probes: readonly Point[], model: Model): void {
    const wanted = probes.slice(0, MOST_PROBES);
    if (JSON.stringify(wanted) === JSON.stringify(this.#probes)) return;
    this.truncate(model.step);
    const fields = (this.columns.length - this.#firstProbe) / MOST_PROBES;
    for (let p = 0; p < MOST_PROBES; p++) {
      if (JSON.stringify(wanted[p]) === JSON.stringify(this.#probes[p])) continue;
      const from = this.#firstProbe + p * fields;
      for (const { values } of this.#rows) values.fill(Number.NaN, from, from + fields);
    }
    this.#probes = wanted;
    this.#sent = -1;
    // The present row can still tell.
    if (this.#rows.at(-1)?.step === model.step) this.#rows.length--;
    this.record(model);
  }

  /** Rows up to a step that the reader does not have yet; null where there are none. */
  take(step: number): { reset: boolean; rows: Float64Array; columns: number } | null {
    const reset = this.#sent < 0;
    const from = Math.max(0, this.#sent);
    let to = this.#rows.length;
    while (to > from && this.#rows[to - 1].step > step) to--;
    if (to <= from && !reset) return null;
    const columns = this.columns.length;
    const rows = new Float64Array((to - from) * columns);
    for (let i = from; i < to; i++) rows.set(this.#rows[i].values, (i - from) * columns);
    this.#sent = to;
    return { reset, rows, columns };
  }
}
