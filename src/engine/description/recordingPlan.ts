/**
 * The steps at which something is recorded, as data: every so many steps between two steps (ends included), and listed ones.
 * An empty list of either is never.
 */
export interface StepSchedule {
  readonly spans: readonly StepSpan[];
  /** Sorted, without doubles. */
  readonly steps: readonly number[];
}

export interface StepSpan {
  readonly every: number;
  readonly from: number;
  /** Infinity: to the end, wherever that is. */
  readonly until: number;
}

/** What a recording keeps, and when. The run does not depend on it. */
export interface RecordingPlan {
  /** Frames of cells, and of fields. */
  readonly cells: StepSchedule;
  readonly fields: StepSchedule;
  /** Whole states to branch from, beside the first and the last. */
  readonly checkpoints: StepSchedule;
  /** How many of those are kept, the youngest; Infinity: all. */
  readonly keep: number;
  /** Divisions, deaths and edits, one row each. */
  readonly events: boolean;
}

export const NEVER: StepSchedule = { spans: [], steps: [] };

export function everySteps(every: number): StepSchedule {
  return { spans: [{ every, from: 0, until: Number.POSITIVE_INFINITY }], steps: [] };
}

export function isDue({ spans, steps }: StepSchedule, step: number): boolean {
  for (const { every, from, until } of spans) {
    if (step >= from && step <= until && (step - from) % every === 0) return true;
  }
  return steps.length > 0 && contains(steps, step);
}

/** How often it is due in steps 0 … last; spans that overlap count twice (for estimates). */
export function timesDue({ spans, steps }: StepSchedule, last: number): number {
  let count = steps.filter(step => step <= last).length;
  for (const { every, from, until } of spans) {
    const end = Math.min(last, until);
    if (end >= from) count += Math.floor((end - from) / every) + 1;
  }
  return count;
}

function contains(sorted: readonly number[], value: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
