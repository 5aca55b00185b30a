import type { ReadFile } from '../state/files.ts';
import { isEdited } from '../state/lab.ts';
import type { Workbench } from '../state/workbench.ts';
import { LIBRARY } from './library.ts';

/** Goes to the lab with a circuit, after asking where edits of the one there would be lost. */
function guardLab({ lab, ui }: Workbench, action: () => void): void {
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

export function goToLab({ ui }: Workbench): void {
  ui.set({ workplace: 'lab', overlay: null, bare: false });
}

export function loadFile(workbench: Workbench, file: ReadFile): void {
  guardLab(workbench, () => {
    goToLab(workbench);
    workbench.lab.load(file);
  });
}

export function loadFromLibrary(workbench: Workbench, name: string): void {
  const entry = LIBRARY.find(circuit => circuit.name === name);
  if (entry) loadFile(workbench, { path: null, name: `${name}.yaml`, text: entry.text });
}

/** The circuit of a cell type of the open scenario, as it was last applied. */
export function loadCellType(workbench: Workbench, cellType: string): void {
  const text = workbench.session.get().scenario?.text;
  if (text === undefined) return;
  guardLab(workbench, () => {
    goToLab(workbench);
    workbench.lab.loadCellType(text, cellType).catch((error: unknown) => {
      workbench.say(error instanceof Error ? error.message : String(error), 'error');
    });
  });
}

export async function openInLab(workbench: Workbench): Promise<void> {
  try {
    const file = await workbench.files.open();
    if (file) loadFile(workbench, file);
  } catch (error) {
    workbench.say(error instanceof Error ? error.message : String(error), 'error');
  }
}

/** Saves the lab's text as a file of its own. */
export async function saveFromLab({ lab, files, say }: Workbench): Promise<void> {
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
