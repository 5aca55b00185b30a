import { describe, expect, it } from 'vitest';
import { LoadError, LostError, type Port, SessionClient } from '../../src/session/client.ts';
import type { Command, Event } from '../../src/session/contract.ts';
import { SessionHost } from '../../src/session/host.ts';
import { COLONY } from './support.ts';

interface Timer {
  callback: () => void;
  cancelled: boolean;
}

/** A client wired to hosts in this thread; messages and slices go through the event loop. `deaf` hosts never answer. */
function connected(): {
  client: SessionClient;
  timers: Timer[];
  ports: { lose: (reason: string) => void; emit: (event: Event) => void; ended: boolean }[];
  behaviour: { deaf: boolean };
} {
  const timers: Timer[] = [];
  const ports: ReturnType<typeof connected>['ports'] = [];
  const behaviour = { deaf: false };
  const connect = (): Port => {
    let receive: (event: Event) => void = () => {};
    const state = { lose: (_: string) => {}, emit: (event: Event) => receive(event), ended: false };
    ports.push(state);
    const host = new SessionHost({
      post: (event, transfer) => {
        const copy = structuredClone(event, { transfer: [...transfer] });
        setImmediate(() => receive(copy));
      },
      now: () => performance.now(),
      schedule: callback => setImmediate(() => state.ended || callback()),
    });
    return {
      postMessage(message: Command, transfer) {
        const copy = structuredClone(message, { transfer });
        if (!behaviour.deaf) setImmediate(() => host.receive(copy));
      },
      listen(onEvent, onLost) {
        receive = onEvent;
        state.lose = onLost;
      },
      terminate() {
        state.ended = true;
      },
    };
  };
  const after = (callback: () => void) => {
    const timer = { callback, cancelled: false };
    timers.push(timer);
    return () => {
      timer.cancelled = true;
    };
  };
  return { client: new SessionClient({ connect, after }), timers, ports, behaviour };
}

describe('a client', () => {
  it('loads, checks, takes snapshots and asks for time scales by promise', async () => {
    const { client } = connected();
    await expect(client.snapshot()).rejects.toThrow('no scenario is loaded');
    await expect(client.scales()).rejects.toThrow('no scenario is loaded');
    const info = await client.load(COLONY, 'colony.yaml', ['seed=9']);
    expect(info).toMatchObject({ file: 'colony.yaml', seed: '9' });
    expect(await client.check(COLONY, 'x')).toEqual([]);
    const [problems, bytes] = await Promise.all([client.check('cellfield: 2', 'x'), client.snapshot()]);
    expect(problems.length).toBeGreaterThan(0);
    expect(new TextDecoder().decode(bytes.subarray(0, 9))).toBe('CELLFIELD');
    const { report, reason } = await client.scales();
    expect([report?.time, reason]).toEqual([0, '']);
    client.close();
  });

  it('refuses a faulty scenario with its problems', async () => {
    const { client } = connected();
    const error = await client.load('cellfield: 1', 'x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LoadError);
    expect((error as LoadError).problems.length).toBeGreaterThan(0);
    client.close();
  });

  it('gives events to the handlers of their type, until these have had enough', async () => {
    const { client } = connected();
    const steps: number[] = [];
    const all: string[] = [];
    client.onAny(({ type }) => all.push(type));
    const finished = new Promise<void>(resolve => {
      const stop = client.on('status', ({ status }) => {
        steps.push(status.step);
        if (status.phase !== 'finished') return;
        stop();
        resolve();
      });
    });
    await client.load(COLONY, 'x');
    client.send({ type: 'run', stepsPerSecond: null });
    await finished;
    const heard = steps.length;
    expect(steps.at(-1)).toBe(120);
    client.send({ type: 'restart' });
    await client.check(COLONY, 'x');
    expect(steps.length).toBe(heard);
    expect(new Set(all)).toEqual(new Set(['loaded', 'status', 'series', 'balance', 'log', 'problems']));
    client.close();
  });

  it('gives the buffer of a frame back by transfer', async () => {
    const { client } = connected();
    await client.load(COLONY, 'x');
    const next = () =>
      new Promise<ArrayBuffer>(resolve => {
        const stop = client.on('frame', ({ buffer }) => {
          stop();
          resolve(buffer);
        });
      });
    const first = next();
    client.send({ type: 'ready', buffer: null });
    const buffer = await first;
    const second = next();
    client.send({ type: 'ready', buffer });
    expect(buffer.byteLength).toBe(0);
    client.send({ type: 'step', count: 1 });
    expect((await second).byteLength).toBeGreaterThan(0);
    client.close();
  });
});

describe('a lost host', () => {
  it('that reports an error is told of; promises fail; a new one can be started', async () => {
    const { client, ports } = connected();
    await client.load(COLONY, 'x');
    const reasons: string[] = [];
    client.onLost(reason => reasons.push(reason));
    const asked = client.snapshot();
    ports[0].lose('the engine failed: out of memory');
    await expect(asked).rejects.toThrow(LostError);
    await expect(client.check(COLONY, 'x')).rejects.toThrow(LostError);
    expect(reasons).toEqual(['the engine failed: out of memory']);
    expect(client.lost).toBe(true);
    client.restart();
    expect(ports[0].ended).toBe(true);
    expect(client.lost).toBe(false);
    expect((await client.load(COLONY, 'x')).title).toBe('A colony in miniature');
    // The dead host is no longer heard.
    let heard = 0;
    client.on('refused', () => heard++);
    ports[0].emit({ type: 'refused', message: 'from the grave' });
    expect(heard).toBe(0);
    client.close();
  });

  it('is noticed by its silence where an answer is due', async () => {
    const { client, timers, behaviour } = connected();
    await client.load(COLONY, 'x');
    expect(timers.every(({ cancelled }) => cancelled)).toBe(true);
    behaviour.deaf = true;
    const asked = client.snapshot();
    const waiting = timers.filter(({ cancelled }) => !cancelled);
    expect(waiting.length).toBe(1);
    waiting[0].callback();
    await expect(asked).rejects.toThrow(/no sign of life for 30 s/);
    expect(client.lost).toBe(true);
    client.close();
  });

  it('that has a fault fails what was asked, and lives on', async () => {
    const { client, ports } = connected();
    await client.load(COLONY, 'x');
    const asked = client.snapshot();
    ports[0].emit({ type: 'fault', message: 'a defect' });
    await expect(asked).rejects.toThrow('a defect');
    expect(client.lost).toBe(false);
    client.close();
  });
});
