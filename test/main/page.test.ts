import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWhenStale } from '../../scripts/app/build.ts';
import type { CellfieldApi } from '../../src/preload/contract.ts';
import { launchChromium, whyNoChromium } from '../support/chromium.ts';
import { openInChromium } from './chromiumWindow.ts';
import { start } from './start.ts';

const reason = whyNoChromium();
if (reason !== null) console.warn(`The page of the desktop shell is not tested: ${reason}.`);

describe.skipIf(reason !== null)(
  'the built page, preload script and main process in Chromium (proves our code, not Electron’s sandbox)',
  () => {
    let browser: Browser;
    beforeAll(async () => {
      await buildWhenStale();
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());

    it('is isolated, has SharedArrayBuffer, and keeps to its policy', async () => {
      const { page, server, requested, complaints } = await openInChromium(browser, await start());
      await page.waitForLoadState('networkidle');
      expect(await isolation(page)).toEqual({
        isolated: true,
        shared: true,
        evaluates: false,
        inline: false,
      });
      const origin = new URL(server.url).origin;
      const elsewhere = requested.filter(
        url => !/^(?:data|blob):/.test(url) && new URL(url).origin !== origin,
      );
      expect(elsewhere).toEqual([]);
      // The two attempts that isolation() makes on purpose are all that the policy stopped.
      const breaches = complaints.filter(text => /Content Security Policy|Refused/.test(text));
      expect(breaches.filter(text => !/unsafe-eval|inline script/.test(text))).toEqual([]);
    });

    it('serves the engine’s worker so that it alone may make code from text', async () => {
      const { page, requested } = await openInChromium(browser, await start());
      await expect.poll(() => requested.filter(url => url.includes('/worker/')).length).toBeGreaterThan(0);
      const [worker] = requested.filter(url => url.includes('/worker/'));
      const policyOf = (url: string): Promise<string> =>
        page.evaluate(
          async address => (await fetch(address)).headers.get('content-security-policy') ?? '',
          url,
        );
      expect(await policyOf(worker)).toContain("'unsafe-eval'");
      for (const url of requested.filter(
        address => !address.includes('/worker/') && address.startsWith('http'),
      )) {
        expect(await policyOf(url), url).not.toContain('unsafe-eval');
      }
    });

    it('brings requests, files and menu commands across, bytes included', async () => {
      const started = await start();
      const { electron, folder } = started;
      const { page } = await openInChromium(browser, started);
      const path = join(folder, 'a.yaml');
      writeFileSync(path, 'cellfield: 1\n');
      electron.answers.open.push({ canceled: false, filePaths: [path] });
      electron.answers.save.push({ canceled: false, filePath: join(folder, 'a.png') });
      const result = await page.evaluate(async () => {
        const api: CellfieldApi = Reflect.get(globalThis, 'cellfield');
        const commands: string[] = [];
        api.onMenu(command => commands.push(command));
        Reflect.set(globalThis, 'commands', commands);
        const bytes = Uint8Array.of(1, 2, 255);
        return {
          opened: await api.openScenario(),
          saved: await api.saveFile(bytes, 'a.png', 'png'),
          refused: await api.openRecent('/etc/passwd').catch((error: Error) => error.message),
          info: (await api.appInfo()).name,
        };
      });
      expect(result).toEqual({
        opened: { path, name: 'a.yaml', text: 'cellfield: 1\n', models: {} },
        saved: { path: join(folder, 'a.png'), name: 'a.png' },
        refused: 'That file is not among the recent ones.',
        info: 'Cellfield',
      });
      expect([...readFileSync(join(folder, 'a.png'))]).toEqual([1, 2, 255]);
      started.window().webContents.send('app:menu', 'about');
      await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'commands'))).toEqual(['about']);
    });

    it('answers no frame within the page', async () => {
      const { page } = await openInChromium(browser, await start());
      // The page may hold no frame by its policy; a frame without an address takes none and shows what main would say.
      await page.evaluate("document.body.append(document.createElement('iframe'))");
      const inner = page.frames().find(frame => frame.parentFrame() !== null);
      const answer = await inner?.evaluate(() => Reflect.get(globalThis, 'standInInvoke')('app:info', []));
      expect(answer).toEqual({ ok: false, message: 'This page may not ask that.' });
    });
  },
);

interface Isolation {
  readonly isolated: boolean;
  readonly shared: boolean;
  readonly evaluates: boolean;
  readonly inline: boolean;
}

/**
 * What the page can do: making code from text and inline script are tried. From a timer, for what the debugger itself runs is
 * spared the policy.
 */
function isolation(page: Page): Promise<Isolation> {
  return page.evaluate<Isolation>(`new Promise(resolve => setTimeout(() => {
    let evaluates = true;
    try {
      new Function('return 1')();
    } catch {
      evaluates = false;
    }
    const script = document.createElement('script');
    script.textContent = 'globalThis.ranInline = true';
    document.head.append(script);
    resolve({
      isolated: crossOriginIsolated,
      shared: typeof SharedArrayBuffer === 'function',
      evaluates,
      inline: globalThis.ranInline === true,
    });
  }))`);
}
