import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/engine/index.ts';
import { COSINE, cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const wrong = writeScenario(
  folder,
  'wrong.yaml',
  read(COSINE).replace('decay: 0.01 /s', 'decay: 0.01 um').replace('grid: [64, 64]', 'grid: [64, -1]'),
);
const latin1 = join(folder, 'latin1.yaml');
writeFileSync(latin1, Buffer.from('title: caf\xe9\n', 'latin1'));
const crowded = writeScenario(
  folder,
  'crowded.yaml',
  `cellfield: 1
title: More cells than fit
domain: { size: [10 um, 10 um], grid: [2, 2], thickness: 1 um }
time: { end: 1 s, step: 1 s }
cells: { a: { shape: { disc: { radius: 2 um } } } }
population: [{ type: a, count: 100 }]
`,
);
mkdirSync(join(folder, 'empty'));

describe('help', () => {
  it('is printed for the command and for every verb, with status 0', async () => {
    for (const verb of [[], ['run'], ['resume'], ['validate']]) {
      const { status, stdout, stderr } = await cellfield(...verb, '--help');
      expect(status).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toMatch(new RegExp(`^Usage: ${['cellfield', ...verb].join(' ')} `));
      expect(stdout).not.toMatch(/undefined|default: \[\]/);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  it('says what each exit status means', async () => {
    const { stdout } = await cellfield('--help');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /0 done; 1 internal fault; 2 bad usage or bad scenario; 3 the run failed .*130 interrupted/,
    );
  });

  it('is printed on stderr where the verb is missing', async () => {
    const { status, stdout, stderr } = await cellfield();
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Usage: cellfield/);
  });
});

describe('start-up', () => {
  /** The best of a few, for other work on the machine only adds. */
  async function seconds(...args: string[]): Promise<number> {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      const { status } = await cellfield(...args);
      best = Math.min(best, (performance.now() - began) / 1000);
      expect(status).toBe(0);
    }
    return best;
  }

  it('takes well under a second', async () => {
    expect(await seconds('--version')).toBeLessThan(0.5);
    expect(await seconds('validate', COSINE)).toBeLessThan(1);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(read(import.meta.dirname, '../../package.json'));
    expect((await cellfield('--version')).stdout).toBe(`${version}\n`);
    expect(VERSION).toBe(version);
  });
});

describe('a mistake of the user', () => {
  /** Arguments, and what the message must say. Each gives status 2, one message on stderr and nothing on stdout. */
  it.concurrent.each<[string[], RegExp]>([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['run'], /missing required argument 'scenario'/],
    [['run', COSINE, COSINE], /too many arguments/],
    [['run', COSINE, '--frobnicate'], /unknown option '--frobnicate'/],
    [['run', COSINE, '--unti', '3 s'], /Did you mean --until\?/],
    [['run', COSINE, '--until'], /'--until <time>' argument missing/],
    [['run', 'missing.yaml'], /^cellfield: cannot read missing\.yaml: there is no such file$/],
    [['run', folder], /: it is a folder$/],
    [['run', `${COSINE}/x`], /a part of the path is not a folder$/],
    [['run', latin1], /is not UTF-8 text$/],
    [
      ['run', wrong],
      /^\S+:3:\d+ domain\.grid\[1\]: .*\n\S+:8:\d+ fields\.signal\.decay: .*\ncellfield: 2 problems in /,
    ],
    [['validate', wrong], /fields\.signal\.decay: has dimension length/],
    [['run', crowded], /population/],
    [['run', COSINE, '--until', '3'], /--until has no unit but must be time/],
    [['run', COSINE, '--until', '3 um'], /--until has dimension length but must be time/],
    [['run', COSINE, '--until', '-3 s'], /--until must not be negative, got -3 s/],
    [['run', COSINE, '--until', 'soon'], /--until .*soon/],
    [['run', COSINE, '--until', '1e9 day'], /at most 1,000,000,000 are allowed/],
    [
      ['run', COSINE, '--until', '0.07 s'],
      /whole number of steps of 0\.05 s, got 0\.07 s; the nearest are 0\.05 s and 0\.1 s$/,
    ],
    [['run', COSINE, '--set', 'nonsense'], /Expected path=value/],
    [['run', COSINE, '--set', 'tim.end=3 s'], /^--set tim\.end=3 s tim: unknown key/],
    [['run', COSINE, '--set', 'time.end=3 um'], /--set time\.end=3 um time\.end: has dimension length/],
    [['run', COSINE, '--set', 'population[0].count=3'], /population/],
    [['run', COSINE, '--seed', ''], /--seed needs a value/],
    [['run', COSINE, '--force'], /--force needs --out/],
    [['run', COSINE, '--out', ''], /--out needs the name of a folder/],
    [['run', COSINE, '--out', COSINE], /this is a file, not a folder$/],
    [['run', COSINE, '--out', `${COSINE}/x`], /a part of the path is not a folder$/],
    [['resume'], /missing required argument 'folder'/],
    [['resume', join(folder, 'nowhere')], /there is no such folder$/],
    [['resume', COSINE], /is a file, not the folder of a recording$/],
    [['resume', join(folder, 'empty')], /is not a recording: it has no scenario\.yaml$/],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await cellfield(...args);
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr).not.toMatch(/ at .*\.js:\d+/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('becomes one JSON object too where that is asked for', async () => {
    const { status, stdout, stderr } = await cellfield('validate', wrong, '--json');
    const object = JSON.parse(stdout);
    expect(status).toBe(2);
    expect(object.status).toBe('refused');
    expect(object.failure.kind).toBe('scenario');
    expect(object.failure.problems.map((problem: { path: string }) => problem.path)).toEqual([
      'domain.grid[1]',
      'fields.signal.decay',
    ]);
    expect(stderr).toContain(object.failure.message);

    const run = await cellfield('run', 'missing.yaml', '--json');
    expect(run.status).toBe(2);
    expect(JSON.parse(run.stdout)).toEqual({
      status: 'refused',
      failure: { kind: 'usage', message: 'cannot read missing.yaml: there is no such file' },
    });
  });

  it.skipIf(process.platform !== 'linux')('is an endless file, or a folder that cannot be made', async () => {
    const endless = await cellfield('run', '/dev/zero');
    expect(endless.stderr).toMatch(/^cellfield: \/dev\/zero is too large for a scenario/);
    expect(endless.status).toBe(2);
    const unwritable = await cellfield('run', COSINE, '--out', '/proc/nothing/here');
    expect(unwritable.stderr).toMatch(/^cellfield: \/proc\/nothing: there is no such file or folder$/m);
    expect(unwritable.status).toBe(2);
  });
});

describe('validate', () => {
  it('says what a scenario would simulate', async () => {
    const { status, stdout, stderr } = await cellfield('validate', COSINE);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/: valid\n {2}Decay of a cosine mode\n/);
    expect(stdout).toMatch(/80 steps to 0:00:04/);
  });

  it('says so in JSON, warnings included', async () => {
    const { status, stdout } = await cellfield('validate', COSINE, '--json', '--set', 'parameters.unused=1');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      fields: ['signal'],
      steps: 80,
      warnings: [{ path: 'parameters.unused' }],
    });
  });
});
