import type { DeathLog } from '../engine/cells/death.ts';
import type { Model } from '../engine/model/model.ts';
import { DEATH_NUMBERS, writeFrame } from '../engine/recording/frame.ts';

/** Least milliseconds between frames: 60 per second. */
const INTERVAL = 1000 / 60;
/** Share of the engine's time that frames may take while it runs. */
const SHARE = 0.04;
/** Of more deaths between two frames the later ones are not shown. */
const MOST_DEATHS = 10_000;

/**
 * When a frame is to be written, and into which buffer. A frame is written only when the view has asked for one and there is
 * something new to see, at most 60 times a second, and while running so seldom that frames take at most a 25th of the time.
 */
export class FramePacer {
  #wanted = false;
  #fresh = false;
  #spare: ArrayBuffer | undefined;
  #due = 0;
  /** Milliseconds that a frame takes, averaged. */
  #cost = 0;
  #deaths: number[] = [];

  /** The view is ready for a frame, and gives a buffer back. */
  ready(buffer: ArrayBuffer | null): void {
    this.#wanted = true;
    if (buffer && buffer.byteLength > 0) this.#spare = buffer;
  }

  /** The state has changed. */
  touch(): void {
    this.#fresh = true;
  }

  /** The state is another one: deaths on the way there are not shown. */
  jump(): void {
    this.#fresh = true;
    this.#deaths = [];
  }

  noteDeaths(log: DeathLog): void {
    for (let i = 0; i < log.count && this.#deaths.length < DEATH_NUMBERS * MOST_DEATHS; i++) {
      this.#deaths.push(log.x[i], log.y[i], log.z[i], log.radius[i], log.type[i], log.halfX[i], log.halfY[i]);
    }
  }

  /** Milliseconds until a frame is to be written; Infinity while there is nothing to do. */
  wait(now: number): number {
    return this.#wanted && this.#fresh ? Math.max(0, this.#due - now) : Number.POSITIVE_INFINITY;
  }

  /** Writes a frame. `now` is read before and after. */
  write(model: Model, now: () => number, running: boolean): ArrayBuffer {
    const started = now();
    model.profile.enter('recording');
    const { buffer } = writeFrame(model, this.#deaths, this.#spare);
    model.profile.enter(null);
    const took = now() - started;
    this.#cost = this.#cost === 0 ? took : 0.8 * this.#cost + 0.2 * took;
    this.#spare = undefined;
    this.#deaths = [];
    this.#wanted = false;
    this.#fresh = false;
    const interval = Math.max(INTERVAL, running ? this.#cost / SHARE : 0);
    // Counted from when it was due, so that jitter of the view does not halve the rate; but lost time stays lost.
    this.#due = started - this.#due < interval ? this.#due + interval : started + interval;
    return buffer;
  }
}
