import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { cellfield, temporaryFolder, writeScenario } from './cellfield.ts';
import { killAndResume } from './killed.ts';

const folder = temporaryFolder();
const [COLONY] = Object.values(SCENARIOS);

describe('two hundred runs killed at moments spread over their length', () => {
  it('leave whole frames, and resume to the same end', async () => {
    const colony = writeScenario(folder, 'colony.yaml', COLONY);
    const args = ['--set', 'time.end=8 min', '--set', 'recording.cells=2 s', '--set', 'recording.fields=2 s'];
    const started = performance.now();
    const whole = await cellfield('run', colony, '--json', '--out', join(folder, 'whole'), ...args);
    const length = performance.now() - started;
    const { stateHash } = JSON.parse(whole.stdout);
    for (let i = 0; i < 200; i += 2) {
      await Promise.all(
        [i, i + 1].map(n =>
          killAndResume(colony, join(folder, `run-${n}`), (length * n) / 200, stateHash, args),
        ),
      );
    }
    expect(stateHash).toMatch(/^[0-9a-f]{64}$/);
  });
});
