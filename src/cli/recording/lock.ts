import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../exit.ts';

/** File in a recording's folder while a process writes to it; holds that process's id. */
export const LOCK = 'lock';

/**
 * Claims a folder for this process; the lock of a process that was killed is taken over. Returns what gives it back.
 * @throws UsageError if another process is writing there
 */
export function lock(folder: string): () => void {
  const path = join(folder, LOCK);
  for (let stale = 0; ; stale++) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, `${process.pid}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!exists || stale > 1) throw error;
      const owner = Number.parseInt(readFileSync(path, 'utf8'), 10);
      if (owner > 0 && owner !== process.pid && isAlive(owner)) {
        throw new UsageError(
          `${folder} is being written by process ${owner}; if that is not so, delete ${path} and try again`,
        );
      }
      rmSync(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
