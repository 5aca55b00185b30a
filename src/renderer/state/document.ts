/** The scenario text being worked on, and where it came from. */
export interface DocumentState {
  /** Handed out by the desktop app; null for a gallery scenario or a browser's file. */
  readonly path: string | null;
  readonly name: string;
  /** As in the editor. */
  readonly draft: string;
  /** As last loaded into the engine. */
  readonly applied: string;
  /** As last opened or saved. */
  readonly saved: string;
}

export const NO_DOCUMENT: DocumentState = { path: null, name: '', draft: '', applied: '', saved: '' };

/** A document just opened. */
export function openDocument(text: string, name: string, path: string | null): DocumentState {
  return { path, name, draft: text, applied: text, saved: text };
}

/** Whether closing would lose edits. */
export function isDirty(document: DocumentState): boolean {
  return document.draft !== document.saved;
}

/** Whether the text differs from what runs. */
export function isUnapplied(document: DocumentState): boolean {
  return document.draft !== document.applied;
}
