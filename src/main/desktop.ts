import { app, type BrowserWindow } from 'electron';
import type { MenuCommand } from '../preload/contract.ts';
import { documents } from './documents.ts';
import { send, setupIpc } from './ipc.ts';
import { setupMenu } from './menu.ts';
import type { Home } from './origin.ts';
import { decodeRecentFiles, recentFiles } from './recentFiles.ts';
import { Refusal } from './refusal.ts';
import { responders } from './requests.ts';
import { jsonStore } from './store.ts';
import { guardUnsaved, type UnsavedGuard } from './unsaved.ts';
import { createWindow, showWindow } from './window.ts';
import { decodeWindowState } from './windowState.ts';

export interface DesktopOptions {
  readonly home: Home;
  readonly preload: string;
  /** Makes the path of a file that the app keeps for itself. */
  readonly keepIn: (name: string) => string;
}

/** The app's one window with its files, menu and requests. */
export interface Desktop {
  /** Opens the window, or brings it to the front. */
  show(): void;
  /** Opens a file in the window once it listens; `null` only shows the window. */
  open(path: string | null): void;
}

export function setupDesktop({ home, preload, keepIn }: DesktopOptions): Desktop {
  const places = jsonStore(keepIn('window.json'), decodeWindowState);
  const recent = recentFiles(jsonStore(keepIn('recent-files.json'), decodeRecentFiles), () => renewMenu());
  const files = documents(recent);
  let window: BrowserWindow | null = null;
  let guard: UnsavedGuard | null = null;
  let listening = false;
  const waiting: string[] = [];

  const tell = (command: MenuCommand): void => {
    show();
    send(window, 'app:menu', command);
  };
  const deliver = (path: string): void => {
    try {
      send(window, 'scenario:opened', files.open(path));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(window, 'app:problem', error.message);
    }
  };
  const open = (path: string | null): void => {
    show();
    if (path === null) return;
    if (listening) deliver(path);
    else waiting.push(path);
  };
  const renewMenu = (): void => setupMenu(recent, { command: tell, openRecent: open });

  const show = (): void => {
    if (window) {
      showWindow(window);
      return;
    }
    const created = createWindow(home, preload, places);
    window = created;
    guard = guardUnsaved(created, {
      save: () => send(created, 'app:menu', 'save'),
      quit: () => app.quit(),
    });
    // A page that loads anew has nothing to lose and does not listen yet.
    created.webContents.on('did-start-navigation', details => {
      if (!details.isMainFrame || details.isSameDocument) return;
      listening = false;
      guard?.setDirty(false);
    });
    created.on('closed', () => {
      window = null;
      guard = null;
      listening = false;
    });
  };

  app.on('before-quit', () => guard?.quitting());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', show);

  setupIpc(
    home,
    responders({
      documents: files,
      recent,
      guardOf: asking => (asking === window && guard ? guard : undefined),
      ready: () => {
        listening = true;
        for (const path of waiting.splice(0)) deliver(path);
      },
    }),
  );
  renewMenu();
  return { show, open };
}
