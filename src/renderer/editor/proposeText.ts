import type { Workbench } from '../state/workbench.ts';

/** Puts a changed text into the editor and shows it there, to be applied or undone like any edit; `message` says what was done. */
export async function proposeText(workbench: Workbench, text: string, message: string): Promise<void> {
  const { document, ui, preferences, say } = workbench;
  // The editor opens with the text as it was, so that its own undo leads back.
  preferences.set({ leftOpen: true });
  ui.set({ workplace: 'colony', leftTab: 'text', bare: false });
  await nextFrame();
  document.set({ draft: text });
  say(message);
}

/** After what React has yet to draw. */
function nextFrame(): Promise<void> {
  return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
