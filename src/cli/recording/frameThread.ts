import { type MessagePort, workerData } from 'node:worker_threads';
import { describeSystemError, isSystemError } from '../systemError.ts';
import { FrameFiles, type FrameLayout, type FramePacket } from './frameFiles.ts';

/** What the thread is started with. */
export interface FrameTask {
  readonly folder: string;
  readonly layout: FrameLayout;
  /** Continue after this step; null: new files. */
  readonly after: number | null;
  readonly port: MessagePort;
  /** [0]: how many requests have been dealt with, failed ones too. */
  readonly done: Int32Array;
}

export type FrameRequest =
  | { readonly type: 'frame'; readonly packet: FramePacket }
  /** Everything so far is to reach the disk. */
  | { readonly type: 'flush' }
  | { readonly type: 'close' };

export interface FrameAnswer {
  /** What went wrong; nothing more is written after it. */
  readonly failure: string | null;
  /** Buffers to be used again. */
  readonly cells: ArrayBuffer | null;
  readonly fields: ArrayBuffer | null;
}

/** The thread that encodes, compresses and writes frames, in the order in which they come. */
const { folder, layout, after, port, done } = workerData as FrameTask;
let files: FrameFiles | null = null;
let failure: string | null = null;

function attempt(act: () => void): void {
  if (failure !== null) return;
  try {
    act();
  } catch (error) {
    failure = isSystemError(error)
      ? describeSystemError(error, error.path ?? folder)
      : `a frame cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

attempt(() => {
  files = after === null ? FrameFiles.create(folder, layout) : FrameFiles.reopen(folder, layout, after);
});

port.on('message', (request: FrameRequest) => {
  attempt(() => {
    if (request.type === 'frame') files?.write(request.packet);
    else if (request.type === 'flush') files?.flush();
  });
  if (request.type === 'close') {
    files?.close();
    port.close();
  } else {
    const { cells = null, fields = null } = request.type === 'frame' ? request.packet : {};
    const buffers = [cells?.buffer, fields].filter(buffer => buffer != null);
    const answer: FrameAnswer = { failure, cells: cells?.buffer ?? null, fields };
    port.postMessage(answer, buffers);
  }
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});
