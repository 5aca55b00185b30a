import cliProgress from 'cli-progress';
import { countCells, type Model, timeOf } from '../engine/index.ts';
import { clockTime } from './format.ts';

/** Milliseconds between updates. */
const EVERY = 200;

/** A progress bar on stderr: share done, simulated time, cells, steps per second, time left. Nothing where stderr is no terminal. */
export class Progress {
  readonly #bar: cliProgress.SingleBar | null;
  readonly #firstStep: number;
  readonly #started = performance.now();
  #shown = 0;

  constructor(model: Model, lastStep: number, quiet: boolean) {
    this.#firstStep = model.step;
    if (quiet || !process.stderr.isTTY) {
      this.#bar = null;
      return;
    }
    this.#bar = new cliProgress.SingleBar({
      format: '{bar} {percentage}%  {time}  {cells} cells  {rate} steps/s  {left} left',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 28,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.#bar.start(lastStep, model.step, this.#payload(model, lastStep));
  }

  update(model: Model, lastStep: number): void {
    const now = performance.now();
    if (!this.#bar || now - this.#shown < EVERY) return;
    this.#shown = now;
    this.#bar.update(model.step, this.#payload(model, lastStep));
  }

  stop(): void {
    this.#bar?.stop();
  }

  #payload(model: Model, lastStep: number): Record<string, string> {
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = (model.step - this.#firstStep) / seconds;
    return {
      time: clockTime(timeOf(model)),
      cells: String(countCells(model).reduce((a, b) => a + b, 0)),
      rate: rate > 0 ? rate.toPrecision(3) : '–',
      left: rate > 0 ? clockTime((lastStep - model.step) / rate) : '–',
    };
  }
}
