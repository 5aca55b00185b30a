import type { RecordingPlace } from '../../session/contract.ts';

/** A moment of a recording worth coming back to. */
export interface Bookmark {
  /** s */
  readonly time: number;
  readonly note: string;
}

/** Its file in a recording's folder. */
export const BOOKMARK_FILE = 'bookmarks.json';

/** Bookmarks from the text of their file, by time; what is not one is left out. */
export function parseBookmarks(text: string | null): Bookmark[] {
  let list: unknown = null;
  try {
    list = text === null ? null : JSON.parse(text);
  } catch {
    list = null;
  }
  if (!Array.isArray(list)) return [];
  const found = list.flatMap((entry: unknown): Bookmark[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { time_s: time, note } = entry as Record<string, unknown>;
    if (typeof time !== 'number' || !Number.isFinite(time)) return [];
    return [{ time, note: typeof note === 'string' ? note : '' }];
  });
  return found.sort((a, b) => a.time - b.time);
}

export function writeBookmarks(bookmarks: readonly Bookmark[]): string {
  return `${JSON.stringify(
    bookmarks.map(({ time, note }) => ({ time_s: time, note })),
    null,
    1,
  )}\n`;
}

/** Where the bookmarks of a recording are kept. */
export type BookmarkHome = 'folder' | 'browser';

/**
 * The bookmarks of a recording: in its folder where that may be written, else in this browser's storage under `key`, where
 * they are found again when the same recording is opened here.
 */
export class BookmarkKeeper {
  readonly #folder: FileSystemDirectoryHandle | null;
  readonly #files: ReadonlyMap<string, unknown> | null;
  readonly #key: string;
  /** One after the other: a later text must not be overtaken by an earlier one. */
  #saving: Promise<unknown> = Promise.resolve();

  constructor(place: RecordingPlace, key: string) {
    this.#folder = place.handle instanceof FileSystemDirectoryHandle ? place.handle : null;
    this.#files = place.files ?? null;
    this.#key = `cellfield.bookmarks.${key}`;
  }

  async load(): Promise<Bookmark[]> {
    const stored = localStorage.getItem(this.#key);
    if (stored !== null) return parseBookmarks(stored);
    try {
      const file =
        (await (await this.#folder?.getFileHandle(BOOKMARK_FILE))?.getFile()) ??
        (this.#files?.get(BOOKMARK_FILE) as File | undefined);
      return parseBookmarks((await file?.text()) ?? null);
    } catch {
      // Not there: there are none.
      return [];
    }
  }

  /** Asks for leave to write the first time; to be called from something that a person did. Returns where they are now. */
  save(bookmarks: readonly Bookmark[]): Promise<BookmarkHome> {
    const saved = this.#saving.then(() => this.#write(writeBookmarks(bookmarks)));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #write(text: string): Promise<BookmarkHome> {
    try {
      if (this.#folder && (await mayWrite(this.#folder))) {
        const writable = await (
          await this.#folder.getFileHandle(BOOKMARK_FILE, { create: true })
        ).createWritable();
        await writable.write(text);
        await writable.close();
        localStorage.removeItem(this.#key);
        return 'folder';
      }
    } catch {
      // The folder cannot be written: the browser's storage can.
    }
    localStorage.setItem(this.#key, text);
    return 'browser';
  }
}

interface Permissions {
  requestPermission?(options: { readonly mode: 'readwrite' }): Promise<PermissionState>;
}

async function mayWrite(folder: FileSystemDirectoryHandle): Promise<boolean> {
  const asked = await (folder as Permissions).requestPermission?.({ mode: 'readwrite' });
  return asked === undefined || asked === 'granted';
}
