import { type BrowserWindow, dialog } from 'electron';

/** Stands between closing and edits that would be lost. */
export interface UnsavedGuard {
  setDirty(dirty: boolean): void;
  /** A save that the person began has ended: `false` where it was cancelled or failed. */
  saveEnded(saved: boolean): void;
  /** The whole app is to quit, not only its window. */
  quitting(): void;
}

export interface UnsavedActions {
  /** Has the window save. */
  readonly save: () => void;
  /** Goes on with quitting. */
  readonly quit: () => void;
}

const SAVE = 0;
const CANCEL = 2;

/**
 * Asks before a window with unsaved edits closes: save, discard, or stay. Saving is done by the window; it closes once the
 * edits are safe, and stays open if saving was cancelled.
 */
export function guardUnsaved(window: BrowserWindow, actions: UnsavedActions): UnsavedGuard {
  let dirty = false;
  let asking = false;
  /** Closing goes on as soon as the edits are saved. */
  let closing = false;
  let quitting = false;

  const stay = (): void => {
    closing = false;
    quitting = false;
  };
  const leave = (): void => {
    dirty = false;
    if (quitting) actions.quit();
    else window.close();
  };

  window.on('close', event => {
    if (!dirty) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    ask(window).then(
      choice => {
        asking = false;
        if (choice === CANCEL) stay();
        else if (choice === SAVE) {
          closing = true;
          actions.save();
        } else leave();
      },
      () => {
        asking = false;
        stay();
      },
    );
  });
  // A page may hold up its unloading without a word to the person; the question above is the one that counts.
  window.webContents.on('will-prevent-unload', event => event.preventDefault());

  return {
    setDirty: value => {
      dirty = value;
      if (!dirty && closing) leave();
    },
    saveEnded: saved => {
      if (!saved) stay();
    },
    quitting: () => {
      quitting = true;
    },
  };
}

async function ask(window: BrowserWindow): Promise<number> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'Save the changes to this scenario?',
    detail: 'They are lost if you do not save them.',
    buttons: ['Save', 'Discard', 'Cancel'],
    defaultId: SAVE,
    cancelId: CANCEL,
    noLink: true,
  });
  return response;
}
