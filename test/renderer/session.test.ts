import { describe, expect, it } from 'vitest';
import {
  canEdit,
  canRun,
  canSeek,
  EMPTY_SESSION,
  type Request,
  type SessionState,
  transition,
} from '../../src/renderer/state/machine.ts';
import type { Event, ScenarioInfo, Status } from '../../src/session/contract.ts';

const scenario = (file: string): ScenarioInfo => ({
  file,
  title: file,
  description: '',
  seed: '1',
  text: `title: ${file}`,
  warnings: [],
  view: { fields: null, cells: null, slice: null },
  grid: {
    dimensions: 2,
    cells: [2, 2, 1],
    size: [2, 2, 1],
    spacing: [1, 1, 1],
    periodic: [false, false, false],
    voxels: 4,
    voxelVolume: 1,
  },
  step: 1,
  steps: 10,
  ownSteps: [],
  fields: [],
  cellTypes: [],
  parameters: [],
  mechanics: null,
  coupling: { schedule: 'weak', splitting: 'strang', kernel: 'nearest' },
  balanceTolerance: 1e-10,
  moieties: [],
  seriesColumns: [],
});
const status = (phase: Status['phase'], step: number): Event => ({
  type: 'status',
  status: {
    phase,
    step,
    time: step,
    steps: 10,
    cells: 0,
    stepsPerSecond: 0,
    phases: {},
    iteration: { passes: 0, contraction: 0 },
    counts: {
      positiveFields: 0,
      firstOrderWindows: 0,
      halvedWindows: 0,
      guardedWindows: 0,
      mechanicsSubsteps: 0,
      fieldSubsteps: 0,
      fieldError: 0,
      positiveFieldSteps: 0,
      firstOrderSteps: 0,
      iterations: 0,
      iteratedWindows: 0,
      halvedSteps: 0,
      guardedSteps: 0,
    },
  },
});
const load = (request: number, file: string): Request => ({ type: 'requestLoad', request, file, text: '' });
const loaded = (request: number, file: string): Event => ({
  type: 'loaded',
  request,
  scenario: scenario(file),
});
const problem = {
  path: 'time.step',
  line: 3,
  column: 7,
  origin: null,
  message: 'wrong',
  value: null,
  allowed: null,
};
const failed: Event = { type: 'failed', kind: 'balance', message: 'leak', time: 4, step: 4 };

function reached(...inputs: readonly (Request | Event)[]): SessionState {
  return inputs.reduce(transition, EMPTY_SESSION);
}

describe('the session as a view sees it', () => {
  it('goes from empty over loading to ready, runs, pauses and finishes', () => {
    expect(reached().phase).toBe('empty');
    expect(reached(load(1, 'a')).phase).toBe('loading');
    expect(reached(load(1, 'a'), loaded(1, 'a')).phase).toBe('ready');
    const ready = [load(1, 'a'), loaded(1, 'a'), status('paused', 0)];
    expect(reached(...ready).phase).toBe('ready');
    expect(reached(...ready, status('running', 3)).phase).toBe('running');
    expect(reached(...ready, status('running', 3), status('paused', 5)).phase).toBe('paused');
    expect(reached(...ready, status('finished', 10)).phase).toBe('finished');
  });

  it('keeps the scenario that is there when another cannot be loaded', () => {
    const state = reached(load(1, 'a'), loaded(1, 'a'), status('paused', 5), load(2, 'b'), {
      type: 'problems',
      request: 2,
      problems: [problem],
    });
    expect(state.scenario?.file).toBe('a');
    expect(state.phase).toBe('paused');
    expect(state.problems).toEqual([problem]);
    expect(state.refusedText?.file).toBe('b');
    expect(transition(state, { type: 'dismissProblems' }).problems).toEqual([]);
  });

  it('is empty again when the first scenario cannot be loaded', () => {
    const state = reached(load(1, 'a'), { type: 'problems', request: 1, problems: [problem] });
    expect(state.phase).toBe('empty');
    expect(state.loading).toBeNull();
  });

  it('ignores answers to requests that were overtaken', () => {
    expect(reached(load(1, 'a'), load(2, 'b'), loaded(1, 'a')).phase).toBe('loading');
    expect(reached(load(1, 'a'), load(2, 'b'), loaded(1, 'a'), loaded(2, 'b')).scenario?.file).toBe('b');
    const checked = reached(load(1, 'a'), loaded(1, 'a'), {
      type: 'problems',
      request: 9,
      problems: [problem],
    });
    expect(checked.problems).toEqual([]);
  });

  it('keeps a failure until the run moves on', () => {
    const state = reached(load(1, 'a'), loaded(1, 'a'), status('running', 4), failed);
    expect(state.phase).toBe('failed');
    expect(state.failure).toMatchObject({ kind: 'balance', step: 4 });
    const still = transition(state, status('failed', 4));
    expect(still.failure?.kind).toBe('balance');
    const back = transition(still, status('paused', 2));
    expect(back.phase).toBe('paused');
    expect(back.failure).toBeNull();
  });

  it('shows that it seeks at once, and forgets a failure then', () => {
    const state = reached(load(1, 'a'), loaded(1, 'a'), failed, { type: 'requestSeek' });
    expect(state.phase).toBe('seeking');
    expect(state.failure).toBeNull();
    expect(reached({ type: 'requestSeek' }).phase).toBe('empty');
  });

  it('keeps the last state visible when the worker is lost, and takes no late status for life', () => {
    const lost = reached(load(1, 'a'), loaded(1, 'a'), status('running', 4), {
      type: 'lost',
      message: 'gone',
    });
    expect(lost.phase).toBe('lost');
    expect(lost.scenario?.file).toBe('a');
    expect(lost.failure).toMatchObject({ kind: 'fault', message: 'gone', step: 4 });
    expect(transition(lost, status('running', 5)).phase).toBe('lost');
  });

  it('starts every scenario without the edits and the balance of the one before', () => {
    const state = reached(
      load(1, 'a'),
      loaded(1, 'a'),
      {
        type: 'log',
        canUndo: true,
        entries: [{ step: 1, time: 1, edit: { kind: 'parameter', name: 'k', value: '1' } }],
      },
      load(2, 'b'),
      loaded(2, 'b'),
    );
    expect(state.log).toEqual([]);
    expect(state.canUndo).toBe(false);
    expect(state.balance).toBeNull();
  });

  it('says what can be done in each phase', () => {
    const phases = [
      'empty',
      'loading',
      'ready',
      'running',
      'paused',
      'seeking',
      'finished',
      'failed',
      'lost',
    ] as const;
    expect(phases.filter(canRun)).toEqual(['ready', 'paused']);
    expect(phases.filter(canEdit)).toEqual(['ready', 'running', 'paused', 'finished']);
    expect(phases.filter(canSeek)).toEqual(['ready', 'running', 'paused', 'seeking', 'finished', 'failed']);
  });
});
