import type { EditResult } from '../engine/edit/apply.ts';
import { EditError } from '../engine/edit/edit.ts';
import { RunFailure } from '../engine/model/failure.ts';
import { saveSnapshot } from '../engine/model/snapshot.ts';
import { loadScenario } from '../engine/scenario/load.ts';
import type { Problem } from '../engine/scenario/problems.ts';
import { hashOf, problemsOf, scalesOf } from './answers.ts';
import type { Command, Edit, Event, Status } from './contract.ts';
import { describeScenario } from './info.ts';
import { allowedStep, type Job, runJob, untilNextStep } from './job.ts';
import { readerOf } from './models.ts';
import { bufferOf, EVERY, type Post, Publisher, type Session, type Standing } from './publisher.ts';
import { type RecordingMeans, RunRecording } from './record/session.ts';
import { Series } from './series.ts';
import { Timeline } from './timeline.ts';
import { Traces } from './traces.ts';

export interface HostOptions {
  readonly post: Post;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  /** Calls back after so many milliseconds; after 0 as soon as waiting messages have been let in. */
  readonly schedule: (callback: () => void, delay: number) => void;
  /** Without it nothing can be recorded. */
  readonly recording?: RecordingMeans;
  /** Bytes for states to go back to. Default 256 MiB. */
  readonly memory?: number;
}

/** Commands that lead away from the line of time that a recording follows. */
const GOES_BACK: ReadonlySet<Command['type']> = new Set(['seek', 'undo', 'restart'] as const);

/** Milliseconds until a run looks again whether what is recorded has been written. */
const WAIT = 4;

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** Milliseconds of stepping before messages are let in. */
const SLICE = 10;
const DEFAULT_MEMORY = 2 ** 28;

/**
 * The engine's side of a session: takes commands, steps the model in short slices and posts events. It knows nothing of
 * workers: what it needs of its surroundings is passed in.
 */
export class SessionHost {
  readonly #options: HostOptions;
  readonly #publisher: Publisher;
  #session: Session | null = null;
  #job: Job | null = null;
  #failed = false;
  /** False while the model holds a step that failed halfway. */
  #sound = true;
  #scheduled = false;
  #recording: RunRecording | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#publisher = new Publisher(options.post, options.now);
  }

  /** Whether there is a run. */
  get loaded(): boolean {
    return this.#session !== null;
  }

  /** Carries out a command. Never throws: a fault of the program is posted as such. */
  receive(command: Command): void {
    try {
      if (command.type === 'load') this.#load(command);
      else if (command.type === 'check') this.#check(command);
      else if (command.type === 'ready') this.#ready(command);
      else if (this.#session) this.#carryOut(this.#session, command);
      else this.#refuse('no scenario is loaded');
    } catch (error) {
      this.#fault(error);
    }
    this.#wake();
  }

  #carryOut(session: Session, command: Exclude<Command, CommandOf<'load' | 'check' | 'ready'>>): void {
    const { model } = session.timeline;
    if (this.#recording && GOES_BACK.has(command.type)) {
      this.#refuse('the run is being recorded: stop the recording first');
      // The view shows again where the run is.
      this.#publishAll(session);
      return;
    }
    switch (command.type) {
      case 'record':
        this.#record(session, command);
        break;
      case 'stopRecording':
        this.endRecording();
        break;
      case 'run':
        this.#run(session, command);
        break;
      case 'step':
        this.#start(session, model.step + Math.max(0, Math.floor(command.count)), null);
        break;
      case 'pause':
        this.#job = null;
        this.#publishAll(session);
        break;
      case 'seek':
        this.#seek(session, command);
        break;
      case 'restart':
        this.#restart(session);
        break;
      case 'edit':
        this.#edit(session, command.edit);
        break;
      case 'undo':
        this.#undo(session);
        break;
      case 'watch':
        this.#watch(session, command);
        break;
      case 'snapshot': {
        const bytes = saveSnapshot(model, hashOf(session.timeline.scenario));
        this.#post({ type: 'snapshot', request: command.request, bytes }, [bufferOf(bytes)]);
        break;
      }
      case 'scales':
        this.#scales(session, command.request);
        break;
    }
  }

  /** Ends the recording of the run, if there is one, where the run now is. */
  endRecording(): void {
    const finished = this.#session && this.#standing(this.#session).phase === 'finished';
    this.#recording?.end(finished ? 'done' : 'stopped');
    this.#recording = null;
  }

  #record({ timeline }: Session, command: CommandOf<'record'>): void {
    const { recording, post, now } = this.#options;
    if (!recording) this.#refuse('nothing can be recorded here');
    else if (this.#recording) this.#refuse('the run is being recorded already');
    else if (this.#failed || !this.#sound)
      this.#refuse('the run failed here: there is no whole state to record');
    else this.#recording = new RunRecording(timeline, command, recording, post, now);
  }

  #load({ request, text, file, set, models }: CommandOf<'load'>): void {
    let timeline: Timeline;
    try {
      const scenario = loadScenario(text, { file, files: readerOf(models), ...(set ? { set } : {}) });
      timeline = new Timeline(scenario, this.#options.now, this.#options.memory ?? DEFAULT_MEMORY);
    } catch (error) {
      this.#post({ type: 'problems', request, problems: problemsOf(error) });
      return;
    }
    this.endRecording();
    const { model, origin } = timeline;
    const series = new Series(model);
    const session: Session = { timeline, series, traces: new Traces(model.fields.length) };
    this.#session = session;
    this.#job = null;
    this.#failed = false;
    this.#sound = true;
    series.record(model);
    this.#post({ type: 'loaded', request, scenario: describeScenario(origin, model, file, series.columns) });
    this.#publisher.reset();
    this.#publisher.jump(session);
    this.#publishAll(session);
    this.#postLog(session);
  }

  #check({ request, text, file, models }: CommandOf<'check'>): void {
    let problems: readonly Problem[] = [];
    try {
      loadScenario(text, { file, files: readerOf(models) });
    } catch (error) {
      problems = problemsOf(error);
    }
    this.#post({ type: 'problems', request, problems });
  }

  #ready({ buffer }: CommandOf<'ready'>): void {
    this.#publisher.frames.ready(buffer);
    if (this.#session) this.#publisher.showFrame(this.#session, this.#standing(this.#session));
  }

  #run(session: Session, { stepsPerSecond, until }: CommandOf<'run'>): void {
    const { time } = session.timeline.model.description;
    const target = until === undefined ? time.steps : Math.round(until / time.step);
    this.#start(session, target, stepsPerSecond !== null && stepsPerSecond > 0 ? stepsPerSecond : null);
  }

  #start(session: Session, target: number, limit: number | null): void {
    if (this.#standing(session).phase === 'failed') {
      this.#refuse('the run failed here: undo, go back or change something first');
      return;
    }
    const from = session.timeline.model.step;
    if (!this.#job) this.#publisher.meter.reset();
    this.#job = target > from ? runJob(this.#job, target, limit, from, this.#options.now()) : null;
    this.#publishAll(session);
  }

  #seek(session: Session, { time }: CommandOf<'seek'>): void {
    const { step, steps } = session.timeline.model.description.time;
    const target = Math.round(time / step);
    if (Number.isNaN(target)) this.#refuse(`there is no time ${time}`);
    else this.#goTo(session, Math.min(Math.max(0, target), steps));
  }

  /** Back to the scenario as loaded: no edits, no parameters changed. */
  #restart(session: Session): void {
    session.timeline.forgetAllEdits();
    session.series.truncate(0);
    this.#goTo(session, 0);
    this.#postLog(session);
  }

  /**
   * Goes to the end of a step, the log's edits there made: by a jump to a kept state where that is nearer, and the rest by
   * stepping. `failed`: it is the last good state of a run that failed.
   */
  #goTo(session: Session, target: number, failed = false): void {
    const { timeline, series } = session;
    const jumped = timeline.jump(target, series.reach, this.#sound);
    this.#sound = true;
    if (jumped) this.#publisher.jump(session);
    const arrived = timeline.model.step === target;
    this.#job = arrived ? null : { kind: 'seek', target, failed };
    this.#failed = arrived && failed;
    this.#publisher.meter.reset();
    this.#publishAll(session);
  }

  #edit(session: Session, edit: Edit): void {
    const { timeline, series } = session;
    const { frames } = this.#publisher;
    if (this.#job?.kind === 'seek') {
      this.#refuse('an edit must wait until the run has reached the time asked for');
      return;
    }
    let result: EditResult;
    const { applied } = timeline;
    try {
      result = timeline.edit(edit);
    } catch (error) {
      if (error instanceof EditError) this.#refuse(error.message);
      else if (error instanceof RunFailure) this.#fail(session, error, timeline.model.step, false);
      else throw error;
      return;
    }
    if (result.amount === 0) return;
    this.#recording?.edited(applied);
    this.#failed = false;
    series.truncate(timeline.model.step);
    frames.noteDeaths(result.dead);
    frames.touch();
    this.#postLog(session);
    if (this.#job) this.#publisher.showFrame(session, this.#standing(session));
    else this.#publishAll(session);
  }

  #undo(session: Session): void {
    const forgotten = session.timeline.forgetLastEdit();
    if (!forgotten) {
      this.#refuse('there is no edit to undo');
      return;
    }
    session.series.truncate(forgotten.step);
    if (forgotten.made) this.#goTo(session, forgotten.step);
    this.#postLog(session);
  }

  #watch(session: Session, { cells, probes }: CommandOf<'watch'>): void {
    const { timeline, series, traces } = session;
    traces.set(cells);
    timeline.setWatch(traces.watch);
    series.setProbes(probes, timeline.model);
    this.#publishAll(session);
  }

  readonly #tick = (): void => {
    this.#scheduled = false;
    const session = this.#session;
    if (session) {
      try {
        if (this.#job) this.#slice(session, this.#job);
        this.#publisher.publish(session, this.#standing(session));
      } catch (error) {
        this.#fault(error);
      }
    }
    this.#wake();
  };

  /** Sees to it that the next tick comes when something is due. */
  #wake(): void {
    if (this.#scheduled || !this.#session) return;
    const now = this.#options.now();
    const frame = this.#standing(this.#session).visible ? this.#publisher.frames.wait(now) : Infinity;
    // A slow run has events to post between its steps, too.
    const step = !this.#job
      ? Infinity
      : this.#recording?.busy
        ? WAIT
        : Math.min(untilNextStep(this.#job, this.#session.timeline.model.step, now), EVERY.traces);
    const delay = Math.min(frame, step);
    if (delay === Infinity) return;
    this.#scheduled = true;
    this.#options.schedule(this.#tick, delay);
  }

  /** Steps for about 10 ms, as far as the job and its limit go. The first breach of the balance pauses a run. */
  #slice(session: Session, job: Job): void {
    const { timeline } = session;
    if (this.#recording?.busy) return;
    if (this.#recording && !this.#recording.sound) this.endRecording();
    const started = this.#options.now();
    const allowed = allowedStep(job, timeline.model.step, started);
    let before = timeline.model.step;
    let breached = false;
    try {
      while (timeline.model.step < allowed && !breached) {
        before = timeline.model.step;
        const { breaches } = timeline.model;
        this.#step(session);
        breached = job.kind === 'run' && breaches === 0 && timeline.model.breaches > 0;
        if (this.#options.now() - started >= SLICE || this.#recording?.busy) break;
      }
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      this.#fail(session, error, before, error.kind === 'balance');
      return;
    }
    if (timeline.model.step < job.target && !breached) return;
    this.#job = null;
    this.#failed = job.kind === 'seek' && job.failed;
    this.#publishAll(session);
    if (this.#standing(session).phase === 'finished') this.endRecording();
  }

  #step({ timeline, series, traces }: Session): void {
    const { frames, meter } = this.#publisher;
    const { applied } = timeline;
    const edits = timeline.advance(this.#recording?.record);
    if (edits.length > 0) this.#recording?.edited(applied);
    meter.countStep();
    traces.afterStep(timeline.model);
    // On the way to another moment nobody dies before the viewer's eyes.
    if (this.#job?.kind === 'run') {
      frames.noteDeaths(timeline.model.death.log);
      for (const { dead } of edits) frames.noteDeaths(dead);
    }
    series.record(timeline.model);
    frames.touch();
  }

  /**
   * The run cannot go on. A balance that does not close does so at the end of a `whole` step, whose state stays to be looked
   * at. Anything else leaves a state that is none: the last good one is run up to again from a kept state.
   */
  #fail(session: Session, failure: RunFailure, lastGood: number, whole: boolean): void {
    const { kind, message, time, step } = failure;
    const again = this.#job?.kind === 'seek' && this.#job.failed;
    this.#job = null;
    this.#failed = true;
    this.#recording?.end('failed', message);
    this.#recording = null;
    // The step ended within a phase.
    session.timeline.model.profile.enter(null);
    this.#post({ type: 'failed', kind, message, time, step });
    if (whole) {
      session.series.record(session.timeline.model);
      this.#publisher.frames.touch();
      this.#publishAll(session);
      return;
    }
    this.#sound = false;
    if (again) this.#publisher.postStatus(session, this.#standing(session));
    else this.#goTo(session, lastGood, true);
  }

  #standing(session: Session): Standing {
    const job = this.#job;
    const goingBack = job?.kind === 'seek' && job.failed;
    return {
      phase: this.#phase(session, goingBack),
      moving: job !== null,
      visible: this.#sound && !goingBack,
    };
  }

  #phase({ timeline }: Session, goingBack: boolean): Status['phase'] {
    if (this.#failed || goingBack) return 'failed';
    if (this.#job) return this.#job.kind === 'run' ? 'running' : 'seeking';
    const { step, description } = timeline.model;
    return step >= description.time.steps ? 'finished' : 'paused';
  }

  #publishAll(session: Session): void {
    this.#publisher.publishAll(session, this.#standing(session));
  }

  /** Reads the state only; where it cannot be analysed the run goes on. */
  #scales(session: Session, request: number): void {
    const started = this.#options.now();
    const { report, reason } = scalesOf(this.#standing(session).visible ? session.timeline.model : null);
    this.#post({ type: 'scales', request, report, reason, took: this.#options.now() - started });
  }

  #postLog({ timeline }: Session): void {
    this.#post({ type: 'log', entries: timeline.log, canUndo: timeline.canUndo });
  }

  #refuse(message: string): void {
    this.#post({ type: 'refused', message });
  }

  /** A fault of the program: what the state is now, nobody knows. */
  #fault(error: unknown): void {
    this.#job = null;
    this.#failed = true;
    this.#sound = false;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#post({ type: 'fault', message });
    if (this.#session) this.#publisher.postStatus(this.#session, this.#standing(this.#session));
  }

  #post(event: Event, transfer: readonly ArrayBuffer[] = []): void {
    this.#options.post(event, transfer);
  }
}
