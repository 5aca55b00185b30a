import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { writeSchedule, writtenSchedule } from '../../src/engine/scenario/writeSchedule.ts';

const scenario = (coupling: string) => `# Kept to the letter
cellfield: 1
title: A dish   # as it is
domain: { size: [10 um, 10 um], grid: [5, 5], thickness: 1 um }
time: { end: 10 s, step: 1 s }
fields:
  A: { diffusivity: 4 um^2/s, initial:   1 nM }
${coupling}balance: { onBreach: warn } # the last line
`;

const cases: readonly (readonly [string, 'weak' | 'strong', string, string])[] = [
  ['no key', 'strong', '', 'coupling: { schedule: strong }\n\n'],
  [
    'a flow mapping',
    'strong',
    'coupling: { schedule: weak, splitting: lie, kernel: nearest } # why\n',
    'coupling: { schedule: strong, kernel: nearest } # why\n',
  ],
  [
    'a block',
    'weak',
    'coupling:\n  sees: end # damps\n  schedule: strong # so far\n  iterations: 20\n  kernel: linear\n',
    'coupling:\n  schedule: weak # so far\n  kernel: linear\n',
  ],
  ['a block without it', 'strong', 'coupling:\n  splitting: lie\n', 'coupling:\n  schedule: strong\n'],
  ['the default', 'strong', 'coupling: {}\n', 'coupling: { schedule: strong }\n'],
];

describe('writing a schedule into a text', () => {
  it.each(cases)('over %s: %s', (_, schedule, before, after) => {
    const text = writeSchedule(scenario(before), schedule);
    expect(text).toBe(scenario(after));
    expect(loadScenario(text).description.coupling.schedule).toBe(schedule);
    expect(writtenSchedule(text)).toBe(schedule);
    expect(writeSchedule(text, schedule)).toBe(text);
  });

  it('refuses a text with faults', () => {
    expect(() => writeSchedule('title: [', 'weak')).toThrow();
    expect(writtenSchedule(scenario(''))).toBeNull();
  });
});
