import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Recording } from '../../src/cli/recording/recording.ts';
import { build, loadScenario, type Model, simulate } from '../../src/engine/index.ts';
import type { Event } from '../../src/session/contract.ts';
import type { Inflate } from '../../src/session/replay/frames.ts';
import type { ReplayOptions } from '../../src/session/replay/host.ts';
import { type FileLike, folderOfFiles, type ReadFolder } from '../../src/session/replay/place.ts';

export const inflate: Inflate = async (bytes, most) => inflateSync(bytes, { maxOutputLength: most });

/** A folder on disk as a browser gives one of chosen files, whole in memory, so that reading takes no time. */
export function chosenFolder(path: string): ReadFolder {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter(name => statSync(join(path, name)).isFile());
  return folderOfFiles(
    'recording',
    new Map(files.map(name => [name, fileOf(readFileSync(join(path, name)))])),
  );
}

function fileOf(bytes: Buffer): FileLike {
  const part = (start: number, end: number) =>
    Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer);
  return {
    size: bytes.length,
    slice: (start, end) => ({ arrayBuffer: () => part(start, end) }),
    arrayBuffer: () => part(0, bytes.length),
    text: () => Promise.resolve(bytes.toString('utf8')),
  };
}

/** Records a scenario to its end as the command does; `seen` is called with the model at every step. */
export function recordRun(text: string, seen: (model: Model) => void = () => {}): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'cellfield-replay-')), 'recording');
  const scenario = loadScenario(text);
  const model = build(scenario);
  const recording = Recording.create(folder, { scenario, model }, false);
  simulate(model, { observers: [...recording.observers(), { when: () => true, act: seen }] });
  recording.close(model, 'done');
  return folder;
}

export function removeRun(folder: string): void {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}

/** A host's surroundings under a clock that the test moves: what was posted, and what waits. */
export function surroundings() {
  const events: Event[] = [];
  const waiting: { at: number; callback: () => void }[] = [];
  let clock = 0;
  const options: ReplayOptions = {
    post: event => events.push(event),
    now: () => clock,
    schedule: (callback, delay) => waiting.push({ at: clock + delay, callback }),
    inflate,
  };
  return {
    options,
    events,
    of: <Type extends Event['type']>(type: Type) =>
      events.filter((event): event is Extract<Event, { type: Type }> => event.type === type),
    /** Moves the clock, and lets what became due happen. */
    async move(milliseconds: number): Promise<void> {
      const end = clock + milliseconds;
      for (;;) {
        await settle();
        waiting.sort((a, b) => a.at - b.at);
        if (waiting.length === 0 || waiting[0].at > end) break;
        const next = waiting.shift();
        clock = Math.max(clock, next?.at ?? 0);
        next?.callback();
      }
      clock = end;
      await settle();
    },
  };
}

/** Until reads that were begun have come back: they wait for nothing but promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve));
}
