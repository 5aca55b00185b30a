import type { Problem } from '../../engine/scenario/problems.ts';
import type { BalanceView, Event, LoggedEdit, ScenarioInfo, Status } from '../../session/contract.ts';

/**
 * The session as a view sees it: a pure state machine over the commands a person gives and the events of the engine.
 *
 *     empty → loading → ready → running ⇄ paused → finished | failed
 *                                 ↘ seeking ↗         any → lost (the worker is gone)
 *
 * A failed load keeps the scenario that was there; a failed run keeps its last state visible.
 */
export type SessionPhase =
  | 'empty'
  | 'loading'
  | 'ready'
  | 'running'
  | 'paused'
  | 'seeking'
  | 'finished'
  | 'failed'
  | 'lost';

export interface Failure {
  /** `balance`, `convergence` …; `fault` for an error of the program itself. */
  readonly kind: string;
  readonly message: string;
  readonly time: number;
  readonly step: number;
}

export interface SessionState {
  readonly phase: SessionPhase;
  readonly scenario: ScenarioInfo | null;
  /** What is being loaded, by request number; replies to older requests are ignored. */
  readonly loading: { readonly request: number; readonly file: string; readonly text: string } | null;
  readonly status: Status | null;
  /** Faults of the text last refused by a load. */
  readonly problems: readonly Problem[];
  /** The text last refused, and its file. */
  readonly refusedText: { readonly file: string; readonly text: string } | null;
  readonly failure: Failure | null;
  readonly log: readonly LoggedEdit[];
  readonly canUndo: boolean;
  readonly balance: BalanceView | null;
}

export const EMPTY_SESSION: SessionState = {
  phase: 'empty',
  scenario: null,
  loading: null,
  status: null,
  problems: [],
  refusedText: null,
  failure: null,
  log: [],
  canUndo: false,
  balance: null,
};

/** What happens to a session besides the engine's events. */
export type Request =
  | { readonly type: 'requestLoad'; readonly request: number; readonly file: string; readonly text: string }
  | { readonly type: 'requestSeek' }
  | { readonly type: 'dismissProblems' }
  | { readonly type: 'lost'; readonly message: string };

/** The state after a request or an event. Events that carry no state (frames, series …) leave it as it is. */
export function transition(state: SessionState, input: Request | Event): SessionState {
  switch (input.type) {
    case 'requestLoad':
      return {
        ...state,
        phase: 'loading',
        loading: { request: input.request, file: input.file, text: input.text },
        problems: [],
        refusedText: null,
      };
    case 'requestSeek':
      return state.scenario && canSeek(state.phase) ? { ...state, phase: 'seeking', failure: null } : state;
    case 'loaded':
      if (state.loading?.request !== input.request) return state;
      return { ...EMPTY_SESSION, phase: 'ready', scenario: input.scenario };
    case 'problems': {
      if (state.loading?.request !== input.request) return state;
      const { file, text } = state.loading;
      return {
        ...state,
        loading: null,
        problems: input.problems,
        refusedText: { file, text },
        phase: settle(state),
      };
    }
    case 'status':
      if (!state.scenario || state.phase === 'lost') return state;
      if (state.phase === 'loading') return { ...state, status: input.status };
      return {
        ...state,
        status: input.status,
        phase: phaseOf(input.status),
        failure: input.status.phase === 'failed' ? state.failure : null,
      };
    case 'balance':
      return { ...state, balance: input.balance };
    case 'log':
      return { ...state, log: input.entries, canUndo: input.canUndo };
    case 'failed': {
      const { kind, message, time, step } = input;
      return { ...state, phase: 'failed', failure: { kind, message, time, step } };
    }
    case 'fault':
      return lose(state, input.message);
    case 'lost':
      return lose(state, input.message);
    case 'dismissProblems':
      return { ...state, problems: [], refusedText: null };
    default:
      return state;
  }
}

function lose(state: SessionState, message: string): SessionState {
  const failure = { kind: 'fault', message, time: state.status?.time ?? 0, step: state.status?.step ?? 0 };
  return { ...state, phase: 'lost', loading: null, failure };
}

/** The phase after a load that failed: what the scenario that is still there was doing, at rest. */
function settle(state: SessionState): SessionPhase {
  if (!state.scenario) return 'empty';
  if (state.failure) return 'failed';
  return state.status ? phaseOf(state.status) : 'ready';
}

function phaseOf(status: Status): SessionPhase {
  return status.phase === 'paused' && status.step === 0 ? 'ready' : status.phase;
}

/** Whether pressing play does something in this phase. */
export function canRun(phase: SessionPhase): boolean {
  return phase === 'ready' || phase === 'paused';
}

/** Whether the clock may be moved: whenever there is a living scenario. */
export function canSeek(phase: SessionPhase): boolean {
  return phase !== 'empty' && phase !== 'loading' && phase !== 'lost';
}

/** Whether edits are taken: not while loading, after a failure or without a worker. */
export function canEdit(phase: SessionPhase): boolean {
  return phase === 'ready' || phase === 'running' || phase === 'paused' || phase === 'finished';
}
