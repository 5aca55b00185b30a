import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { OpenedFile, SavedFile } from '../preload/contract.ts';
import { readModelsBeside } from './models.ts';
import { Refusal } from './refusal.ts';
import { replaceFile } from './store.ts';

/** Any YAML file may be a scenario; `.cellfield` (or `.cellfield.yaml`) says that it is one, and opens by double click. */
export const SCENARIO_EXTENSIONS: readonly string[] = ['yaml', 'yml', 'cellfield'];

/** SBML models, which the circuit lab opens. */
export const MODEL_EXTENSIONS: readonly string[] = ['xml', 'sbml'];

/** Bytes; the engine's limit on characters (scenario/limits.ts), each of at most four bytes. */
export const LARGEST_SCENARIO = 4 * 131_072;
/** Bytes; larger than any model that is edited as text. */
const LARGEST_MODEL = 1 << 22;

/** Whether a path may lead to a scenario or a model. */
export function isScenarioPath(path: string): boolean {
  return hasExtension(path, SCENARIO_EXTENSIONS) || hasExtension(path, MODEL_EXTENSIONS);
}

function hasExtension(path: string, extensions: readonly string[]): boolean {
  return extensions.includes(extname(path).slice(1).toLowerCase());
}

/** @throws Refusal */
export function readScenarioFile(path: string): OpenedFile {
  const name = basename(path);
  if (!isScenarioPath(path)) throw new Refusal(`${name} is not a scenario (.yaml) or SBML model (.xml).`);
  const bytes = attempt(`${name} could not be opened`, () =>
    readSmallFile(path, name, hasExtension(path, MODEL_EXTENSIONS) ? LARGEST_MODEL : LARGEST_SCENARIO),
  );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { path, name, text, models: readModelsBeside(path, text) };
  } catch {
    throw new Refusal(`${name} is not UTF-8 text.`);
  }
}

/** Whether text says that it is a scenario, as every scenario does in its key `cellfield`. */
export function claimsScenario(text: string): boolean {
  return /^cellfield[ \t]*:/m.test(text);
}

/** Whether text says that it is a model: an element `sbml` of any prefix comes first. */
export function claimsModel(text: string): boolean {
  return /^\uFEFF?\s*(?:<\?[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?sbml[\s>]/.test(text);
}

/** @throws Refusal */
export function writeFileWhole(path: string, content: string | Uint8Array): SavedFile {
  const name = basename(path);
  attempt(`${name} could not be saved`, () => replaceFile(path, content));
  return { path, name };
}

function readSmallFile(path: string, name: string, most: number): Uint8Array {
  // Before opening: that of a pipe would wait for its other end.
  if (!statSync(path).isFile()) throw new Refusal(`${name} is not a file.`);
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > most) throw new Refusal(`${name} is too large to be opened.`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${what}: ${reason(error)}.`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(REASONS, code) ? REASONS[code] : `the system says ${code || String(error)}`;
}
