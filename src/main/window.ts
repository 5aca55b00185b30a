import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import icon from '../../packaging/icon.png?asset';
import type { Home } from './origin.ts';
import type { Store } from './store.ts';
import { placeWindow, SMALLEST, type WindowState } from './windowState.ts';

/** Behind the page until it has drawn, as its themes are; a white flash would tell of a slow start. */
const BACKGROUND = { dark: '#0f1318', light: '#faf8f4' } as const;

/** Milliseconds without moving or resizing after which the place is written down. */
const SETTLED = 400;

/** Opens the app's window where it was last, shown once the page has drawn. */
export function createWindow(home: Home, preload: string, store: Store<WindowState>): BrowserWindow {
  const state = store.read();
  const window = new BrowserWindow({
    ...placeWindow(state, workAreas()),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Cellfield',
    icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize();
    window.show();
  });
  rememberPlace(window, store);
  offerReload(window, home);
  void window.loadURL(home.url);
  return window;
}

/** Brings the window before the person. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function workAreas(): Electron.Rectangle[] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(display => display.id !== main.id);
  return [main, ...others].map(display => display.workArea);
}

function rememberPlace(window: BrowserWindow, store: Store<WindowState>): void {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    if (!window.isDestroyed()) {
      store.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, SETTLED);
  };
  window.on('move', soon);
  window.on('resize', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', write);
  window.on('closed', () => clearTimeout(timer));
}

/** A page whose process has died is offered again, with a word on what happened; nothing stays blank. */
function offerReload(window: BrowserWindow, home: Home): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window stopped working.',
        detail: `Its process ended (${details.reason}). Edits since the last save are lost.`,
        buttons: ['Reload', 'Close'],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      })
      .then(({ response }) => (response === 0 ? window.loadURL(home.url) : window.destroy()))
      .catch(console.error);
  });
}
