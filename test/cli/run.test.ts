import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build, loadScenario, simulate, summarise } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { COMMAND, COSINE, cellfield, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const [COLONY_TEXT] = Object.values(SCENARIOS);
const colony = writeScenario(folder, 'colony.yaml', COLONY_TEXT);

/** A scenario whose rate turns negative after some steps: every run of it fails. */
const doomed = writeScenario(
  folder,
  'doomed.yaml',
  `cellfield: 1
title: A rate that turns negative
domain: { size: [10 um, 10 um], grid: [2, 2], thickness: 1 um }
time: { end: 10 s, step: 0.1 s, record: 0.5 s }
cells:
  a:
    shape: { disc: { radius: 1 um } }
    species: { X: 0 }
    reactions: { make: { equation: "-> X", rate: 1 /s - 0.2 /s^2 * time } }
population: [{ type: a, count: 1 }]
`,
);

describe('a run', () => {
  it('reports on stdout and is quiet on stderr', async () => {
    const { status, stdout, stderr } = await cellfield('run', COSINE);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Decay of a cosine mode\n {2}0:00:04 simulated in 80 steps/);
    expect(stdout).toMatch(/balance closed: worst relative residual \d\.\de-1\d\n {2}state [0-9a-f]{64}\n$/);
  });

  it('warns on stderr, and in the summary, where it leaned on fallbacks', async () => {
    // A cell that empties its voxel a million times faster than a step takes.
    const stiff = writeScenario(
      folder,
      'stiff.yaml',
      `cellfield: 1
title: Stiff uptake
domain: { size: [10 um, 10 um], grid: [5, 5], thickness: 1 um }
time: { end: 20 s, step: 1 s, record: 1 s }
fields: { food: { diffusivity: 100 um^2/s, initial: 1 uM } }
cells:
  eater:
    shape: { disc: { radius: 0.5 um } }
    reactions: { eat: { equation: "field.food -> ", continuous: true, rate: "1e6 /s * volume * field.food" } }
population: [{ type: eater, in: { points: [[4.3 um, 5.1 um]] } }]
coupling: { splitting: lie }
`,
    );
    const [plain, json] = await Promise.all([cellfield('run', stiff), cellfield('run', stiff, '--json')]);
    const [warning] = JSON.parse(json.stdout).warnings;
    expect(warning).toMatch(/^in \d+ of 20 steps .*try a smaller time\.step$/);
    for (const { status, stderr } of [plain, json]) {
      expect(status).toBe(0);
      expect(stderr).toContain(`warning: ${warning}\n`);
    }
  });

  it('of the command gives the summary of a run of the library', async () => {
    const { status, stdout } = await cellfield('run', colony, '--json');
    expect(status).toBe(0);
    const { status: outcome, wallSeconds, phaseSeconds, ...printed } = JSON.parse(stdout);
    const { phaseSeconds: _, ...expected } = summarise(simulate(build(loadScenario(COLONY_TEXT))));
    expect(outcome).toBe('done');
    expect(printed).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(Object.keys(phaseSeconds)).toContain('life cycle');
    const phases = Object.values<number>(phaseSeconds).reduce((a, b) => a + b, 0);
    expect(phases).toBeGreaterThan(0);
    expect(phases).toBeLessThanOrEqual(wallSeconds);
  });

  it('takes seed and overrides, in the words of the file or of the command line', async () => {
    const edited = writeScenario(
      folder,
      'edited.yaml',
      COLONY_TEXT.replace('seed: 7', 'seed: 11')
        .replace('end: 4 min', 'end: 1 min')
        .replace('count: 12', 'count: 9'),
    );
    const [file, options, other] = await Promise.all(
      [
        ['run', edited],
        ['run', colony, '--seed', '11', '--set', 'time.end=1 min', '--set', 'population[0].count=9'],
        ['run', edited, '--seed', '12'],
      ].map(async args => JSON.parse((await cellfield(...args, '--json')).stdout)),
    );
    expect(options.stateHash).toBe(file.stateHash);
    expect(options.seed).toBe('11');
    expect(other.stateHash).not.toBe(file.stateHash);
  });

  it('ends where --until says: at once, on the way or beyond the end', async () => {
    for (const [time, steps] of [
      ['0 s', 0],
      ['2.5 s', 50],
      ['0.1 min', 120],
    ] as const) {
      const { status, stdout } = await cellfield('run', COSINE, '--until', time, '--json');
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'done', steps, time: steps * 0.05 });
    }
  });

  it('that fails says why, prints one JSON object and ends with status 3', async () => {
    const { status, stdout, stderr } = await cellfield('run', doomed, '--json');
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^cellfield: the run failed: a\.make: the rate is -0\.0\d+.*\(t = 5\.?\d* s, step \d+\)\n$/,
    );
    const object = JSON.parse(stdout);
    expect(object.status).toBe('failed');
    expect(object.failure.kind).toBe('rate');
    expect(stderr).toContain(object.failure.message);
    expect(object.cells).toEqual({ a: 1 });
  });

  it('that breaks its balance stops or warns, as the scenario says', async () => {
    const impossible = ['--set', 'balance.tolerance=1e-30', '--json'];
    const stopped = await cellfield('run', COSINE, ...impossible);
    expect(stopped.status).toBe(3);
    expect(stopped.stderr).toMatch(/the balance of field\.signal does not close.*operator/);
    expect(JSON.parse(stopped.stdout).failure.kind).toBe('balance');
    const warned = await cellfield('run', COSINE, ...impossible, '--set', 'balance.onBreach=warn');
    expect(warned.status).toBe(0);
    expect(JSON.parse(warned.stdout).balanceBreaches).toBeGreaterThan(0);
    const text = await cellfield('run', COSINE, ...impossible.slice(0, 2), '--set', 'balance.onBreach=warn');
    expect(text.stdout).toMatch(/the balance was out of tolerance in \d+ steps/);
  });
});

describe('output', () => {
  it('to a reader that goes away is no fault', async () => {
    for (const args of [
      ['run', COSINE],
      ['run', COSINE, '--json'],
      ['run', '--help'],
    ]) {
      const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', text => {
        stderr += text;
      });
      const status = await new Promise(resolve => child.on('close', resolve));
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });

  it.skipIf(process.platform !== 'linux')('to a full disk is a message and status 2', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'run', COSINE, '--json'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toBe('cellfield: cannot write to standard output: no space is left\n');
    expect(status).toBe(2);
  });

  const scriptCommand = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!scriptCommand)('shows a progress bar on a terminal, and leaves the cursor as it was', () => {
    const long = ['run', COSINE, '--until', '200 s', '--set', 'time.step=0.01 s'];
    const inTerminal = (...args: string[]) => {
      const line = [process.execPath, COMMAND, ...args].map(word => `'${word}'`).join(' ');
      return spawnSync('script', ['-qec', line, '/dev/null'], {
        encoding: 'utf8',
        env: { ...process.env, TERM: 'xterm' },
      });
    };
    const { status, stdout } = inTerminal(...long);
    expect(status).toBe(0);
    expect(stdout).toMatch(/█+░+ \d+% {2}0:0\d:\d\d {2}0 cells {2}\S+ steps\/s {2}0:00:\d\d left/);
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    expect(stdout).toMatch(/state [0-9a-f]{64}/);
    expect(inTerminal(...long, '--quiet').stdout).not.toContain('░');
  });
});
