/** Writes the pictures of docs/app.md and README.md from the built app: `node scripts/guidePictures.ts [NAME …]`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import {
  dropScenario,
  type OpenOptions,
  openApp,
  seek,
  serveApp,
  stageMiddle,
  until,
  writeText,
} from '../test/support/app.ts';
import { ROOT } from './app/build.ts';
import { withPalette } from './palettePng.ts';

const FOLDER = join(ROOT, 'docs', 'images');
const MOST_BYTES = 150_000;

interface Picture {
  readonly options: OpenOptions;
  readonly prepare: (page: Page) => Promise<void>;
  /** Part of the window; all of it where not given. */
  readonly clip?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const PICTURES: Readonly<Record<string, Picture>> = {
  gallery: {
    options: { theme: 'dark' },
    prepare: async page => {
      const loaded = 'Array.from(document.images).every(image => image.complete && image.naturalWidth > 0)';
      await until(() => page.evaluate<boolean>(loaded), 'the thumbnails');
    },
    clip: { x: 100, y: 40, width: 1080, height: 720 },
  },
  window: {
    options: { theme: 'dark' },
    prepare: async page => {
      await load(page, 'quorum-sensing', 'Quorum sensing in a growing microcolony');
      await seek(page, '4:10:00', 15_000);
      await zoom(page, 4);
    },
  },
  inspect: {
    options: { theme: 'dark' },
    prepare: async page => {
      await load(page, 'quorum-sensing', 'Quorum sensing in a growing microcolony');
      await seek(page, '3:20:00', 12_000);
      await zoom(page, 5);
      const { x, y } = await stageMiddle(page);
      await page.mouse.click(x - 24, y + 18);
      await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
      await setParameter(page, 'k_tx', '0.08 /s');
      await seek(page, '3:28:00', 12_480);
    },
  },
  balance: {
    options: { theme: 'light' },
    prepare: async page => {
      await load(page, 'nutrient-limited-colony', 'A colony limited by its nutrient');
      await seek(page, '4:30:00', 16_200);
      await zoom(page, 3);
      await page.getByRole('radio', { name: 'Balance' }).click();
    },
  },
  scales: {
    options: { theme: 'light', height: 1200 },
    prepare: async page => {
      await load(page, 'stiff-exchange', 'Exchange as fast as the step');
      await seek(page, '0:01:00', 60);
      await page.getByRole('radio', { name: 'Scales' }).click();
      await page.locator('.timescales').waitFor();
    },
    clip: { x: 560, y: 44, width: 720, height: 1110 },
  },
  text: {
    options: { theme: 'light' },
    prepare: async page => {
      await load(page, 'toggle-switch-in-a-gradient', 'A toggle switch in an inducer gradient');
      await seek(page, '6:00:00', 21_600);
      await page.keyboard.press('e');
      await page.locator('.cm-content').waitFor();
      await writeText(page, textOf('toggle-switch-in-a-gradient').replace('500 um^2/s', '500 um/s'));
      await page.locator('.problem').click();
    },
  },
  lab: {
    options: { theme: 'dark', width: 1400, height: 1210 },
    prepare: async page => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      await page.getByRole('button', { name: 'Toggle switch' }).click();
      for (const name of ['tau-leaping', 'deterministic']) await page.getByRole('checkbox', { name }).click();
      await until(() => page.getByRole('button', { name: 'Run', exact: true }).isEnabled(), 'the runs');
    },
  },
};

async function load(page: Page, name: string, title: string): Promise<void> {
  await dropScenario(page, `${name}.yaml`, textOf(name), title);
}

function textOf(name: string): string {
  return readFileSync(join(ROOT, 'scenarios', `${name}.yaml`), 'utf8');
}

async function zoom(page: Page, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) await page.keyboard.press('+');
}

async function setParameter(page: Page, name: string, value: string): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** The window once nothing changes any more. */
async function steady(page: Page, clip: Picture['clip']): Promise<Buffer> {
  await page.mouse.move(-1, -1);
  const take = () => page.screenshot({ caret: 'hide', ...(clip ? { clip } : {}) });
  let [last, next]: [Buffer, Buffer] = [Buffer.alloc(0), await take()];
  while (!next.equals(last)) {
    // Long enough for what is drawn a few times a second.
    await page.waitForTimeout(1200);
    [last, next] = [next, await take()];
  }
  return next;
}

mkdirSync(FOLDER, { recursive: true });
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PICTURES);
const app = await serveApp();
try {
  for (const name of names) {
    const { options, prepare, clip } = PICTURES[name];
    const window = await openApp(app, options);
    await prepare(window.page);
    const bytes = withPalette(await steady(window.page, clip));
    if (bytes.length > MOST_BYTES) throw new Error(`${name}: ${bytes.length} bytes`);
    writeFileSync(join(FOLDER, `${name}.png`), bytes);
    console.log(`${name}.png  ${(bytes.length / 1000).toFixed(0)} kB`);
    await window.close();
  }
} finally {
  await app.close();
}
