import type { LabCommand, LabEvent } from '../session/lab/contract.ts';
import { LabHost } from '../session/lab/host.ts';

/** The module worker of the circuit lab. Between two slices it goes through the message queue, by a message to itself. */
const channel = new MessageChannel();
let next: (() => void) | null = null;
channel.port1.onmessage = () => {
  const callback = next;
  next = null;
  callback?.();
};

const host = new LabHost({
  post: (event: LabEvent) => self.postMessage(event),
  now: () => performance.now(),
  schedule(callback) {
    next = callback;
    channel.port2.postMessage(null);
  },
});

self.onmessage = ({ data }: MessageEvent<LabCommand>) => host.receive(data);
