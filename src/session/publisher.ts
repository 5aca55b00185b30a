import type { Event, Status } from './contract.ts';
import { FramePacer } from './framePacer.ts';
import { viewBalance } from './info.ts';
import { Meter } from './meter.ts';
import type { Series } from './series.ts';
import type { Timeline } from './timeline.ts';
import type { Traces } from './traces.ts';

/** A loaded scenario with everything that follows its run. */
export interface Session {
  readonly timeline: Timeline;
  readonly series: Series;
  readonly traces: Traces;
}

/** How the run stands, as a view is to see it. */
export interface Standing {
  readonly phase: Status['phase'];
  /** Steps are being taken. */
  readonly moving: boolean;
  /** The state may be shown: it is no half-finished step, and not on the way back from one. */
  readonly visible: boolean;
}

export type Post = (event: Event, transfer: readonly ArrayBuffer[]) => void;

/** Least milliseconds between events of a kind while running. */
export const EVERY = { status: 100, balance: 200, traceRow: 1000 / 60, traces: 50 } as const;

/** What is posted of a run, and how often. */
export class Publisher {
  readonly frames: FramePacer = new FramePacer();
  readonly meter: Meter = new Meter();
  readonly #post: Post;
  readonly #now: () => number;
  #sent = { status: 0, balance: 0, traceRow: 0, traces: 0 };
  #phases: Status['phases'] = {};

  constructor(post: Post, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  /** The run is at another moment: what follows it starts anew from there. */
  jump({ series, traces }: Session): void {
    series.resend();
    traces.jump();
    this.frames.jump();
  }

  /** Another run is looked at. */
  reset(): void {
    this.meter.reset();
    this.#phases = {};
  }

  /** Everything that is new, at once. */
  publishAll(session: Session, standing: Standing): void {
    const now = this.#now();
    this.#sent = { status: now, balance: now, traceRow: now, traces: now };
    this.postStatus(session, standing);
    this.#postSeries(session);
    this.#postBalance(session);
    session.traces.record(session.timeline.model);
    this.#postTraces(session);
    this.showFrame(session, standing);
  }

  /** What is due, while the run moves. */
  publish(session: Session, standing: Standing): void {
    const now = this.#now();
    const due = (kind: keyof typeof EVERY): boolean => {
      if (now - this.#sent[kind] < EVERY[kind]) return false;
      this.#sent[kind] = now;
      return true;
    };
    if (standing.moving) {
      if (due('status')) {
        this.postStatus(session, standing);
        this.#postSeries(session);
      }
      if (due('balance')) this.#postBalance(session);
      if (session.traces.watch) {
        if (due('traceRow')) session.traces.record(session.timeline.model);
        if (due('traces')) this.#postTraces(session);
      }
    }
    this.showFrame(session, standing);
  }

  showFrame({ timeline }: Session, { moving, visible }: Standing): void {
    if (!visible || this.frames.wait(this.#now()) > 0) return;
    const buffer = this.frames.write(timeline.model, this.#now, moving);
    this.#post({ type: 'frame', buffer }, [buffer]);
  }

  postStatus({ timeline }: Session, { phase, moving }: Standing): void {
    const { step, population, profile, description } = timeline.model;
    let stepsPerSecond = 0;
    if (moving) {
      const measured = this.meter.measure(timeline.model, this.#now());
      stepsPerSecond = measured.stepsPerSecond;
      this.#phases = measured.phases;
    }
    const status: Status = {
      phase,
      step,
      time: step * description.time.step,
      steps: description.time.steps,
      cells: population.count,
      stepsPerSecond,
      phases: this.#phases,
      counts: { ...profile.counts },
      iteration: { passes: profile.stepIterations, contraction: profile.stepContraction },
    };
    this.#post({ type: 'status', status }, []);
  }

  #postSeries({ timeline, series }: Session): void {
    const news = series.take(timeline.model.step);
    if (news) this.#post({ type: 'series', ...news }, [bufferOf(news.rows)]);
  }

  #postBalance({ timeline }: Session): void {
    this.#post({ type: 'balance', balance: viewBalance(timeline.model) }, []);
  }

  #postTraces({ timeline, traces }: Session): void {
    const news = traces.take(timeline.model);
    if (news.length === 0) return;
    this.#post(
      { type: 'traces', traces: news },
      news.map(({ rows }) => bufferOf(rows)),
    );
  }
}

/** The buffer of an array that was made on its own. */
export function bufferOf(array: Float64Array | Uint8Array): ArrayBuffer {
  return array.buffer as ArrayBuffer;
}
