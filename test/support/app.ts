import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Download, Locator, Page } from 'playwright-core';
import { buildWhenStale, ROOT } from '../../scripts/app/build.ts';
import { type RunningServer, serveHttp } from '../../src/serve/httpServer.ts';
import { siteHandler } from '../../src/serve/site.ts';
import { launchChromium } from './chromium.ts';

/** The built app behind a server of its own, in one browser, for the tests of a file or for taking pictures. */
export interface ServedApp {
  readonly browser: Browser;
  readonly server: RunningServer;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'dark' | 'light';
  /** Device pixels per CSS pixel. */
  readonly density?: number;
  /** The first-run tour shows after the first load. */
  readonly firstRun?: boolean;
}

/** A window of the app, and all that went wrong in it. */
export interface AppWindow {
  readonly page: Page;
  /** Errors of the page and of its console, and requests to anywhere but the app's own server. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Builds the app if need be, serves it as `npm start` does and starts a browser. */
export async function serveApp(): Promise<ServedApp> {
  await buildWhenStale();
  const handler = siteHandler({ '': join(ROOT, 'out', 'renderer'), scenarios: join(ROOT, 'scenarios') });
  const server = await serveHttp(handler);
  const browser = await launchChromium();
  return {
    browser,
    server,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Opens the app in a fresh profile, at the gallery. */
export async function openApp(app: ServedApp, options: OpenOptions = {}): Promise<AppWindow> {
  const context = await app.browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    deviceScaleFactor: options.density ?? 1,
    colorScheme: options.theme ?? 'dark',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  if (!options.firstRun) await passTour(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origin = new URL(app.server.url).origin;
  page.on('pageerror', error => complaints.push(error.message));
  page.on('crash', () => complaints.push('the page crashed'));
  page.on('console', message => {
    // Software graphics say that reading a picture back takes time; nothing is wrong.
    if (message.text().includes('GL Driver Message')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('request', request => {
    const url = request.url();
    if (!/^(?:data|blob):/.test(url) && new URL(url).origin !== origin) complaints.push(`request to ${url}`);
  });
  await page.goto(app.server.url);
  await page.getByRole('dialog', { name: 'Gallery' }).waitFor();
  return { page, complaints, close: () => context.close() };
}

async function passTour(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    `localStorage.getItem('cellfield.preferences') ?? localStorage.setItem('cellfield.preferences', '{"tourSeen":true}')`,
  );
}

/** How long a condition may take on a busy machine, ms. */
export const PATIENCE = 30_000;

/** Asks again and again until the answer is yes. @throws Error where it stays no for longer than `PATIENCE` */
export async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE / 1000} s: ${what}`);
    await sleep(25);
  }
}

/** Opens a scenario of the gallery by its title, which starts it. */
export async function openFromGallery(page: Page, title: string): Promise<void> {
  const gallery = page.getByRole('dialog', { name: 'Gallery' });
  if (!(await gallery.isVisible())) await page.keyboard.press('g');
  await gallery.getByRole('button', { name: title }).click();
  await gallery.waitFor({ state: 'detached' });
  await page.locator('.scenario-title', { hasText: title }).waitFor();
}

/** Drops a scenario file on the window. */
export async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    `{
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
      const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('dragover', options));
      document.body.dispatchEvent(new DragEvent('drop', options));
    }`,
  );
}

/** Drops a scenario file on the window and waits until it is loaded. */
export async function dropScenario(page: Page, name: string, text: string, title: string): Promise<void> {
  await drop(page, name, text);
  await page.locator('.scenario-title', { hasText: title }).waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).and(page.locator(':enabled')).waitFor();
}

/** Replaces the text of the editor, as a person would: all of it selected, then pasted over. */
export async function writeText(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    const target = document.querySelector('.editor').shadowRoot.querySelector('.cm-content');
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }`);
}

export async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
}

/** Pauses and waits until the run rests. */
export async function pause(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Pause', exact: true });
  // The run may come to its end by itself meanwhile.
  if (await button.isVisible()) await button.click({ timeout: 2000 }).catch(() => undefined);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
}

/** The clock, s. */
export async function clock(page: Page): Promise<number> {
  const text = await page.locator('.clock-now').innerText();
  return text.split(':').reduce((total, part) => 60 * total + Number(part), 0);
}

/** Goes to a time through the clock, and waits until the run rests there. */
export async function seek(page: Page, text: string, seconds: number): Promise<void> {
  await page.locator('.clock-now').click();
  const field = page.getByRole('textbox', { name: 'Go to time' });
  await field.fill(text);
  await field.press('Enter');
  await until(async () => Math.abs((await clock(page)) - seconds) < 1e-3, `the clock at ${text}`);
  await page.locator('.timeline:not(.seeking)').waitFor();
}

/** Cells in the status bar. */
export async function cellCount(page: Page): Promise<number> {
  return Number((await page.locator('.status-bar .cells > span:first-child').innerText()).replace(/\D/g, ''));
}

/** What the status bar says of the balance: its level and the worst relative residual. */
export async function balance(page: Page): Promise<{ level: string; residual: number }> {
  const item = page.locator('.balance-item');
  const level = (await item.locator('.visually-hidden').textContent()) ?? '';
  return { level, residual: readPower(await item.locator('.residual').innerText()) };
}

/** `3·10⁻¹⁵` as a number. */
export function readPower(text: string): number {
  const plain = text.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, digit => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit))).replace('⁻', '-');
  const [, mantissa, exponent] = /^(?:(.+)·)?10(-?\d+)$/.exec(plain) ?? [];
  return exponent === undefined ? Number(plain) : Number(`${mantissa ?? 1}e${exponent}`);
}

/** The middle of the stage in pixels of the window. */
export async function stageMiddle(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('.stage').boundingBox();
  if (!box) throw new Error('there is no stage');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** What a click of a button downloads. */
export async function downloaded(
  page: Page,
  button: Locator,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: await bytesOf(download) };
}

async function bytesOf(download: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A picture of the stage alone, made by the app itself, as PNG. */
export async function stagePicture(page: Page, scale: '1×' | '2×' | '4×'): Promise<Buffer> {
  // No cell under the pointer, which would have a ring.
  await page.mouse.move(-1, -1);
  await until(async () => !(await page.locator('.hover-readout').isVisible()), 'the pointer off the stage');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Save a picture' });
  await dialog.getByRole('radio', { name: scale }).click();
  const { bytes } = await downloaded(page, dialog.getByRole('button', { name: 'Save PNG' }));
  await dialog.waitFor({ state: 'detached' });
  return bytes;
}

/** Keeps a screenshot for a person to look at when `CELLFIELD_SCREENSHOTS` names a folder. */
export async function show(page: Page, name: string): Promise<void> {
  const folder = process.env.CELLFIELD_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
