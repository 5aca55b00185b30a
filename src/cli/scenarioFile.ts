import { readFileSync } from 'node:fs';
import { formatProblem, loadScenario, type Scenario } from '../engine/index.ts';
import { UsageError } from './exit.ts';

export interface ScenarioOptions {
  readonly seed?: string;
  readonly set?: readonly string[];
}

/** Reads and checks a scenario file. Warnings go to stderr. @throws ScenarioError, UsageError */
export function readScenario(file: string, options: ScenarioOptions = {}): Scenario {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reason(error)}`);
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

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}
