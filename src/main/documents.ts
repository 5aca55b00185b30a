import { app, type BrowserWindow, dialog } from 'electron';
import type { OpenedFile, SavedFile, SaveKind } from '../preload/contract.ts';
import type { RecentFiles } from './recentFiles.ts';
import { Refusal } from './refusal.ts';
import {
  claimsModel,
  claimsScenario,
  MODEL_EXTENSIONS,
  readScenarioFile,
  SCENARIO_EXTENSIONS,
  writeFileWhole,
} from './scenarioFiles.ts';

/**
 * Files that a person opens and saves. A path comes from a dialog, the system or the recent files; the window may give
 * back only what it was handed, so that a page gone astray can neither read nor write elsewhere.
 */
export interface Documents {
  /** Asks which scenario to open; null when cancelled. */
  askAndOpen(window: BrowserWindow): Promise<OpenedFile | null>;
  /** Opens a path that came from the system. @throws Refusal */
  open(path: string): OpenedFile;
  /** Opens one of the recent files. @throws Refusal */
  openRecent(path: string): OpenedFile;
  /**
   * Opens a file dropped on the window. The path passed through the window's process, so it is trusted less: the text must
   * be a scenario's, and saving asks first. @throws Refusal
   */
  openDropped(path: string): OpenedFile;
  /** Saves to a path handed out before, else asks; null when cancelled. @throws Refusal */
  save(window: BrowserWindow, text: string, path: string | null): Promise<SavedFile | null>;
  /** Asks where to save bytes; null when cancelled. @throws Refusal */
  export(window: BrowserWindow, bytes: Uint8Array, name: string, kind: SaveKind): Promise<SavedFile | null>;
}

const SCENARIO_FILTER = { name: 'Cellfield scenario', extensions: [...SCENARIO_EXTENSIONS] };

const OPEN_FILTER = {
  name: 'Scenario or SBML model',
  extensions: [...SCENARIO_EXTENSIONS, ...MODEL_EXTENSIONS],
};

const FILTERS: Readonly<Record<SaveKind, Electron.FileFilter>> = {
  png: { name: 'PNG image', extensions: ['png'] },
  svg: { name: 'SVG drawing', extensions: ['svg'] },
  gif: { name: 'GIF animation', extensions: ['gif'] },
  mp4: { name: 'MP4 video', extensions: ['mp4'] },
  webm: { name: 'WebM video', extensions: ['webm'] },
  zip: { name: 'ZIP archive', extensions: ['zip'] },
  md: { name: 'Markdown', extensions: ['md'] },
  html: { name: 'HTML page', extensions: ['html'] },
  csv: { name: 'Comma-separated values', extensions: ['csv'] },
  json: { name: 'JSON', extensions: ['json'] },
  yaml: SCENARIO_FILTER,
  bytes: { name: 'All files', extensions: ['*'] },
};

export function documents(recent: RecentFiles): Documents {
  /** Paths that the window may save to without asking. */
  const writable = new Set<string>();
  /** Last path of a dropped file, offered when it is saved. */
  let dropped: string | null = null;

  const handOut = (path: string): void => {
    writable.add(path);
    recent.add(path);
    app.addRecentDocument(path);
  };
  const open = (path: string): OpenedFile => {
    const file = readScenarioFile(path);
    handOut(path);
    return file;
  };

  return {
    open,
    askAndOpen: async window => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open scenario or model',
        filters: [OPEN_FILTER],
        properties: ['openFile'],
      });
      return canceled || filePaths.length === 0 ? null : open(filePaths[0]);
    },
    openRecent: path => {
      if (!recent.has(path)) throw new Refusal('That file is not among the recent ones.');
      return open(path);
    },
    openDropped: path => {
      const file = readScenarioFile(path);
      if (!claimsScenario(file.text) && !claimsModel(file.text))
        throw new Refusal(`${file.name} is neither a Cellfield scenario nor an SBML model.`);
      // A model goes to the lab, which saves under a new name.
      if (claimsScenario(file.text)) dropped = path;
      return file;
    },
    save: async (window, text, path) => {
      const target =
        path !== null && writable.has(path)
          ? path
          : await askWhere(window, 'Save scenario', path === dropped ? path : null, 'scenario.yaml', 'yaml');
      if (target === null) return null;
      const saved = writeFileWhole(target, text);
      handOut(target);
      return saved;
    },
    export: async (window, bytes, name, kind) => {
      const target = await askWhere(window, 'Save', null, name, kind);
      return target === null ? null : writeFileWhole(target, bytes);
    },
  };
}

async function askWhere(
  window: BrowserWindow,
  title: string,
  path: string | null,
  name: string,
  kind: SaveKind,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title,
    defaultPath: path ?? plainName(name),
    filters: [FILTERS[kind]],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || !filePath ? null : filePath;
}

/** A suggested name without anything that could lead to another folder. */
export function plainName(name: string): string {
  const plain = name
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/[^\p{L}\p{N} ._()+-]/gu, '')
    .replace(/^\.+/, '')
    .slice(0, 120);
  return plain || 'cellfield';
}
