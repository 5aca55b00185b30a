import type { DeathLog } from '../cells/death.ts';
import type { LoggedEdit } from '../edit/edit.ts';
import type { Model } from '../model/model.ts';

/**
 * The events of a run as CSV, one row each: `division` (cell is the mother, first and second are the daughters), `death` (with
 * type and place) and `edit` (with what was done, as JSON).
 */
export const EVENT_HEADER = 'step,time_s,event,cell,first,second,type,x_um,y_um,z_um,edit\n';

/** The rows of the step just taken, in the order in which things happened. */
export function eventRows(model: Model): string {
  const { step, description, division } = model;
  const when = `${step},${step * description.time.step}`;
  const { log } = division;
  let rows = deathRows(model, model.death.log);
  for (let i = 0; i < log.count; i++) {
    rows += `${when},division,${log.mother[i]},${log.first[i]},${log.second[i]},,,,,\n`;
  }
  return rows;
}

export function deathRows({ step, description }: Model, log: DeathLog): string {
  const when = `${step},${step * description.time.step}`;
  let rows = '';
  for (let i = 0; i < log.count; i++) {
    const place = `${log.x[i]},${log.y[i]},${log.z[i]}`;
    rows += `${when},death,${log.id[i]},,,${description.cellTypes[log.type[i]].name},${place},\n`;
  }
  return rows;
}

export function editRow({ description }: Model, { step, edit }: LoggedEdit): string {
  return `${step},${step * description.time.step},edit,,,,,,,,"${JSON.stringify(edit).replaceAll('"', '""')}"\n`;
}
