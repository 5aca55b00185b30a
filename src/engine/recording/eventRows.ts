import type { DeathLog } from '../cells/death.ts';
import { detachedBy } from '../coupling/detach.ts';
import { removedBy } from '../coupling/intervene.ts';
import { dueAt } from '../description/interventions.ts';
import type { LoggedEdit } from '../edit/edit.ts';
import type { Model } from '../model/model.ts';

/**
 * The events of a run as CSV, one row each: `division` (cell is the mother, first and second are the daughters), `death` and `detachment` (with
 * type and place), `rule` (what a rule or contact did: type is `TYPE.RULE`, first the partner of a contact), `edit` (with what was done,
 * as JSON) and `intervention` (the same of the scenario's schedule).
 */
export const EVENT_HEADER = 'step,time_s,event,cell,first,second,type,x_um,y_um,z_um,edit\n';

/** The rows of the step just taken, in the order in which things happened. */
export function eventRows(model: Model): string {
  const { step, description, division } = model;
  const when = `${step},${step * description.time.step}`;
  const { log } = division;
  const removed = removedBy(model);
  let rows = removed ? deathRows(model, removed) : '';
  rows += ruleRows(model) + deathRows(model, model.death.log);
  for (let i = 0; i < log.count; i++) {
    rows += `${when},division,${log.mother[i]},${log.first[i]},${log.second[i]},,,,,\n`;
  }
  const detached = detachedBy(model);
  return detached ? rows + deathRows(model, detached, 'detachment') : rows;
}

function ruleRows({ step, description, living }: Model): string {
  if (!living) return '';
  const when = `${step},${step * description.time.step}`;
  const { log } = living;
  let rows = '';
  for (let i = 0; i < log.count; i++) {
    const type = description.cellTypes[log.type[i]];
    const rule = log.rule[i] >= 0 ? type.rules?.[log.rule[i]] : type.contacts?.[-1 - log.rule[i]];
    const partner = log.partner[i] === 0 ? '' : log.partner[i];
    const place = log.at.subarray(3 * i, 3 * i + 3).join(',');
    rows += `${when},rule,${log.cell[i]},${partner},,${type.name}.${rule?.name},${place},\n`;
  }
  return rows;
}

export function deathRows({ step, description }: Model, log: DeathLog, event = 'death'): string {
  const when = `${step},${step * description.time.step}`;
  let rows = '';
  for (let i = 0; i < log.count; i++) {
    const place = `${log.x[i]},${log.y[i]},${log.z[i]}`;
    rows += `${when},${event},${log.id[i]},,,${description.cellTypes[log.type[i]].name},${place},\n`;
  }
  return rows;
}

export function editRow({ description }: Model, { step, edit }: LoggedEdit): string {
  return `${step},${step * description.time.step},edit,,,,,,,,"${JSON.stringify(edit).replaceAll('"', '""')}"\n`;
}

/** What the schedule has for the beginning of the step that follows, which no run's last step has. */
export function interventionRows({ step, description }: Model): string {
  const { interventions, time } = description;
  if (!interventions || step >= time.steps) return '';
  const when = `${step},${step * time.step}`;
  return dueAt(interventions, step, time.step)
    .map(({ name, action }) => {
      const what =
        action.kind === 'set'
          ? { name, kind: action.kind, values: Object.fromEntries(action.values) }
          : { name, kind: action.kind };
      return `${when},intervention,,,,,,,,"${JSON.stringify(what).replaceAll('"', '""')}"\n`;
    })
    .join('');
}
