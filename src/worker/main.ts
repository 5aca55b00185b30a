import type { Command, Event } from '../session/contract.ts';
import { WorkerHost } from '../session/worker.ts';
import { deflate } from './deflate.ts';
import { readFolderOf } from './folder.ts';
import { inflate } from './inflate.ts';
import { sinkOf } from './sinks.ts';

/**
 * The module worker that the engine runs in. Between two slices of stepping it goes through the message queue, so that
 * commands are let in: by a message to itself, since a timer of 0 ms waits for 4 ms after a few rounds.
 */
const channel = new MessageChannel();
let next: (() => void) | null = null;
channel.port1.onmessage = () => {
  const callback = next;
  next = null;
  callback?.();
};

function schedule(callback: () => void, delay: number): void {
  // Timers are whole milliseconds.
  if (delay >= 1) setTimeout(callback, delay);
  else {
    next = callback;
    channel.port2.postMessage(null);
  }
}

const host = new WorkerHost({
  post: (event: Event, transfer) => self.postMessage(event, { transfer: [...transfer] }),
  now: () => performance.now(),
  schedule,
  inflate,
  folderOf: readFolderOf,
  recording: {
    deflate,
    sinkOf,
    date: () => new Date().toISOString(),
    platform: `the app, ${navigator.userAgent}`,
  },
});

self.onmessage = ({ data }: MessageEvent<Command>) => host.receive(data);
