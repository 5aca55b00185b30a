/**
 * A stand-in for the module `electron`: what the built main process and preload script use of it, and no more. It keeps what it
 * is told and lets a test play the system's part. It has no sandbox and no windows; what it proves is our code.
 *
 * Node loads it as it is, once per test (see native.ts).
 */
import { EventEmitter } from 'node:events';

type Listener = (...args: unknown[]) => unknown;
type Options = Readonly<Record<string, unknown>>;

/** Calls that matter in their order: `enableSandbox` before `ready`, and the like. */
export const calls: string[] = [];
export const opened: string[] = [];
export const exited: number[] = [];

interface Setup {
  packaged: boolean;
  firstInstance: boolean;
  userData: string;
  displays: readonly { id: number; workArea: { x: number; y: number; width: number; height: number } }[];
}

export const setup: Setup = {
  packaged: true,
  firstInstance: true,
  userData: '',
  displays: [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
};

class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** An event as Electron passes it: the first argument, with its details as properties. */
export function event<T extends object>(details?: T): PreventableEvent & T {
  return Object.assign(new PreventableEvent(), details);
}

class App extends EventEmitter {
  readonly paths = new Map<string, string>();
  readonly recentDocuments: string[] = [];
  /** How often the app came to its end; a window that stays open prevents it. */
  quits = 0;
  private quitting = false;
  private name = 'Electron';
  private isReady: () => void = () => {};
  private readonly ready = new Promise<void>(resolve => {
    this.isReady = resolve;
  });
  readonly commandLine = { hasSwitch: (): boolean => false };
  get isPackaged(): boolean {
    return setup.packaged;
  }
  /** The system says that the app is ready. */
  async becomeReady(): Promise<void> {
    calls.push('ready');
    this.isReady();
    await settle();
  }
  whenReady(): Promise<void> {
    return this.ready;
  }
  setName(name: string): void {
    this.name = name;
  }
  getName(): string {
    return this.name;
  }
  getVersion(): string {
    return '1.2.3';
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  getPath(name: string): string {
    return name === 'appData' ? setup.userData : (this.paths.get(name) ?? '');
  }
  enableSandbox(): void {
    calls.push('enableSandbox');
  }
  requestSingleInstanceLock(): boolean {
    calls.push('requestSingleInstanceLock');
    return setup.firstInstance;
  }
  addRecentDocument(path: string): void {
    this.recentDocuments.push(path);
  }
  clearRecentDocuments(): void {
    this.recentDocuments.length = 0;
  }
  exit(code: number): void {
    exited.push(code);
  }
  quit(): void {
    if (this.quitting) return;
    this.quitting = true;
    this.emit('before-quit', event());
    for (const window of [...BrowserWindow.all]) window.close();
    if (BrowserWindow.all.length === 0) this.quits++;
    this.quitting = false;
  }
}
export const app = new App();

class WebContents extends EventEmitter {
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;
  readonly sent: { channel: string; args: unknown[] }[] = [];
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  send(channel: string, ...args: unknown[]): void {
    const copies = structuredClone(args);
    this.sent.push({ channel, args: copies });
    ipcRenderer.emit(channel, event(), ...copies);
    this.emit('sent', channel, copies);
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.all.find(window => window.webContents === contents) ?? null;
  }
  readonly options: Options;
  readonly webContents = new WebContents();
  readonly urls: string[] = [];
  readonly done: string[] = [];
  maximized = false;
  minimized = false;
  private destroyed = false;
  constructor(options: Options) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    calls.push('BrowserWindow');
    app.emit('web-contents-created', event(), this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.urls.push(url);
  }
  close(): void {
    const closing = event();
    this.emit('close', closing);
    if (!closing.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  maximize(): void {
    this.maximized = true;
  }
  restore(): void {
    this.minimized = false;
    this.done.push('restore');
  }
  show(): void {
    this.done.push('show');
  }
  focus(): void {
    this.done.push('focus');
  }
  getNormalBounds(): Options {
    const { x, y, width, height } = this.options;
    return { x, y, width, height };
  }
}

/** Answers that a person gives to dialogs, in order; a dialog without one fails the test. */
export const answers: {
  open: { canceled: boolean; filePaths: string[] }[];
  save: { canceled: boolean; filePath: string }[];
  box: number[];
} = { open: [], save: [], box: [] };
export const asked: { kind: string; options: Options }[] = [];

function answer<T>(kind: string, queue: T[], options: Options): Promise<T> {
  asked.push({ kind, options });
  const next = queue.shift();
  return next === undefined
    ? Promise.reject(new Error(`nobody expected the dialog ${kind}`))
    : Promise.resolve(next);
}

export const dialog = {
  showOpenDialog: (_window: BrowserWindow, options: Options) => answer('open', answers.open, options),
  showSaveDialog: (_window: BrowserWindow, options: Options) => answer('save', answers.save, options),
  showMessageBox: async (_window: BrowserWindow, options: Options) => ({
    response: await answer('box', answers.box, options),
  }),
};

const handlers = new Map<string, Listener>();
export const ipcMain = {
  handlers,
  handle: (channel: string, handler: Listener): void => {
    if (handlers.has(channel)) throw new Error(`two handlers for ${channel}`);
    handlers.set(channel, handler);
  },
};

/** A frame that sends requests; null once it is gone. */
export interface Frame {
  readonly url: string;
  readonly parent: Frame | null;
}
export const homeFrame: Frame = { url: 'app://cellfield/index.html', parent: null };

/** Sends a request as a window's process does: by copy. */
export async function request(frame: Frame | null, channel: string, ...args: unknown[]): Promise<unknown> {
  const handler = handlers.get(channel);
  if (!handler) throw new Error(`no handler for ${channel}`);
  const [window] = BrowserWindow.all;
  return structuredClone(
    await handler({ sender: window?.webContents ?? null, senderFrame: frame }, ...structuredClone(args)),
  );
}

class IpcRenderer extends EventEmitter {
  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    return request(homeFrame, channel, ...args);
  }
}
export const ipcRenderer = new IpcRenderer();

export const exposed: Record<string, unknown> = {};
export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown): void => {
    exposed[name] = api;
  },
};
/** Paths of files that a person drags. */
export const draggedPaths = new WeakMap<object, string>();
export const webUtils = { getPathForFile: (file: object): string => draggedPaths.get(file) ?? '' };

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly id?: string;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly enabled?: boolean;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}
export const menus: (readonly MenuItem[])[] = [];
export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (menu: readonly MenuItem[]): void => {
    menus.push(menu);
  },
};

export const schemes: unknown[] = [];
export const protocolHandlers = new Map<string, (request: Request) => Response | Promise<Response>>();
export const protocol = {
  registerSchemesAsPrivileged: (list: readonly unknown[]): void => {
    calls.push('registerSchemesAsPrivileged');
    schemes.push(...list);
  },
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>): void => {
    protocolHandlers.set(scheme, handler);
  },
};

class Session extends EventEmitter {
  permissionRequest:
    | ((contents: unknown, permission: string, done: (allow: boolean) => void) => void)
    | null = null;
  permissionCheck: ((contents: unknown, permission: string, origin?: string) => boolean) | null = null;
  device: ((details: unknown) => boolean) | null = null;
  beforeRequest: ((details: { url: string }, done: (answer: { cancel: boolean }) => void) => void) | null =
    null;
  setPermissionRequestHandler(handler: Session['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: Session['permissionCheck']): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: Session['device']): void {
    this.device = handler;
  }
  readonly webRequest = {
    onBeforeRequest: (handler: Session['beforeRequest']): void => {
      this.beforeRequest = handler;
    },
  };
}
export const session = { defaultSession: new Session() };

export const shell = {
  openExternal: async (url: string): Promise<void> => {
    opened.push(url);
  },
};
export const screen = {
  getPrimaryDisplay: () => setup.displays[0],
  getAllDisplays: () => setup.displays,
};
export const nativeTheme = { shouldUseDarkColors: true };

/** Lets promises that are under way come to their ends. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
