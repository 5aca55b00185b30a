import type { RecordingPlace } from '../session/contract.ts';
import { type FileLike, folderOfFiles, type ReadFolder } from '../session/replay/place.ts';

/** A recording's folder as a worker reads it. */
export function readFolderOf({ name, handle, files }: RecordingPlace): ReadFolder {
  if (typeof FileSystemDirectoryHandle !== 'undefined' && handle instanceof FileSystemDirectoryHandle)
    return folderOfHandle(name, handle);
  return folderOfFiles(name, (files ?? new Map()) as ReadonlyMap<string, FileLike>);
}

function folderOfHandle(name: string, root: FileSystemDirectoryHandle): ReadFolder {
  /** Handles of the folders inside, found once; null where there is none. */
  const folders = new Map<string, Promise<FileSystemDirectoryHandle | null>>();
  const folderAt = (path: string): Promise<FileSystemDirectoryHandle | null> => {
    if (path === '') return Promise.resolve(root);
    let found = folders.get(path);
    if (!found) {
      const [parent, last] = split(path);
      found = folderAt(parent).then(within => within?.getDirectoryHandle(last).catch(absent) ?? null);
      folders.set(path, found);
    }
    return found;
  };
  return {
    name,
    async file(path) {
      const [parent, last] = split(path);
      const folder = await folderAt(parent);
      const handle = await folder?.getFileHandle(last).catch(absent);
      return (await handle?.getFile()) ?? null;
    },
    async list(path) {
      const folder = await folderAt(path);
      const names: string[] = [];
      if (folder)
        for await (const [key, entry] of folder.entries()) if (entry.kind === 'file') names.push(key);
      return names;
    },
  };
}

function split(path: string): readonly [parent: string, last: string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
}

/** What is not there is null; anything else is an error. */
function absent(error: unknown): null {
  if (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError'))
    return null;
  throw error;
}
