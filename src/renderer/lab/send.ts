import type { Placing } from '../../engine/scenario/placeCircuit.ts';
import type { Workbench } from '../state/workbench.ts';

/**
 * Writes the lab's circuit into the open scenario's text and goes there, to the text editor, where the change can be undone and
 * waits to be applied like any edit. Returns why it was not done, or null.
 */
export async function sendCircuit(
  workbench: Workbench,
  placing: Omit<Placing, 'from'>,
): Promise<string | null> {
  const { lab, document, ui, preferences, say } = workbench;
  const { draft } = document.get();
  try {
    const { text, notes } = await lab.place(draft, placing);
    if (document.get().draft !== draft) return 'The scenario was changed meanwhile: send again.';
    // The editor opens with the text as it was, so that its own undo leads back.
    preferences.set({ leftOpen: true });
    ui.set({ workplace: 'colony', leftTab: 'text', bare: false });
    await nextFrame();
    document.set({ draft: text });
    say([`Sent to ${placing.to}: apply the text to run it.`, ...notes].join(' '));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** After what React has yet to draw. */
function nextFrame(): Promise<void> {
  return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
