import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Command, Event } from '../../src/session/contract.ts';
import { SessionHost } from '../../src/session/host.ts';
import type { RecordingSink } from '../../src/session/record/sink.ts';
import { cellfield } from '../cli/cellfield.ts';
import { KILL, PARAMETER, PLACE, RUN } from './hostFixtures.ts';
import { COLONY } from './support.ts';

let folders: string[] = [];
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

/** A host that records into a folder on disk; `fails` makes the writing of a file fail. */
function recordingHost(fails: (path: string) => boolean = () => false) {
  const folder = mkdtempSync(join(tmpdir(), 'cellfield-record-'));
  folders.push(folder);
  const put = (path: string, content: Uint8Array | string, flag: 'a' | 'w') => {
    if (fails(path)) throw new Error(`${path}: the disk is full`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { flag });
  };
  const sink: RecordingSink = {
    append: async (path, content) => put(path, content, 'a'),
    put: async (path, content) => put(path, content, 'w'),
    remove: async path => rmSync(join(folder, path)),
    commit: async () => {},
    close: async () => null,
  };
  const events: Event[] = [];
  const waiting: (() => void)[] = [];
  const host = new SessionHost({
    post: event => events.push(event),
    now: () => performance.now(),
    schedule: callback => waiting.push(callback),
    recording: {
      deflate: async bytes => deflateSync(bytes),
      date: () => '2026-01-01T00:00:00.000Z',
      platform: 'a test',
      sinkOf: () => sink,
    },
  });
  const last = <T extends Event['type']>(type: T) =>
    events.findLast((event): event is Extract<Event, { type: T }> => event.type === type);
  return {
    folder,
    last,
    /** Sends, and lets the host and its writing come to rest. */
    async send(...commands: Command[]): Promise<void> {
      for (const command of commands) host.receive(command);
      for (let idle = 0; idle < 3; ) {
        const next = waiting.shift();
        next?.();
        await new Promise(resolve => setImmediate(resolve));
        if (waiting.length === 0) idle++;
        else idle = 0;
      }
    },
  };
}

const LOAD: Command = { type: 'load', request: 1, text: COLONY, file: 'colony.yaml' };
const RECORD: Command = { type: 'record', name: 'colony', folder: null };

describe('the recording of a live run', () => {
  it('is verified and resumed by the command, begun on the way, with edits before and after', async () => {
    const { send, folder, last } = recordingHost();
    await send(LOAD, { type: 'step', count: 3 });
    await send({ type: 'edit', edit: PARAMETER });
    await send({ type: 'step', count: 4 });
    await send(RECORD);
    await send({ type: 'step', count: 10 }, { type: 'edit', edit: KILL }, { type: 'edit', edit: PLACE });
    await send({ type: 'seek', time: 0 });
    expect(last('refused')?.message).toMatch(/stop the recording first/);
    await send(RUN);
    expect(last('recording')?.status).toMatchObject({ phase: 'ended', message: null });
    const provenance = JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8'));
    expect(provenance).toMatchObject({ status: 'done', from: 7, step: 120 });
    const verified = await cellfield('verify', folder, '--json');
    expect(verified.stderr).toBe('');
    expect(JSON.parse(verified.stdout)).toMatchObject({ status: 'done', from: 7, to: 120, difference: null });
    const resumed = await cellfield('resume', folder, '--until', '5 min', '--json');
    expect([resumed.status, resumed.stderr]).toEqual([0, '']);
  });

  it('ends with what went wrong where it cannot be written, and the run goes on', async () => {
    let full = false;
    const { send, last } = recordingHost(path => full && path === 'cells.arrows');
    await send(LOAD, RECORD, { type: 'step', count: 15 });
    full = true;
    await send(RUN);
    expect(last('recording')?.status).toMatchObject({
      phase: 'failed',
      message: 'cells.arrows: the disk is full',
    });
    expect(last('status')?.status.phase).toBe('finished');
  });
});
