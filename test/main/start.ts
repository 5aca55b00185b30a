import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CellfieldApi } from '../../src/preload/contract.ts';

type Native = typeof import('./standIn/native.ts');
export type StandIn = Awaited<ReturnType<Native['newStandIn']>>;
export type Window = StandIn['BrowserWindow']['prototype'];

/** Loaded by Node itself; see there. */
const native: Native = createRequire(import.meta.url)('./standIn/native.ts');

export interface Started {
  readonly electron: StandIn;
  /** Folder for this test's files, with the app's own in `Cellfield/`. */
  readonly folder: string;
  /** The one window. */
  window(): Window;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly folder?: string;
  /** What the system says before the app runs. */
  readonly before?: (electron: StandIn) => void;
  readonly ready?: boolean;
}

/** Starts the built main process around a new stand-in, up to an open window. */
export async function start(options: StartOptions = {}): Promise<Started> {
  const folder = options.folder ?? temporaryFolder();
  const electron = await native.newStandIn();
  electron.setup.userData = folder;
  options.before?.(electron);
  const { argv, platform } = process;
  const packagedArgs = ['/opt/cellfield', ...(options.args ?? [])];
  process.argv = electron.setup.packaged ? packagedArgs : ['electron', ...packagedArgs];
  Object.assign(process.env, options.environment);
  if (options.platform) Object.defineProperty(process, 'platform', { value: options.platform });
  onTestFinished(() => {
    process.argv = argv;
    for (const name of Object.keys(options.environment ?? {})) delete process.env[name];
    Object.defineProperty(process, 'platform', { value: platform });
    for (const window of [...electron.BrowserWindow.all]) window.destroy();
  });
  await native.loadMain();
  if (options.ready !== false) await electron.app.becomeReady();
  return {
    electron,
    folder,
    window: () => {
      const [window] = electron.BrowserWindow.all;
      if (!window) throw new Error('there is no window');
      return window;
    },
  };
}

/** What a preload script sees of a page: listeners that a test calls with events of its making. */
export type PageListeners = Map<string, (event: unknown) => void>;

/** Runs the built preload script beside the main process started last, and gives what it exposes to the page. */
export function startPreload({ electron }: Started): { api: CellfieldApi; listeners: PageListeners } {
  const listeners: PageListeners = new Map();
  const page = globalThis as { window?: unknown; DragEvent?: unknown };
  page.window = {
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
  };
  page.DragEvent = Event;
  onTestFinished(() => {
    delete page.window;
    delete page.DragEvent;
  });
  native.loadPreload();
  return { api: electron.exposed.cellfield as CellfieldApi, listeners };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellfield-main-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
