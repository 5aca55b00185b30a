import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../exit.ts';
import { writeWhole } from '../files.ts';

/** Says in a folder that it is an export, which alone may be replaced. */
const MARK = '_export.json';

/** What is written, and where. */
export interface Target {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly force: boolean;
}

/** Throws where writeTarget would, before anything is computed. @throws UsageError */
export function checkTarget({ path, kind, force }: Target): void {
  const parent = dirname(resolve(path));
  if (!existsSync(parent)) throw new UsageError(`--out ${path}: there is no folder ${parent}`);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (kind === 'file' && found.isDirectory())
    throw new UsageError(`--out ${path} is a folder; allowed: a file`);
  if (kind === 'folder' && !found.isDirectory())
    throw new UsageError(`--out ${path} is a file; allowed: a folder`);
  if (kind === 'folder' && readdirSync(path).length > 0 && !existsSync(join(path, MARK))) {
    throw new UsageError(`${path} holds other files; choose an empty or new folder for --out`);
  }
  if (!force && (kind === 'file' || readdirSync(path).length > 0)) {
    throw new UsageError(`${path} exists; --force replaces it`);
  }
}

/**
 * Has `write` make the file or fill the folder under another name beside it and renames that: there is the old one or the new
 * one, never a part. `about` is kept in a folder as its mark.
 */
export async function writeTarget<R>(
  target: Target,
  about: object,
  write: (path: string) => R | Promise<R>,
): Promise<R> {
  checkTarget(target);
  const path = resolve(target.path);
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  const replaced = join(dirname(path), `.${basename(path)}.old.tmp`);
  try {
    rmSync(temporary, { recursive: true, force: true });
    if (target.kind === 'folder') {
      mkdirSync(temporary);
      writeWhole(join(temporary, MARK), `${JSON.stringify(about, null, 1)}\n`);
    }
    const result = await write(temporary);
    // A folder cannot be renamed over another that is not empty.
    const old = target.kind === 'folder' && existsSync(path);
    if (old) renameSync(path, replaced);
    renameSync(temporary, path);
    if (old) rmSync(replaced, { recursive: true, force: true });
    return result;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Bytes of a file, or of all in a folder. */
export function bytesAt(path: string): number {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesAt(join(path, name)), 0);
}
