import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { formatProblem, LIMITS, loadScenario, type Scenario, XML_LIMITS } from '../engine/index.ts';
import { UsageError } from './exit.ts';

export interface ScenarioOptions {
  readonly seed?: string;
  readonly set?: readonly string[];
}

/** Bytes read at a time. */
const PORTION = 2 ** 20;

/** Reads and checks a scenario file. Warnings go to stderr. @throws ScenarioError, UsageError */
export function readScenario(file: string, options: ScenarioOptions = {}): Scenario {
  if (options.seed === '') throw new UsageError('--seed needs a value');
  const text = readText(file, LIMITS.resolvedLength, 'a scenario');
  const scenario = loadScenario(text, {
    file,
    files: path => readFileBeside(isAbsolute(path) ? path : join(dirname(file), path)),
    ...(options.set ? { set: [...options.set] } : {}),
    ...(options.seed !== undefined ? { seed: options.seed } : {}),
  });
  for (const warning of scenario.warnings) process.stderr.write(`warning: ${formatProblem(warning, file)}\n`);
  return scenario;
}

/** What a scenario names: a model, flow or table as text, a picture as a data URL. @throws UsageError */
function readFileBeside(file: string): string {
  if (extname(file).toLowerCase() !== '.png') return readModelText(file);
  try {
    return `data:image/png;base64,${readStart(file, XML_LIMITS.characters).toString('base64')}`;
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reason(error)}`);
  }
}

/** The text of an SBML model. @throws UsageError */
export function readModelText(file: string): string {
  return readText(file, XML_LIMITS.characters, 'a model', xmlEncoding);
}

/** Encoding of an XML document by its byte order mark or its declaration. */
function xmlEncoding(start: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(start);
  if (/^\xff\xfe|^<\0/.test(text)) return 'utf-16le';
  if (/^\xfe\xff|^\0</.test(text)) return 'utf-16be';
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(text)?.[1].toLowerCase() ?? 'utf-8';
}

/** A text file of at most `most` characters: UTF-8, or what `encodingOf` says. @throws UsageError */
export function readText(
  file: string,
  most: number,
  what: string,
  encodingOf: (start: Uint8Array) => string = () => 'utf-8',
): string {
  // A character takes at most 4 bytes.
  const mostBytes = 4 * most;
  let bytes: Buffer;
  try {
    bytes = readStart(file, mostBytes + 1);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reason(error)}`);
  }
  if (bytes.length > mostBytes) {
    throw new UsageError(
      `${file} is too large for ${what}, which has at most ${most.toLocaleString('en')} characters`,
    );
  }
  const encoding = encodingOf(bytes.subarray(0, 200));
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not ${encoding.toUpperCase()} text`);
  }
}

/** The first `most` bytes of a file, which may be a pipe or without end. */
function readStart(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read) {
      const part = Buffer.alloc(Math.min(PORTION, most - length));
      read = readSync(file, part, 0, part.length, null);
      parts.push(part.subarray(0, read));
    }
    return Buffer.concat(parts);
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
