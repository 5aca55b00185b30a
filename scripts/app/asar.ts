import { closeSync, openSync, readSync } from 'node:fs';

/** A packaged app's archive: one header that lists the files, then their bytes end to end. */
export interface Archive {
  /** Paths with `/` between their parts, sorted. */
  readonly files: readonly string[];
  read(path: string): Buffer;
}

interface Folder {
  readonly files: Readonly<Record<string, Folder | Entry>>;
}

interface Entry {
  readonly size: number;
  /** From the end of the header; in decimal, since it may exceed what a double counts. */
  readonly offset: string;
}

/**
 * Opens an archive in the asar format: a pickled length (8 bytes), then a pickled string with the header as JSON.
 * @see https://github.com/electron/asar#format
 */
export function openArchive(path: string): Archive {
  const sizes = readAt(path, 0, 16);
  const headerSize = sizes.readUInt32LE(4);
  const header = JSON.parse(readAt(path, 16, sizes.readUInt32LE(12)).toString('utf8')) as Folder;
  const entries = new Map<string, Entry>();
  collect(header, '', entries);
  return {
    files: [...entries.keys()].sort(),
    read: file => {
      const entry = entries.get(file);
      if (!entry) throw new Error(`the archive holds no ${file}`);
      return readAt(path, 8 + headerSize + Number(entry.offset), entry.size);
    },
  };
}

function collect(folder: Folder, prefix: string, entries: Map<string, Entry>): void {
  for (const [name, item] of Object.entries(folder.files)) {
    if ('files' in item) collect(item, `${prefix}${name}/`, entries);
    else entries.set(prefix + name, item);
  }
}

function readAt(path: string, position: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, position);
    return bytes;
  } finally {
    closeSync(file);
  }
}
