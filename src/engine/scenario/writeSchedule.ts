import { Pair, Scalar, YAMLMap } from 'yaml';
import type { CouplingChoice } from '../description/description.ts';
import { documentOf, keysOf, mapAt, writtenAt } from './circuitText.ts';
import { SCHEDULE_KEYS, schedulesOf } from './couplingKeys.ts';
import { writeChanged } from './writeChanged.ts';

export type Schedule = CouplingChoice['schedule'];

/** The schedule that a scenario's text names; null where it names none. @throws Error where the text is no scenario */
export function writtenSchedule(text: string): string | null {
  return writtenAt(mapAt(documentOf(text).contents, 'coupling'), 'schedule') || null;
}

/**
 * Writes `coupling.schedule` into a scenario's text, whose other text and comments stay; keys of `coupling` that belong to
 * another schedule, or that it does not bear, go. `sees` is written where strong coupling should see the end. @throws Error where the text is no scenario
 */
export function writeSchedule(text: string, schedule: Schedule, sees: 'end' | null = null): string {
  const document = documentOf(text);
  const root = document.contents as YAMLMap;
  let coupling = mapAt(root, 'coupling');
  if (!coupling) {
    coupling = new YAMLMap(document.schema);
    coupling.flow = true;
    root.delete('coupling');
    const at = ['balance', 'diagnostics', 'view']
      .map(key => keysOf(root).indexOf(key))
      .filter(index => index >= 0);
    root.items.splice(Math.min(root.items.length, ...at), 0, new Pair(new Scalar('coupling'), coupling));
  }
  for (const key of SCHEDULE_KEYS) if (!schedulesOf(key).includes(schedule)) coupling.delete(key);
  if (schedule === 'joint' && writtenAt(coupling, 'kernel') === 'linear') coupling.delete('kernel');
  const found: Pair | undefined = coupling.items[keysOf(coupling).indexOf('schedule')];
  const value = new Scalar(schedule);
  if (found) {
    if (found.value instanceof Scalar && found.value.comment) value.comment = found.value.comment;
    found.value = value;
  } else coupling.items.unshift(new Pair(new Scalar('schedule'), value));
  if (schedule === 'strong' && sees !== null) coupling.set('sees', sees);
  return writeChanged(text, document);
}
