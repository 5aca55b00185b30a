import { closeSync, openSync, readSync } from 'node:fs';
import { formatProblem, LIMITS, loadScenario, type Scenario } from '../engine/index.ts';
import { UsageError } from './exit.ts';

export interface ScenarioOptions {
  readonly seed?: string;
  readonly set?: readonly string[];
}

/** A character takes at most 4 bytes. */
const MOST_BYTES = 4 * LIMITS.textLength;

/** Reads and checks a scenario file. Warnings go to stderr. @throws ScenarioError, UsageError */
export function readScenario(file: string, options: ScenarioOptions = {}): Scenario {
  if (options.seed === '') throw new UsageError('--seed needs a value');
  let bytes: Buffer;
  try {
    bytes = readStart(file, MOST_BYTES + 1);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reason(error)}`);
  }
  if (bytes.length > MOST_BYTES) {
    const most = LIMITS.textLength.toLocaleString('en');
    throw new UsageError(`${file} is too large for a scenario, which has at most ${most} characters`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not UTF-8 text`);
  }
  const scenario = loadScenario(text, {
    file,
    ...(options.set ? { set: [...options.set] } : {}),
    ...(options.seed !== undefined ? { seed: options.seed } : {}),
  });
  for (const warning of scenario.warnings) process.stderr.write(`warning: ${formatProblem(warning, file)}\n`);
  return scenario;
}

/** The first `most` bytes of a file, which may be a pipe or without end. */
function readStart(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read) {
      read = readSync(file, bytes, length, most - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ENOTDIR') return 'a part of the path is not a folder';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}
