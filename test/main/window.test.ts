import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWhenStale } from '../../scripts/app/build.ts';
import { decodeWindowState, placeWindow, SMALLEST } from '../../src/main/windowState.ts';
import { MENU_COMMANDS } from '../../src/preload/contract.ts';
import { type StandIn, start, startPreload, temporaryFolder } from './start.ts';

beforeAll(buildWhenStale);

type MenuItem = StandIn['menus'][number][number];

function everyItem(items: readonly MenuItem[]): MenuItem[] {
  return items.flatMap(item => [item, ...everyItem(item.submenu ?? [])]);
}

describe('place of the window', () => {
  const area = { x: 0, y: 25, width: 1920, height: 1015 };
  const right = { x: 1920, y: 0, width: 2560, height: 1440 };

  it('is the remembered one while its title bar can be reached', () => {
    const bounds = { x: 2000, y: 100, width: 1500, height: 800 };
    expect(placeWindow({ bounds, maximized: false }, [area, right])).toEqual(bounds);
    const alone = placeWindow({ bounds, maximized: false }, [area]);
    expect(alone).toEqual({ x: 210, y: 133, width: 1500, height: 800 });
  });

  it('is always on a screen and of a usable size, whatever was remembered', () => {
    const coordinate = fc.integer({ min: -20_000, max: 20_000 });
    const screen = fc.record({
      x: fc.integer({ min: -4000, max: 4000 }),
      y: fc.integer({ min: -4000, max: 4000 }),
      width: fc.integer({ min: SMALLEST.width, max: 5000 }),
      height: fc.integer({ min: SMALLEST.height, max: 3000 }),
    });
    const remembered = fc.record({ x: coordinate, y: coordinate, width: coordinate, height: coordinate });
    fc.assert(
      fc.property(remembered, fc.array(screen, { minLength: 1, maxLength: 3 }), (bounds, screens) => {
        const place = placeWindow({ bounds, maximized: false }, screens);
        expect(place.width).toBeGreaterThanOrEqual(SMALLEST.width);
        expect(place.height).toBeGreaterThanOrEqual(SMALLEST.height);
        const reachable = screens.some(
          s =>
            Math.min(s.x + s.width, place.x + place.width) - Math.max(s.x, place.x) >= 120 &&
            place.y >= s.y &&
            place.y + 32 <= s.y + s.height &&
            place.width <= s.width &&
            place.height <= s.height,
        );
        expect(reachable).toBe(true);
      }),
      { seed: 5 },
    );
  });

  it.each([
    null,
    7,
    { bounds: null },
    { bounds: { x: 1, y: 2, width: 3 } },
    { bounds: { x: 1.5, y: 2, width: 3, height: 4 } },
  ])('takes %j for none', json => {
    expect(decodeWindowState(json)).toEqual({ bounds: null, maximized: false });
  });
});

describe('window of the built main process, with a stand-in for Electron', () => {
  it('comes back where it was closed', async () => {
    const folder = temporaryFolder();
    const first = await start({ folder });
    Object.assign(first.window().options, { x: 40, y: 50, width: 1100, height: 700 });
    first.window().maximized = true;
    first.window().close();
    expect(JSON.parse(readFileSync(join(folder, 'Cellfield', 'window.json'), 'utf8'))).toEqual({
      bounds: { x: 40, y: 50, width: 1100, height: 700 },
      maximized: true,
    });
    const second = await start({ folder });
    expect(second.window().options).toMatchObject({ x: 40, y: 50, width: 1100, height: 700, show: false });
    second.window().emit('ready-to-show');
    expect([second.window().maximized, second.window().done]).toEqual([true, ['show']]);
  });

  it('comes back onto a screen that is still there, and opens with a damaged memory', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'Cellfield'));
    const memory = join(folder, 'Cellfield', 'window.json');
    writeFileSync(memory, JSON.stringify({ bounds: { x: 9000, y: 9000, width: 1200, height: 800 } }));
    expect((await start({ folder })).window().options).toMatchObject({
      x: 360,
      y: 120,
      width: 1200,
      height: 800,
    });
    writeFileSync(memory, '{"bounds":');
    expect((await start({ folder })).window().options).toMatchObject({ width: 1440, height: 900 });
  });

  it('is the only one: a second copy quits before it opens anything', async () => {
    const { electron } = await start({
      before: standIn => {
        standIn.setup.firstInstance = false;
      },
    });
    expect(electron.BrowserWindow.all).toEqual([]);
    expect(electron.app.quits).toBe(1);
    expect(electron.protocolHandlers.size).toBe(0);
  });

  it('ends the app when closed, but not on macOS, where it opens again', async () => {
    const linux = await start({ platform: 'linux' });
    linux.window().close();
    expect(linux.electron.app.quits).toBe(1);
    const mac = await start({ platform: 'darwin' });
    mac.window().close();
    expect([mac.electron.app.quits, mac.electron.BrowserWindow.all.length]).toEqual([0, 0]);
    mac.electron.app.emit('activate');
    expect(mac.electron.BrowserWindow.all).toHaveLength(1);
  });

  it('offers to reload a page whose process died', async () => {
    const { electron, window } = await start();
    electron.answers.box.push(0);
    window().webContents.emit('render-process-gone', electron.event(), { reason: 'crashed' });
    await electron.settle();
    expect(window().urls).toEqual(['app://cellfield/index.html', 'app://cellfield/index.html']);
  });
});

describe('unsaved edits in the built main process, with a stand-in for Electron', () => {
  const SAVE = 0;
  const DISCARD = 1;
  const CANCEL = 2;

  async function edited() {
    const started = await start({ platform: 'linux' });
    const { api } = startPreload(started);
    const commands: string[] = [];
    api.onMenu(command => commands.push(command));
    await api.setDirty(true);
    return { ...started, api, commands };
  }

  it('are not asked about when there are none', async () => {
    const { electron, api, window } = await edited();
    await api.setDirty(false);
    window().close();
    expect([electron.asked, electron.app.quits]).toEqual([[], 1]);
  });

  it('keep the window open when the person cancels, and ask once at a time', async () => {
    const { electron, window } = await edited();
    electron.answers.box.push(CANCEL);
    window().close();
    window().close();
    await electron.settle();
    expect(electron.asked).toHaveLength(1);
    expect(electron.asked[0].options).toMatchObject({ buttons: ['Save', 'Discard', 'Cancel'], cancelId: 2 });
    expect(electron.BrowserWindow.all).toHaveLength(1);
    electron.answers.box.push(DISCARD);
    electron.app.quit();
    await electron.settle();
    expect([electron.BrowserWindow.all.length, electron.app.quits]).toEqual([0, 1]);
  });

  it('are saved by the page, and the window closes after', async () => {
    const { electron, folder, api, commands, window } = await edited();
    electron.answers.box.push(SAVE);
    window().close();
    await electron.settle();
    expect(commands).toEqual(['save']);
    expect(electron.BrowserWindow.all).toHaveLength(1);
    electron.answers.save.push({ canceled: false, filePath: join(folder, 'a.yaml') });
    await api.saveScenario('cellfield: 1\n', null);
    await api.setDirty(false);
    expect([electron.BrowserWindow.all.length, electron.app.quits]).toEqual([0, 1]);
  });

  it('keep the window open when saving is cancelled, also once they are saved later', async () => {
    const { electron, api, window } = await edited();
    electron.answers.box.push(SAVE);
    window().close();
    await electron.settle();
    electron.answers.save.push({ canceled: true, filePath: '' });
    expect(await api.saveScenario('cellfield: 1\n', null)).toBeNull();
    await api.setDirty(false);
    expect(electron.BrowserWindow.all).toHaveLength(1);
  });

  it('are forgotten with the page that held them', async () => {
    const { electron, window } = await edited();
    const reload = { isMainFrame: true, isSameDocument: false };
    window().webContents.emit('did-start-navigation', reload);
    window().close();
    expect([electron.asked, electron.app.quits]).toEqual([[], 1]);
  });
});

describe('menu of the built main process, with a stand-in for Electron', () => {
  it.each(['linux', 'win32', 'darwin'] as const)(
    'reaches every command of the window on %s',
    async platform => {
      const started = await start({ platform });
      const { api } = startPreload(started);
      const commands: string[] = [];
      api.onMenu(command => commands.push(command));
      const items = everyItem(started.electron.menus.at(-1) ?? []);
      const ours = items.filter(item => item.id !== undefined);
      expect(ours.map(item => item.id).sort()).toEqual([...MENU_COMMANDS].sort());
      for (const item of ours) item.click?.();
      expect([...commands].sort()).toEqual([...MENU_COMMANDS].sort());
      const roles = items.map(item => item.role);
      for (const role of ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'togglefullscreen', 'quit']) {
        expect(roles, role).toContain(role);
      }
      const keys = items.map(item => item.accelerator).filter(key => key !== undefined);
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  it('has developer tools and reload only when run from the sources', async () => {
    const rolesOf = async (packaged: boolean): Promise<(string | undefined)[]> => {
      const { electron } = await start({
        before: standIn => {
          standIn.setup.packaged = packaged;
        },
      });
      return everyItem(electron.menus.at(-1) ?? []).map(item => item.role);
    };
    expect(await rolesOf(true)).not.toContain('toggleDevTools');
    expect(await rolesOf(true)).not.toContain('reload');
    expect(await rolesOf(false)).toContain('toggleDevTools');
  });

  it('lists recent files, opens them and clears the list', async () => {
    const started = await start();
    const { electron, folder } = started;
    const { api } = startPreload(started);
    const files: string[] = [];
    api.onOpenFile(file => files.push(file.name));
    const path = join(folder, 'a & b.yaml');
    writeFileSync(path, 'cellfield: 1\n');
    electron.answers.open.push({ canceled: false, filePaths: [path] });
    await api.openScenario();
    const recent = (): readonly MenuItem[] =>
      everyItem(electron.menus.at(-1) ?? []).find(item => item.label === 'Open &Recent')?.submenu ?? [];
    expect(recent()[0].label).toContain('a && b.yaml');
    recent()[0].click?.();
    expect(files).toEqual(['a & b.yaml']);
    recent().at(-1)?.click?.();
    expect(recent().map(({ label, enabled }) => [label, enabled])).toEqual([['No Recent Files', false]]);
    expect([await api.recentFiles(), electron.app.recentDocuments]).toEqual([[], []]);
  });
});
