import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { estimateNeed, needWarning, size } from '../../src/cli/recording/need.ts';
import { Recording } from '../../src/cli/recording/recording.ts';
import { build, loadScenario, simulate } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'cellfield-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bytesOf(path: string): number {
  const entry = statSync(path);
  return entry.isFile()
    ? entry.size
    : readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

describe('the room that a recording takes', () => {
  it('is foreseen within a half where the cells stay as many', () => {
    const text = Object.values(SCENARIOS)[0]
      .replaceAll(/^ {4}(division|death):.*$/gm, '')
      .replace('count: 12', 'count: 300');
    const scenario = loadScenario(text.replace('size: [40 um, 30 um]', 'size: [400 um, 300 um]'), {
      set: ['population[0].in.disc.radius=100 um', 'population[0].in.disc.centre=[200 um, 150 um]'],
    });
    const model = build(scenario);
    const need = estimateNeed(scenario.recording, model, 120);
    const out = join(folder, 'recording');
    const recording = Recording.create(out, { scenario, model }, false);
    simulate(model, { untilStep: 120, observers: recording.observers() });
    recording.close(model, 'done');
    const taken = bytesOf(out);
    expect(need / taken).toBeGreaterThan(0.67);
    expect(need / taken).toBeLessThan(1.5);
  });

  it('is said where it is large, or more than there is', () => {
    expect(needWarning(folder, 1000)).toBeNull();
    expect(needWarning(folder, 1e18)).toMatch(
      /^the recording will take up to about 888 PiB .*, more than is free; .* are free there/,
    );
    expect([0, 1023, 1024, 1536, 2 ** 31].map(size)).toEqual(['0 B', '1020 B', '1 KiB', '1.5 KiB', '2 GiB']);
  });
});
