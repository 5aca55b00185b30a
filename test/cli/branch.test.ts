import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import FileSystemStore from '@zarrita/storage/fs';
import { describe, expect, it } from 'vitest';
import * as zarr from 'zarrita';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const [COLONY] = Object.values(SCENARIOS);
const colony = writeScenario(
  folder,
  'colony.yaml',
  COLONY.replace('cells:\n', 'parameters: { k: 0.2 /s }\ncells:\n').replace('0.2 /s * LuxI', 'k * LuxI'),
);
const edits = writeScenario(
  folder,
  'edits.json',
  JSON.stringify([
    { step: 20, edit: { kind: 'parameter', name: 'k', value: '0.4 /s' } },
    { step: 20, edit: { kind: 'paint', field: 0, at: { x: 20, y: 15, z: 0 }, radius: 5, amount: 5000 } },
    { step: 70, edit: { kind: 'kill', at: { x: 20, y: 15, z: 0 }, radius: 3 } },
  ]),
);

let made = 0;
/** A recording of the colony. */
async function record(...args: readonly string[]): Promise<string> {
  const out = join(folder, `r${made++}`);
  const { status, stderr } = await cellfield('run', colony, '--out', out, ...args);
  expect(stderr.replace(/^warning: .*\n/gm, '')).toBe('');
  expect(status).toBe(0);
  return out;
}

async function json(...args: readonly string[]) {
  const { stdout, status, stderr } = await cellfield(...args, '--json');
  return { status, stderr, ...JSON.parse(stdout) };
}

describe('branch', () => {
  it('without a change is the run itself, and with one parts from it there', async () => {
    const run = await record();
    const [same, other] = [join(folder, 'same'), join(folder, 'other')];
    const whole = await json('run', colony);
    const copy = await json('branch', run, '--at', '74 s', '--out', same);
    expect(copy.stateHash).toBe(whole.stateHash);
    expect((await json('diff', run, same)).first).toBeNull();
    const changed = await json('branch', run, '--at', '74 s', '--set', 'parameters.k=0.6 /s', '--out', other);
    expect(changed.stateHash).not.toBe(whole.stateHash);
    const difference = await json('diff', run, other);
    expect(difference.first.time_s).toBeGreaterThan(74);
    expect(difference.scenario).toEqual([{ path: 'parameters.k', a: '0.2 /s', b: '0.6 /s' }]);
    expect(JSON.parse(read(other, 'provenance.json'))).toMatchObject({
      from: 37,
      parent: { folder: run, step: 37, time_s: 74, set: ['parameters.k=0.6 /s'] },
    });
    // The branch is a recording like any other: its first moment is in it, it can be verified and resumed.
    expect(read(other, 'timeseries.csv').split('\n')[1]).toMatch(/^40,/);
    expect((await cellfield('verify', other)).status).toBe(0);
    const later = await json('resume', other, '--until', '250 s');
    expect(later.steps).toBe(125);
  });

  it('keeps the edits that lie ahead, and what auto has chosen', async () => {
    const run = await record('--events', edits, '--set', 'coupling.schedule=auto');
    const out = join(folder, 'edited');
    const copy = await json('branch', run, '--at', '40 s', '--out', out);
    expect(copy.stateHash).toBe(JSON.parse(read(run, 'provenance.json')).stateHash);
    expect(read(out, 'scenario.yaml')).toMatch(/k: 0.4 \/s/);
    expect(read(out, 'scenario.yaml')).toMatch(/schedule: (weak|strong)/);
    expect((await cellfield('verify', out)).status).toBe(0);
  });

  it.each([
    [['--at', '10 min'], /--at 10 min lies outside the recording, which goes from 0 s to 240 s/],
    [['--at', '3 s'], /--at must be a whole number of steps of 2 s/],
    [['--at', '1 min', '--until', '1 min'], /would end at 60 s, not after --at/],
    [['--at', '1 min', '--set', 'time.step=1 s'], /--set: the step cannot change during a run/],
    [['--at', '1 min', '--set', 'parameters.k=1 um'], /parameters\.k|synthesis/],
  ])('%j is refused', async (args, message) => {
    const run = existsSync(join(folder, 'r0')) ? join(folder, 'r0') : await record();
    const out = join(folder, 'refused');
    const { status, stderr } = await cellfield('branch', run, '--out', out, ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a recording with edits', () => {
  it('is resumed with those still ahead, to the same state', async () => {
    const whole = await record('--events', edits);
    for (const until of ['30 s', '40 s', '140 s']) {
      const out = await record('--events', edits, '--until', until);
      const resumed = await json('resume', out);
      expect(resumed.stateHash).toBe(JSON.parse(read(whole, 'provenance.json')).stateHash);
      expect(read(out, 'events.csv')).toBe(read(whole, 'events.csv'));
      expect((await cellfield('verify', out)).status).toBe(0);
    }
    expect(read(whole, 'events.csv')).toMatch(/^20,40,edit,.*""parameter""/m);
  });
});

describe('verify', () => {
  it('compares every state, frame and row, from any moment', async () => {
    const run = await record();
    const all = await json('verify', run);
    expect(all).toMatchObject({
      status: 'done',
      from: 0,
      to: 120,
      states: 10,
      frames: 12,
      rows: 12,
      difference: null,
    });
    const part = await json('verify', run, '--from', '76 s', '--to', '200 s');
    expect(part).toMatchObject({ from: 36, to: 100, difference: null });
  });

  it('finds what has been tampered with, and says what and where', async () => {
    const harms: [string, RegExp, (run: string) => void][] = [
      [
        'a row',
        /the row of timeseries\.csv differs at step 50/,
        run => {
          const text = read(run, 'timeseries.csv').replace(
            /^50,100,(\d+)/m,
            (_, n) => `50,100,${Number(n) + 1}`,
          );
          writeFileSync(join(run, 'timeseries.csv'), text);
        },
      ],
      [
        'a cell',
        /the frame of cells differs at step \d+/,
        run => {
          const path = join(run, 'cells.arrows');
          const bytes = readFileSync(path);
          bytes[bytes.length - 20] ^= 1;
          writeFileSync(path, bytes);
        },
      ],
      [
        'a chunk',
        /fields\.zarr\/AHL\/5\.0\.0\.0 is damaged/,
        run => {
          writeFileSync(join(run, 'fields.zarr', 'AHL', '5.0.0.0'), 'nonsense');
        },
      ],
      [
        'a checkpoint',
        /step-0000000060\.cellfield: the snapshot is damaged/,
        run => {
          appendFileSync(join(run, 'checkpoints', 'step-0000000060.cellfield'), 'x');
        },
      ],
    ];
    for (const [, message, harm] of harms) {
      const run = await record();
      harm(run);
      const { status, stdout, stderr } = await cellfield('verify', run);
      expect(stdout + stderr).toMatch(message);
      expect(stdout + stderr).not.toMatch(/ at .*\.js:\d+/);
      expect([2, 3]).toContain(status);
    }
  });
});

describe('info', () => {
  it('says what is there', async () => {
    const run = await record('--set', 'recording.keep=3', '--set', 'recording.fields=1 min');
    const info = await json('info', run);
    expect(info).toMatchObject({
      frames: { cells: 13, fields: 5, first_s: 0, last_s: 240 },
      checkpoints: [192, 216, 240],
      state_s: 240,
      locked: false,
      provenance: { status: 'done', step: 120 },
    });
    expect(info.events.division).toBeGreaterThan(0);
    expect(Object.keys(info.bytes)).toEqual(
      expect.arrayContaining(['cells.arrows', 'fields.zarr', 'checkpoints']),
    );
    const text = (await cellfield('info', run)).stdout;
    expect(text).toMatch(/Frames +13 of cells, 5 of fields, 0:00:00 to 0:04:00/);
    expect((await cellfield('info', folder)).stderr).toMatch(/is not a recording: it has no scenario\.yaml/);
  });
});

describe('the fields of a recording', () => {
  it('are a Zarr store with units and coordinates to another implementation', async () => {
    const run = await record();
    const root = zarr.root(new FileSystemStore(join(run, 'fields.zarr')));
    const field = await zarr.open.v2(root.resolve('AHL'), { kind: 'array' });
    expect(field.shape).toEqual([13, 1, 12, 20]);
    expect(field.attrs).toMatchObject({
      _ARRAY_DIMENSIONS: ['time', 'z', 'y', 'x'],
      units: 'molecules um-3',
    });
    const time = await zarr.get(await zarr.open.v2(root.resolve('time'), { kind: 'array' }));
    expect(Array.from(time.data as Float64Array)).toEqual(Array.from({ length: 13 }, (_, i) => 20 * i));
    const x = await zarr.get(await zarr.open.v2(root.resolve('x'), { kind: 'array' }));
    expect(Array.from(x.data as Float64Array)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i + 1));
    const last = await zarr.get(field, [12, null, null, null]);
    const values = Array.from(last.data as Float32Array);
    const [header, ...rows] = read(run, 'timeseries.csv').trimEnd().split('\n');
    const column = header.split(',').indexOf('AHL_molecules');
    // 2 um × 2.5 um × 1 um voxels; single precision.
    const sum = 5 * values.reduce((a, b) => a + b, 0);
    expect(sum / Number(rows[12].split(',')[column])).toBeCloseTo(1, 6);
    expect(readdirSync(join(run, 'fields.zarr', 'AHL')).filter(name => !name.startsWith('.'))).toHaveLength(
      13,
    );
  });
});
