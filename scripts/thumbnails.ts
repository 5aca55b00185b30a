/**
 * Writes the pictures of the gallery: `node scripts/thumbnails.ts [NAME …]`. Each scenario runs in the built app to a moment
 * that tells what it is about, and the app's own picture of the stage is kept, made smaller.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import {
  dropScenario,
  openApp,
  openFromGallery,
  pause,
  type ServedApp,
  seek,
  serveApp,
  stageMiddle,
  stagePicture,
  until,
} from '../test/support/app.ts';
import { ROOT } from './app/build.ts';

const FOLDER = join(ROOT, 'src', 'renderer', 'gallery', 'thumbnails');
const [WIDTH, HEIGHT] = [576, 324];
const MOST_BYTES = 60_000;

interface Picture {
  /** As typed into the clock, and the same in s. */
  readonly at: readonly [text: string, seconds: number];
  /** Choices by the labels of their menus in the panel, where the scenario's own view does not show best what it is about. */
  readonly choose?: Readonly<Record<string, string>>;
  readonly contours?: boolean;
  /** Magnification beyond the fit, in steps of the zoom key (× 1.25). */
  readonly zoom: number;
  /** Then moved by so many pixels. */
  readonly pan?: readonly [dx: number, dy: number];
}

const PICTURES: Readonly<Record<string, Picture>> = {
  // Each strain keeps near what the other gives off.
  'cross-feeding-consortium': {
    at: ['4:00:00', 14_400],
    zoom: 2,
  },
  // Under the dose only the resting cells are left.
  'persister-treatment': {
    at: ['4:00:00', 14_400],
    zoom: 9,
  },
  // Lysis runs through the film.
  'phage-in-biofilm': {
    at: ['0:30:00', 1_800],
    zoom: 1,
  },
  // Fronts of cells that carry the plasmid.
  'plasmid-spread': {
    at: ['2:00:00', 7_200],
    zoom: 4,
  },
  // Some five hundred rods, in domains of one direction.
  'rod-microcolony': {
    at: ['4:35:00', 16_500],
    zoom: 8,
  },
  // The colony is switching on: LuxI from none (dark) to plenty (bright).
  'quorum-sensing': {
    at: ['4:10:00', 15_000],
    zoom: 6,
  },
  // Glucose is gone in the middle; only the rim grows.
  'nutrient-limited-colony': {
    at: ['5:10:00', 18_600],
    zoom: 4,
  },
  // Memory: V won on the right, U on the left, both in between.
  'toggle-switch-in-a-gradient': {
    at: ['6:00:00', 21_600],
    zoom: 4,
    pan: [60, 0],
  },
  // Deeper cells have less, between the medium above and the middle of the sheet.
  'oxygen-in-tissue': {
    at: ['0:01:00', 60],
    zoom: 5,
    pan: [0, 490],
  },
  // Clocks at all phases, two and a half hours after they began together.
  'delayed-oscillator': {
    at: ['2:30:00', 9_000],
    zoom: 4,
  },
  // One of three proteins is high in some cells, which signal.
  repressilator: {
    at: ['6:00:00', 21_600],
    zoom: 4,
  },
  // What cells hold differs by chance.
  'stiff-exchange': {
    at: ['0:01:00', 60],
    choose: { 'Colour cells by': 'A' },
    zoom: 0,
  },
  // Heterotrophs at the surface, autotrophs below.
  'iwa-biofilm': {
    at: ['120:00:00', 432_000],
    zoom: 2,
    pan: [0, 120],
  },
  // Most are dead; the sleepers are left, and the drug goes.
  'antibiotic-persistence': {
    at: ['1:00:00', 3_600],
    zoom: 2,
  },
  // What juts out grows, and takes the oxygen of what lies behind.
  'growing-biofilm': {
    at: ['20:00:00', 72_000],
    zoom: 1,
    pan: [0, -90],
  },
  // The layer without oxygen grows along the floor.
  'biofilm-in-flow': {
    at: ['0:00:00.5', 0.5],
    zoom: 1,
  },
  // Rings of spots, of which some are dividing.
  'gray-scott': {
    at: ['0:50:00', 3_000],
    choose: { 'Colour map of v': 'Magma' },
    zoom: 2,
  },
  'diffusion-cosine': {
    at: ['0:00:00.2', 0.2],
    choose: { 'Colour map of signal': 'Magma' },
    contours: true,
    zoom: 3,
    pan: [0, 300],
  },
};

async function take(app: ServedApp, name: string, picture: Picture): Promise<number> {
  const text = readFileSync(join(ROOT, 'scenarios', `${name}.yaml`), 'utf8');
  const { title } = parse(text) as { title: string };
  const window = await openApp(app, { width: 1280, height: 720 });
  try {
    const { page } = window;
    // One that names a model's file comes with it from the gallery.
    if (/sbml: \S+\.xml/.test(text)) {
      await openFromGallery(page, title);
      await pause(page);
    } else await dropScenario(page, `${name}.yaml`, text, title);
    for (const [label, option] of Object.entries(picture.choose ?? {})) {
      await page.getByRole('combobox', { name: label, exact: true }).selectOption({ label: option });
    }
    for (const label of ['Legend', 'Scale bar', 'Time'])
      await page.getByLabel(label, { exact: true }).uncheck();
    if (picture.contours) await page.getByLabel('Contour lines').check();
    await seek(page, ...picture.at);
    await page.keyboard.press('h');
    await until(
      async () => (await page.locator('.stage canvas').first().boundingBox())?.width === 1280,
      'wide',
    );
    await page.keyboard.press('0');
    for (let i = 0; i < picture.zoom; i++) await page.keyboard.press('+');
    if (picture.pan) await drag(page, ...picture.pan);
    const bytes = await smaller(page, await stagePicture(page, '2×'));
    writeFileSync(join(FOLDER, `${name}.webp`), bytes);
    return bytes.length;
  } finally {
    await window.close();
  }
}

async function drag(page: Page, dx: number, dy: number): Promise<void> {
  const { x, y } = await stageMiddle(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: 4 });
  await page.mouse.up();
}

/** A PNG as a small WebP, by the browser's own resampling and encoder. */
async function smaller(page: Page, png: Buffer): Promise<Buffer> {
  for (const quality of [0.86, 0.78, 0.68, 0.5]) {
    const text = await page.evaluate<string>(`(async () => {
      const bytes = Uint8Array.from(atob('${png.toString('base64')}'), letter => letter.charCodeAt(0));
      const canvas = new OffscreenCanvas(${WIDTH}, ${HEIGHT});
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0, ${WIDTH}, ${HEIGHT});
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ${quality} });
      const reader = new FileReader();
      reader.readAsDataURL(blob);
      await new Promise(resolve => reader.addEventListener('load', resolve));
      return reader.result.split(',')[1];
    })()`);
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length <= MOST_BYTES) return bytes;
  }
  throw new Error(`the picture does not fit into ${MOST_BYTES} bytes`);
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PICTURES);
const app = await serveApp();
try {
  for (const name of names) {
    const bytes = await take(app, name, PICTURES[name]);
    console.log(`${name}.webp  ${(bytes / 1000).toFixed(1)} kB`);
  }
} finally {
  await app.close();
}
