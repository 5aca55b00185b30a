import {
  CellProblemError,
  EnsembleError,
  PlacementError,
  type Problem,
  ProjectionError,
  RunFailure,
  SbmlError,
  ScenarioError,
  SnapshotError,
} from '../engine/index.ts';
import { EXIT, RecordingError, UsageError } from './exit.ts';
import { describeSystemError, isSystemError } from './systemError.ts';

/** An error in terms of the command: what to print on stderr, which status to exit with, and the same for `--json`. */
export interface Explanation {
  readonly message: string;
  readonly status: number;
  readonly json: {
    readonly status: 'refused' | 'failed' | 'fault';
    readonly failure: {
      readonly kind: string;
      readonly message: string;
      readonly problems?: readonly Problem[];
    };
  };
}

/** Only faults of the program itself show a stack trace. */
export function explain(error: unknown): Explanation {
  if (error instanceof ScenarioError) {
    const { message, problems, file } = error;
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    // Without a prefix, so that editors find file, line and column.
    return {
      ...refused('scenario', message, problems),
      message: `${message}\ncellfield: ${count} in ${file}`,
    };
  }
  if (error instanceof PlacementError) return refused('scenario', error.message);
  if (error instanceof UsageError) return refused('usage', error.message);
  if (error instanceof SnapshotError) return refused('snapshot', error.message);
  if (error instanceof SbmlError) return refused('sbml', error.message);
  if (error instanceof ProjectionError) return refused('law', error.message);
  if (error instanceof EnsembleError) return failed('ensemble', error.message);
  if (error instanceof CellProblemError) return failed('convergence', error.message);
  if (error instanceof RunFailure) return failed(error.kind, error.message);
  if (error instanceof RecordingError) return failed('recording', error.message);
  if (isSystemError(error)) return refused('usage', describeSystemError(error));
  if (isOutOfMemory(error)) return failed('memory', 'there is not enough memory for this scenario');
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    message: `cellfield: internal fault, please report it:\n${detail}`,
    status: EXIT.fault,
    json: { status: 'fault', failure: { kind: 'fault', message: detail } },
  };
}

function refused(kind: string, message: string, problems?: readonly Problem[]): Explanation {
  const failure = { kind, message, ...(problems ? { problems } : {}) };
  return { message: `cellfield: ${message}`, status: EXIT.usage, json: { status: 'refused', failure } };
}

function failed(kind: string, message: string): Explanation {
  return {
    message: `cellfield: the run failed: ${message}`,
    status: EXIT.failed,
    json: { status: 'failed', failure: { kind, message } },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message);
}
