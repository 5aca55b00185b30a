import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildWhenStale, ROOT } from '../../scripts/app/build.ts';
import { findElectron } from '../../scripts/app/electron.ts';
import type { CellfieldApi } from '../../src/preload/contract.ts';
import { temporaryFolder } from './start.ts';

const executablePath = findElectron();
if (executablePath === null) {
  console.warn('The app is not tested in Electron: its program is not installed (npx install-electron).');
}

describe.skipIf(executablePath === null)('the app in the real Electron', () => {
  beforeAll(buildWhenStale);

  async function open(...files: string[]): Promise<{ app: ElectronApplication; page: Page }> {
    const folder = temporaryFolder();
    const sandbox = process.env.CI ? ['--no-sandbox'] : [];
    const app = await _electron.launch({
      executablePath: executablePath ?? '',
      args: [join(ROOT, 'out', 'main', 'main.js'), `--user-data-dir=${folder}`, ...sandbox, ...files],
    });
    onTestFinished(() => app.close());
    return { app, page: await app.firstWindow() };
  }

  it('shows the page of app://cellfield, isolated, without Node', async () => {
    const { page } = await open();
    expect(page.url()).toBe('app://cellfield/index.html');
    expect(
      await page.evaluate<unknown>(`({
        isolated: crossOriginIsolated,
        node: [typeof process, typeof require, typeof module],
        api: Object.isFrozen(cellfield),
      })`),
    ).toEqual({ isolated: true, node: ['undefined', 'undefined', 'undefined'], api: true });
  });

  it('answers the page, leaves home for nobody and opens no window', async () => {
    const { app, page } = await open();
    const name = await page.evaluate(async () => {
      const api: CellfieldApi = Reflect.get(globalThis, 'cellfield');
      return (await api.appInfo()).name;
    });
    expect(name).toBe('Cellfield');
    await page.evaluate<unknown>(
      `(window.open('https://example.org/'), (location.href = 'https://example.org/'), 0)`,
    );
    await page.waitForTimeout(500);
    expect(page.url()).toBe('app://cellfield/index.html');
    expect(app.windows()).toHaveLength(1);
  });

  it('opens the file it is started with', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.yaml');
    writeFileSync(path, 'cellfield: 1\n');
    const { page } = await open(path);
    const recent = (): Promise<readonly string[]> =>
      page.evaluate(async () => {
        const api: CellfieldApi = Reflect.get(globalThis, 'cellfield');
        return (await api.recentFiles()).map(file => file.path);
      });
    await expect.poll(recent, { timeout: 20_000 }).toEqual([path]);
  });
});
