import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Model } from '../../engine/index.ts';
import { takeCells } from '../../engine/recording/cellColumns.ts';
import { RecordingError } from '../exit.ts';
import type { FrameLayout } from './frameFiles.ts';
import type { FrameAnswer, FrameRequest, FrameTask } from './frameThread.ts';

/** Frames that may wait to be written; the engine waits for a place beyond that. */
const WAITING = 3;

/** A thread that does not answer for so long (ms) has been lost. */
const PATIENCE = 300_000;

/**
 * Hands frames to the thread that writes them (frameThread.ts). The engine copies its state and goes on; where the disk is slower
 * than the run, it waits for a place among a few frames, and `waited` says for how long.
 */
export class FrameWriter {
  readonly #folder: string;
  readonly #layout: FrameLayout;
  readonly #port: MessagePort;
  readonly #worker: Worker;
  readonly #done = new Int32Array(new SharedArrayBuffer(4));
  #posted = 0;
  #cells: ArrayBuffer[] = [];
  #fields: ArrayBuffer[] = [];
  #failure: string | null = null;
  /** Milliseconds that the engine has waited for the disk. */
  waited = 0;

  /** @param after continue after the frames up to this step; null: new files */
  constructor(folder: string, layout: FrameLayout, after: number | null) {
    this.#folder = folder;
    this.#layout = layout;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const task: FrameTask = { folder, layout, after, port: port2, done: this.#done };
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./frameThread.${extension}`, import.meta.url), {
      workerData: task,
      transferList: [port2],
    });
    this.#worker.unref();
    this.#port.unref();
    // Until its files are there, the folder is no recording.
    this.flush();
    this.waited = 0;
  }

  /** Records the cells, or the fields, or both, of this moment. @throws RecordingError where an earlier frame could not be written */
  write(model: Model, cells: boolean, fields: boolean): void {
    this.#wait(WAITING - 1);
    const { description, step } = model;
    const taken = cells ? takeCells(model, this.#layout.columns, this.#cells.pop()) : null;
    const values = fields ? this.#takeFields(model) : null;
    const packet = {
      step,
      time: step * description.time.step,
      cells: taken && { count: taken.count, buffer: taken.buffer },
      fields: values,
    };
    const buffers = [taken?.buffer, values].filter(buffer => buffer != null);
    this.#post({ type: 'frame', packet }, buffers);
  }

  /** Waits until all frames so far are on the disk. @throws RecordingError */
  flush(): void {
    this.#post({ type: 'flush' });
    this.#wait(0);
  }

  /** Ends the thread. Never throws: what could not be written has been said by `flush`. */
  close(): void {
    this.#post({ type: 'close' });
    try {
      this.#wait(0);
    } catch {
      // Said before.
    }
    this.#port.close();
    void this.#worker.terminate();
  }

  #takeFields({ fields }: Model): ArrayBuffer {
    const size = fields.reduce((sum, values) => sum + values.length, 0);
    const buffer = this.#fields.pop() ?? new ArrayBuffer(4 * size);
    const into = new Float32Array(buffer);
    let offset = 0;
    for (const values of fields) {
      into.set(values, offset);
      offset += values.length;
    }
    return buffer;
  }

  #post(request: FrameRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(request, [...transfer]);
    this.#posted++;
  }

  /** Until at most so many requests are open. @throws RecordingError */
  #wait(open: number): void {
    const began = performance.now();
    for (;;) {
      const done = Atomics.load(this.#done, 0);
      if (this.#posted - done <= open) break;
      if (Atomics.wait(this.#done, 0, done, PATIENCE) === 'timed-out') {
        throw new RecordingError(`${this.#folder}: nothing could be written for ${PATIENCE / 1000} s`);
      }
    }
    this.waited += performance.now() - began;
    for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port)) {
      const { failure, cells, fields } = got.message as FrameAnswer;
      this.#failure ??= failure;
      if (cells) this.#cells.push(cells);
      if (fields) this.#fields.push(fields);
    }
    if (this.#failure !== null) throw new RecordingError(this.#failure);
  }
}
