import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { FrameReader } from '../../src/cli/recording/frameReader.ts';
import { loadScenario } from '../../src/engine/index.ts';
import { cellfield, read, start, until } from './cellfield.ts';

/**
 * Kills a recording run `wait` ms after its files are there, and checks that every frame of the index can be read, whole, and that
 * the run resumes to the state of one that was never killed, `expected` (a hash), with nothing missing in between.
 */
export async function killAndResume(
  scenario: string,
  out: string,
  wait: number,
  expected: string,
  args: readonly string[],
): Promise<void> {
  const run = start('run', scenario, '--out', out, ...args);
  await until(() => existsSync(join(out, 'timeseries.csv')));
  await new Promise(resolve => setTimeout(resolve, wait));
  run.process.kill('SIGKILL');
  await run.ended;
  const { description } = loadScenario(read(out, 'scenario.yaml'));
  const reader = new FrameReader(out, description);
  for (const entry of reader.entries) {
    const cells = reader.cells(entry);
    expect(cells?.count).toBe(entry.cells);
    expect(reader.fields(entry)?.every(values => values.every(Number.isFinite))).toBe(true);
  }
  const resumed = await cellfield('resume', out, '--json');
  expect(resumed.status, resumed.stderr).toBe(0);
  expect(JSON.parse(resumed.stdout).stateHash).toBe(expected);
  const frames = new FrameReader(out, description).entries.map(({ step }) => step);
  expect(frames).toEqual(Array.from({ length: description.time.steps + 1 }, (_, step) => step));
}
