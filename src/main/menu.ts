import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';
import type { MenuCommand } from '../preload/contract.ts';
import type { RecentFiles } from './recentFiles.ts';

export interface MenuActions {
  /** Has the window carry out a command. */
  readonly command: (command: MenuCommand) => void;
  readonly openRecent: (path: string) => void;
}

type Item = MenuItemConstructorOptions;

/** Builds the application menu; called again whenever the recent files change. */
export function setupMenu(recent: RecentFiles, actions: MenuActions): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(recent, actions, process.platform === 'darwin')),
  );
}

function menuTemplate(recent: RecentFiles, actions: MenuActions, isMac: boolean): Item[] {
  const item = (label: string, command: MenuCommand, accelerator?: string): Item => ({
    label,
    id: command,
    ...(accelerator ? { accelerator } : {}),
    click: () => actions.command(command),
  });
  /** The page handles the key itself; the menu only shows it. */
  const shown = (label: string, command: MenuCommand, accelerator: string): Item => ({
    ...item(label, command, accelerator),
    registerAccelerator: false,
  });
  return [
    ...(isMac ? [macMenu(actions)] : []),
    {
      label: '&File',
      submenu: [
        item('&Gallery', 'gallery'),
        { type: 'separator' },
        item('&Open…', 'open', 'CmdOrCtrl+O'),
        { label: 'Open &Recent', submenu: recentMenu(recent, actions) },
        { type: 'separator' },
        item('&Save', 'save', 'CmdOrCtrl+S'),
        item('Save &As…', 'saveAs', 'CmdOrCtrl+Shift+S'),
        item('Save &Image…', 'saveImage'),
        item('Save &Video…', 'saveVideo'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Run',
      submenu: [
        item('&Play or Pause', 'playPause'),
        item('&Step', 'step'),
        item('&Restart', 'restart'),
        { type: 'separator' },
        shown('&Commands…', 'palette', 'CmdOrCtrl+K'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('&Fit', 'fit'),
        item('Hide or Show &Panels', 'togglePanels'),
        item('Circuit &Lab or Colony', 'lab'),
        item('Dark or Light &Theme', 'toggleTheme'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        // For people who work on the app; a packaged one has no use for them.
        ...(app.isPackaged ? [] : [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        item('&Keyboard Shortcuts', 'shortcuts'),
        item('&Tour', 'tour'),
        { label: 'About &YAML', click: () => void shell.openExternal('https://yaml.org/') },
        ...(isMac ? [] : [{ type: 'separator' } as const, item('&About Cellfield', 'about')]),
      ],
    },
  ];
}

function macMenu(actions: MenuActions): Item {
  return {
    label: app.getName(),
    submenu: [
      { label: 'About Cellfield', id: 'about', click: () => actions.command('about') },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function recentMenu(recent: RecentFiles, actions: MenuActions): Item[] {
  const files = recent.list();
  if (files.length === 0) return [{ label: 'No Recent Files', enabled: false }];
  return [
    ...files.map(({ path, name, folder }) => ({
      // A doubled ampersand is shown; a single one would underline the next letter.
      label: `${name} — ${folder}`.replaceAll('&', '&&'),
      click: () => actions.openRecent(path),
    })),
    { type: 'separator' },
    {
      label: 'Clear List',
      click: () => {
        recent.clear();
        app.clearRecentDocuments();
      },
    },
  ];
}
