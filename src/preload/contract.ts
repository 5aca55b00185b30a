/**
 * Everything that crosses between the window and the main process, each channel named once. The preload script, the main
 * process and the window derive their types from here. Paths in it were handed out by the main process: the window only gives
 * back what it was given.
 */

/** A scenario file that a person chose. */
export interface OpenedFile {
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  readonly text: string;
  /** The SBML models that it names and that lie beside it, by those names. */
  readonly models: Readonly<Record<string, string>>;
}

export interface SavedFile {
  readonly path: string;
  readonly name: string;
}

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  /** Folder, with the home folder as `~`. */
  readonly folder: string;
}

export interface AppInfo {
  readonly name: string;
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
  readonly platform: string;
}

/** What kind of file the window saves; decides the filter and the extension of the dialog. */
export const SAVE_KINDS = [
  'png',
  'svg',
  'gif',
  'mp4',
  'webm',
  'zip',
  'csv',
  'json',
  'yaml',
  'md',
  'html',
  'bytes',
] as const;
export type SaveKind = (typeof SAVE_KINDS)[number];

/** Commands of the application menu that the window carries out. */
export const MENU_COMMANDS = [
  'gallery',
  'open',
  'save',
  'saveAs',
  'saveImage',
  'saveVideo',
  'playPause',
  'step',
  'restart',
  'fit',
  'lab',
  'togglePanels',
  'toggleTheme',
  'palette',
  'shortcuts',
  'tour',
  'about',
] as const;
export type MenuCommand = (typeof MENU_COMMANDS)[number];

/** Requests of the window, answered by the main process. */
export interface Requests {
  'scenario:open': { readonly args: readonly []; readonly result: OpenedFile | null };
  'scenario:save': {
    readonly args: readonly [text: string, path: string | null];
    readonly result: SavedFile | null;
  };
  'scenario:openDropped': { readonly args: readonly [path: string]; readonly result: OpenedFile };
  'recent:list': { readonly args: readonly []; readonly result: readonly RecentFile[] };
  'recent:open': { readonly args: readonly [path: string]; readonly result: OpenedFile };
  'edits:setDirty': { readonly args: readonly [dirty: boolean]; readonly result: null };
  'file:save': {
    readonly args: readonly [bytes: Uint8Array, suggestedName: string, kind: SaveKind];
    readonly result: SavedFile | null;
  };
  'app:info': { readonly args: readonly []; readonly result: AppInfo };
  /** The window listens from now on: files it was started with are sent. */
  'app:ready': { readonly args: readonly []; readonly result: null };
}

export type RequestChannel = keyof Requests;

/** What the main process tells the window unasked. */
export interface Messages {
  'scenario:opened': OpenedFile;
  'app:menu': MenuCommand;
  /** Something that a person asked for outside the window (a double-clicked file) could not be done. */
  'app:problem': string;
}

export type MessageChannel = keyof Messages;

/** How an answer travels: errors as text meant for people, so that nothing of the main process leaks with a stack. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/**
 * The whole of `window.cellfield`; undefined where the page is served over http. Promises reject with an Error whose message is
 * meant for people.
 */
export interface CellfieldApi {
  /** Asks for a scenario file; null when the person cancels. */
  openScenario(): Promise<OpenedFile | null>;
  /** Saves text to a path that was handed out, or asks for one where it is null; null when the person cancels. */
  saveScenario(text: string, path: string | null): Promise<SavedFile | null>;
  recentFiles(): Promise<readonly RecentFile[]>;
  openRecent(path: string): Promise<OpenedFile>;
  /** Says whether there are edits that would be lost; asked about on closing. */
  setDirty(dirty: boolean): Promise<void>;
  /**
   * Calls back with every scenario file opened from outside: by argument, file manager, drop or the recent menu; also
   * with what came before. Returns a function that ends it.
   */
  onOpenFile(callback: (file: OpenedFile) => void): () => void;
  onMenu(callback: (command: MenuCommand) => void): () => void;
  /** Something asked for outside the window could not be done; the message is meant for people. */
  onProblem(callback: (message: string) => void): () => void;
  /** Asks where to save bytes, and saves them; null when the person cancels. */
  saveFile(bytes: Uint8Array, suggestedName: string, kind: SaveKind): Promise<SavedFile | null>;
  appInfo(): Promise<AppInfo>;
}
