import { beforeAll, describe, expect, it } from 'vitest';
import { buildWhenStale } from '../../scripts/app/build.ts';
import { start } from './start.ts';

beforeAll(buildWhenStale);

const FOREIGN = [
  'https://example.org/',
  'http://cellfield/',
  'file:///etc/passwd',
  'app://cellfield.evil/index.html',
  'app://evil/index.html',
  'app://cellfield@evil/index.html',
  'app://evil@cellfield/index.html',
  'app://cellfield:80/index.html',
  'app://CELLFIELD.evil/',
  'app:cellfield/index.html',
  'apps://cellfield/index.html',
  'data:text/html,<p>x</p>',
  'blob:app://cellfield/1234',
  'javascript:alert(1)',
  'about:blank',
  '',
];

describe('security of the built main process, with a stand-in for Electron (proves our code, not its sandbox)', () => {
  it('turns the sandbox on and names the scheme before the app is ready', async () => {
    const { electron } = await start();
    const at = (call: string): number => electron.calls.indexOf(call);
    expect(at('enableSandbox')).toBeGreaterThanOrEqual(0);
    expect(at('registerSchemesAsPrivileged')).toBeGreaterThanOrEqual(0);
    expect(at('enableSandbox')).toBeLessThan(at('ready'));
    expect(at('registerSchemesAsPrivileged')).toBeLessThan(at('ready'));
    expect(at('ready')).toBeLessThan(at('BrowserWindow'));
    expect(electron.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('opens one window, isolated, sandboxed and without Node, on app:// and not file://', async () => {
    const { electron, window } = await start();
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(window().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
    });
    expect(window().options.webPreferences).toMatchObject({
      preload: expect.stringMatching(/[/\\]out[/\\]preload[/\\]preload\.cjs$/),
    });
    expect(window().urls).toEqual(['app://cellfield/index.html']);
  });

  it.each([...FOREIGN, null])('answers no request of a frame at %j', async url => {
    const { electron } = await start();
    const frame = url === null ? null : { url, parent: null };
    for (const channel of electron.ipcMain.handlers.keys()) {
      const answer = await electron.request(frame, channel);
      expect(answer, channel).toEqual({ ok: false, message: 'This page may not ask that.' });
    }
  });

  it('answers no request of a frame within the page, even of the own origin', async () => {
    const { electron } = await start();
    const frame = { url: electron.homeFrame.url, parent: electron.homeFrame };
    expect(await electron.request(frame, 'app:info')).toMatchObject({ ok: false });
    expect(await electron.request(electron.homeFrame, 'app:info')).toMatchObject({ ok: true });
  });

  it('answers exactly the channels of the contract, and looks at what they take', async () => {
    const { electron } = await start();
    expect([...electron.ipcMain.handlers.keys()].sort()).toEqual([
      'app:info',
      'app:ready',
      'edits:setDirty',
      'file:save',
      'recent:list',
      'recent:open',
      'scenario:open',
      'scenario:openDropped',
      'scenario:save',
    ]);
    const malformed: readonly [string, ...unknown[]][] = [
      ['app:info', 1],
      ['edits:setDirty', 'yes'],
      ['edits:setDirty'],
      ['file:save', 'text', 'a.png', 'png'],
      ['file:save', new Uint8Array(1), 'a.exe', 'exe'],
      ['file:save', new Uint8Array(1), 7, 'png'],
      ['recent:open', 7],
      ['recent:open', 'a\0b'],
      ['recent:open', ''],
      ['scenario:save', 'text'],
      ['scenario:save', 'text', 5],
      ['scenario:save', { toString: 'x' }, null],
      ['scenario:openDropped', ['/etc/passwd']],
      ['scenario:open', '/etc/passwd'],
    ];
    for (const [channel, ...args] of malformed) {
      expect(await electron.request(electron.homeFrame, channel, ...args), channel).toEqual({
        ok: false,
        message: 'The desktop shell did not understand the request.',
      });
    }
    expect(electron.asked).toEqual([]);
  });

  it('lets no page leave home, by navigation, redirection or in a frame', async () => {
    const { electron, window } = await start();
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of FOREIGN) {
        const leaving = electron.event({ url, isMainFrame: true });
        window().webContents.emit(name, leaving);
        expect(leaving.defaultPrevented, `${name} ${url}`).toBe(true);
      }
      const staying = electron.event({ url: 'app://cellfield/index.html', isMainFrame: true });
      window().webContents.emit(name, staying);
      expect(staying.defaultPrevented, name).toBe(false);
    }
    const framed = electron.event({ url: 'app://cellfield/index.html', isMainFrame: false });
    window().webContents.emit('will-frame-navigate', framed);
    expect(framed.defaultPrevented).toBe(true);
  });

  it('opens no window and no webview; only known links go to the browser', async () => {
    const { electron, window } = await start();
    const { webContents } = window();
    const links = [
      'https://doi.org/10.1021/j100540a008',
      'https://yaml.org/spec/1.2.2/',
      'http://doi.org/10.1021/j100540a008',
      'https://doi.org.evil.example/',
      'https://evil.example/doi.org',
      'https://doi.org@evil.example/',
      'https://user@doi.org/',
      'https://doi.org:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not a url',
      'app://cellfield/index.html',
    ];
    for (const url of links) expect(webContents.windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
    expect(electron.opened).toEqual(links.slice(0, 2));
    const attaching = electron.event();
    webContents.emit('will-attach-webview', attaching);
    expect(attaching.defaultPrevented).toBe(true);
  });

  it('guards every page that comes to exist, not only the first', async () => {
    const { electron } = await start();
    const other = new electron.BrowserWindow({});
    expect(other.webContents.windowOpenHandler?.({ url: 'app://cellfield/' })).toEqual({ action: 'deny' });
    const leaving = electron.event({ url: 'https://example.org/' });
    other.webContents.emit('will-navigate', leaving);
    expect(leaving.defaultPrevented).toBe(true);
  });

  it('denies every permission, device and download', async () => {
    const { defaultSession } = (await start()).electron.session;
    for (const permission of ['media', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'hid']) {
      const decisions: boolean[] = [];
      defaultSession.permissionRequest?.(null, permission, allow => decisions.push(allow));
      expect(decisions, permission).toEqual([false]);
      expect(defaultSession.permissionCheck?.(null, permission), permission).toBe(false);
    }
    expect(defaultSession.device?.({})).toBe(false);
    const { electron } = await start();
    const download = electron.event();
    electron.session.defaultSession.emit('will-download', download);
    expect(download.defaultPrevented).toBe(true);
  });

  it('lets its own pages, and no other, read and write a folder that a person picks', async () => {
    const { defaultSession } = (await start()).electron.session;
    const ask = (url: string): boolean => {
      const decisions: boolean[] = [];
      const contents = { getURL: () => url };
      defaultSession.permissionRequest?.(contents, 'fileSystem', allow => decisions.push(allow));
      expect(defaultSession.permissionCheck?.(null, 'fileSystem', url)).toBe(decisions[0]);
      return decisions[0];
    };
    expect(ask('app://cellfield/index.html')).toBe(true);
    expect(ask('https://example.org/')).toBe(false);
  });

  it('stops every request that leaves home', async () => {
    const { electron } = await start();
    const isStopped = (url: string): boolean => {
      let stopped: boolean | null = null;
      electron.session.defaultSession.beforeRequest?.({ url }, ({ cancel }) => {
        stopped = cancel;
      });
      if (stopped === null) throw new Error('no decision was made');
      return stopped;
    };
    const own = ['app://cellfield/assets/a.js', 'blob:app://cellfield/1', 'data:image/png;base64,AA=='];
    for (const url of own) expect(isStopped(url), url).toBe(false);
    const foreign = ['https://example.org/', 'http://127.0.0.1:1/', 'ws://127.0.0.1/', 'file:///etc/passwd'];
    for (const url of [...foreign, 'app://evil/', 'blob:https://evil/1'])
      expect(isStopped(url), url).toBe(true);
  });

  it('serves app://cellfield and no other host', async () => {
    const { electron } = await start();
    const handle = electron.protocolHandlers.get('app');
    if (!handle) throw new Error('no handler');
    const page = await handle(new Request('app://cellfield/index.html'));
    expect(page.status).toBe(200);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    for (const url of [
      'app://evil/index.html',
      'app://cellfield/../package.json',
      'app://cellfield/main/main.js',
    ]) {
      expect((await handle(new Request(url))).status, url).toBe(404);
    }
  });

  it('takes a development server only from the sources and only from this machine', async () => {
    const environment = { ELECTRON_RENDERER_URL: 'http://localhost:5173' };
    expect((await start({ environment })).window().urls).toEqual(['app://cellfield/index.html']);
    const before = (electron: Awaited<ReturnType<typeof start>>['electron']): void => {
      electron.setup.packaged = false;
    };
    const development = await start({ environment, before });
    expect(development.window().urls).toEqual(['http://localhost:5173/']);
    const { electron } = development;
    expect(await electron.request(electron.homeFrame, 'app:info')).toMatchObject({ ok: false });
    const elsewhere = { ELECTRON_RENDERER_URL: 'http://example.org:5173' };
    expect((await start({ environment: elsewhere, before })).window().urls).toEqual([
      'app://cellfield/index.html',
    ]);
  });
});
