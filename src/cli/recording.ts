import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  every,
  type Model,
  type Observer,
  restoreSnapshot,
  type Scenario,
  saveSnapshot,
  stateHash,
  timeSeriesHeader,
  timeSeriesRow,
  VERSION,
} from '../engine/index.ts';
import { UsageError } from './exit.ts';

/** The files of a recording. */
export const FILES = {
  scenario: 'scenario.yaml',
  provenance: 'provenance.json',
  timeSeries: 'timeseries.csv',
  state: 'state.cellfield',
} as const;

/** Wall-clock seconds between snapshots during a run, so that a killed run loses at most that much. */
const SNAPSHOT_EVERY = 60;

/** How a run ended, or `running` while it goes on (and for ever after a kill). */
export type Status = 'running' | 'done' | 'stopped' | 'failed';

/**
 * A recording being written: the resolved scenario, provenance, one time-series row per recorded step (appended, so a killed
 * run keeps what it had) and the last state. Whole files are written under another name and renamed, never half.
 */
export class Recording {
  readonly folder: string;
  readonly #scenario: Scenario;
  readonly #rows: number;
  readonly #started: string;
  #lastSnapshot = performance.now();

  private constructor(folder: string, scenario: Scenario, rows: number, started: string) {
    this.folder = folder;
    this.#scenario = scenario;
    this.#rows = rows;
    this.#started = started;
  }

  /** Starts a new recording. An existing one is replaced only with `force`. @throws UsageError */
  static create(folder: string, scenario: Scenario, model: Model, force: boolean): Recording {
    if (existsSync(folder)) {
      const found = readdirSync(folder);
      const ours = new Set<string>(Object.values(FILES));
      if (found.some(name => !ours.has(name))) {
        throw new UsageError(`${folder} holds other files; choose an empty or new folder for --out`);
      }
      if (found.length > 0 && !force) {
        throw new UsageError(
          `${folder} already holds a recording; use --force to replace it, or another folder`,
        );
      }
      for (const name of found) rmSync(join(folder, name));
    }
    mkdirSync(folder, { recursive: true });
    writeWhole(join(folder, FILES.scenario), scenario.text);
    const rows = openSync(join(folder, FILES.timeSeries), 'w');
    writeSync(rows, timeSeriesHeader(model));
    const recording = new Recording(folder, scenario, rows, new Date().toISOString());
    recording.#writeProvenance(model, 'running');
    return recording;
  }

  /**
   * Continues a recording: restores its last state into the model and drops time-series rows later than it (a killed run
   * may have written some). @throws UsageError, SnapshotError
   */
  static reopen(folder: string, scenario: Scenario, model: Model): Recording {
    const state = join(folder, FILES.state);
    if (!existsSync(state))
      throw new UsageError(`${folder} holds no state to resume from (${FILES.state} is missing)`);
    restoreSnapshot(model, readFileSync(state), scenarioHash(scenario));
    const path = join(folder, FILES.timeSeries);
    const kept = keptBytes(path, model.step);
    const rows = openSync(path, 'r+');
    ftruncateSync(rows, kept);
    const recording = new Recording(folder, scenario, openSync(path, 'a'), startOf(folder));
    closeSync(rows);
    recording.#writeProvenance(model, 'running');
    return recording;
  }

  /** Appends a row at every recorded step, and saves the state now and then. */
  observers(): Observer[] {
    return [
      {
        when: every(this.recordEvery),
        act: model => {
          writeSync(this.#rows, timeSeriesRow(model));
          if (performance.now() - this.#lastSnapshot > 1000 * SNAPSHOT_EVERY) this.#saveState(model);
        },
      },
    ];
  }

  get recordEvery(): number {
    return this.#scenario.description.time.recordEvery;
  }

  /** Closes the recording. A failed run keeps the state of its last snapshot, from before the failure. */
  close(model: Model, status: Status, failure?: string): void {
    if (status !== 'failed') this.#saveState(model);
    this.#writeProvenance(model, status, failure);
    fsyncSync(this.#rows);
    closeSync(this.#rows);
  }

  #saveState(model: Model): void {
    writeWhole(join(this.folder, FILES.state), saveSnapshot(model, scenarioHash(this.#scenario)));
    this.#lastSnapshot = performance.now();
  }

  #writeProvenance(model: Model, status: Status, failure?: string): void {
    const provenance = {
      cellfield: VERSION,
      status,
      ...(failure ? { failure } : {}),
      title: model.description.title,
      seed: model.description.seed,
      scenarioHash: scenarioHash(this.#scenario),
      stateHash: stateHash(model),
      step: model.step,
      time_s: model.step * model.description.time.step,
      started: this.#started,
      written: new Date().toISOString(),
      platform: `node ${process.versions.node}, ${process.platform} ${process.arch}`,
    };
    writeWhole(join(this.folder, FILES.provenance), `${JSON.stringify(provenance, null, 2)}\n`);
  }
}

/** SHA-256 of the resolved scenario text: what a snapshot belongs to. */
export function scenarioHash(scenario: Scenario): string {
  return createHash('sha256').update(scenario.text).digest('hex');
}

/** Writes under a temporary name, flushes, and renames: readers see the old file or the new one. */
function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Length of the time series up to and including the row of the last step not after `step`; a cut-off last row is dropped. */
function keptBytes(path: string, step: number): number {
  if (!existsSync(path)) throw new UsageError(`${path} is missing: the recording is incomplete`);
  const bytes = readFileSync(path);
  let kept = bytes.indexOf(10) + 1;
  for (let start = kept; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    if (end < 0) break;
    if (Number(bytes.toString('utf8', start, bytes.indexOf(44, start))) > step) break;
    kept = end + 1;
    start = kept;
  }
  return kept;
}

function startOf(folder: string): string {
  const path = join(folder, FILES.provenance);
  try {
    const { started } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof started === 'string' ? started : new Date().toISOString();
  } catch {
    throw new UsageError(`${path} is missing or damaged: the recording is incomplete`);
  }
}
