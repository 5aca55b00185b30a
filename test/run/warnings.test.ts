import { describe, expect, it } from 'vitest';
import { build, loadScenario, Profile, simulate, summarise } from '../../src/engine/index.ts';
import { fallbackWarnings } from '../../src/engine/run/warnings.ts';

/** A cell that empties its voxel a million times faster than a step takes. */
const STIFF = `cellfield: 1
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
`;

describe('warnings of heavy use of fallbacks', () => {
  const none = new Profile().counts;

  it('begin above 5 % of the steps, one per kind', () => {
    for (const kind of ['positiveFieldSteps', 'firstOrderSteps', 'halvedSteps', 'guardedSteps'] as const) {
      expect(fallbackWarnings({ ...none, [kind]: 5 }, 100, 'weak')).toEqual([]);
      const [warning, ...others] = fallbackWarnings({ ...none, [kind]: 6 }, 100, 'weak');
      expect(others).toEqual([]);
      expect(warning).toMatch(/^in 6 of 100 steps \(6 %\) .*: .*; try a smaller time\.step/);
    }
    expect(fallbackWarnings(none, 0, 'weak')).toEqual([]);
  });

  it('count steps, not windows or fields', () => {
    const profile = new Profile();
    profile.beginStep();
    profile.counts.halvedWindows += 40;
    profile.counts.positiveFields += 3;
    profile.endStep();
    profile.beginStep();
    profile.endStep();
    expect(profile.counts).toMatchObject({
      halvedSteps: 1,
      positiveFieldSteps: 1,
      guardedSteps: 0,
      firstOrderSteps: 0,
    });
  });

  it('are in the summary of a run', () => {
    const { counts, warnings } = summarise(simulate(build(loadScenario(STIFF))));
    expect(counts.positiveFieldSteps).toBeGreaterThan(1);
    expect(warnings).toEqual([
      expect.stringMatching(/^in \d+ of 20 steps .* a field was solved at first order/),
    ]);
    const fine = summarise(simulate(build(loadScenario(STIFF.replace('1e6 /s', '0.1 /s')))));
    expect(fine.warnings).toEqual([]);
  });

  it('says that the tolerance of a field was missed', () => {
    expect(fallbackWarnings({ ...none, fieldError: 9e-4 }, 100, 'weak', 1e-3)).toEqual([]);
    expect(fallbackWarnings({ ...none, fieldError: 0.3 }, 100, 'weak')).toEqual([]);
    const [warning] = fallbackWarnings({ ...none, fieldError: 0.3 }, 100, 'weak', 1e-3);
    expect(warning).toMatch(/tolerance was missed .*error 0\.30 .*tolerance 0\.001/);
  });
});
