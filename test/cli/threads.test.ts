import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CROWDS } from '../determinism/crowds.ts';
import { cellfield, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const crowd = writeScenario(folder, 'crowd.yaml', CROWDS['senders and eaters']);

describe('--threads', () => {
  it('changes nothing of a run, its recording or its continuation', async () => {
    const hash = (stdout: string): string => JSON.parse(stdout).stateHash;
    const alone = await cellfield('run', crowd, '--until', '60 s', '--json');
    const recorded = join(folder, 'recorded');
    const first = await cellfield(
      'run',
      crowd,
      '--until',
      '30 s',
      '--threads',
      '3',
      '--out',
      recorded,
      '--json',
    );
    expect(first.status).toBe(0);
    const second = await cellfield('resume', recorded, '--until', '60 s', '--threads', '2', '--json');
    expect(second.status).toBe(0);
    expect(hash(second.stdout)).toBe(hash(alone.stdout));
  });

  it.each(['0', '1.5', 'many', '1000'])('refuses %s', async count => {
    const { status, stderr } = await cellfield('run', crowd, '--threads', count);
    expect(status).toBe(2);
    expect(stderr).toBe(`cellfield: --threads ${count} is not a whole number from 1 to 256\n`);
  });
});
