import { describe, expect, it } from 'vitest';
import { everySteps, isDue, loadScenario, type StepSchedule, timesDue } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';

const [COLONY] = Object.values(SCENARIOS);

function planOf(recording: string) {
  return loadScenario(`${COLONY}recording: ${recording}\n`).recording;
}

function due(schedule: StepSchedule, last = 120): number[] {
  return Array.from({ length: last + 1 }, (_, step) => step).filter(step => isDue(schedule, step));
}

describe('what a recording keeps', () => {
  it('is by default a frame with every row, and ten checkpoints', () => {
    const { cells, fields, checkpoints, keep, events } = loadScenario(COLONY).recording;
    expect(due(cells)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
    expect(fields).toEqual(cells);
    expect(due(checkpoints)).toEqual([0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120]);
    expect([keep, events]).toEqual([Infinity, true]);
  });

  it('can be any schedule', () => {
    const plan = planOf(
      '{ cells: 1 min, fields: none, checkpoints: { at: [2 min, 10 s, 10 s] }, keep: 2, events: false }',
    );
    expect(due(plan.cells)).toEqual([0, 30, 60, 90, 120]);
    expect(due(plan.fields)).toEqual([]);
    expect(due(plan.checkpoints)).toEqual([5, 60]);
    expect([plan.keep, plan.events]).toEqual([2, false]);
    const spans = planOf(
      '{ cells: [{ every: 4 s, from: 10 s, until: 20 s }, { every: 2 min }, { at: [6 s] }] }',
    );
    expect(due(spans.cells)).toEqual([0, 3, 5, 7, 9, 60, 120]);
  });

  it('is counted without being run through', () => {
    for (const text of ['20 s', '{ every: 4 s, from: 10 s, until: 20 s }', '{ at: [6 s, 10 s] }', 'none']) {
      const { cells } = planOf(`{ cells: ${text} }`);
      for (const last of [0, 4, 5, 9, 120]) expect(timesDue(cells, last)).toBe(due(cells, last).length);
    }
    expect(timesDue(everySteps(7), 1e9)).toBe(142857143);
  });

  it.each([
    ['{ cells: 3 s }', 'recording.cells', 'is not a whole multiple of `step`'],
    ['{ cells: 5 um }', 'recording.cells', 'must be time'],
    ['{ fields: { at: [1 min, 3 s] } }', 'recording.fields.at[1]', 'is not a whole multiple of `step`'],
    ['{ fields: { every: 2 s, at: [1 min] } }', 'recording.fields', 'must have either `every`'],
    ['{ fields: [{ every: 2 s }, { from: 2 s }] }', 'recording.fields[1]', 'must have either `every`'],
    ['{ fields: { every: 2 s, from: 20 s, until: 10 s } }', 'recording.fields.until', 'lies before `from`'],
    ['{ checkpoints: 0 s }', 'recording.checkpoints', 'greater than 0'],
    ['{ keep: 0 }', 'recording.keep', 'a whole number above 0'],
    ['{ frames: 2 s }', 'recording.frames', 'unknown key'],
  ])('%s is refused with its place', (text, path, message) => {
    let problems: readonly { path: string; message: string; allowed: string | null }[] = [];
    try {
      planOf(text);
    } catch (error) {
      problems = (error as { problems: typeof problems }).problems;
    }
    expect(problems.map(problem => problem.path)).toEqual([path]);
    expect(`${problems[0].message} ${problems[0].allowed}`).toContain(message);
  });
});
