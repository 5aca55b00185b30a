import type { Placing } from '../../engine/scenario/placeCircuit.ts';
import { proposeText } from '../editor/proposeText.ts';
import type { Workbench } from '../state/workbench.ts';

/**
 * Writes the lab's circuit into the open scenario's text and goes there, to the text editor, where the change can be undone and
 * waits to be applied like any edit. Returns why it was not done, or null.
 */
export async function sendCircuit(
  workbench: Workbench,
  placing: Omit<Placing, 'from'>,
): Promise<string | null> {
  const { lab, document } = workbench;
  const { draft } = document.get();
  try {
    const { text, notes } = await lab.place(draft, placing);
    if (document.get().draft !== draft) return 'The scenario was changed meanwhile: send again.';
    await proposeText(
      workbench,
      text,
      [`Sent to ${placing.to}: apply the text to run it.`, ...notes].join(' '),
    );
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
