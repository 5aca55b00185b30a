import type { TimeAxis } from '../description/description.ts';
import type { Loose } from './conform.ts';
import { LIMITS, within } from './limits.ts';
import { type Context, POSITIVE, readQuantity } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { TIME } from './units.ts';

/** Rows of the time series where a scenario does not say. */
const DEFAULT_ROWS = 100;

export function buildTime(context: Context, raw: Loose<ScenarioFile>['time']): TimeAxis | null {
  const { source } = context;
  const path = 'time';
  const end = readQuantity(context, `${path}.end`, raw?.end, TIME, POSITIVE);
  const step = readQuantity(context, `${path}.step`, raw?.step, TIME, POSITIVE);
  const record = readQuantity(context, `${path}.record`, raw?.record, TIME, POSITIVE);
  if (end === null || step === null) return null;
  if (step > end) {
    source.problem(`${path}.step`, 'must not be longer than `end`', `at most ${end} s`);
    return null;
  }
  if (!within(source, path, Math.ceil(end / step - 1e-6), LIMITS.steps, 'steps')) return null;
  const steps = wholeSteps(context, `${path}.end`, end, step);
  if (source.at(`${path}.record`) === undefined) {
    return steps === null ? null : { step, steps, recordEvery: Math.ceil(steps / DEFAULT_ROWS) };
  }
  if (record === null) return null;
  if (record > end * (1 + 1e-12)) {
    source.problem(`${path}.record`, 'must not be longer than `end`', `at most ${end} s`);
    return null;
  }
  const recordEvery = wholeSteps(context, `${path}.record`, record, step);
  if (steps === null || recordEvery === null) return null;
  const rows = Math.ceil(steps / recordEvery);
  return within(source, `${path}.record`, rows, LIMITS.rows, 'rows') ? { step, steps, recordEvery } : null;
}

/** Number of steps in a time; a fault where that is not a whole number up to rounding. */
export function wholeSteps({ source }: Context, path: string, time: number, step: number): number | null {
  const ratio = time / step;
  const count = Math.round(ratio);
  if (count >= 1 && Math.abs(ratio - count) <= Math.max(1e-9, 1e-15 * ratio)) return count;
  const nearest = [Math.floor(ratio), Math.ceil(ratio)].filter(n => n >= 1).map(n => secondsText(n * step));
  source.problem(path, 'is not a whole multiple of `step`', `${nearest.join(' or ')}, the nearest`);
  return null;
}

function secondsText(seconds: number): string {
  return `${Number(seconds.toPrecision(12))} s`;
}
