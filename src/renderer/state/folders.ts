import type { RecordingPlace } from '../../session/contract.ts';

/** The folder picker of browsers that have one. */
interface Picker {
  readonly showDirectoryPicker?: (options?: {
    readonly id?: string;
    readonly mode?: 'read' | 'readwrite';
  }) => Promise<FileSystemDirectoryHandle>;
}

/** Whether this browser can write into a folder that a person picks. */
export function canPickFolders(): boolean {
  return typeof (window as Picker).showDirectoryPicker === 'function';
}

/** Lets a person pick a folder; null where the dialog was cancelled. */
export async function pickFolder(mode: 'read' | 'readwrite'): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await (window as Picker).showDirectoryPicker?.({ id: 'recordings', mode })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Lets a person choose a recording's folder: through the picker where there is one, else as a list of its files. */
export async function chooseFolder(): Promise<RecordingPlace | null> {
  if (!canPickFolders()) return chooseFiles();
  const handle = await pickFolder('read');
  return handle && { name: handle.name, handle };
}

function chooseFiles(): Promise<RecordingPlace | null> {
  return new Promise(resolve => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.addEventListener('change', () => resolve(placeOf(input.files)));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** A folder as a list of files, each of which says where in it it is: the first name is the folder's own. */
export function placeOf(list: FileList | readonly File[] | null): RecordingPlace | null {
  const files = new Map<string, File>();
  let name = '';
  for (const file of list ?? []) {
    const [root, ...inside] = file.webkitRelativePath.split('/');
    name = root;
    files.set(inside.join('/'), file);
  }
  return files.size > 0 ? { name, files } : null;
}

/** The folder that was dropped; null where it was a file. To be called before the event is over. */
export function droppedFolder(transfer: DataTransfer | null): Promise<RecordingPlace> | null {
  const item = transfer?.items[0];
  const entry = item?.webkitGetAsEntry?.();
  if (!item || !entry?.isDirectory) return null;
  const withHandle = item as DataTransferItem & {
    readonly getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
  };
  const handle = withHandle.getAsFileSystemHandle?.();
  const directory = entry as FileSystemDirectoryEntry;
  return (handle ?? Promise.resolve(null)).then(found =>
    found ? { name: found.name, handle: found } : filesOf(directory),
  );
}

async function filesOf(root: FileSystemDirectoryEntry): Promise<RecordingPlace> {
  const files = new Map<string, File>();
  const visit = async (folder: FileSystemDirectoryEntry, path: string): Promise<void> => {
    const reader = folder.createReader();
    // A reader gives its entries in parts, and an empty one at the end.
    for (;;) {
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (entries.length === 0) return;
      for (const entry of entries) {
        if (entry.isDirectory) await visit(entry as FileSystemDirectoryEntry, `${path}${entry.name}/`);
        else {
          const file = await new Promise<File>((resolve, reject) =>
            (entry as FileSystemFileEntry).file(resolve, reject),
          );
          files.set(`${path}${entry.name}`, file);
        }
      }
    }
  };
  await visit(root, '');
  return { name: root.name, files };
}
