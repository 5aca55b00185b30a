import type { Files, ReadFile } from '../state/files.ts';
import { isEdited, type Lab } from '../state/lab.ts';
import type { SessionState } from '../state/machine.ts';
import type { Store } from '../state/store.ts';
import type { UiState } from '../state/ui.ts';
import { LIBRARY } from './library.ts';

/** What these need of the workbench. */
interface Desk {
  readonly lab: Lab;
  readonly ui: Store<UiState>;
  readonly session: Store<SessionState>;
  readonly files: Files;
  say(text: string, kind?: 'info' | 'error'): void;
}

/** Goes to the lab with a circuit, after asking where edits of the one there would be lost. */
function guardLab({ lab, ui }: Desk, action: () => void): void {
  const state = lab.state.get();
  if (!isEdited(state)) {
    action();
    return;
  }
  ui.set({
    question: {
      title: 'Discard the edited circuit?',
      text: `${state.source?.file ?? 'The circuit'} in the lab has edits that would be lost.`,
      confirm: 'Discard edits',
      action,
    },
  });
}

export function goToLab({ ui }: Desk): void {
  ui.set({ workplace: 'lab', overlay: null, bare: false });
}

export function loadFile(desk: Desk, file: ReadFile): void {
  guardLab(desk, () => {
    goToLab(desk);
    desk.lab.load(file);
  });
}

export function loadFromLibrary(desk: Desk, name: string): void {
  const entry = LIBRARY.find(circuit => circuit.name === name);
  if (entry) loadFile(desk, { path: null, name: `${name}.yaml`, text: entry.text });
}

/** The circuit of a cell type of the open scenario, as it was last applied. */
export function loadCellType(desk: Desk, cellType: string): void {
  const text = desk.session.get().scenario?.text;
  if (text === undefined) return;
  guardLab(desk, () => {
    goToLab(desk);
    desk.lab.loadCellType(text, cellType).catch((error: unknown) => {
      desk.say(error instanceof Error ? error.message : String(error), 'error');
    });
  });
}

export async function openInLab(desk: Desk): Promise<void> {
  try {
    const file = await desk.files.open();
    if (file) loadFile(desk, file);
  } catch (error) {
    desk.say(error instanceof Error ? error.message : String(error), 'error');
  }
}

/** Saves the lab's text as a file of its own. */
export async function saveFromLab({ lab, files, say }: Desk): Promise<void> {
  const { source } = lab.state.get();
  if (!source) return;
  try {
    const saved = await files.save(source.text, null, source.file);
    if (!saved) return;
    lab.state.set({ loaded: source.text });
    say(`Saved ${saved.name}`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), 'error');
  }
}
