import type { CellfieldApi, OpenedFile, RecentFile, SaveKind } from '../../preload/contract.ts';

declare global {
  interface Window {
    /** The desktop app's files and menus; absent in a plain browser. */
    readonly cellfield?: CellfieldApi;
  }
}

/** A scenario read from somewhere; without a path where a browser gave only its text. */
export type ReadFile = Omit<OpenedFile, 'path' | 'models'> & {
  readonly path: string | null;
  readonly models?: OpenedFile['models'];
};

/** Files as the window needs them: through the desktop app where there is one, through the browser elsewhere. */
export interface Files {
  open(): Promise<ReadFile | null>;
  save(
    text: string,
    path: string | null,
    name: string,
  ): Promise<{ path: string | null; name: string } | null>;
  recent(): Promise<readonly RecentFile[]>;
  openRecent(path: string): Promise<ReadFile>;
  /** Whether the file was saved (and not the dialog cancelled). */
  saveBytes(bytes: Uint8Array<ArrayBuffer>, name: string, kind: SaveKind): Promise<boolean>;
}

const TYPES: Readonly<Record<SaveKind, string>> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  gif: 'image/gif',
  mp4: 'video/mp4',
  webm: 'video/webm',
  zip: 'application/zip',
  csv: 'text/csv',
  json: 'application/json',
  yaml: 'application/yaml',
  md: 'text/markdown',
  html: 'text/html',
  bytes: 'application/octet-stream',
};

export function createFiles(api: CellfieldApi | undefined): Files {
  if (api) {
    return {
      open: () => api.openScenario(),
      save: (text, path) => api.saveScenario(text, path),
      recent: () => api.recentFiles(),
      openRecent: path => api.openRecent(path),
      saveBytes: async (bytes, name, kind) => (await api.saveFile(bytes, name, kind)) !== null,
    };
  }
  return {
    open: chooseFile,
    async save(text, _path, name) {
      download(new Blob([text], { type: TYPES.yaml }), name);
      return { path: null, name };
    },
    recent: async () => [],
    openRecent: () => Promise.reject(new Error('there are no recent files in a browser')),
    async saveBytes(bytes, name, kind) {
      download(new Blob([bytes], { type: TYPES[kind] }), name);
      return true;
    },
  };
}

function chooseFile(): Promise<ReadFile | null> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.yaml,.yml,.json,.xml,.sbml';
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) readScenarioFile(file).then(resolve, reject);
      else resolve(null);
    });
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** Scenarios have at most 131,072 characters of up to four bytes, models some hundred kilobytes; a larger file is something else. */
const MOST_BYTES = { scenario: 4 * 131_072, model: 1 << 22 };

/** Text of a file that was dropped or chosen. @throws Error with a message for people */
export async function readScenarioFile(file: File): Promise<ReadFile> {
  const kind = /\.(xml|sbml)$/i.test(file.name) ? 'model' : 'scenario';
  const most = MOST_BYTES[kind];
  if (file.size > most) {
    throw new Error(`${file.name} is too large for a ${kind} (over ${most / 1024} KiB)`);
  }
  return { path: null, name: file.name, text: await file.text() };
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
