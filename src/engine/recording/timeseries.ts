import type { Model } from '../model/model.ts';
import { countCells, surveyFields, surveyReservoirs } from '../run/census.ts';

/**
 * The time series of a run as CSV: one row per recorded step with time, cells per type, each field's total, least, largest
 * and mean value, what each reservoir holds, each moiety's total and the worst accumulated relative residual. Numbers are written so that they read
 * back to the same double.
 */
export function timeSeriesHeader(model: Model): string {
  const { cellTypes, fields } = model.description;
  const columns = ['step', 'time_s'];
  for (const type of cellTypes) columns.push(`cells_${type.name}`);
  for (const field of fields) {
    columns.push(`${field.name}_molecules`);
    for (const statistic of ['min', 'max', 'mean']) columns.push(`${field.name}_${statistic}_per_um3`);
  }
  for (const { reservoir, field } of surveyReservoirs(model)) columns.push(`${reservoir}.${field}_per_um3`);
  for (const moiety of model.balance.moieties) columns.push(quoted(`total ${moiety.name}`));
  columns.push('worst_relative_residual');
  return `${columns.join(',')}\n`;
}

export function timeSeriesRow(model: Model): string {
  const values: number[] = [model.step, model.step * model.description.time.step, ...countCells(model)];
  for (const field of surveyFields(model)) values.push(field.total, field.min, field.max, field.mean);
  for (const { concentration } of surveyReservoirs(model)) values.push(concentration);
  for (let m = 0; m < model.balance.moieties.length; m++) values.push(model.balance.total(m));
  values.push(model.balance.worstRelative());
  return `${values.join(',')}\n`;
}

/** Names hold letters, digits, `_`, `.`, `+` and spaces only, so quotes never need escaping. */
function quoted(name: string): string {
  return `"${name}"`;
}
