import { Profile } from '../../engine/model/profile.ts';
import { ScenarioError } from '../../engine/scenario/problems.ts';
import { problemOf } from '../answers.ts';
import type { Command, Event, Playback, RecordingInfo, Status } from '../contract.ts';
import { describeFor } from '../info.ts';
import { MOST_ROWS } from '../series.ts';
import { ReplayError } from './error.ts';
import { density, firstAfter } from './events.ts';
import { type Inflate, ReplayFrames } from './frames.ts';
import { CellHistories } from './histories.ts';
import type { ReadFolder } from './place.ts';
import { Playhead } from './playhead.ts';
import { type OpenedRecording, openRecording } from './recording.ts';

export interface ReplayOptions {
  readonly post: (event: Event, transfer: readonly ArrayBuffer[]) => void;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
  readonly schedule: (callback: () => void, delay: number) => void;
  readonly inflate: Inflate;
}

/** Parts of the time for which divisions and deaths are counted. */
const BINS = 512;

/** Deaths between two frames beyond this many are not shown. */
const MOST_DEATHS = 10_000;

/** What the engine counts while it runs. */
const NO_COUNTS = new Profile().counts;

/** A recorded run answers no command that would change it. */
const REFUSED = 'this is a recording: go on live from here to change anything';

/**
 * A recording in place of a run, under the same contract as the engine's host: commands in, events out, frames as if live. A
 * frame that is asked for while another is being read replaces what was asked for before, so that scrubbing never lags.
 */
export class ReplayHost {
  readonly #options: ReplayOptions;
  readonly #recording: OpenedRecording;
  readonly #frames: ReplayFrames;
  readonly #histories: CellHistories;
  readonly #playhead = new Playhead();
  #playback: Playback = { framesPerSecond: 25, loop: null };
  #playing = false;
  #ticking = false;
  /** The frame that is shown, and the one that is wanted. */
  #shown = -1;
  /** The frame last given to the view: deaths since then are shown where time went on from it. */
  #lastDrawn: number | null = null;
  #wanted = 0;
  #reading = false;
  /** The view is ready for a frame; the buffer it gave back. */
  #ready = false;
  #fresh = false;
  #spare: ArrayBuffer | undefined;
  #peek: { readonly request: number; readonly time: number } | null = null;
  #peeking = false;
  #closed = false;

  private constructor(recording: OpenedRecording, options: ReplayOptions) {
    this.#options = options;
    this.#recording = recording;
    this.#frames = new ReplayFrames(recording, options.inflate);
    this.#histories = new CellHistories(recording, this.#frames, traces => {
      if (!this.#closed) this.#post({ type: 'traces', traces });
    });
  }

  /** The recording that is open. */
  get recording(): OpenedRecording {
    return this.#recording;
  }

  /** Simulated time of the frame that is shown, s. */
  get time(): number {
    return this.#frames.timeOf(Math.max(0, this.#shown));
  }

  /**
   * Opens a recording and answers the request: with `loaded`, the time series, the edits and the first frame, or with
   * `problems`, and then returns null.
   */
  static async open(request: number, folder: ReadFolder, options: ReplayOptions): Promise<ReplayHost | null> {
    try {
      const recording = await openRecording(folder);
      const host = new ReplayHost(recording, options);
      await host.#frames.load(0);
      host.#begin(request);
      return host;
    } catch (error) {
      if (!(error instanceof ReplayError || error instanceof ScenarioError)) throw error;
      options.post({ type: 'problems', request, problems: [problemOf(error.message)] }, []);
      return null;
    }
  }

  /** Nothing more is posted. */
  close(): void {
    this.#closed = true;
    this.#playing = false;
  }

  receive(command: Command): void {
    switch (command.type) {
      case 'ready':
        this.#ready = true;
        if (command.buffer && command.buffer.byteLength > 0) this.#spare = command.buffer;
        this.#show();
        break;
      case 'run':
        this.#play();
        break;
      case 'pause':
        this.#rest();
        break;
      case 'step':
        this.#rest();
        this.#goTo(this.#wanted + Math.trunc(command.count));
        break;
      case 'seek':
        this.#rest();
        this.#goTo(this.#frames.at(command.time));
        break;
      case 'restart':
        this.#rest();
        this.#goTo(0);
        break;
      case 'playback':
        this.#playback = command.playback;
        if (this.#playing) this.#play();
        break;
      case 'watch':
        this.#histories.watch(command.cells);
        break;
      case 'peek':
        this.#peek = command;
        void this.#answerPeek();
        break;
      case 'scales':
        this.#post({ type: 'scales', request: command.request, report: null, reason: REFUSED, took: 0 });
        break;
      case 'edit':
      case 'undo':
        this.#post({ type: 'refused', message: REFUSED });
        break;
      default:
    }
  }

  #begin(request: number): void {
    const { scenario, folder, provenance, series, edits, frames } = this.#recording;
    const end = frames[frames.length - 1];
    const info = describeFor(
      scenario,
      scenario.description.coupling,
      series.moieties,
      folder.name,
      series.columns,
    );
    const recording = this.#describe();
    this.#post({ type: 'loaded', request, scenario: { ...info, steps: end.step, recording } });
    this.#postSeries();
    const made = edits.filter(({ step }) => step <= Math.max(end.step, provenance.step));
    this.#post({ type: 'log', entries: made, canUndo: false });
    this.#goTo(0);
  }

  #describe(): RecordingInfo {
    const { folder, provenance, events, frames, states, scenario } = this.#recording;
    const { parent } = provenance;
    const end = frames[frames.length - 1].time;
    return {
      name: folder.name,
      cellfield: provenance.cellfield,
      status: provenance.status,
      failure: provenance.failure ?? null,
      started: provenance.started,
      scenarioHash: provenance.scenarioHash,
      parent: parent && { folder: parent.folder, time: parent.time_s, set: parent.set },
      times: Float64Array.from(frames, ({ time }) => time),
      divisions: density(events.divisions.time, 0, end, BINS),
      deaths: density(events.deaths.time, 0, end, BINS),
      ancestry: events.divisions,
      states: states.map(({ step }) => step * scenario.description.time.step),
    };
  }

  /** All rows at once, thinned as those of a live run are. */
  #postSeries(): void {
    const { columns, rows, times } = this.#recording.series;
    const every = Math.max(1, Math.ceil(times.length / MOST_ROWS));
    const count = Math.ceil(times.length / every);
    const width = columns.length;
    const kept = new Float64Array(count * width);
    for (let i = 0; i < count; i++)
      kept.set(rows.subarray(i * every * width, (i * every + 1) * width), i * width);
    this.#post({ type: 'series', reset: true, rows: kept, columns: width }, [kept.buffer]);
  }

  #play(): void {
    const { loop } = this.#playback;
    const first = loop ? this.#frames.at(loop[0]) : 0;
    const last = loop ? this.#frames.at(loop[1]) : this.#frames.length - 1;
    this.#playhead.start(this.#wanted, this.#options.now(), this.#playback, first, last);
    this.#playing = true;
    this.#postStatus();
    this.#goTo(this.#playhead.at(this.#options.now()).frame);
    this.#tick();
  }

  #rest(): void {
    if (!this.#playing) return;
    this.#playing = false;
    this.#postStatus();
  }

  #tick(): void {
    if (this.#ticking || !this.#playing) return;
    this.#ticking = true;
    this.#options.schedule(() => {
      this.#ticking = false;
      if (!this.#playing) return;
      const { frame, ended } = this.#playhead.at(this.#options.now());
      this.#wanted = frame;
      if (ended) this.#playing = false;
      void this.#read();
      this.#tick();
    }, this.#playhead.interval);
  }

  #goTo(index: number): void {
    this.#wanted = Math.min(this.#frames.length - 1, Math.max(0, index));
    void this.#read();
  }

  /** Reads what is wanted, until that is what has been read. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (;;) {
        const index = this.#wanted;
        await this.#frames.load(index);
        if (this.#closed) return;
        if (index !== this.#wanted && !this.#playing) continue;
        const changed = this.#shown !== index;
        this.#lastDrawn ??= index;
        this.#shown = index;
        this.#fresh ||= changed;
        this.#postStatus();
        this.#postBalance();
        this.#show();
        if (index === this.#wanted) return;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#reading = false;
    }
  }

  #show(): void {
    if (!this.#ready || !this.#fresh || this.#shown < 0) return;
    this.#ready = false;
    this.#fresh = false;
    void this.#draw(this.#shown).catch(this.#fail);
  }

  /** What was read is kept, so that it is at hand. */
  async #draw(index: number): Promise<void> {
    const pieces = await this.#frames.load(index);
    if (this.#closed) return;
    const deaths = this.#playing ? this.#deathsBetween(this.#lastDrawn ?? index, index) : [];
    const { buffer } = this.#frames.write(index, pieces, deaths, this.#spare);
    this.#spare = undefined;
    this.#lastDrawn = index;
    this.#post({ type: 'frame', buffer }, [buffer]);
  }

  /** Deaths as in a frame; the size is that of the cell's type, and rods are round: events keep the place only. */
  #deathsBetween(from: number, to: number): number[] {
    const { deaths } = this.#recording.events;
    const { cellTypes } = this.#recording.scenario.description;
    const found: number[] = [];
    if (to <= from) return found;
    const end = Math.min(firstAfter(deaths.time, this.#frames.timeOf(to)), deaths.time.length);
    let at = firstAfter(deaths.time, this.#frames.timeOf(from));
    for (at = Math.max(at, end - MOST_DEATHS); at < end; at++) {
      const { shape } = cellTypes[deaths.type[at]];
      found.push(deaths.x[at], deaths.y[at], deaths.z[at], shape.radius, deaths.type[at], 0, 0);
    }
    return found;
  }

  async #answerPeek(): Promise<void> {
    if (this.#peeking) return;
    this.#peeking = true;
    try {
      while (this.#peek && !this.#closed) {
        const { request, time } = this.#peek;
        this.#peek = null;
        const index = this.#frames.at(time);
        try {
          const pieces = await this.#frames.load(index);
          const { buffer } = this.#frames.write(index, pieces, []);
          this.#post({ type: 'peek', request, time: this.#frames.timeOf(index), buffer }, [buffer]);
        } catch (error) {
          if (!(error instanceof ReplayError)) throw error;
          this.#post({ type: 'peek', request, time, buffer: null });
        }
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#peeking = false;
    }
  }

  readonly #fail = (error: unknown): void => {
    if (this.#closed) return;
    this.#playing = false;
    if (error instanceof ReplayError) {
      // The frame before stays on the stage, and the clock with it.
      this.#wanted = Math.max(0, this.#shown);
      this.#postStatus();
      this.#post({ type: 'refused', message: error.message });
      return;
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#post({ type: 'refused', message: `the recording cannot be read: ${message}` });
  };

  #postStatus(): void {
    const index = Math.max(0, this.#shown);
    const status: Status = {
      phase: this.#playing ? 'running' : 'paused',
      step: this.#frames.stepOf(index),
      time: this.#frames.timeOf(index),
      steps: this.#frames.stepOf(this.#frames.length - 1),
      cells: this.#frames.countOf(index),
      stepsPerSecond: 0,
      phases: {},
      counts: NO_COUNTS,
      iteration: { passes: 0, contraction: 0 },
    };
    this.#post({ type: 'status', status });
  }

  /** A recording keeps the totals and the worst residual of each of its rows; what flowed by which cause it does not. */
  #postBalance(): void {
    const { series, scenario } = this.#recording;
    const worst = series.residual(firstAfter(series.times, this.time) - 1);
    if (!Number.isFinite(worst)) return;
    const { tolerance } = scenario.description.balance;
    const balance = { moieties: [], worstRelative: worst, worstStep: 0, tolerance, breaches: 0, leaks: [] };
    this.#post({ type: 'balance', balance });
  }

  #post(event: Event, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.#closed) this.#options.post(event, transfer);
  }
}
