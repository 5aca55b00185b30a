import { EXIT } from './exit.ts';

/** What became of standard output. */
export interface OutputGuard {
  failed: boolean;
  readonly status: number;
}

/**
 * Makes a reader that closes the pipe early (`| head`) no fault, and a full disk behind standard output a plain message.
 * Without it either ends the process with a stack trace.
 */
export function guardOutput(): OutputGuard {
  const guard: OutputGuard = { failed: false, status: EXIT.usage };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || guard.failed) return;
    guard.failed = true;
    process.exitCode = guard.status;
    const reason = error.code === 'ENOSPC' ? 'no space is left' : error.message;
    process.stderr.write(`cellfield: cannot write to standard output: ${reason}\n`);
  });
  process.stderr.on('error', () => {});
  return guard;
}

/** Prints one JSON object. Numbers that are not finite become null, as JSON has no others. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
