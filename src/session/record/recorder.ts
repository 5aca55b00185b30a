import { isDue, type RecordingPlan } from '../../engine/description/recordingPlan.ts';
import type { LoggedEdit } from '../../engine/edit/edit.ts';
import { stateHash } from '../../engine/model/hash.ts';
import type { Model } from '../../engine/model/model.ts';
import { saveSnapshot } from '../../engine/model/snapshot.ts';
import { cellColumns, takeCells } from '../../engine/recording/cellColumns.ts';
import { type CellStream, createCellStream } from '../../engine/recording/cellStream.ts';
import { EVENT_HEADER, editRow, eventRows, interventionRows } from '../../engine/recording/eventRows.ts';
import {
  chunkKey,
  type FieldLayout,
  fieldLayout,
  type StoreFile,
  storeBeginning,
  storeExtent,
  ZARR_FOLDER,
} from '../../engine/recording/fieldStore.ts';
import { FRAME_HEADER, frameRow } from '../../engine/recording/frameIndex.ts';
import { timeSeriesHeader, timeSeriesRow } from '../../engine/recording/timeseries.ts';
import type { Scenario } from '../../engine/scenario/load.ts';
import { VERSION } from '../../engine/version.ts';
import { hashOf } from '../answers.ts';
import type { RecordingSink } from './sink.ts';

/** zlib compression. */
export type Deflate = (bytes: Uint8Array) => Promise<Uint8Array>;

export interface RecorderOptions {
  readonly sink: RecordingSink;
  readonly deflate: Deflate;
  /** Milliseconds on any clock, and the wall-clock time (UTC). */
  readonly now: () => number;
  readonly date: () => string;
  /** What `provenance.json` says of the machine. */
  readonly platform: string;
}

/** How far a recording is. */
export interface RecorderCounts {
  readonly frames: number;
  readonly bytes: number;
}

/** Packets that may wait to be written before the run has to. */
const WAITING = 4;

/** Milliseconds between two commits, at least; and the share of the time that they may take. */
const COMMIT_EVERY = 30_000;
const COMMIT_SHARE = 0.02;

/**
 * Records a live run in the format of docs/recording.md, the same that the command writes. What a step leaves is taken at once;
 * compressing and writing follow one after the other while the run goes on, and `busy` says when it should wait.
 */
export class Recorder {
  readonly from: number;
  readonly #options: RecorderOptions;
  readonly #plan: RecordingPlan;
  readonly #recordEvery: number;
  readonly #hash: string;
  readonly #started: string;
  readonly #columns: ReturnType<typeof cellColumns>;
  readonly #stream: CellStream;
  readonly #layout: FieldLayout;
  readonly #text: string;
  readonly #kept: number[] = [];
  #times: number[] = [];
  #end: number;
  #last = -1;
  #frames = 0;
  #bytes = 0;
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();
  #failure: string | null = null;
  #nextCommit: number;

  constructor(scenario: Scenario, model: Model, options: RecorderOptions) {
    const { description } = scenario;
    this.from = model.step;
    this.#options = options;
    this.#plan = scenario.recording;
    this.#recordEvery = description.time.recordEvery;
    this.#hash = hashOf(scenario);
    this.#text = scenario.text;
    this.#started = options.date();
    this.#columns = cellColumns(description);
    const about = {
      title: description.title,
      seed: description.seed,
      cellfield: VERSION,
      scenarioHash: this.#hash,
    };
    this.#stream = createCellStream(
      this.#columns,
      description.cellTypes.map(({ name }) => name),
      about,
    );
    this.#layout = fieldLayout(description);
    this.#end = this.#stream.head.length;
    this.#nextCommit = options.now() + COMMIT_EVERY;
    this.#begin(model, about);
  }

  get counts(): RecorderCounts {
    return { frames: this.#frames, bytes: this.#bytes };
  }

  /** So much waits to be written that the run should wait. */
  get busy(): boolean {
    return this.#waiting > WAITING;
  }

  /** Why nothing more can be written; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  /** The edits that the state has in it at the beginning, to be told before anything else. */
  begin(model: Model, log: readonly LoggedEdit[], applied: number): void {
    this.#putEdits(log);
    const state = saveSnapshot(model, this.#hash, applied);
    this.#put('state.cellfield', state);
    if (this.from > 0) this.#put(checkpointPath(this.from), state);
    this.record(model, log, applied);
    this.#commit();
  }

  /** Takes what is due of a step that has just been made, before any edit at it. */
  record(model: Model, log: readonly LoggedEdit[], applied: number): void {
    const { step } = model;
    if (step <= this.#last) return;
    this.#last = step;
    const { cells, fields, checkpoints, keep, events } = this.#plan;
    if (events) {
      const rows = (step > this.from ? eventRows(model) : '') + interventionRows(model);
      if (rows !== '') this.#append('events.csv', rows);
    }
    if (step % this.#recordEvery === 0) this.#append('timeseries.csv', timeSeriesRow(model));
    const hasCells = model.description.cellTypes.length > 0 && isDue(cells, step);
    const hasFields = model.fields.length > 0 && isDue(fields, step);
    if (hasCells || hasFields) this.#frame(model, hasCells, hasFields);
    if (step > this.from && isDue(checkpoints, step)) {
      this.#put(checkpointPath(step), saveSnapshot(model, this.#hash, applied));
      this.#kept.push(step);
      if (this.#kept.length > keep) {
        const oldest = this.#kept.shift() ?? step;
        this.#write(() => this.#options.sink.remove(checkpointPath(oldest)));
      }
    }
    const now = this.#options.now();
    if (now < this.#nextCommit) return;
    this.#nextCommit = Number.POSITIVE_INFINITY;
    this.#saveState(model, 'running', null, applied, log);
    this.#write(async () => {
      const ended = this.#options.now();
      this.#nextCommit = ended + Math.max(COMMIT_EVERY, (ended - now) / COMMIT_SHARE);
    });
  }

  /** These edits of the log were made at the model's step. */
  edited(model: Model, made: readonly LoggedEdit[], log: readonly LoggedEdit[]): void {
    if (made.length === 0) return;
    this.#putEdits(log);
    if (this.#plan.events) this.#append('events.csv', made.map(edit => editRow(model, edit)).join(''));
  }

  /**
   * Ends the recording at the model's state; of a run that failed the last state that was saved stays. Resolves when all is
   * written, to the archive where there is no folder. @throws Error where something could not be written
   */
  async end(
    model: Model,
    status: 'done' | 'stopped' | 'failed',
    failure: string | null,
    log: readonly LoggedEdit[],
    applied: number,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    this.#saveState(model, status, failure, applied, log);
    await this.#tail;
    const archive = await this.#options.sink.close();
    if (this.#failure !== null) throw new Error(this.#failure);
    return archive;
  }

  #begin(model: Model, about: Readonly<Record<string, string>>): void {
    this.#put('provenance.json', this.#provenance(model, 'running', null));
    this.#put('scenario.yaml', this.#text);
    this.#append('cells.arrows', this.#stream.head);
    if (this.#layout.fields.length > 0) {
      this.#putStore(storeBeginning(this.#layout, about));
      this.#putStore(storeExtent(this.#layout, []));
    }
    this.#append('frames.csv', FRAME_HEADER);
    if (this.#plan.events) this.#append('events.csv', EVENT_HEADER);
    this.#append('timeseries.csv', timeSeriesHeader(model));
  }

  #frame(model: Model, hasCells: boolean, hasFields: boolean): void {
    const { step, description } = model;
    const time = step * description.time.step;
    const field = hasFields ? this.#times.length : null;
    if (field !== null) {
      this.#times.push(time);
      this.#layout.fields.forEach((name, f) => {
        const values = Float32Array.from(model.fields[f]);
        this.#write(async () => {
          const bytes = await this.#options.deflate(new Uint8Array(values.buffer));
          await this.#options.sink.put(`${ZARR_FOLDER}/${chunkKey(name, field)}`, bytes);
          this.#bytes += bytes.length;
        });
      });
    }
    let bytes = 0;
    if (hasCells) {
      // A copy: it is written after the run has gone on.
      const batch = Uint8Array.from(this.#stream.encode(takeCells(model, this.#columns)));
      bytes = batch.length;
      this.#append('cells.arrows', batch);
    }
    const cells = hasCells ? model.population.count : null;
    this.#append('frames.csv', frameRow({ step, time, cells, offset: bytes && this.#end, bytes, field }));
    this.#end += bytes;
    this.#frames++;
  }

  /** The state, with everything up to it. */
  #saveState(
    model: Model,
    status: 'running' | 'done' | 'stopped' | 'failed',
    failure: string | null,
    applied: number,
    log: readonly LoggedEdit[],
  ): void {
    this.#commit();
    this.#putEdits(log);
    if (status !== 'failed') this.#put('state.cellfield', saveSnapshot(model, this.#hash, applied));
    if (status !== 'running') this.#put('provenance.json', this.#provenance(model, status, failure));
  }

  /** Tables before the extent of the fields, which says how many frames there are. */
  #commit(): void {
    const times = [...this.#times];
    this.#write(() => this.#options.sink.commit());
    if (this.#layout.fields.length > 0) this.#putStore(storeExtent(this.#layout, times));
  }

  #putEdits(log: readonly LoggedEdit[]): void {
    if (log.length > 0) this.#put('edits.json', `${JSON.stringify(log, null, 1)}\n`);
  }

  #putStore(files: readonly StoreFile[]): void {
    for (const { key, content } of files) {
      this.#write(async () => {
        const bytes =
          typeof content === 'string'
            ? content
            : await this.#options.deflate(
                new Uint8Array(content.buffer, content.byteOffset, content.byteLength),
              );
        await this.#options.sink.put(`${ZARR_FOLDER}/${key}`, bytes);
      });
    }
  }

  #put(path: string, content: Uint8Array | string): void {
    this.#write(async () => {
      await this.#options.sink.put(path, content);
      this.#bytes += content.length;
    });
  }

  #append(path: string, content: Uint8Array | string): void {
    this.#write(async () => {
      await this.#options.sink.append(path, content);
      this.#bytes += content.length;
    });
  }

  /** After all that was asked for before; nothing more once something failed. */
  #write(act: () => Promise<void>): void {
    this.#waiting++;
    this.#tail = this.#tail.then(async () => {
      try {
        if (this.#failure === null) await act();
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
      }
      this.#waiting--;
    });
  }

  #provenance(model: Model, status: string, failure: string | null): string {
    const { description, step } = model;
    const provenance = {
      cellfield: VERSION,
      status,
      ...(failure && { failure }),
      title: description.title,
      seed: description.seed,
      scenarioHash: this.#hash,
      started: this.#started,
      from: this.from,
      parent: null,
      stateHash: stateHash(model),
      step,
      time_s: step * description.time.step,
      written: this.#options.date(),
      platform: this.#options.platform,
    };
    return `${JSON.stringify(provenance, null, 2)}\n`;
  }
}

function checkpointPath(step: number): string {
  return `checkpoints/step-${String(step).padStart(10, '0')}.cellfield`;
}
