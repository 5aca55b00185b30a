import { LabClient, labPort } from '../../session/lab/client.ts';

/** Starts a worker of the circuit lab. */
export function connectLab(): LabClient {
  return new LabClient({
    connect: () => labPort(new Worker(new URL('../../worker/lab.ts', import.meta.url), { type: 'module' })),
    after: (callback, delay) => {
      const timer = setTimeout(callback, delay);
      return () => clearTimeout(timer);
    },
  });
}
