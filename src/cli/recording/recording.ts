import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  every,
  everyStep,
  isDue,
  type LoggedEdit,
  type Model,
  type Observer,
  type RecordingPlan,
  type Scenario,
  saveSnapshot,
  timeSeriesHeader,
  timeSeriesRow,
  VERSION,
} from '../../engine/index.ts';
import { cellColumns } from '../../engine/recording/cellColumns.ts';
import { EVENT_HEADER, editRow, eventRows, interventionRows } from '../../engine/recording/eventRows.ts';
import { fieldLayout } from '../../engine/recording/fieldStore.ts';
import { RecordingError, UsageError } from '../exit.ts';
import { makeFolder, writeWhole } from '../files.ts';
import { describeSystemError, isSystemError } from '../systemError.ts';
import { dropCheckpoints, thinCheckpoints, writeCheckpoint } from './checkpoints.ts';
import { FILES } from './files.ts';
import { checkReplaceable, emptyFolder, removeMade } from './folder.ts';
import type { FrameLayout } from './frameFiles.ts';
import { FrameWriter } from './frameWriter.ts';
import { lock } from './lock.ts';
import { estimateNeed, needWarning } from './need.ts';
import { type Origin, type Parent, readProvenance, type Status, writeProvenance } from './provenance.ts';
import { RowFile } from './rowFile.ts';

/** Wall-clock seconds between snapshots during a run: a killed run loses at most that much computing. */
const SNAPSHOT_EVERY = 60;

/** A snapshot may take this share of the time at most; large states are saved less often. */
const SNAPSHOT_SHARE = 0.02;

/** What a new recording is of. */
export interface Beginning {
  readonly scenario: Scenario;
  /** At its first step. */
  readonly model: Model;
  /** Edits to be made on the way. */
  readonly edits?: readonly LoggedEdit[];
  readonly parent?: Parent;
}

/** A recording being written. At any moment its files are readable, and from its first moment on it can be resumed. */
export class Recording {
  readonly folder: string;
  readonly #origin: Origin;
  readonly #plan: RecordingPlan;
  readonly #recordEvery: number;
  readonly #edits: readonly LoggedEdit[];
  readonly #series: RowFile;
  readonly #events: RowFile | null;
  readonly #frames: FrameWriter;
  readonly #unlock: () => void;
  #nextSnapshot = performance.now() + 1000 * SNAPSHOT_EVERY;

  private constructor(
    folder: string,
    origin: Origin,
    { scenario, edits = [] }: Beginning,
    files: { series: RowFile; events: RowFile | null; frames: FrameWriter },
    unlock: () => void,
  ) {
    this.folder = folder;
    this.#origin = origin;
    this.#plan = scenario.recording;
    this.#recordEvery = scenario.description.time.recordEvery;
    this.#edits = edits;
    this.#series = files.series;
    this.#events = files.events;
    this.#frames = files.frames;
    this.#unlock = unlock;
  }

  /** Starts a new recording. An existing one is replaced only with `force`, other files never. @throws UsageError */
  static create(folder: string, beginning: Beginning, force: boolean): Recording {
    if (folder === '') throw new UsageError('--out needs the name of a folder');
    const { scenario, model, edits = [], parent = null } = beginning;
    const made = makeFolder(folder);
    let unlock = () => {};
    try {
      checkReplaceable(folder, force);
      unlock = lock(folder);
      emptyFolder(folder);
      const started = new Date().toISOString();
      const origin = { scenarioHash: scenarioHash(scenario), started, from: model.step, parent };
      // Provenance first: it marks the folder as a recording, which another run may replace.
      writeProvenance(folder, origin, model, 'running');
      writeWhole(join(folder, FILES.scenario), scenario.text);
      if (edits.length > 0) writeWhole(join(folder, FILES.edits), `${JSON.stringify(edits, null, 1)}\n`);
      const state = saveSnapshot(model, origin.scenarioHash);
      writeWhole(join(folder, FILES.state), state);
      // The beginning of a branch follows from nothing that is in it.
      if (origin.from > 0) writeCheckpoint(folder, origin.from, state);
      // The time series last: where it is, everything is.
      const files = {
        frames: new FrameWriter(folder, frameLayout(scenario), null),
        events: scenario.recording.events ? RowFile.create(join(folder, FILES.events), EVENT_HEADER) : null,
        series: RowFile.create(join(folder, FILES.timeSeries), timeSeriesHeader(model)),
      };
      return new Recording(folder, origin, beginning, files, unlock);
    } catch (error) {
      unlock();
      if (made.length > 0) removeMade(folder, made);
      throw isSystemError(error) ? new UsageError(describeSystemError(error, error.path ?? folder)) : error;
    }
  }

  /**
   * Continues a recording whose last state `model` is in. Rows and frames later than that are dropped: a killed run may have
   * written some. @throws UsageError
   */
  static reopen(folder: string, beginning: Beginning): Recording {
    const unlock = lock(folder);
    try {
      const { scenarioHash: hash, started, from, parent } = readProvenance(folder);
      const { scenario, model } = beginning;
      const origin = { scenarioHash: hash, started, from, parent };
      const { step } = model;
      // A run writes the rows of its first step itself, before the second.
      const last = step > from ? step : -1;
      const isKept = (one: number) => one <= last;
      const events = join(folder, FILES.events);
      dropCheckpoints(folder, step);
      const files = {
        series: RowFile.reopen(join(folder, FILES.timeSeries), timeSeriesHeader(model), isKept),
        events: existsSync(events) ? RowFile.reopen(events, EVENT_HEADER, isKept) : null,
        frames: new FrameWriter(folder, frameLayout(scenario), last),
      };
      writeProvenance(folder, origin, model, 'running');
      return new Recording(folder, origin, beginning, files, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Everything that is kept of a step, each by its schedule. They throw RecordingError. */
  observers(): Observer[] {
    const { cells, fields, checkpoints, keep } = this.#plan;
    const guarded = (when: (step: number) => boolean, act: (model: Model) => void): Observer => ({
      when,
      act: model => this.#guard(() => act(model)),
    });
    return [
      guarded(everyStep, model => this.#recordEvents(model)),
      guarded(every(this.#recordEvery), model => this.#series.append(timeSeriesRow(model))),
      guarded(
        step => isDue(cells, step) || isDue(fields, step),
        model => {
          const { cellTypes } = model.description;
          const hasCells = cellTypes.length > 0 && isDue(cells, model.step);
          const hasFields = model.fields.length > 0 && isDue(fields, model.step);
          if (hasCells || hasFields) this.#frames.write(model, hasCells, hasFields);
        },
      ),
      guarded(
        step => step > this.#origin.from && isDue(checkpoints, step),
        model => {
          this.#flush();
          const state = this.#stateOf(model, madeBefore(this.#edits, model.step));
          writeCheckpoint(this.folder, model.step, state);
          thinCheckpoints(this.folder, this.#origin.from, keep);
        },
      ),
      guarded(
        () => performance.now() >= this.#nextSnapshot,
        model => this.#saveState(model, madeBefore(this.#edits, model.step)),
      ),
    ];
  }

  /** Records the first step of a run that has branched off; any other run does that itself. @throws RecordingError */
  begin(model: Model): void {
    if (model.step !== this.#origin.from || model.step === 0) return;
    for (const { when, act } of this.observers()) if (when(model.step)) act(model);
  }

  /** What to say of the room that the run to step `last` will take; null: nothing. */
  needWarning(model: Model, last: number): string | null {
    return needWarning(this.folder, estimateNeed(this.#plan, model, last));
  }

  /** Milliseconds that the run has waited for the disk. */
  get waited(): number {
    return this.#frames.waited;
  }

  /**
   * Closes the recording. A failed run keeps the state of its last snapshot, from before the failure.
   * @throws RecordingError; the recording is closed all the same
   */
  close(model: Model, status: Status, failure?: string): void {
    try {
      this.#guard(() => {
        const made = this.#edits.filter(({ step }) => step <= model.step).length;
        if (status !== 'failed') this.#saveState(model, made);
        else this.#flush();
        writeProvenance(this.folder, this.#origin, model, status, failure);
      });
    } finally {
      this.#frames.close();
      this.#series.close();
      this.#events?.close();
      this.#unlock();
    }
  }

  #recordEvents(model: Model): void {
    if (this.#events === null) return;
    let rows = model.step > this.#origin.from ? eventRows(model) : '';
    for (const edit of this.#edits) if (edit.step === model.step) rows += editRow(model, edit);
    rows += interventionRows(model);
    if (rows !== '') this.#events.append(rows);
  }

  #saveState(model: Model, edits: number): void {
    const began = performance.now();
    this.#flush();
    writeWhole(join(this.folder, FILES.state), this.#stateOf(model, edits));
    const ended = performance.now();
    this.#nextSnapshot = ended + Math.max(1000 * SNAPSHOT_EVERY, (ended - began) / SNAPSHOT_SHARE);
  }

  #stateOf(model: Model, edits: number): Uint8Array {
    return saveSnapshot(model, this.#origin.scenarioHash, edits);
  }

  /** What was recorded reaches the disk before the state that vouches for it. */
  #flush(): void {
    this.#frames.flush();
    this.#series.flush();
    this.#events?.flush();
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

function frameLayout(scenario: Scenario): FrameLayout {
  const { description } = scenario;
  return {
    columns: cellColumns(description),
    cellTypes: description.cellTypes.map(({ name }) => name),
    fields: fieldLayout(description),
    about: {
      title: description.title,
      seed: description.seed,
      cellfield: VERSION,
      scenarioHash: scenarioHash(scenario),
    },
  };
}

function madeBefore(edits: readonly LoggedEdit[], step: number): number {
  return edits.filter(edit => edit.step < step).length;
}
