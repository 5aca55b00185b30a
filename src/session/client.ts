import type { Problem } from '../engine/scenario/problems.ts';
import type { Command, Event, Models, ScenarioInfo } from './contract.ts';

/** One end of a channel to a host: a Worker, or a stand-in for it. */
export interface Port {
  postMessage(message: Command, transfer: ArrayBuffer[]): void;
  /** Called once per port, before anything is posted. `lost` says that the other end is gone, and why. */
  listen(receive: (event: Event) => void, lost: (reason: string) => void): void;
  /** Ends the other side. */
  terminate(): void;
}

export interface ClientOptions {
  /** Opens a channel to a new host. */
  readonly connect: () => Port;
  /** Calls back once after so many milliseconds; the returned function cancels. */
  readonly after: (callback: () => void, delay: number) => () => void;
  /** Milliseconds without any sign of life, while an answer is due, after which the host counts as lost. Default 30 000. */
  readonly patience?: number;
}

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;
export type Handler<Type extends Event['type']> = (event: EventOf<Type>) => void;

/** A scenario that cannot be loaded: its problems. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.problems = problems;
  }
}

/** The host was lost before it answered. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

/** Events that answer a request by its number. */
type Answer = 'loaded' | 'problems' | 'snapshot' | 'scales' | 'peek';

interface Pending {
  readonly resolve: (event: EventOf<Answer>) => void;
  readonly reject: (error: Error) => void;
}

/** Commands that a live host answers with some event. */
const ANSWERED: ReadonlySet<Command['type']> = new Set([
  ...([
    'load',
    'check',
    'run',
    'pause',
    'step',
    'seek',
    'restart',
    'undo',
    'watch',
    'snapshot',
    'scales',
    'open',
    'peek',
  ] as const),
]);

/**
 * The view's side of a session: typed commands out, typed events in. A host that reports an error, or gives no sign of life
 * although an answer is due, is lost: handlers of `onLost` are told, promises are rejected, and `restart` opens another.
 */
export class SessionClient {
  readonly #options: ClientOptions;
  readonly #handlers = new Map<Event['type'], Set<(event: Event) => void>>();
  readonly #anyHandlers = new Set<(event: Event) => void>();
  readonly #lostHandlers = new Set<(reason: string) => void>();
  readonly #pending = new Map<number, Pending>();
  #port: Port;
  #request = 0;
  #lost = false;
  #loaded = false;
  #cancelWait: (() => void) | null = null;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#port = this.#open();
  }

  /** Whether the host is gone; commands go nowhere until `restart`. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Sends a command. The buffer of `ready` is transferred. */
  send(command: Command): void {
    if (this.#lost) return;
    const transfer = command.type === 'ready' && command.buffer !== null ? [command.buffer] : [];
    this.#port.postMessage(command, transfer);
    if (ANSWERED.has(command.type)) this.#await();
  }

  /** Calls the handler with every event of a type; the returned function ends that. */
  on<Type extends Event['type']>(type: Type, handler: Handler<Type>): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    // Events are delivered to the handlers of their own type only.
    const typed = handler as (event: Event) => void;
    handlers.add(typed);
    return () => handlers.delete(typed);
  }

  /** Calls the handler with every event, before the handlers of its type. */
  onAny(handler: (event: Event) => void): () => void {
    this.#anyHandlers.add(handler);
    return () => this.#anyHandlers.delete(handler);
  }

  /** Calls the handler when the host is lost; the returned function ends that. */
  onLost(handler: (reason: string) => void): () => void {
    this.#lostHandlers.add(handler);
    return () => this.#lostHandlers.delete(handler);
  }

  /** Loads a scenario. @throws LoadError where it has problems, LostError */
  async load(text: string, file: string, set?: readonly string[], models?: Models): Promise<ScenarioInfo> {
    const request = this.#nextRequest();
    const answer = await this.#ask(request, {
      type: 'load',
      request,
      text,
      file,
      ...(set ? { set } : {}),
      ...(models ? { models } : {}),
    });
    if (answer.type === 'loaded') return answer.scenario;
    throw new LoadError(answer.type === 'problems' ? answer.problems : []);
  }

  /** The problems of a scenario's text; none where it is valid. @throws LostError */
  async check(text: string, file: string): Promise<readonly Problem[]> {
    const request = this.#nextRequest();
    const answer = await this.#ask(request, { type: 'check', request, text, file });
    return answer.type === 'problems' ? answer.problems : [];
  }

  /** The whole state as the bytes of a snapshot. @throws LostError, Error where no scenario is loaded */
  async snapshot(): Promise<Uint8Array> {
    if (!this.#loaded) throw new Error('no scenario is loaded');
    const request = this.#nextRequest();
    const answer = await this.#ask(request, { type: 'snapshot', request });
    if (answer.type !== 'snapshot') throw new LostError('the answer was no snapshot');
    return answer.bytes;
  }

  /** The time scales at the present state. @throws LostError, Error where no scenario is loaded */
  async scales(): Promise<EventOf<'scales'>> {
    if (!this.#loaded) throw new Error('no scenario is loaded');
    const request = this.#nextRequest();
    const answer = await this.#ask(request, { type: 'scales', request });
    if (answer.type !== 'scales') throw new LostError('the answer was no time scales');
    return answer;
  }

  /** Opens a new host in place of the old one, which is ended. It has no scenario yet. */
  restart(): void {
    this.#port.terminate();
    this.#rejectAll('the engine was started again');
    this.#quiet();
    this.#lost = false;
    this.#loaded = false;
    this.#port = this.#open();
  }

  /** Ends the host. */
  close(): void {
    this.#lost = true;
    this.#quiet();
    this.#port.terminate();
    this.#rejectAll('the session was closed');
  }

  #open(): Port {
    const port = this.#options.connect();
    // What an ended host still says is no longer heard.
    port.listen(
      event => port === this.#port && this.#receive(event),
      reason => port === this.#port && this.#lose(reason),
    );
    return port;
  }

  #receive(event: Event): void {
    if (this.#lost) return;
    this.#quiet();
    if ('request' in event) {
      this.#pending.get(event.request)?.resolve(event);
      this.#pending.delete(event.request);
    }
    if (event.type === 'fault') this.#rejectAll(event.message);
    if (event.type === 'loaded') this.#loaded = true;
    if (this.#pending.size > 0) this.#await();
    for (const handler of this.#anyHandlers) handler(event);
    for (const handler of this.#handlers.get(event.type) ?? []) handler(event);
  }

  #ask(request: number, command: Command): Promise<EventOf<Answer>> {
    if (this.#lost) return Promise.reject(new LostError('the engine is not running'));
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.send(command);
    });
  }

  #nextRequest(): number {
    return ++this.#request;
  }

  /** An answer is due. */
  #await(): void {
    if (this.#cancelWait) return;
    const patience = this.#options.patience ?? 30_000;
    this.#cancelWait = this.#options.after(() => {
      this.#cancelWait = null;
      this.#lose(`the engine has given no sign of life for ${patience / 1000} s`);
    }, patience);
  }

  #quiet(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }

  #lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#quiet();
    this.#rejectAll(reason);
    for (const handler of this.#lostHandlers) handler(reason);
  }

  #rejectAll(reason: string): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(new LostError(reason));
  }
}

/** The part of a Worker that a port needs. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ): void;
  terminate(): void;
}

/** A port to a module worker that runs worker/main.ts. */
export function workerPort(worker: WorkerLike): Port {
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    listen(receive, lost) {
      worker.addEventListener('message', ({ data }) => receive(data as Event));
      worker.addEventListener('error', ({ message }) =>
        lost(message ? `the engine failed: ${message}` : 'the engine failed to start'),
      );
      worker.addEventListener('messageerror', () => lost('a message from the engine could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
