import { expect, it } from 'vitest';
import { build, loadScenario } from '../../src/engine/index.ts';
import type { Range } from '../../src/picture/colour/scale.ts';
import { NANOMOLAR } from '../../src/picture/format/units.ts';
import { legendsOf } from '../../src/picture/legend.ts';
import { plainLayer } from '../../src/renderer/state/fit.ts';
import { INITIAL_VIEW } from '../../src/renderer/state/ui.ts';
import { describeScenario } from '../../src/session/info.ts';
import { DISH } from '../app/scenarios.ts';

const scenario = loadScenario(DISH.text, { file: DISH.file });
const info = describeScenario(scenario, build(scenario), DISH.file, []);

const VIEW = { ...INITIAL_VIEW, fields: [plainLayer(0)] };

/** Labels of the bar of the first field for a range in nM. */
function labels(low: number, high: number): string[] {
  const range: Range = [low * NANOMOLAR, high * NANOMOLAR];
  const bar = legendsOf(info, VIEW, [range], null).find(({ kind }) => kind === 'bar');
  return bar?.kind === 'bar' ? bar.ticks.map(({ label }) => label) : [];
}

it('labels both ends and a round value between them', () => {
  expect(labels(0, 50)).toEqual(['0', '20', '50']);
  expect(labels(0, 100)).toEqual(['0', '50', '100']);
});

it('tells the ends of a narrow range apart', () => {
  for (const [low, high] of [
    [50, 50.05],
    [35.05, 35.2],
    [999.9, 1000],
    [7, 7.0002],
  ]) {
    const found = labels(low, high);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(new Set(found).size, found.join(' ')).toBe(found.length);
  }
});
