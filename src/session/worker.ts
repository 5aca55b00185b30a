import { problemOf } from './answers.ts';
import type { Command, Event, RecordingPlace } from './contract.ts';
import { type HostOptions, SessionHost } from './host.ts';
import type { Post } from './publisher.ts';
import type { Inflate } from './replay/frames.ts';
import { ReplayHost } from './replay/host.ts';
import type { ReadFolder } from './replay/place.ts';

export interface WorkerOptions extends HostOptions {
  readonly inflate: Inflate;
  /** How the folder of a recording is read. */
  readonly folderOf: (place: RecordingPlace) => ReadFolder;
}

/** What a view talks to: the engine's host, or in its place a recording while one is open. A load ends that. */
export class WorkerHost {
  readonly #options: WorkerOptions;
  readonly #live: SessionHost;
  #replay: ReplayHost | null = null;
  /** What the live run would say is not heard: a recording is open, or being opened. */
  #muted = false;
  #opening = 0;
  /** The view is ready for a frame, from whichever side it comes. */
  #ready = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#live = new SessionHost({
      ...options,
      post: (event, transfer) => {
        if (!this.#muted) this.#post(event, transfer);
      },
    });
  }

  receive(command: Command): void {
    if (command.type === 'open') {
      void this.#open(command.request, command.place);
      return;
    }
    if (command.type === 'ready') this.#ready = true;
    if (command.type === 'load') this.#leave();
    if (this.#replay && command.type !== 'check') this.#replay.receive(command);
    else this.#live.receive(command);
  }

  async #open(request: number, place: RecordingPlace): Promise<void> {
    const opening = ++this.#opening;
    const { now, schedule, inflate, folderOf } = this.#options;
    const post: Post = (event, transfer) => {
      if (opening === this.#opening) this.#post(event, transfer);
    };
    const wasOpen = this.#replay;
    if (wasOpen) wasOpen.receive({ type: 'pause' });
    else if (this.#live.loaded) {
      this.#live.receive({ type: 'pause' });
      this.#live.endRecording();
    }
    this.#muted = true;
    try {
      const host = await ReplayHost.open(request, folderOf(place), { post, now, schedule, inflate });
      if (opening !== this.#opening) host?.close();
      else if (host) {
        this.#replay?.close();
        this.#replay = host;
        if (this.#ready) host.receive({ type: 'ready', buffer: null });
        return;
      }
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      post({ type: 'problems', request, problems: [problemOf(message)] }, []);
    }
    if (opening === this.#opening) this.#muted = wasOpen !== null;
  }

  /** Back to the live run. */
  #leave(): void {
    this.#opening++;
    this.#muted = false;
    if (!this.#replay) return;
    this.#replay.close();
    this.#replay = null;
    if (this.#ready) this.#live.receive({ type: 'ready', buffer: null });
  }

  #post(event: Event, transfer: readonly ArrayBuffer[]): void {
    if (event.type === 'frame') this.#ready = false;
    this.#options.post(event, transfer);
  }
}
