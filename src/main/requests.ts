import { app, type BrowserWindow } from 'electron';
import { type AppInfo, SAVE_KINDS, type SavedFile, type SaveKind } from '../preload/contract.ts';
import type { Documents } from './documents.ts';
import { checked, type Responders } from './ipc.ts';
import type { RecentFiles } from './recentFiles.ts';
import type { UnsavedGuard } from './unsaved.ts';

export interface RequestContext {
  readonly documents: Documents;
  readonly recent: RecentFiles;
  /** Guard of a window's unsaved edits. */
  readonly guardOf: (window: BrowserWindow) => UnsavedGuard | undefined;
  /** The window listens: send what waits for it. */
  readonly ready: (window: BrowserWindow) => void;
}

/** Characters; longer than any scenario, so that a person's text is never refused here. */
const LONGEST_TEXT = 8 * 1024 * 1024;
/** Bytes: an image of the stage at four times its size stays below. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** The answer to every request of the window. */
export function responders({ documents, recent, guardOf, ready }: RequestContext): Responders {
  return {
    'scenario:open': checked(isEmpty, window => documents.askAndOpen(window)),
    'scenario:save': checked(isSave, async (window, [text, path]) => {
      let saved: SavedFile | null = null;
      try {
        saved = await documents.save(window, text, path);
      } finally {
        guardOf(window)?.saveEnded(saved !== null);
      }
      return saved;
    }),
    'scenario:openDropped': checked(isOnePath, (_window, [path]) => documents.openDropped(path)),
    'recent:list': checked(isEmpty, () => recent.list()),
    'recent:open': checked(isOnePath, (_window, [path]) => documents.openRecent(path)),
    'edits:setDirty': checked(isOneBoolean, (window, [dirty]) => {
      guardOf(window)?.setDirty(dirty);
      return null;
    }),
    'file:save': checked(isExport, (window, [bytes, name, kind]) =>
      documents.export(window, bytes, name, kind),
    ),
    'app:info': checked(isEmpty, appInfo),
    'app:ready': checked(isEmpty, window => {
      ready(window);
      return null;
    }),
  };
}

function appInfo(): AppInfo {
  const { electron = '', chrome = '', node } = process.versions;
  return {
    name: app.getName(),
    version: app.getVersion(),
    electron,
    chrome,
    node,
    platform: process.platform,
  };
}

type Arguments = readonly unknown[];

const isEmpty = (args: Arguments): args is readonly [] => args.length === 0;
const isOnePath = (args: Arguments): args is readonly [string] => args.length === 1 && isPath(args[0]);
const isOneBoolean = (args: Arguments): args is readonly [boolean] =>
  args.length === 1 && typeof args[0] === 'boolean';
const isSave = (args: Arguments): args is readonly [string, string | null] =>
  args.length === 2 && isText(args[0], LONGEST_TEXT) && (args[1] === null || isPath(args[1]));
const isExport = (args: Arguments): args is readonly [Uint8Array, string, SaveKind] =>
  args.length === 3 &&
  args[0] instanceof Uint8Array &&
  args[0].byteLength <= MOST_BYTES &&
  isText(args[1], 1024) &&
  SAVE_KINDS.some(kind => kind === args[2]);

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isPath(value: unknown): value is string {
  return isText(value, 4096) && value !== '' && !value.includes('\0');
}
