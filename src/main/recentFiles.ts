import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, sep } from 'node:path';
import type { RecentFile } from '../preload/contract.ts';
import type { Store } from './store.ts';

export const MOST_RECENT = 10;

/** Scenario files last opened or saved, newest first. */
export interface RecentFiles {
  /** Those that still exist. */
  list(): readonly RecentFile[];
  has(path: string): boolean;
  add(path: string): void;
  clear(): void;
}

/** @param changed called after every change, to renew the menu */
export function recentFiles(store: Store<readonly string[]>, changed: () => void): RecentFiles {
  const replace = (paths: readonly string[]): void => {
    store.write(paths);
    changed();
  };
  return {
    list: () => store.read().filter(existsSync).map(describe),
    has: path => store.read().includes(path),
    add: path => replace([path, ...store.read().filter(other => other !== path)].slice(0, MOST_RECENT)),
    clear: () => replace([]),
  };
}

export function decodeRecentFiles(json: unknown): readonly string[] {
  if (!Array.isArray(json)) return [];
  const paths = json.filter((path): path is string => typeof path === 'string' && isAbsolute(path));
  return [...new Set(paths)].slice(0, MOST_RECENT);
}

function describe(path: string): RecentFile {
  const folder = dirname(path);
  const home = homedir();
  const atHome = folder === home || folder.startsWith(home + sep);
  return { path, name: basename(path), folder: atHome ? `~${folder.slice(home.length)}` : folder };
}
