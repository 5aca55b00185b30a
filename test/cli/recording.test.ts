import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wholeFrames } from '../../src/cli/recording/frameFiles.ts';
import { build, loadScenario, restoreSnapshot, stateHash } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import {
  COMMAND,
  COSINE,
  cellfield,
  read,
  start,
  temporaryFolder,
  until,
  writeScenario,
} from './cellfield.ts';

const folder = temporaryFolder();
const [COLONY_TEXT] = Object.values(SCENARIOS);
const colony = writeScenario(folder, 'colony.yaml', COLONY_TEXT);
const FILES = [
  'cells.arrows',
  'events.csv',
  'frames.csv',
  'provenance.json',
  'scenario.yaml',
  'state.cellfield',
  'timeseries.csv',
];
const FOLDERS = ['checkpoints', 'fields.zarr'];

/** Far more steps than a test waits for. */
const ENDLESS = ['run', COSINE, '--until', '100000 s', '--set', 'time.record=0.05 s'];

/** What is printed, but for the room that a long recording will take. */
function withoutNeed(printed: string): string {
  return printed.replace(/^warning: the recording will take .*\n/m, '');
}

let folders = 0;
function fresh(): string {
  return join(folder, `recording-${folders++}`);
}

/** Its files; the folders aside. */
function filesIn(recording: string): string[] {
  return readdirSync(recording)
    .filter(name => !FOLDERS.includes(name))
    .sort();
}

function provenance(recording: string) {
  return JSON.parse(read(recording, 'provenance.json'));
}

/** Hash of the state in a recording. */
function recordedState(recording: string): { step: number; hash: string } {
  const model = build(loadScenario(read(recording, 'scenario.yaml')));
  restoreSnapshot(
    model,
    readFileSync(join(recording, 'state.cellfield')),
    provenance(recording).scenarioHash,
  );
  return { step: model.step, hash: stateHash(model) };
}

/** Steps of the rows of a time series; every row must be whole. */
function recordedSteps(recording: string): number[] {
  const [header, ...rows] = read(recording, 'timeseries.csv').trimEnd().split('\n');
  const columns = header.split(',').length;
  return rows.map(row => {
    const values = row.split(',').map(Number);
    expect(values).toHaveLength(columns);
    expect(values.every(Number.isFinite)).toBe(true);
    return values[0];
  });
}

async function grown(recording: string, bytes: number): Promise<void> {
  const path = join(recording, 'timeseries.csv');
  await until(() => existsSync(path) && readFileSync(path).length > bytes);
}

describe('a recording', () => {
  it('holds the resolved scenario, provenance, a row per recorded step and the last state', async () => {
    const out = join(fresh(), 'in', 'new', 'folders');
    const args = ['--seed', '5', '--set', 'time.end=1 min', '--out', out, '--json'];
    const { status, stdout } = await cellfield('run', colony, ...args);
    expect(status).toBe(0);
    const summary = JSON.parse(stdout);
    expect(filesIn(out)).toEqual(FILES);
    expect(provenance(out)).toMatchObject({
      status: 'done',
      seed: '5',
      step: 30,
      time_s: 60,
      stateHash: summary.stateHash,
      title: summary.title,
    });
    expect(recordedSteps(out)).toEqual([0, 10, 20, 30]);
    expect(recordedState(out)).toEqual({ step: 30, hash: summary.stateHash });
    const again = await cellfield('run', join(out, 'scenario.yaml'), '--json');
    expect(JSON.parse(again.stdout).stateHash).toBe(summary.stateHash);
  });

  it('is replaced only with --force', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--out', out);
    const before = FILES.map(name => readFileSync(join(out, name)));
    const refused = await cellfield('run', colony, '--out', out);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/already holds a recording; use --force to replace it/);
    expect(FILES.map(name => readFileSync(join(out, name)))).toEqual(before);
    const invalid = await cellfield('run', colony, '--out', out, '--force', '--set', 'time.end=1 um');
    expect(invalid.status).toBe(2);
    expect(FILES.map(name => readFileSync(join(out, name)))).toEqual(before);
    const forced = await cellfield('run', colony, '--out', out, '--force', '--until', '20 s');
    expect(forced.status).toBe(0);
    expect(provenance(out).title).toBe('A colony in miniature');
    expect(recordedSteps(out)).toEqual([0, 10]);
  });

  it('never replaces files that are not a recording, not even with --force', async () => {
    const diary = fresh();
    mkdirSync(diary);
    writeFileSync(join(diary, 'diary.txt'), 'dear me');
    const csv = fresh();
    mkdirSync(csv);
    writeFileSync(join(csv, 'timeseries.csv'), 'my,own,data\n');
    const nested = fresh();
    mkdirSync(join(nested, 'provenance.json'), { recursive: true });
    for (const out of [diary, csv, nested]) {
      const before = readdirSync(out);
      const { status, stderr } = await cellfield('run', COSINE, '--out', out, '--force');
      expect(stderr).toMatch(/holds other files; choose an empty or new folder/);
      expect(status).toBe(2);
      expect(readdirSync(out)).toEqual(before);
    }
    expect(read(csv, 'timeseries.csv')).toBe('my,own,data\n');
  });

  it('is not begun for a scenario or option that is refused', async () => {
    const out = fresh();
    for (const args of [['--set', 'time.end=1 um'], ['--until', '0.07 s'], ['--frobnicate']]) {
      expect((await cellfield('run', COSINE, '--out', out, ...args)).status).toBe(2);
      expect(existsSync(out)).toBe(false);
    }
  });

  it('keeps a failed run up to its failure, and fails in the same place when resumed', async () => {
    const out = fresh();
    const text = COLONY_TEXT.replace('k: 0.05 /s', 'rate: (0.05 /s - 1e-3 /s^2 * time) * mRNA');
    const doomed = writeScenario(folder, 'doomed.yaml', text);
    const failed = await cellfield('run', doomed, '--out', out, '--json');
    expect(failed.status).toBe(3);
    const { failure } = JSON.parse(failed.stdout);
    expect(provenance(out)).toMatchObject({ status: 'failed', failure: failure.message });
    expect(recordedSteps(out)).toEqual([0, 10, 20]);
    const resumed = await cellfield('resume', out, '--json');
    expect(resumed.status).toBe(3);
    expect(JSON.parse(resumed.stdout).failure).toEqual(failure);
    expect(recordedSteps(out)).toEqual([0, 10, 20]);
  });
});

describe('resume', () => {
  it.each(Object.entries(SCENARIOS))('run and resume equal a run: %s', async (_, text) => {
    const scenario = writeScenario(folder, 'halves.yaml', text);
    const [whole, halves] = [fresh(), fresh()];
    const { steps, step } = { steps: 120, step: loadScenario(text).description.time.step };
    const straight = await cellfield('run', scenario, '--out', whole, '--json');
    // Not at a recorded step.
    const first = await cellfield('run', scenario, '--until', `${37 * step} s`, '--out', halves, '--json');
    expect(JSON.parse(first.stdout).steps).toBe(37);
    const second = await cellfield('resume', halves, '--json');
    expect(JSON.parse(straight.stdout).steps).toBe(steps);
    const { wallSeconds: _a, phaseSeconds: _b, recording: _e, ...expected } = JSON.parse(straight.stdout);
    const { wallSeconds: _c, phaseSeconds: _d, recording: _f, ...found } = JSON.parse(second.stdout);
    expect(found).toEqual(expected);
    const contents = (recording: string) =>
      readdirSync(recording, { recursive: true, encoding: 'utf8' })
        .filter(name => name !== 'provenance.json' && statSync(join(recording, name)).isFile())
        .sort()
        .map(name => ({ name, bytes: readFileSync(join(recording, name)).toString('base64') }));
    expect(contents(halves)).toEqual(contents(whole));
  });

  it('goes on beyond the scenario’s end, and says where the recording is already', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--out', out);
    const beyond = await cellfield('resume', out, '--until', '5 s', '--json');
    expect(JSON.parse(beyond.stdout)).toMatchObject({ status: 'done', steps: 100 });
    const already = await cellfield('resume', out);
    expect(already.status).toBe(0);
    expect(already.stderr).toMatch(/already at 0:00:05; use --until for a later end/);
    expect(provenance(out)).toMatchObject({ status: 'done', step: 100 });
    expect(recordedSteps(out).at(-1)).toBe(100);
  });

  it('continues a recording of no steps without writing its first row twice', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--until', '0 s', '--out', out);
    expect(recordedSteps(out)).toEqual([0]);
    expect((await cellfield('resume', out, '--until', '0.4 s')).status).toBe(0);
    expect(recordedSteps(out)).toEqual([0, 4, 8]);
  });

  it('drops rows later than the state, and a row that was cut off', async () => {
    const out = fresh();
    const whole = fresh();
    await cellfield('run', COSINE, '--out', whole);
    await cellfield('run', COSINE, '--out', out, '--until', '2 s');
    const later = read(whole, 'timeseries.csv').split('\n');
    const from = later.findIndex(row => row.startsWith('44,'));
    appendFileSync(
      join(out, 'timeseries.csv'),
      `${later.slice(from, from + 3).join('\n')}\n${later[from + 3].slice(0, 9)}`,
    );
    expect((await cellfield('resume', out)).status).toBe(0);
    expect(read(out, 'timeseries.csv')).toBe(read(whole, 'timeseries.csv'));
  });

  it('refuses what is damaged, with the file’s name and without touching the rest', async () => {
    const whole = fresh();
    await cellfield('run', COSINE, '--out', whole);
    const damage: [string, (path: string) => void, RegExp][] = [
      [
        'state.cellfield',
        path => truncateSync(path, 1000),
        /state\.cellfield: the snapshot is damaged or cut short/,
      ],
      [
        'state.cellfield',
        path => writeFileSync(path, ''),
        /state\.cellfield: this is not a Cellfield snapshot/,
      ],
      ['state.cellfield', path => rmSync(path), /has no state\.cellfield to resume from/],
      ['timeseries.csv', path => rmSync(path), /timeseries\.csv: there is no such file/],
      ['timeseries.csv', path => writeFileSync(path, 'other,columns\n1,2\n'), /its columns differ/],
      ['timeseries.csv', path => writeFileSync(path, ''), /its columns differ/],
      ['provenance.json', path => truncateSync(path, 20), /provenance\.json is missing or damaged/],
      ['scenario.yaml', path => rmSync(path), /it has no scenario\.yaml/],
      ['scenario.yaml', path => truncateSync(path, 100), /scenario\.yaml:\d+/],
      ['scenario.yaml', path => appendFileSync(path, '# edited\n'), /belongs to another scenario/],
    ];
    for (const [name, harm, message] of damage) {
      const out = fresh();
      cpSync(whole, out, { recursive: true });
      harm(join(out, name));
      const { status, stdout, stderr } = await cellfield('resume', out);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/ at .*\.js:\d+/);
      expect(stdout).toBe('');
      expect(status).toBe(2);
      for (const other of FILES.filter(file => file !== name && existsSync(join(out, file)))) {
        expect(readFileSync(join(out, other)).equals(readFileSync(join(whole, other)))).toBe(true);
      }
      expect(readdirSync(out)).not.toContain('lock');
    }
  });
});

describe('a run that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s ends with status 130 and can be resumed',
    async signal => {
      const out = fresh();
      const run = start(...ENDLESS, '--out', out, '--json');
      await grown(out, 20_000);
      run.process.kill(signal);
      const { status, stdout, stderr } = await run.ended;
      expect(status).toBe(130);
      const { status: outcome, steps, stateHash: hash } = JSON.parse(stdout);
      expect(outcome).toBe('stopped');
      expect(withoutNeed(stderr)).toMatch(
        /^cellfield: stopped at \d+:\d\d:\d\d of simulated time; cellfield resume \S+ continues it\n$/,
      );
      expect(filesIn(out)).toEqual(FILES);
      expect(provenance(out)).toMatchObject({ status: 'stopped', step: steps, stateHash: hash });
      expect(recordedState(out)).toEqual({ step: steps, hash });
      expect(recordedSteps(out)).toEqual(Array.from({ length: steps + 1 }, (_, step) => step));
      await expectContinuation(out, steps + 7);
    },
  );

  it('without a recording still prints what it has', async () => {
    // Nothing says when it has begun; a signal before that kills it.
    const interrupt = async (wait: number) => {
      const run = start('run', COSINE, '--until', '100000 s');
      await new Promise(resolve => setTimeout(resolve, wait));
      run.process.kill('SIGINT');
      return run.ended;
    };
    let outcome = await interrupt(1500);
    for (const wait of [4000, 10_000, 25_000])
      if (outcome.signal === 'SIGINT') outcome = await interrupt(wait);
    const { status, stdout, stderr } = outcome;
    expect(status).toBe(130);
    expect(stdout).toMatch(/state [0-9a-f]{64}/);
    expect(stderr).toMatch(/^cellfield: stopped at \d+:\d\d:\d\d of simulated time\n$/);
  });

  it('while it is resumed is no different', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--set', 'time.record=0.05 s', '--until', '0.1 s', '--out', out);
    const run = start('resume', out, '--until', '100000 s', '--json');
    await grown(out, 20_000);
    run.process.kill('SIGINT');
    const { status, stdout } = await run.ended;
    expect(status).toBe(130);
    await expectContinuation(out, JSON.parse(stdout).steps + 1);
  });
});

describe('a run that is killed', () => {
  it('at any moment leaves files that can be read and resumed', async () => {
    const kill = async (wait: number) => {
      const out = fresh();
      const run = start(...ENDLESS, '--out', out);
      await until(() => existsSync(join(out, 'timeseries.csv')));
      await new Promise(resolve => setTimeout(resolve, wait));
      run.process.kill('SIGKILL');
      expect((await run.ended).signal).toBe('SIGKILL');
      expect(provenance(out).status).toBe('running');
      expect(recordedState(out).step).toBeGreaterThanOrEqual(0);
      await expectContinuation(out, 25);
    };
    for (const waits of [
      [0, 40],
      [3, 90],
      [10, 200],
    ])
      await Promise.all(waits.map(kill));
  });

  it('while its folder was made leaves nothing that is in the way of another run', async () => {
    for (const wait of [1, 2, 4, 6]) {
      const out = fresh();
      const run = start(...ENDLESS, '--out', out);
      await until(() => existsSync(out));
      await new Promise(resolve => setTimeout(resolve, wait));
      run.process.kill('SIGKILL');
      await run.ended;
      const { status, stderr } = await cellfield('run', COSINE, '--until', '0.2 s', '--out', out, '--force');
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(filesIn(out)).toEqual(FILES);
    }
  });

  it('while it wrote a file leaves the old one, and the unfinished one does no harm', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--out', out, '--until', '1 s');
    for (const name of FILES) copyFileSync(join(out, name), join(out, `${name}.tmp`));
    truncateSync(join(out, 'state.cellfield.tmp'), 100);
    expect((await cellfield('resume', out, '--until', '2 s')).status).toBe(0);
    expect((await cellfield('run', COSINE, '--out', out, '--force')).status).toBe(0);
    expect(filesIn(out)).toEqual(FILES);
  });
});

describe('a recording in use', () => {
  it('is not written by a second process', async () => {
    const out = fresh();
    const run = start(...ENDLESS, '--out', out);
    await grown(out, 1000);
    for (const args of [
      ['resume', out],
      ['run', COSINE, '--out', out, '--force'],
    ]) {
      const { status, stderr } = await cellfield(...args);
      expect(stderr).toMatch(new RegExp(`is being written by process ${run.process.pid}`));
      expect(status).toBe(2);
    }
    run.process.kill('SIGINT');
    expect((await run.ended).status).toBe(130);
    expect((await cellfield('resume', out, '--until', '0.05 s')).status).toBe(0);
  });

  it('whose lock names a process that is gone is free', async () => {
    const out = fresh();
    await cellfield('run', COSINE, '--out', out, '--until', '1 s');
    const gone = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(out, 'lock'), `${gone.pid}\n`);
    expect((await cellfield('resume', out)).status).toBe(0);
    expect(filesIn(out)).toEqual(FILES);
  });
});

describe('a disk that fails', () => {
  it('by losing the folder ends the run with status 3 and its results', async () => {
    const out = fresh();
    const run = start(...ENDLESS, '--out', out, '--json');
    await grown(out, 1000);
    rmSync(out, { recursive: true });
    run.process.kill('SIGINT');
    const { status, stdout, stderr } = await run.ended;
    expect(withoutNeed(stderr)).toMatch(
      /^cellfield: the run failed: \S+: there is no such file or folder\n$/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', failure: { kind: 'recording' } });
    expect(status).toBe(3);
  });

  /** A file system of 256 kB, where the machine lets this user make one. */
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const onSmallDisk = (script: string) =>
    spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=256k tmpfs ${disk} && ${script}`], {
      encoding: 'utf8',
    });
  it.skipIf(onSmallDisk('true').status !== 0)('by being full leaves whole rows and the last state', () => {
    const node = `'${process.execPath}' '${COMMAND}'`;
    const copy = fresh();
    const { stdout } = onSmallDisk(
      `${node} ${ENDLESS.map(word => `'${word}'`).join(' ')} --out ${disk}/r 2>&1 >/dev/null; echo "status $?"; cp -r ${disk}/r ${copy}`,
    );
    expect(withoutNeed(stdout)).toMatch(
      /^cellfield: the run failed: \S+: no space is left on the disk\nstatus 3\n$/,
    );
    const steps = recordedSteps(copy);
    expect(steps.length).toBeGreaterThan(5);
    expect(wholeFrames(copy).map(({ step }) => step)).toEqual(steps.slice(0, wholeFrames(copy).length));
    expect(wholeFrames(copy).length).toBeGreaterThan(5);
    expect(read(copy, 'timeseries.csv').endsWith('\n')).toBe(true);
    expect(recordedState(copy).step).toBe(0);
    const none = onSmallDisk(
      `head -c 250000 /dev/zero > ${disk}/ballast; ${node} run '${COSINE}' --out ${disk}/r 2>&1 >/dev/null; echo "status $?"; ls ${disk}`,
    );
    expect(withoutNeed(none.stdout)).toMatch(
      /^cellfield: \S+: no space is left on the disk\nstatus 2\nballast\n$/,
    );
  });
});

/** A recording resumed to `step` must be the same as one made in one go. */
async function expectContinuation(out: string, step: number): Promise<void> {
  const time = `${(step * 0.05).toFixed(2)} s`;
  const resumed = await cellfield('resume', out, '--until', time, '--json');
  expect(resumed.stderr).toBe('');
  expect(resumed.status).toBe(0);
  const straight = await cellfield('run', COSINE, '--until', time, '--json');
  expect(JSON.parse(resumed.stdout).steps).toBe(step);
  expect(JSON.parse(resumed.stdout).stateHash).toBe(JSON.parse(straight.stdout).stateHash);
  expect(recordedSteps(out)).toEqual(Array.from({ length: step + 1 }, (_, row) => row));
  expect(filesIn(out)).toEqual(FILES);
}
