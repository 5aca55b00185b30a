import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/index.ts';
import { cellfield, read, temporaryFolder } from './cellfield.ts';

const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));
const folder = temporaryFolder();
const names = readdirSync(SCENARIOS).filter(name => name.endsWith('.yaml'));

/** Steps of the shortened runs. */
const STEPS = 12;

async function hash(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await cellfield(...args, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout).stateHash;
}

describe('every shipped scenario, shortened', () => {
  it.each(names)('%s can be resumed, branched and verified, to the bit', async name => {
    const file = join(SCENARIOS, name);
    const { step } = loadScenario(read(file), {
      file,
      files: path => read(SCENARIOS, path),
    }).description.time;
    const [whole, half, branched] = ['whole', 'half', 'branched'].map(kind =>
      join(folder, `${name}-${kind}`),
    );
    const [middle, end] = [STEPS / 2, STEPS].map(steps => `${steps * step} s`);
    const keep = ['--set', `recording.checkpoints=${middle}`, '--set', `recording.cells=${step} s`];
    const straight = await hash('run', file, '--out', whole, '--until', end, ...keep);
    await hash('run', file, '--out', half, '--until', middle, ...keep);
    expect(await hash('resume', half, '--until', end)).toBe(straight);
    expect(await hash('branch', whole, '--at', middle, '--until', end, '--out', branched)).toBe(straight);
    for (const out of [whole, half, branched]) {
      const { status, stdout } = await cellfield('verify', out, '--json');
      expect(status, stdout).toBe(0);
      expect(JSON.parse(stdout).states).toBeGreaterThan(0);
    }
  });
});
