import type { Model } from '../../engine/model/model.ts';
import type { RecorderStatus } from '../contract.ts';
import { bufferOf, type Post } from '../publisher.ts';
import type { Timeline } from '../timeline.ts';
import { type Deflate, Recorder } from './recorder.ts';
import type { RecordingSink } from './sink.ts';

/** What a host needs to record: the surroundings' own means. */
export interface RecordingMeans {
  readonly deflate: Deflate;
  readonly date: () => string;
  readonly platform: string;
  /** `folder` as the command brought it; null: an archive in memory. */
  readonly sinkOf: (folder: unknown) => RecordingSink;
}

/** Least milliseconds between two reports. */
const EVERY = 250;

/** The recording of a live run: begins, follows its steps and edits, ends, and tells the view how it stands. */
export class RunRecording {
  readonly #recorder: Recorder;
  readonly #timeline: Timeline;
  readonly #name: string;
  readonly #post: Post;
  readonly #now: () => number;
  #told = 0;
  #ended = false;

  constructor(
    timeline: Timeline,
    command: { readonly name: string; readonly folder: unknown },
    means: RecordingMeans,
    post: Post,
    now: () => number,
  ) {
    const { deflate, date, platform, sinkOf } = means;
    const sink = sinkOf(command.folder);
    this.#timeline = timeline;
    this.#name = command.name;
    this.#post = post;
    this.#now = now;
    this.#recorder = new Recorder(timeline.origin, timeline.model, { sink, deflate, now, date, platform });
    this.#recorder.begin(timeline.model, timeline.log, timeline.applied);
    this.#tell('recording');
  }

  /** The run should wait until more has been written. */
  get busy(): boolean {
    return this.#recorder.busy && this.#recorder.failure === null;
  }

  /** False once nothing more can be written. */
  get sound(): boolean {
    return this.#recorder.failure === null;
  }

  /** A step has been made, its edits not yet. */
  readonly record = (model: Model): void => {
    const { log, applied } = this.#timeline;
    this.#recorder.record(model, log, applied);
    if (this.#now() - this.#told >= EVERY) this.#tell('recording');
  };

  /** Edits were made since `applied` of the log had been. */
  edited(applied: number): void {
    const { model, log } = this.#timeline;
    this.#recorder.edited(model, log.slice(applied, this.#timeline.applied), log);
  }

  /** Ends it at the present state. */
  end(status: 'done' | 'stopped' | 'failed', failure: string | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    const { model, log, applied } = this.#timeline;
    this.#tell('writing');
    this.#recorder.end(model, status, failure, log, applied).then(
      archive => this.#tell('ended', null, archive),
      (error: Error) => this.#tell('failed', error.message),
    );
  }

  #tell(
    phase: RecorderStatus['phase'],
    message: string | null = null,
    archive: Uint8Array<ArrayBuffer> | null = null,
  ): void {
    this.#told = this.#now();
    const status = { phase, name: this.#name, ...this.#recorder.counts, message };
    this.#post({ type: 'recording', status, archive }, archive ? [bufferOf(archive)] : []);
  }
}
