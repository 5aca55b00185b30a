import { type Frame, readFrame } from '../../engine/recording/frame.ts';
import type { Problem } from '../../engine/scenario/problems.ts';
import type {
  Command,
  Edit,
  Event,
  Models,
  Playback,
  Point,
  RecorderStatus,
  RecordingPlace,
  ScalesEvent,
} from '../../session/contract.ts';
import type { FrameFeed } from './frames.ts';
import { canRun, canSeek, EMPTY_SESSION, type Request, type SessionState, transition } from './machine.ts';
import type { Series } from './series.ts';
import type { Store } from './store.ts';
import { groupStrokes, NO_STROKES } from './strokes.ts';
import type { Traces } from './traces.ts';

/** The engine's worker as a view needs it: commands in, events out, and a way to end it. */
export interface EngineLink {
  send(command: Command): void;
  close(): void;
}

/** Starts a worker; events and its loss are told to the callbacks. */
export type Connect = (onEvent: (event: Event) => void, onLost: (message: string) => void) => EngineLink;

export interface EngineStores {
  readonly session: Store<SessionState>;
  readonly frames: FrameFeed;
  readonly series: Series;
  readonly traces: Traces;
}

export interface EngineCallbacks {
  /** An edit could not be made. */
  readonly refused: (message: string) => void;
  readonly loaded: () => void;
  /** The balance went beyond its tolerance; the run has been paused or has stopped. */
  readonly breached: () => void;
  /** The recording of the live run has come so far. */
  readonly recording: (status: RecorderStatus, archive: Uint8Array<ArrayBuffer> | null) => void;
  /** Steps per second to run with, null for no limit. */
  readonly stepsPerSecond: () => number | null;
}

/** What a person can do to the run. */
export interface Engine {
  /** Models that scenarios loaded or checked from now on may name, besides those given before. */
  provide(models: Models): void;
  /** Those that scenarios may name. */
  models(): Models;
  /** Loads a scenario; `play` starts it at once. */
  load(text: string, file: string, play?: boolean): void;
  /** Opens a recording in place of the run. What is wrong with it is told as a refusal. */
  open(place: RecordingPlace): void;
  /** Records the live run from now on into a folder, or where there is none into an archive. */
  record(name: string, folder: FileSystemDirectoryHandle | null): void;
  stopRecording(): void;
  /** How the opened recording is played. */
  playback(playback: Playback): void;
  /** A frame of the opened recording to be shown small; null where it cannot be read, or another was asked for since. */
  peek(time: number): Promise<Frame | null>;
  /** Problems of a text, without loading it; an older check that is overtaken resolves to null. */
  check(text: string, file: string): Promise<readonly Problem[] | null>;
  run(): void;
  pause(): void;
  toggle(): void;
  /** Runs on with the speed limit that now holds. */
  setSpeed(): void;
  step(count: number): void;
  seek(time: number): void;
  /**
   * Goes to a time for its frame, which is to be read until the next visit; meanwhile no other frame is shown.
   * @throws Error with a message for people where the run fails, the worker is lost or another visit begins
   */
  visit(time: number): Promise<Frame>;
  /** Ends visits and goes back to a time. */
  leave(time: number): void;
  restart(): void;
  edit(edit: Edit): void;
  /** Undoes the last edit; all dabs of a stroke at once. */
  undo(): void;
  watch(cells: readonly number[], probes: readonly Point[]): void;
  /** The time scales at the present state; null where the worker is lost before it answers. */
  scales(): Promise<ScalesEvent | null>;
  /** A fresh worker, with the scenario of the lost one. */
  reconnect(): void;
  close(): void;
}

/** Connects the worker's events to the stores, and gives the commands a name each. */
export function createEngine(connect: Connect, stores: EngineStores, callbacks: EngineCallbacks): Engine {
  const { session, frames, series, traces } = stores;
  let requests = 0;
  let playWhenLoaded = false;
  let breaches = 0;
  let strokes = NO_STROKES;
  let spare: ArrayBuffer | null = null;
  let models: Models = {};
  let visit: { step: number; resolve: (frame: Frame) => void; reject: (error: Error) => void } | null = null;
  const checks = new Map<number, (problems: readonly Problem[] | null) => void>();
  const scales = new Map<number, (answer: ScalesEvent | null) => void>();
  let opening = 0;
  let peek: { readonly request: number; readonly answer: (frame: Frame | null) => void } | null = null;
  const apply = (input: Request | Event) => session.set(state => transition(state, input));

  const refuseVisit = (message: string): void => {
    visit?.reject(new Error(message));
    visit = null;
  };
  /** The frame that a visit waits for is here. */
  const arrive = (): void => {
    const frame = frames.current;
    if (!visit || !frame || frame.step !== visit.step) return;
    visit.resolve(frame);
    visit = null;
  };

  const onEvent = (event: Event): void => {
    switch (event.type) {
      case 'frame':
        takeFrame(event.buffer);
        return;
      case 'series':
        if (event.columns === series.columns.length) series.append(event.rows, event.columns, event.reset);
        return;
      case 'traces':
        traces.append(event.traces);
        return;
      case 'refused':
        refuseVisit(event.message);
        callbacks.refused(event.message);
        return;
      case 'scales':
        scales.get(event.request)?.(event);
        scales.delete(event.request);
        return;
      case 'recording':
        callbacks.recording(event.status, event.archive);
        return;
      case 'peek':
        if (peek?.request === event.request) {
          peek.answer(event.buffer && readFrame(event.buffer));
          peek = null;
        }
        return;
      case 'problems': {
        if (event.request === opening && session.get().loading?.request === opening) {
          apply(event);
          apply({ type: 'dismissProblems' });
          callbacks.refused(event.problems[0]?.message ?? 'this recording cannot be opened');
          return;
        }
        const answer = checks.get(event.request);
        checks.delete(event.request);
        answer?.(event.problems);
        break;
      }
      case 'log':
        strokes = groupStrokes(strokes, event.entries, performance.now());
        break;
      case 'loaded':
        if (session.get().loading?.request !== event.request) return;
        breaches = 0;
        strokes = NO_STROKES;
        traces.clear();
        series.reset(event.scenario.seriesColumns);
        break;
      default:
    }
    apply(event);
    if (event.type === 'status' && event.status.step === visit?.step) arrive();
    if (event.type === 'failed' || event.type === 'fault') refuseVisit(event.message);
    if (event.type === 'loaded') {
      refuseVisit('Another scenario was loaded.');
      callbacks.loaded();
      if (playWhenLoaded) run();
    }
    if (event.type === 'failed' && event.kind === 'balance') callbacks.breached();
    if (event.type === 'balance') {
      const more = event.balance.breaches > breaches;
      breaches = event.balance.breaches;
      if (more && session.get().phase === 'running') pause();
      if (more) callbacks.breached();
    }
  };

  /** The newest frame is shown; the one before goes back to the worker at the next display refresh. */
  const takeFrame = (buffer: ArrayBuffer): void => {
    const frame = readFrame(buffer);
    if (visit && frame.step !== visit.step) {
      // On the way there.
      link.send({ type: 'ready', buffer });
      return;
    }
    const old = frames.current?.buffer ?? null;
    frames.show(frame);
    if (visit) {
      // At once: a window that is hidden has no display refreshes.
      link.send({ type: 'ready', buffer: old });
      arrive();
      return;
    }
    spare = old;
    requestAnimationFrame(() => {
      link.send({ type: 'ready', buffer: spare });
      spare = null;
    });
  };

  const forgetScales = (): void => {
    for (const answer of scales.values()) answer(null);
    scales.clear();
  };
  const start = (): EngineLink => {
    const started = connect(onEvent, message => {
      apply({ type: 'lost', message });
      forgetScales();
      refuseVisit(message);
    });
    started.send({ type: 'ready', buffer: null });
    return started;
  };
  let link = start();

  const load = (text: string, file: string, play = false): void => {
    playWhenLoaded = play;
    const request = ++requests;
    if (session.get().phase === 'lost') {
      reopen();
    }
    apply({ type: 'requestLoad', request, file, text });
    link.send({ type: 'load', request, text, file, models });
  };
  const reopen = (): void => {
    link.close();
    link = start();
    session.set(() => EMPTY_SESSION);
    for (const answer of checks.values()) answer(null);
    checks.clear();
    forgetScales();
  };
  const run = (): void => {
    if (canRun(session.get().phase)) link.send({ type: 'run', stepsPerSecond: callbacks.stepsPerSecond() });
  };
  const pause = (): void => link.send({ type: 'pause' });

  return {
    load,
    check(text, file) {
      for (const answer of checks.values()) answer(null);
      checks.clear();
      const request = ++requests;
      link.send({ type: 'check', request, text, file, models });
      return new Promise(resolve => checks.set(request, resolve));
    },
    open(place) {
      playWhenLoaded = false;
      if (session.get().phase === 'lost') reopen();
      opening = ++requests;
      apply({ type: 'requestLoad', request: opening, file: place.name, text: '' });
      link.send({ type: 'open', request: opening, place });
    },
    record: (name, folder) => link.send({ type: 'record', name, folder }),
    stopRecording: () => link.send({ type: 'stopRecording' }),
    playback: playback => link.send({ type: 'playback', playback }),
    peek(time) {
      peek?.answer(null);
      const request = ++requests;
      link.send({ type: 'peek', request, time });
      return new Promise(answer => {
        peek = { request, answer };
      });
    },
    models: () => models,
    provide(more) {
      models = { ...models, ...more };
    },
    run,
    pause,
    toggle: () => (session.get().phase === 'running' ? pause() : run()),
    setSpeed: () => link.send({ type: 'run', stepsPerSecond: callbacks.stepsPerSecond() }),
    step(count) {
      if (canRun(session.get().phase)) link.send({ type: 'step', count });
      else if (session.get().phase === 'running') pause();
    },
    seek(time) {
      // A recording is there at once.
      if (!session.get().scenario?.recording) apply({ type: 'requestSeek' });
      link.send({ type: 'seek', time });
    },
    visit(time) {
      refuseVisit('The run was sent elsewhere.');
      const { scenario, phase } = session.get();
      if (!scenario || !canSeek(phase)) return Promise.reject(new Error('There is no run to go through.'));
      // A recording has frames at some steps only: the last before the time.
      const times = scenario.recording?.times;
      const at = times
        ? times[
            Math.max(
              0,
              times.findLastIndex(one => one <= time + scenario.step / 2),
            )
          ]
        : time;
      const step = Math.min(Math.max(0, Math.round(at / scenario.step)), scenario.steps);
      return new Promise((resolve, reject) => {
        visit = { step, resolve, reject };
        apply({ type: 'requestSeek' });
        link.send({ type: 'seek', time: step * scenario.step });
      });
    },
    leave(time) {
      refuseVisit('The run was sent elsewhere.');
      if (!canSeek(session.get().phase)) return;
      apply({ type: 'requestSeek' });
      link.send({ type: 'seek', time });
    },
    restart() {
      if (session.get().scenario) link.send({ type: 'restart' });
    },
    edit: edit => link.send({ type: 'edit', edit }),
    undo() {
      const dabs = session.get().canUndo ? (strokes.groups.at(-1) ?? 1) : 0;
      for (let i = 0; i < dabs; i++) link.send({ type: 'undo' });
    },
    scales() {
      if (!session.get().scenario || session.get().phase === 'lost') return Promise.resolve(null);
      const request = ++requests;
      link.send({ type: 'scales', request });
      return new Promise(resolve => scales.set(request, resolve));
    },
    watch: (cells, probes) => link.send({ type: 'watch', cells, probes }),
    reconnect() {
      const { scenario } = session.get();
      reopen();
      if (scenario) load(scenario.text, scenario.recording ? 'scenario.yaml' : scenario.file);
    },
    close: () => link.close(),
  };
}
