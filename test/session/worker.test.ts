import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Command, Event } from '../../src/session/contract.ts';
import { COLONY } from './support.ts';

afterEach(() => vi.unstubAllGlobals());

class FairChannel {
  readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
  readonly port2 = { postMessage: () => setImmediate(() => this.port1.onmessage?.()) };
}

describe('the worker', () => {
  it('serves the contract on its global scope, and hears a pause between slices', async () => {
    let heard: (event: Event) => void = () => {};
    const transferred: number[] = [];
    const scope: {
      onmessage: ((event: { data: Command }) => void) | null;
      postMessage: (event: Event, options: { transfer: ArrayBuffer[] }) => void;
    } = {
      onmessage: null,
      postMessage(event, options) {
        const copy = structuredClone(event, options);
        transferred.push(options.transfer.length);
        // As a message, not as a call.
        setImmediate(() => heard(copy));
      },
    };
    vi.stubGlobal('self', scope);
    // A browser lets other messages in between those of a channel; the channels of Node do so only after a thousand.
    vi.stubGlobal('MessageChannel', FairChannel);
    await import('../../src/worker/main.ts');
    const send = (data: Command) => scope.onmessage?.({ data });
    const steps: number[] = [];
    const phase = (wanted: string) =>
      new Promise<number>(resolve => {
        heard = event => {
          if (event.type !== 'status') return;
          steps.push(event.status.step);
          if (event.status.phase === wanted) resolve(event.status.step);
        };
      });
    send({ type: 'load', request: 1, text: COLONY.replace('end: 4 min', 'end: 10 h'), file: 'x' });
    await phase('paused');
    send({ type: 'ready', buffer: null });
    send({ type: 'run', stepsPerSecond: null });
    await phase('running');
    await new Promise(resolve => setTimeout(resolve, 50));
    send({ type: 'pause' });
    const step = await phase('paused');
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(18_000);
    // A limited run waits for its steps by a timer.
    const started = performance.now();
    send({ type: 'run', stepsPerSecond: 100 });
    await new Promise(resolve => setTimeout(resolve, 100));
    send({ type: 'pause' });
    const allowed = 1 + (performance.now() - started) / 10;
    expect(await phase('paused')).toBeLessThanOrEqual(step + allowed);
    expect(Math.max(...transferred)).toBe(1);
  });
});
