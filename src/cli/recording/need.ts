import { statfsSync } from 'node:fs';
import { type Model, type RecordingPlan, timesDue } from '../../engine/index.ts';
import { cellColumns, cellFrameBytes } from '../../engine/recording/cellColumns.ts';

/** Per cell in a frame, beside its columns: step and time. */
const MARKS = 12;

/** Bytes per cell of a whole state, beside 8 per amount. */
const STATE = 120;

/** A need beyond this is said before the run begins. */
const WORTH_SAYING = 2 ** 30;

/**
 * Bytes that a recording will take to step `last` with as many cells as now, the fields' frames uncompressed: colonies that grow take
 * more, smooth fields less.
 */
export function estimateNeed(recording: RecordingPlan, model: Model, last: number): number {
  const { population, fields, description } = model;
  const columns = cellColumns(description);
  const voxels = fields.length * description.grid.voxels;
  const cellFrame = cellFrameBytes(columns, population.count) + MARKS * population.count;
  const state = population.count * (STATE + 8 * population.stride) + 8 * voxels;
  const states = Math.min(recording.keep, timesDue(recording.checkpoints, last)) + 1;
  const begun = model.step;
  const frames = (schedule: typeof recording.cells) =>
    timesDue(schedule, last) - (begun > 0 ? timesDue(schedule, begun - 1) : 0);
  return frames(recording.cells) * cellFrame + frames(recording.fields) * 4 * voxels + states * state;
}

/** What to say of a need before the run, in view of the room on the disk of `folder`; null: nothing. */
export function needWarning(folder: string, need: number): string | null {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (need < Math.min(free, WORTH_SAYING)) return null;
  const enough = need < free ? '' : ', more than is free';
  return (
    `the recording will take up to about ${size(need)} with as many cells as now${enough}; ` +
    `${size(free)} are free there (\`recording:\` in the scenario says what is kept)`
  );
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
