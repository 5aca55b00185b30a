import type { TimeAxis } from '../description/description.ts';
import {
  everySteps,
  NEVER,
  type RecordingPlan,
  type StepSchedule,
  type StepSpan,
  timesDue,
} from '../description/recordingPlan.ts';
import type { Loose } from './conform.ts';
import { LIMITS, within } from './limits.ts';
import { type Context, NOT_NEGATIVE, POSITIVE, readQuantity } from './quantity.ts';
import type { PartFile, WhenFile } from './schema/recording.ts';
import type { ScenarioFile } from './schema.ts';
import { itemPath } from './source.ts';
import { wholeSteps } from './time.ts';
import { TIME } from './units.ts';

/** Checkpoints of a run that does not say. */
const DEFAULT_CHECKPOINTS = 10;

/** The section `recording`: what is kept of a run, in steps. */
export function buildRecording(
  context: Context,
  raw: Loose<ScenarioFile>['recording'],
  time: TimeAxis | null,
): RecordingPlan {
  const { steps, recordEvery } = time ?? { steps: 1, recordEvery: 1 };
  const rows = everySteps(recordEvery);
  const read = (key: 'cells' | 'fields' | 'checkpoints', otherwise: StepSchedule) => {
    const when = raw?.[key];
    if (when === undefined || time === null) return otherwise;
    const path = `recording.${key}`;
    const schedule = readWhen(context, path, when, time);
    return within(context.source, path, timesDue(schedule, steps), LIMITS.rows, 'frames') ? schedule : NEVER;
  };
  return {
    cells: read('cells', rows),
    fields: read('fields', rows),
    checkpoints: read('checkpoints', everySteps(Math.max(1, Math.ceil(steps / DEFAULT_CHECKPOINTS)))),
    keep: raw?.keep ?? Number.POSITIVE_INFINITY,
    events: raw?.events ?? true,
  };
}

function readWhen(context: Context, path: string, raw: Loose<WhenFile>, time: TimeAxis): StepSchedule {
  if (raw === 'none') return NEVER;
  if (typeof raw === 'string' || typeof raw === 'number') {
    const every = readSteps(context, path, raw, time, false);
    return every === null ? NEVER : everySteps(every);
  }
  const spans: StepSpan[] = [];
  const listed = new Set<number>();
  const parts: readonly (Loose<PartFile> | undefined)[] = isList(raw) ? raw : [raw];
  parts.forEach((part, i) => {
    if (part) readPart(context, isList(raw) ? itemPath(path, i) : path, part, time, spans, listed);
  });
  return { spans, steps: [...listed].sort((a, b) => a - b) };
}

/** Array.isArray does not narrow lists that are read-only. */
function isList<T>(value: object | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** `single`: what `at` lists was written without a list. */
export function readPart(
  context: Context,
  path: string,
  part: Loose<PartFile>,
  time: TimeAxis,
  spans: StepSpan[],
  listed: Set<number>,
  single = false,
): void {
  const { every, from, until, at } = part;
  if ((every === undefined) === (at === undefined) || (at !== undefined && (from ?? until) !== undefined)) {
    context.source.problem(path, 'must have either `every`, with `from` and `until` where wanted, or `at`');
    return;
  }
  at?.forEach((one, i) => {
    const step = readSteps(context, single ? `${path}.at` : itemPath(`${path}.at`, i), one, time, true);
    if (step !== null) listed.add(step);
  });
  if (every === undefined) return;
  const gap = readSteps(context, `${path}.every`, every, time, false);
  const first = from === undefined ? 0 : readSteps(context, `${path}.from`, from, time, true);
  const last = until === undefined ? Infinity : readSteps(context, `${path}.until`, until, time, true);
  if (gap === null || first === null || last === null) return;
  if (last < first) context.source.problem(`${path}.until`, 'lies before `from`');
  else spans.push({ every: gap, from: first, until: last });
}

/** A time as a number of steps; `isPoint`: 0 is one too. */
function readSteps(
  context: Context,
  path: string,
  raw: string | number | undefined,
  time: TimeAxis,
  isPoint: boolean,
): number | null {
  const seconds = readQuantity(context, path, raw, TIME, isPoint ? NOT_NEGATIVE : POSITIVE);
  if (seconds === null) return null;
  return seconds === 0 ? 0 : wholeSteps(context, path, seconds, time.step);
}
