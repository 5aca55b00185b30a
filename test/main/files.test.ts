import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWhenStale } from '../../scripts/app/build.ts';
import { type Started, start, startPreload, temporaryFolder } from './start.ts';

beforeAll(buildWhenStale);

const TEXT = 'cellfield: 1\ntitle: É\n';

function scenario(folder: string, name = 'a.yaml', text: string | Uint8Array = TEXT): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function makeFolder(folder: string): string {
  const path = join(folder, 'd.yaml');
  mkdirSync(path);
  return path;
}

function linkToEndless(folder: string): string {
  const path = join(folder, 'z.yaml');
  symlinkSync('/dev/zero', path);
  return path;
}

/** A started app whose page listens, with the files that came to it. */
async function listening(options: Parameters<typeof start>[0] = {}) {
  const started = await start(options);
  const { api, listeners } = startPreload(started);
  const files: string[] = [];
  const problems: string[] = [];
  api.onOpenFile(file => files.push(file.path));
  api.onProblem(message => problems.push(message));
  await started.electron.settle();
  return { ...started, api, listeners, files, problems };
}

describe('files of the built main process, with a stand-in for Electron', () => {
  it('opens the file that a person chooses, and remembers it', async () => {
    const { electron, folder, api } = await listening();
    const path = scenario(folder);
    electron.answers.open.push({ canceled: false, filePaths: [path] });
    expect(await api.openScenario()).toEqual({ path, name: 'a.yaml', text: TEXT, models: {} });
    expect(await api.recentFiles()).toEqual([{ path, name: 'a.yaml', folder: expect.any(String) }]);
    expect(electron.app.recentDocuments).toEqual([path]);
    electron.answers.open.push({ canceled: true, filePaths: [] });
    expect(await api.openScenario()).toBeNull();
  });

  it('saves to a path that was handed out, whole and without asking', async () => {
    const { electron, folder, api } = await listening();
    const path = scenario(folder);
    electron.answers.open.push({ canceled: false, filePaths: [path] });
    await api.openScenario();
    expect(await api.saveScenario('cellfield: 1\n', path)).toEqual({ path, name: 'a.yaml' });
    expect(readFileSync(path, 'utf8')).toBe('cellfield: 1\n');
    expect(electron.asked.map(({ kind }) => kind)).toEqual(['open']);
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
  });

  it('asks where to save when the path was never handed out, so that the page cannot choose', async () => {
    const { electron, folder, api } = await listening();
    const victim = scenario(folder, 'victim.yaml');
    const chosen = join(folder, 'chosen.yaml');
    electron.answers.save.push({ canceled: false, filePath: chosen }, { canceled: true, filePath: '' });
    expect(await api.saveScenario('new', victim)).toEqual({ path: chosen, name: 'chosen.yaml' });
    expect(readFileSync(victim, 'utf8')).toBe(TEXT);
    expect(readFileSync(chosen, 'utf8')).toBe('new');
    expect(electron.asked[0].options.defaultPath).toBe('scenario.yaml');
    expect(await api.saveScenario('new', null)).toBeNull();
  });

  it('opens only recent files by path', async () => {
    const { folder, api } = await listening();
    const path = scenario(folder);
    await expect(api.openRecent(path)).rejects.toThrow('That file is not among the recent ones.');
    await expect(api.openRecent('/etc/passwd')).rejects.toThrow('That file is not among the recent ones.');
    expect(await api.recentFiles()).toEqual([]);
  });

  it('keeps ten recent files, newest first, over restarts and without those that are gone', async () => {
    const folder = temporaryFolder();
    const { electron, api } = await listening({ folder });
    const paths = Array.from({ length: 12 }, (_, i) => scenario(folder, `${i}.yaml`));
    for (const path of [...paths, paths[5]]) {
      electron.answers.open.push({ canceled: false, filePaths: [path] });
      await api.openScenario();
    }
    const expected = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2].map(i => `${i}.yaml`);
    expect((await api.recentFiles()).map(({ name }) => name)).toEqual(expected);
    const again = await listening({ folder });
    expect((await again.api.recentFiles()).map(({ name }) => name)).toEqual(expected);
    expect(await again.api.openRecent(paths[9])).toMatchObject({ text: TEXT });
    writeFileSync(
      join(folder, 'Cellfield', 'recent-files.json'),
      JSON.stringify([paths[1], '/no/such.yaml', 7]),
    );
    expect((await again.api.recentFiles()).map(({ name }) => name)).toEqual(['1.yaml']);
    for (const damage of ['{', 'null', '7', '{"0":"a"}', '["relative.yaml"]']) {
      writeFileSync(join(folder, 'Cellfield', 'recent-files.json'), damage);
      expect(await again.api.recentFiles(), damage).toEqual([]);
    }
  });

  it.each<[string, (folder: string) => string, RegExp]>([
    ['a missing file', folder => join(folder, 'none.yaml'), /could not be opened: there is no such file/],
    ['a folder', makeFolder, /is not a file/],
    ['another kind', folder => scenario(folder, 'a.txt'), /is not a scenario \(.yaml\) or SBML model/],
    ['bytes', folder => scenario(folder, 'b.yaml', new Uint8Array([0xff, 0xfe, 0])), /is not UTF-8 text/],
    ['a huge file', folder => scenario(folder, 'h.yaml', 'x'.repeat(600_000)), /is too large/],
    ['an endless one', linkToEndless, /is not a file/],
  ])('says why %s cannot be opened', async (_what, make, message) => {
    const { electron, folder, api } = await listening();
    electron.answers.open.push({ canceled: false, filePaths: [make(folder)] });
    await expect(api.openScenario()).rejects.toThrow(message);
  });

  it('says why a file cannot be saved, and leaves the old one', async () => {
    const { electron, folder, api } = await listening();
    electron.answers.save.push({ canceled: false, filePath: join(folder, 'none', 'a.yaml') });
    await expect(api.saveScenario(TEXT, null)).rejects.toThrow(
      /^a\.yaml could not be saved: there is no such/,
    );
  });

  it('saves through a link to what it leads to', async () => {
    const { electron, folder, api } = await listening();
    const target = scenario(folder, 'target.yaml');
    symlinkSync(target, join(folder, 'link.yaml'));
    electron.answers.save.push({ canceled: false, filePath: join(folder, 'link.yaml') });
    await api.saveScenario('cellfield: 1\n', null);
    expect(readFileSync(target, 'utf8')).toBe('cellfield: 1\n');
  });

  it('suggests names that lead to no other folder, and saves bytes as they are', async () => {
    const { electron, folder, api } = await listening();
    const bytes = Uint8Array.of(137, 80, 78, 71, 0, 255);
    for (const [name, suggested] of [
      ['stage.png', 'stage.png'],
      ['../../.ssh/id', 'id'],
      ['..\\..\\boot.ini', 'boot.ini'],
      ['/etc/passwd', 'passwd'],
      ['..', 'cellfield'],
      ['.bashrc', 'bashrc'],
      ['Übung (1)\n.png', 'Übung (1).png'],
    ]) {
      electron.answers.save.push({ canceled: false, filePath: join(folder, 'out.png') });
      expect(await api.saveFile(bytes, name, 'png')).toEqual({
        path: join(folder, 'out.png'),
        name: 'out.png',
      });
      expect(electron.asked.at(-1)?.options).toMatchObject({
        defaultPath: suggested,
        filters: [{ name: 'PNG image', extensions: ['png'] }],
      });
    }
    expect(readFileSync(join(folder, 'out.png'))).toEqual(Buffer.from(bytes));
  });

  it('opens files of the command line once the page listens', async () => {
    const folder = temporaryFolder();
    const path = scenario(folder, 'a.cellfield.yaml');
    const started = await start({ args: ['--flag', path, 'notes.txt', join(folder, 'none.yaml')] });
    const { api } = startPreload(started);
    const files: unknown[] = [];
    const problems: string[] = [];
    api.onProblem(message => problems.push(message));
    expect(started.window().webContents.sent).toEqual([]);
    api.onOpenFile(file => files.push(file));
    await started.electron.settle();
    expect(files).toEqual([{ path, name: 'a.cellfield.yaml', text: TEXT, models: {} }]);
    expect(problems).toEqual(['none.yaml could not be opened: there is no such file or folder.']);
  });

  it('opens files that the system or a second start asks for, before and after the window', async () => {
    const folder = temporaryFolder();
    const paths = ['0.yaml', '1.yml', '2.cellfield'].map(name => scenario(folder, name));
    const started = await start({ ready: false });
    const early = started.electron.event();
    started.electron.app.emit('open-file', early, paths[0]);
    expect(early.defaultPrevented).toBe(true);
    await started.electron.app.becomeReady();
    const { api } = startPreload(started);
    const files: string[] = [];
    api.onOpenFile(file => files.push(file.name));
    await started.electron.settle();
    started.electron.app.emit('open-file', started.electron.event(), paths[1]);
    started.window().minimized = true;
    const argv = ['/opt/cellfield', '--allow-something', '2.cellfield'];
    started.electron.app.emit('second-instance', started.electron.event(), argv, folder);
    expect(files).toEqual(['0.yaml', '1.yml', '2.cellfield']);
    expect(started.window().done.slice(-3)).toEqual(['restore', 'show', 'focus']);
  });

  it('opens a dropped scenario, but lets a dropped path be neither written nor any other file read', async () => {
    const { electron, folder, listeners, api, files, problems } = await listening();
    const drop = async (path: string, isTrusted = true): Promise<boolean> => {
      const file = {};
      electron.draggedPaths.set(file, path);
      const dropped = Object.assign(electron.event(), {
        isTrusted,
        dataTransfer: { types: ['Files'], files: [file] },
        target: new EventTarget(),
        stopImmediatePropagation: () => undefined,
      });
      listeners.get('drop')?.(dropped);
      await electron.settle();
      return dropped.defaultPrevented;
    };
    const path = scenario(folder);
    expect(await drop(path)).toBe(true);
    expect(files).toEqual([path]);
    expect(await drop(path, false)).toBe(false);
    const model = scenario(
      folder,
      'model.xml',
      '<?xml version="1.0"?>\n<!-- a -->\n<sbml level="3">\n</sbml>\n',
    );
    await drop(model);
    expect(files.splice(1)).toEqual([model]);
    await drop(scenario(folder, 'page.xml', '<html><sbml /></html>'));
    expect(problems.splice(0)).toEqual(['page.xml is neither a Cellfield scenario nor an SBML model.']);
    await drop(scenario(folder, 'secret.yaml', 'password: 1\n'));
    await drop(scenario(folder, 'id_rsa', TEXT));
    expect(files).toEqual([path]);
    expect(problems).toEqual([
      'secret.yaml is neither a Cellfield scenario nor an SBML model.',
      'id_rsa is not a scenario (.yaml) or SBML model (.xml).',
    ]);
    electron.answers.save.push({ canceled: true, filePath: '' });
    expect(await api.saveScenario('new', path)).toBeNull();
    expect(electron.asked.at(-1)?.options.defaultPath).toBe(path);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });
});

describe('the built preload script, with a stand-in for Electron', () => {
  it('exposes exactly the contract, frozen', async () => {
    const started: Started = await start();
    const { api } = startPreload(started);
    expect(Object.keys(started.electron.exposed)).toEqual(['cellfield']);
    expect(Object.keys(api).sort()).toEqual([
      'appInfo',
      'onMenu',
      'onOpenFile',
      'onProblem',
      'openRecent',
      'openScenario',
      'recentFiles',
      'saveFile',
      'saveScenario',
      'setDirty',
    ]);
    expect(Object.isFrozen(api)).toBe(true);
  });

  it('tells the page who it is running in', async () => {
    const { api } = await listening();
    expect(await api.appInfo()).toMatchObject({
      name: 'Cellfield',
      version: '1.2.3',
      platform: process.platform,
    });
  });

  it('keeps messages until somebody listens, and stops when asked', async () => {
    const started = await start();
    const { api } = startPreload(started);
    const { webContents } = started.window();
    webContents.send('app:menu', 'step');
    const commands: string[] = [];
    const stop = api.onMenu(command => commands.push(command));
    webContents.send('app:menu', 'restart');
    stop();
    webContents.send('app:menu', 'fit');
    expect(commands).toEqual(['step', 'restart']);
  });
});
