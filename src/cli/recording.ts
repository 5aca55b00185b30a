import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  every,
  everyStep,
  type Model,
  type Observer,
  restoreSnapshot,
  type Scenario,
  SnapshotError,
  saveSnapshot,
  stateHash,
  timeOf,
  timeSeriesHeader,
  timeSeriesRow,
  VERSION,
} from '../engine/index.ts';
import { RecordingError, UsageError } from './exit.ts';
import { describeSystemError, isSystemError } from './explain.ts';
import { makeFolder, readWhole, UNFINISHED, writeWhole } from './files.ts';
import { LOCK, lock } from './lock.ts';
import { TimeSeriesFile } from './timeSeriesFile.ts';

/** The files of a recording; docs/recording.md says what is in them. */
export const FILES = {
  provenance: 'provenance.json',
  scenario: 'scenario.yaml',
  timeSeries: 'timeseries.csv',
  state: 'state.cellfield',
} as const;

/** Wall-clock seconds between snapshots during a run: a killed run loses at most that much computing. */
const SNAPSHOT_EVERY = 60;

/** A snapshot may take this share of the time at most; large states are saved less often. */
const SNAPSHOT_SHARE = 0.02;

/** How a run ended, or `running` while it goes on (and for ever after a kill). */
export type Status = 'running' | 'done' | 'stopped' | 'failed';

/** A recording being written. At any moment its files are readable, and from its first moment on it can be resumed. */
export class Recording {
  readonly folder: string;
  readonly #scenario: Scenario;
  readonly #series: TimeSeriesFile;
  readonly #started: string;
  readonly #unlock: () => void;
  #nextSnapshot = performance.now() + 1000 * SNAPSHOT_EVERY;

  private constructor(
    folder: string,
    scenario: Scenario,
    series: TimeSeriesFile,
    started: string,
    unlock: () => void,
  ) {
    this.folder = folder;
    this.#scenario = scenario;
    this.#series = series;
    this.#started = started;
    this.#unlock = unlock;
  }

  /** Starts a new recording. An existing one is replaced only with `force`, other files never. @throws UsageError */
  static create(folder: string, scenario: Scenario, model: Model, force: boolean): Recording {
    if (folder === '') throw new UsageError('--out needs the name of a folder');
    const made = makeFolder(folder);
    let unlock = () => {};
    try {
      checkReplaceable(folder, force);
      unlock = lock(folder);
      for (const name of readdirSync(folder)) if (name !== LOCK) rmSync(join(folder, name));
      const started = new Date().toISOString();
      // Provenance first: it marks the folder as a recording, which another run may replace.
      writeProvenance(folder, scenario, model, 'running', started);
      writeWhole(join(folder, FILES.scenario), scenario.text);
      writeState(folder, scenario, model);
      const series = TimeSeriesFile.create(join(folder, FILES.timeSeries), timeSeriesHeader(model));
      return new Recording(folder, scenario, series, started, unlock);
    } catch (error) {
      unlock();
      if (made.length > 0) removeMade(folder, made);
      throw isSystemError(error) ? new UsageError(describeSystemError(error, error.path ?? folder)) : error;
    }
  }

  /**
   * Continues a recording: restores its last state into the model and drops time-series rows later than it (a killed run may
   * have written some). @throws UsageError, SnapshotError
   */
  static reopen(folder: string, scenario: Scenario, model: Model): Recording {
    const unlock = lock(folder);
    try {
      const started = startOf(folder);
      const state = join(folder, FILES.state);
      if (!existsSync(state)) {
        throw new UsageError(
          `${folder} has no ${FILES.state} to resume from; run the scenario again with --force`,
        );
      }
      try {
        restoreSnapshot(model, readWhole(state), scenarioHash(scenario));
      } catch (error) {
        throw error instanceof SnapshotError ? new SnapshotError(`${state}: ${error.message}`) : error;
      }
      const path = join(folder, FILES.timeSeries);
      // A run writes the row of step 0 itself before its first step.
      const isKept = (step: number) => step <= model.step && model.step > 0;
      const series = TimeSeriesFile.reopen(path, timeSeriesHeader(model), isKept);
      writeProvenance(folder, scenario, model, 'running', started);
      return new Recording(folder, scenario, series, started, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Appends a row at every recorded step, and saves the state now and then. @throws RecordingError while they act */
  observers(): Observer[] {
    return [
      {
        when: every(this.#scenario.description.time.recordEvery),
        act: model => this.#guard(() => this.#series.append(timeSeriesRow(model))),
      },
      {
        when: everyStep,
        act: model => {
          if (performance.now() >= this.#nextSnapshot) this.#guard(() => this.#saveState(model));
        },
      },
    ];
  }

  /**
   * Closes the recording. A failed run keeps the state of its last snapshot, from before the failure.
   * @throws RecordingError; the recording is closed all the same
   */
  close(model: Model, status: Status, failure?: string): void {
    try {
      this.#guard(() => {
        if (status !== 'failed') this.#saveState(model);
        else this.#series.flush();
        writeProvenance(this.folder, this.#scenario, model, status, this.#started, failure);
      });
    } finally {
      this.#series.close();
      this.#unlock();
    }
  }

  #saveState(model: Model): void {
    const began = performance.now();
    // Rows reach the disk before the state that vouches for them.
    this.#series.flush();
    writeState(this.folder, this.#scenario, model);
    const ended = performance.now();
    this.#nextSnapshot = ended + Math.max(1000 * SNAPSHOT_EVERY, (ended - began) / SNAPSHOT_SHARE);
  }

  /** Names the recording in what the operating system complains about. */
  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw isSystemError(error)
        ? new RecordingError(describeSystemError(error, error.path ?? this.folder))
        : error;
    }
  }
}

/** SHA-256 of the resolved scenario text: what a snapshot belongs to. */
export function scenarioHash(scenario: Scenario): string {
  return createHash('sha256').update(scenario.text).digest('hex');
}

/** A recording is known by its provenance; nothing else may be deleted. @throws UsageError */
function checkReplaceable(folder: string, force: boolean): void {
  const found = readdirSync(folder).filter(name => name !== LOCK && !name.endsWith(UNFINISHED));
  const ours = new Set<string>(Object.values(FILES));
  const foreign = found.some(name => !ours.has(name) || !statSync(join(folder, name)).isFile());
  if (foreign || (found.length > 0 && !found.includes(FILES.provenance))) {
    throw new UsageError(`${folder} holds other files; choose an empty or new folder for --out`);
  }
  if (found.length > 0 && !force) {
    throw new UsageError(`${folder} already holds a recording; use --force to replace it, or another folder`);
  }
}

/** Removes what a recording that could not begin has left: its files and the folders made for it. */
function removeMade(folder: string, made: readonly string[]): void {
  for (const name of Object.values(FILES)) rmSync(join(folder, name), { force: true });
  for (const empty of made) rmdirSync(empty);
}

function writeState(folder: string, scenario: Scenario, model: Model): void {
  writeWhole(join(folder, FILES.state), saveSnapshot(model, scenarioHash(scenario)));
}

function writeProvenance(
  folder: string,
  scenario: Scenario,
  model: Model,
  status: Status,
  started: string,
  failure?: string,
): void {
  const provenance = {
    cellfield: VERSION,
    status,
    ...(failure ? { failure } : {}),
    title: model.description.title,
    seed: model.description.seed,
    scenarioHash: scenarioHash(scenario),
    stateHash: stateHash(model),
    step: model.step,
    time_s: timeOf(model),
    started,
    written: new Date().toISOString(),
    platform: `node ${process.versions.node}, ${process.platform} ${process.arch}`,
  };
  writeWhole(join(folder, FILES.provenance), `${JSON.stringify(provenance, null, 2)}\n`);
}

/** When the recording was started. @throws UsageError if its provenance cannot be read */
function startOf(folder: string): string {
  const path = join(folder, FILES.provenance);
  try {
    const { started } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof started === 'string') return started;
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is missing or damaged: ${folder} is not a whole recording`);
}
