import { Worker } from 'node:worker_threads';
import { createThreads, type Link, type Threads } from '../engine/index.ts';

/** Threads of Node.js for models: `build(scenario, { threads })`. */
export interface NodeThreads extends Threads {
  /** Ends the threads; a model that had them goes on alone, to the same bits. */
  close(): Promise<void>;
}

/** Seconds in a row without any computing of this process after which a thread that is waited for is taken for dead. */
const DEAD_AFTER = 10;

/** Milliseconds of processor time in a second that are no computing. */
const IDLE = 5;

/**
 * Starts `count` − 1 threads beside the caller's own. They join as soon as they are ready, and do not keep the process alive.
 * @throws RangeError
 */
export function startThreads(count: number): NodeThreads {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`the number of threads must be a whole number from 1 on, got ${count}`);
  }
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const workers = Array.from({ length: count - 1 }, () => {
    const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url));
    worker.unref();
    return worker;
  });
  let loss: string | null = null;
  workers.forEach((worker, i) => {
    worker.on('error', error => {
      loss ??= `thread ${i + 2} of ${count} failed: ${error.stack ?? error.message}`;
    });
  });
  const links: Link[] = workers.map(worker => ({ post: message => worker.postMessage(message) }));
  const threads = createThreads(
    links,
    createWatch(() => loss),
  );
  return {
    count,
    enlist: setup => {
      if (loss !== null) throw new Error(loss);
      return threads.enlist(setup);
    },
    dismiss: () => threads.dismiss(),
    async close() {
      threads.dismiss();
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}

/**
 * A thread that has run out of memory leaves no word while its boss, which waits for it, does not see to its events. But then
 * the whole process rests, which it does not while anybody computes.
 */
function createWatch(findLoss: () => string | null): () => string | null {
  let rested = 0;
  let before = process.cpuUsage();
  let looked = performance.now();
  return () => {
    const used = process.cpuUsage(before);
    const now = performance.now();
    const restedNow = (used.user + used.system) / 1000 < IDLE && now - looked < 2000;
    rested = restedNow ? rested + 1 : 0;
    before = process.cpuUsage();
    looked = now;
    if (rested < DEAD_AFTER) return findLoss();
    return findLoss() ?? 'a thread has gone without a word (out of memory?)';
  };
}
