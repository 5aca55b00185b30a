import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { findChromium } from '../../test/support/chromium.ts';

/** The bench page, built and open in Chromium at 1280 × 800. */
export interface OpenPage {
  readonly page: Page;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openStagePage(
  prepare: (folder: string) => Promise<void> = async () => {},
  flags: readonly string[] = [],
): Promise<OpenPage> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium was found (set CHROMIUM_PATH)');
  const folder = await mkdtemp(join(tmpdir(), 'stage-bench-'));
  const root = import.meta.dirname;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 4096 },
  });
  await prepare(folder);
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  let browser: Browser | null = null;
  async function close(): Promise<void> {
    await browser?.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
  try {
    browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...flags,
      ],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', error => console.error(error.message));
    page.on('console', message => {
      if (message.type() === 'error') console.error(message.text());
    });
    await page.goto(`http://127.0.0.1:${address.port}/`);
    return { page, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
