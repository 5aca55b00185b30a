import type { Clashes, Placing } from '../../engine/scenario/placeCircuit.ts';
import type { Problem } from '../../engine/scenario/problems.ts';
import { LostError, type WorkerLike } from '../client.ts';
import type { Models } from '../contract.ts';
import type { LabCircuit, LabCommand, LabEvent, LabRunOptions, LabSource, Law } from './contract.ts';

/** One end of a channel to a lab host: a Worker, or a stand-in for it. */
export interface LabPort {
  postMessage(message: LabCommand): void;
  /** Called once per port, before anything is posted. `lost` says that the other end is gone, and why. */
  listen(receive: (event: LabEvent) => void, lost: (reason: string) => void): void;
  terminate(): void;
}

export interface LabClientOptions {
  readonly connect: () => LabPort;
  /** Calls back once after so many milliseconds; the returned function cancels. */
  readonly after: (callback: () => void, delay: number) => () => void;
  /** Milliseconds after which a worker that does not heed a cancellation is ended. Default 1500. */
  readonly patience?: number;
}

/** A text that is no circuit: its problems. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.problems = problems;
  }
}

export type Progress = Extract<LabEvent, { type: 'progress' }>;

interface Run {
  readonly request: number;
  readonly onProgress: (progress: Progress) => void;
  /** The worker failed while it ran. */
  readonly onLost: (reason: string) => void;
}

interface Pending {
  readonly resolve: (event: LabEvent) => void;
  readonly reject: (error: Error) => void;
}

/** The view's side of the circuit lab: promises for what is asked once, a callback for the progress of a run. */
export class LabClient {
  readonly #options: LabClientOptions;
  readonly #pending = new Map<number, Pending>();
  #port: LabPort;
  #request = 0;
  /** The circuit that is open, to be opened again in a new worker. */
  #source: LabSource | null = null;
  #run: Run | null = null;
  #cancelWait: (() => void) | null = null;

  constructor(options: LabClientOptions) {
    this.#options = options;
    this.#port = this.#connect();
  }

  /** Reads a circuit, which later calls are about. @throws LabError, LostError */
  async open(source: LabSource): Promise<LabCircuit> {
    const event = await this.#ask(request => ({ type: 'open', request, source }));
    if (event.type !== 'opened') throw new LostError('the answer was no circuit');
    this.#source = source;
    return event.circuit;
  }

  /** Runs the open circuit; the callbacks hear of this run until another begins. */
  run(options: LabRunOptions, { onProgress, onLost }: Omit<Run, 'request'>): void {
    const request = ++this.#request;
    this.#run = { request, onProgress, onLost };
    this.#port.postMessage({ type: 'run', request, options });
  }

  /** Ends the run; a worker that does not heed this soon is ended itself, and `lost` called. */
  cancel(lost: () => void): void {
    this.#port.postMessage({ type: 'cancel' });
    this.#cancelWait?.();
    this.#cancelWait = this.#options.after(() => {
      this.#cancelWait = null;
      this.restart();
      lost();
    }, this.#options.patience ?? 1500);
  }

  /** The output time whose histograms are wanted; the answer comes as progress. */
  watch(time: number): void {
    this.#port.postMessage({ type: 'watch', time });
  }

  /** The law of the open circuit at a time, or why there is none. @throws LostError */
  async law(
    time: number,
    fields: readonly number[],
  ): Promise<{ readonly law: Law | null; readonly reason: string }> {
    const event = await this.#ask(request => ({ type: 'law', request, time, fields }));
    if (event.type !== 'law') throw new LostError('the answer was no law');
    return event;
  }

  /** One cell type of a scenario as a scenario of its own. @throws LabError, LostError */
  async excerpt(text: string, cellType: string): Promise<string> {
    return (await this.#askText(request => ({ type: 'excerpt', request, text, cellType }))).text;
  }

  /** An SBML model as a scenario. @throws LabError, LostError */
  async convert(text: string): Promise<string> {
    return (await this.#askText(request => ({ type: 'convert', request, text }))).text;
  }

  /** What a circuit and a scenario have in common by name. @throws LabError, LostError */
  async compare(source: LabSource, target: string, models: Models = {}): Promise<Clashes> {
    const event = await this.#ask(request => ({ type: 'compare', request, source, target, models }));
    if (event.type !== 'clashes') throw new LostError('the answer was no comparison');
    return event.clashes;
  }

  /** The text of the scenario with the circuit in it, checked. @throws LabError, LostError */
  async place(
    source: LabSource,
    target: string,
    placing: Omit<Placing, 'from'>,
    models: Models = {},
  ): Promise<{ readonly text: string; readonly notes: readonly string[] }> {
    return this.#askText(request => ({ type: 'place', request, source, target, models, placing }));
  }

  /** Ends the worker and starts another, with the same circuit open. */
  restart(): void {
    this.#port.terminate();
    this.#run = null;
    this.#fail('the lab was started again');
    this.#port = this.#connect();
    const source = this.#source;
    if (source) void this.open(source).catch(() => undefined);
  }

  close(): void {
    this.#port.terminate();
    this.#fail('the lab was closed');
  }

  #connect(): LabPort {
    const port = this.#options.connect();
    // What an ended worker still says is no longer heard.
    port.listen(
      event => port === this.#port && this.#receive(event),
      reason => port === this.#port && this.#lose(reason),
    );
    return port;
  }

  #receive(event: LabEvent): void {
    if (event.type === 'fault') {
      this.#lose(event.message);
      return;
    }
    if (event.type === 'progress') {
      if (event.phase !== 'running') this.#quiet();
      if (this.#run?.request === event.request) this.#run.onProgress(event);
      return;
    }
    const pending = this.#pending.get(event.request);
    this.#pending.delete(event.request);
    if (event.type === 'problems') pending?.reject(new LabError(event.problems));
    else pending?.resolve(event);
  }

  #ask(command: (request: number) => LabCommand): Promise<LabEvent> {
    const request = ++this.#request;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.#port.postMessage(command(request));
    });
  }

  async #askText(command: (request: number) => LabCommand): Promise<Extract<LabEvent, { type: 'text' }>> {
    const event = await this.#ask(command);
    if (event.type !== 'text') throw new LostError('the answer was no text');
    return event;
  }

  #quiet(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }

  #lose(reason: string): void {
    this.#fail(reason);
    this.#run?.onLost(reason);
    this.#run = null;
  }

  #fail(reason: string): void {
    this.#quiet();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(new LostError(reason));
  }
}

/** A port to a module worker that runs worker/lab.ts. */
export function labPort(worker: WorkerLike): LabPort {
  return {
    postMessage: message => worker.postMessage(message, []),
    listen(receive, lost) {
      worker.addEventListener('message', ({ data }) => receive(data as LabEvent));
      worker.addEventListener('error', ({ message }) =>
        lost(message ? `the lab failed: ${message}` : 'the lab failed to start'),
      );
      worker.addEventListener('messageerror', () => lost('a message from the lab could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
