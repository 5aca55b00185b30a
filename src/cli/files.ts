import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Bytes per call: a single one is limited to 2 GiB by the operating system. */
const PORTION = 2 ** 28;

/** Suffix of a file that is being written. */
export const UNFINISHED = '.tmp';

/** Writes under a temporary name, flushes, and renames: readers see the old file or the new one, never a part. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = path + UNFINISHED;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeAll(file, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Writes every byte at the file's position; a full disk may take some of them before it throws. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, Math.min(PORTION, bytes.length - done));
  }
}

/**
 * Makes a folder and those it lies in; returns the ones that were not there, innermost first. Node's own recursive form never
 * returns where the system answers ENOENT for a parent that exists, as under /proc.
 */
export function makeFolder(path: string): string[] {
  const here = resolve(path);
  try {
    mkdirSync(here);
    return [here];
  } catch (error) {
    if (statSync(here, { throwIfNoEntry: false })?.isDirectory()) return [];
    const parent = dirname(here);
    if (existsSync(parent) || parent === here) throw error;
    const made = makeFolder(parent);
    mkdirSync(here);
    return [here, ...made];
  }
}

/** Reads a file of any size. */
export function readWhole(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, Math.min(PORTION, bytes.length - done), null);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}
