import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A small file of settings that the app keeps for itself. */
export interface Store<T> {
  read(): T;
  write(value: T): void;
}

/**
 * @param decode checks what was read (a person may have edited it, a crash may have cut it) and gives the value of an
 *   absent or unusable file for `null`
 */
export function jsonStore<T>(path: string, decode: (json: unknown) => T): Store<T> {
  return {
    read: () => decode(readJson(path)),
    write: value => {
      try {
        mkdirSync(dirname(path), { recursive: true });
        replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
      } catch {
        // Losing a window's place or a list of recent files is no reason to stop or to ask.
      }
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Writes a file whole or not at all: a crash or a full disk leaves the old one. A link stays one. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const target = followLink(path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
