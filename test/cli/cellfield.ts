import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The built command, run as a child process on the Node that runs the tests. */
export const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A scenario of 80 quick steps. */
export const COSINE = fileURLToPath(new URL('cosine.yaml', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
}

/** Starts `cellfield …args`; a child that does not end within a minute is killed, which its outcome shows. */
export function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, ...output }));
  });
  return { process: child, ended };
}

export function cellfield(...args: readonly string[]): Promise<Outcome> {
  return start(...args).ended;
}

/** A folder for the tests of one file, removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellfield-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);
  return folder;
}

export function writeScenario(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export function read(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > 30_000) throw new Error('waited half a minute in vain');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
