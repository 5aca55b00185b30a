import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../exit.ts';
import { UNFINISHED } from '../files.ts';
import { FILES, FOLDERS } from './files.ts';
import { LOCK } from './lock.ts';

/** A recording is known by its provenance; nothing else may be deleted. @throws UsageError */
export function checkReplaceable(folder: string, force: boolean): void {
  const found = readdirSync(folder).filter(name => name !== LOCK && !name.endsWith(UNFINISHED));
  const files = new Set<string>(Object.values(FILES));
  const folders = new Set<string>(Object.values(FOLDERS));
  const foreign = found.some(name => {
    const entry = statSync(join(folder, name));
    return !((files.has(name) && entry.isFile()) || (folders.has(name) && entry.isDirectory()));
  });
  if (foreign || (found.length > 0 && !found.includes(FILES.provenance))) {
    throw new UsageError(`${folder} holds other files; choose an empty or new folder for --out`);
  }
  if (found.length > 0 && !force) {
    throw new UsageError(`${folder} already holds a recording; use --force to replace it, or another folder`);
  }
}

/** Removes the recording that is in a folder, the provenance last: until then the folder can be told for a recording. */
export function emptyFolder(folder: string): void {
  const names = readdirSync(folder).filter(name => name !== LOCK && name !== FILES.provenance);
  for (const name of [...names, FILES.provenance])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** Removes what a recording that could not begin has left: its files and the folders made for it. */
export function removeMade(folder: string, made: readonly string[]): void {
  for (const name of [...Object.values(FILES), ...Object.values(FOLDERS)]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const empty of made) rmdirSync(empty);
}
