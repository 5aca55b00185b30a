import { readFileSync } from 'node:fs';
import type { Browser, Frame, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type RunningServer, serveHttp } from '../../src/serve/httpServer.ts';
import type { StandIn, Started } from './start.ts';

const PRELOAD = new URL('../../out/preload/preload.cjs', import.meta.url);
const HOME = 'app://cellfield/';

export interface ChromiumWindow {
  readonly page: Page;
  readonly server: RunningServer;
  /** Addresses that the page asked for. */
  readonly requested: string[];
  /** Complaints of the page: errors, and breaches of its policy. */
  readonly complaints: string[];
}

/**
 * Gives the window of a started main process a page in Chromium: it is served by the main process's own handler of `app:`,
 * runs the built preload script before its own, and its requests reach the main process with the frame they came from.
 * Unlike in Electron the preload script shares the page's world.
 */
export async function openInChromium(browser: Browser, started: Started): Promise<ChromiumWindow> {
  const { electron } = started;
  const handle = electron.protocolHandlers.get('app');
  if (!handle) throw new Error('the main process serves no app:');
  const server = await serveHttp(async request => {
    const url = new URL(request.url);
    return handle(new Request(`app://cellfield${url.pathname}${url.search}`, { method: request.method }));
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  onTestFinished(async () => {
    await context.close();
    await server.close();
  });
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', request => requested.push(request.url()));
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.exposeBinding('standInInvoke', ({ frame }, channel: string, args: unknown[]) =>
    electron.request(asElectronFrame(frame, server.url), channel, ...args),
  );
  started.window().webContents.on('sent', (channel: string, args: unknown[]) => {
    page
      .evaluate(([name, values]) => Reflect.get(globalThis, 'standInDeliver')(name, values), [
        channel,
        args,
      ] as const)
      .catch(error => complaints.push(String(error)));
  });
  await page.addInitScript(preloadScript());
  await page.goto(server.url);
  return { page, server, requested, complaints };
}

/** The frame as Electron would report it, with the page's address under its own scheme. */
function asElectronFrame(frame: Frame, home: string): NonNullable<Parameters<StandIn['request']>[0]> {
  const url = frame.url();
  const parent = frame.parentFrame();
  return {
    url: url.startsWith(home) ? HOME + url.slice(home.length) : url,
    parent: parent && asElectronFrame(parent, home),
  };
}

/** The built preload script as it is, around the few things of `electron` that it asks for. */
function preloadScript(): string {
  return `{
    const listeners = new Map();
    globalThis.standInDeliver = (channel, args) => listeners.get(channel)?.({}, ...args);
    const electron = {
      contextBridge: { exposeInMainWorld: (name, api) => { globalThis[name] = api; } },
      ipcRenderer: {
        invoke: (channel, ...args) => globalThis.standInInvoke(channel, args),
        on: (channel, listener) => listeners.set(channel, listener),
      },
      webUtils: { getPathForFile: () => '' },
    };
    ((require, module, exports) => {
      ${readFileSync(PRELOAD, 'utf8')}
    })(() => electron, { exports: {} }, {});
  }`;
}
