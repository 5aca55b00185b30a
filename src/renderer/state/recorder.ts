import type { RecorderStatus } from '../../session/contract.ts';
import { fileNameOf } from '../format/fileName.ts';
import type { Engine } from './engine.ts';
import type { Files } from './files.ts';
import { canPickFolders, pickFolder } from './folders.ts';
import type { SessionState } from './machine.ts';
import { createStore, type Store } from './store.ts';

export interface RecorderState {
  /** Null where nothing is or was recorded of this run. */
  readonly status: RecorderStatus | null;
}

/** Recording the live run. */
export interface RunRecorder {
  readonly state: Store<RecorderState>;
  /** Begins, after asking where to, or ends. */
  toggle(): Promise<void>;
  told(status: RecorderStatus, archive: Uint8Array<ArrayBuffer> | null): void;
}

interface Around {
  readonly engine: () => Engine;
  readonly session: Store<SessionState>;
  readonly files: Files;
  readonly say: (text: string, kind?: 'info' | 'error') => void;
}

export function createRecorder({ engine, session, files, say }: Around): RunRecorder {
  const state = createStore<RecorderState>({ status: null });
  return {
    state,
    async toggle() {
      const { scenario } = session.get();
      if (state.get().status?.phase === 'recording') {
        engine().stopRecording();
        return;
      }
      if (!scenario || scenario.recording || state.get().status?.phase === 'writing') return;
      const name = fileNameOf(scenario.title);
      if (!canPickFolders()) {
        engine().record(name, null);
        return;
      }
      const picked = await pickFolder('readwrite');
      if (!picked) return;
      const folder = await emptyFolderIn(picked, name);
      engine().record(folder.name, folder);
    },
    told(status, archive) {
      state.set({ status });
      if (status.phase === 'failed') say(`The recording could not be written: ${status.message}`, 'error');
      if (status.phase !== 'ended') return;
      if (archive) void files.saveBytes(archive, `${status.name}.zip`, 'bytes');
      else say(`Recorded ${status.frames} frames in ${status.name}`);
    },
  };
}

/** The folder itself where it is empty, else a new one in it: nothing that is there is touched. */
async function emptyFolderIn(
  picked: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  const taken = new Set<string>();
  for await (const entry of (picked as unknown as { keys(): AsyncIterable<string> }).keys()) taken.add(entry);
  if (taken.size === 0) return picked;
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}-${i}`;
  return picked.getDirectoryHandle(free, { create: true });
}
