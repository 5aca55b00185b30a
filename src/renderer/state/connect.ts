import { SessionClient, workerPort } from '../../session/client.ts';
import type { Connect } from './engine.ts';

/** Starts the engine in a module worker of its own. */
export const connectSession: Connect = (onEvent, onLost) => {
  const client = new SessionClient({
    connect: () =>
      workerPort(new Worker(new URL('../../worker/main.ts', import.meta.url), { type: 'module' })),
    after: (callback, delay) => {
      const timer = setTimeout(callback, delay);
      return () => clearTimeout(timer);
    },
  });
  client.onAny(onEvent);
  client.onLost(onLost);
  return client;
};
