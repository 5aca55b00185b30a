import { zipSync } from 'fflate';
import type { RecordingSink } from '../session/record/sink.ts';

/** Where a recording goes that a view asked for: the folder of this handle, or an archive in memory. */
export function sinkOf(folder: unknown): RecordingSink {
  return typeof FileSystemDirectoryHandle !== 'undefined' && folder instanceof FileSystemDirectoryHandle
    ? folderSink(folder)
    : archiveSink();
}

/**
 * Files in a folder that a person picked. The browser writes into a copy of a file and puts it in its place when it is closed:
 * what is put whole is there at once and whole, what is appended when it is committed.
 */
function folderSink(root: FileSystemDirectoryHandle): RecordingSink {
  const folders = new Map<string, Promise<FileSystemDirectoryHandle>>();
  const open = new Map<string, FileSystemWritableFileStream>();
  const folderAt = (path: string): Promise<FileSystemDirectoryHandle> => {
    if (path === '') return Promise.resolve(root);
    let found = folders.get(path);
    if (!found) {
      const at = path.lastIndexOf('/');
      found = folderAt(path.slice(0, Math.max(0, at))).then(parent =>
        parent.getDirectoryHandle(path.slice(at + 1), { create: true }),
      );
      folders.set(path, found);
    }
    return found;
  };
  const place = async (path: string) => {
    const at = path.lastIndexOf('/');
    return { folder: await folderAt(path.slice(0, Math.max(0, at))), name: path.slice(at + 1) };
  };
  const writer = async (path: string, keep: boolean): Promise<FileSystemWritableFileStream> => {
    const { folder, name } = await place(path);
    const file = await folder.getFileHandle(name, { create: true });
    const writable = await file.createWritable({ keepExistingData: keep });
    if (keep) await writable.seek((await file.getFile()).size);
    return writable;
  };
  const write = (to: FileSystemWritableFileStream, content: Uint8Array | string) =>
    to.write(content as Uint8Array<ArrayBuffer> | string);
  const commit = async () => {
    // The index of frames last: a frame is there when its row is.
    const names = [...open.keys()].sort((a, b) => Number(a === 'frames.csv') - Number(b === 'frames.csv'));
    for (const name of names) {
      await open.get(name)?.close();
      open.delete(name);
    }
  };
  return {
    async append(path, content) {
      let writable = open.get(path);
      if (!writable) {
        writable = await writer(path, true);
        open.set(path, writable);
      }
      await write(writable, content);
    },
    async put(path, content) {
      const writable = await writer(path, false);
      await write(writable, content);
      await writable.close();
    },
    async remove(path) {
      const { folder, name } = await place(path);
      await folder.removeEntry(name);
    },
    commit,
    async close() {
      await commit();
      return null;
    },
  };
}

/** All files in memory, and one archive (ZIP) of them at the end. */
function archiveSink(): RecordingSink {
  const files = new Map<string, Uint8Array[]>();
  const encode = (content: Uint8Array | string) =>
    typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    async append(path, content) {
      const parts = files.get(path) ?? [];
      parts.push(encode(content));
      files.set(path, parts);
    },
    async put(path, content) {
      files.set(path, [encode(content)]);
    },
    async remove(path) {
      files.delete(path);
    },
    async commit() {},
    async close() {
      const entries = await Promise.all(
        [...files].map(async ([path, parts]) => {
          const whole = new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
          return [path, whole] as const;
        }),
      );
      return new Uint8Array(zipSync(Object.fromEntries(entries), { level: 1 }));
    },
  };
}
