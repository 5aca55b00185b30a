import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeSnapshot, SnapshotError } from '../engine/index.ts';
import { readWhole } from './files.ts';
import { clockTime, table } from './format.ts';
import { printJson } from './output.ts';
import { listCheckpoints } from './recording/checkpoints.ts';
import { FILES, FOLDERS } from './recording/files.ts';
import { wholeFrames } from './recording/frameFiles.ts';
import { LOCK } from './recording/lock.ts';
import { size } from './recording/need.ts';
import { type Opened, openRecording } from './recording/opened.ts';

export interface InfoOptions {
  readonly json?: boolean;
}

/** What a recording holds. */
export interface RecordingInfo {
  readonly folder: string;
  readonly provenance: Opened['provenance'];
  /** A process is writing to it, or was killed while it did. */
  readonly locked: boolean;
  readonly frames: {
    readonly cells: number;
    readonly fields: number;
    readonly first_s: number | null;
    readonly last_s: number | null;
  };
  readonly events: Readonly<Record<string, number>>;
  /** Times of whole states, s; null: damaged. */
  readonly checkpoints: readonly (number | null)[];
  /** Time of the state that `resume` goes on from, s; null: missing or damaged. */
  readonly state_s: number | null;
  /** Bytes of each file and folder. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** `cellfield info`: what a recording holds. Returns the exit status. */
export function info(folder: string, options: InfoOptions): number {
  const found = inspect(folder);
  if (options.json) printJson(found);
  else process.stdout.write(describe(found));
  return 0;
}

function inspect(folder: string): RecordingInfo {
  const { provenance, scenario } = openRecording(folder);
  const { step } = scenario.description.time;
  const entries = wholeFrames(folder);
  const times = entries.map(({ time }) => time);
  const stateTime = (path: string) => {
    try {
      return describeSnapshot(readWhole(path)).step * step;
    } catch (error) {
      if (error instanceof SnapshotError) return null;
      throw error;
    }
  };
  const state = join(folder, FILES.state);
  return {
    folder,
    provenance,
    locked: existsSync(join(folder, LOCK)),
    frames: {
      cells: entries.filter(({ cells }) => cells !== null).length,
      fields: entries.filter(({ field }) => field !== null).length,
      first_s: times.at(0) ?? null,
      last_s: times.at(-1) ?? null,
    },
    events: countEvents(join(folder, FILES.events)),
    checkpoints: listCheckpoints(folder).map(({ path }) => stateTime(path)),
    state_s: existsSync(state) ? stateTime(state) : null,
    bytes: Object.fromEntries(
      [...Object.values(FILES), ...Object.values(FOLDERS)]
        .filter(name => existsSync(join(folder, name)))
        .map(name => [name, bytesOf(join(folder, name))]),
    ),
  };
}

/** Number of rows of each kind. */
function countEvents(path: string): Record<string, number> {
  const counts: Record<string, number> = {};
  if (!existsSync(path)) return counts;
  for (const [, kind] of readFileSync(path, 'latin1').matchAll(/^\d+,[^,]+,([a-z]+),.*\n/gm)) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function bytesOf(path: string): number {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

function describe({
  provenance,
  locked,
  frames,
  events,
  checkpoints,
  state_s,
  bytes,
  folder,
}: RecordingInfo): string {
  const { title, seed, status, failure, parent, cellfield, platform, started, step, time_s, stateHash } =
    provenance;
  const rows = [
    [
      'Status',
      status + (failure ? `: ${failure}` : '') + (status === 'running' && !locked ? ' (killed)' : ''),
    ],
    ['Reached', `${clockTime(time_s)} in ${step} steps, seed ${seed}`],
    ['Begun', `${started}, Cellfield ${cellfield}, ${platform}`],
    ...(parent
      ? [
          [
            'Branch of',
            `${parent.folder} at ${clockTime(parent.time_s)}${parent.set.length > 0 ? ` with ${parent.set.join(', ')}` : ''}`,
          ],
        ]
      : []),
    [
      'Frames',
      frames.first_s === null
        ? 'none'
        : `${frames.cells} of cells, ${frames.fields} of fields, ${clockTime(frames.first_s)} to ${clockTime(frames.last_s ?? 0)}`,
    ],
    [
      'Events',
      Object.entries(events)
        .map(([kind, count]) => `${count} × ${kind}`)
        .join(', ') || 'none',
    ],
    [
      'Checkpoints',
      checkpoints.map(time => (time === null ? 'damaged' : clockTime(time))).join(', ') || 'none',
    ],
    ['Last state', state_s === null ? 'missing or damaged' : clockTime(state_s)],
    ['State hash', stateHash],
    ['Size', `${size(Object.values(bytes).reduce((a, b) => a + b, 0))} in ${folder}`],
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  const lines = rows.map(([key, value]) => `  ${key.padEnd(width)}  ${value}\n`).join('');
  const files = table(Object.entries(bytes).map(([name, count]) => [name, size(count)]));
  return `${title}\n${lines}\n${files}`;
}
