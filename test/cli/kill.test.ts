import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { cellfield, temporaryFolder, writeScenario } from './cellfield.ts';
import { killAndResume } from './killed.ts';

const folder = temporaryFolder();
const [COLONY] = Object.values(SCENARIOS);

it('a killed run leaves whole frames, and resumes to the same end (kill.long.test.ts kills many)', async () => {
  const colony = writeScenario(folder, 'colony.yaml', COLONY);
  const args = ['--set', 'time.end=4 min', '--set', 'recording.cells=2 s', '--set', 'recording.fields=2 s'];
  const { stateHash } = JSON.parse((await cellfield('run', colony, '--json', ...args)).stdout);
  expect(stateHash).toMatch(/^[0-9a-f]{64}$/);
  for (const [i, wait] of [0, 80].entries())
    await killAndResume(colony, join(folder, `run-${i}`), wait, stateHash, args);
});
