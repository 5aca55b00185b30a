import { PlacementError, RunFailure, ScenarioError, SnapshotError } from '../engine/index.ts';

/** Exit status of the command. */
export const EXIT = { done: 0, fault: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** A mistake on the command line or in the file system that the user can mend. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What to print and which status to exit with. Only faults of the program itself show a stack trace. */
export function explain(error: unknown): { message: string; status: number } {
  if (error instanceof ScenarioError || error instanceof PlacementError || error instanceof UsageError) {
    return { message: error.message, status: EXIT.usage };
  }
  if (error instanceof SnapshotError) return { message: error.message, status: EXIT.usage };
  if (error instanceof RunFailure)
    return { message: `the run failed: ${error.message}`, status: EXIT.failed };
  if (isSystemError(error)) return { message: describeSystemError(error), status: EXIT.usage };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `internal fault, please report it:\n${detail}`, status: EXIT.fault };
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space is left on the disk',
  EROFS: 'the file system is read-only',
};

function describeSystemError(error: SystemError): string {
  return `${error.path ?? 'file system'}: ${REASONS[error.code] ?? error.message}`;
}
