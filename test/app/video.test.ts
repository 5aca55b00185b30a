import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/engine/version.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { recordRun, removeRun } from '../session/replayFixtures.ts';
import { clock, downloaded, dropScenario, seek, show, stagePicture } from '../support/app.ts';
import { decodeVideo, psnr } from './film.ts';
import { offerFolder, putFolder } from './folders.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

/**
 * dB that a decoded frame keeps at least of the stage's picture: what is lost is the coder's loss and the halved resolution of
 * colours. A frame of another moment is at least APART below. Measured: 39 to 40.5 dB, and 6 dB or more apart.
 */
const LEAST_PSNR = 36;
const APART = 4;

describeApp('videos', windows => {
  /** A small window, so that encoding in software is quick. */
  async function openDish(theme: 'dark' | 'light' = 'dark'): Promise<Page> {
    const page = await windows.open({ theme, width: 960, height: 640 });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    // Automatic ranges depend on what was shown before.
    await page.getByRole('button', { name: 'hold' }).first().click();
    return page;
  }

  it.each([
    ['MP4', 5],
    ['WebM', 3],
  ])('%s: each frame is what the stage shows at its time', async (format, count) => {
    const page = await openDish(format === 'MP4' ? 'dark' : 'light');
    await seek(page, '8', 8);
    const dialog = await openDialog(page, format, count);
    await show(page, `video-dialog-${format}`);
    expect(await dialog.innerText()).toContain(`${count} pictures, one every ${8 / (count - 1)}`);
    const { name, bytes } = await downloaded(page, saveButton(dialog, format));
    expect(name).toBe(`a-dish-for-tests.${format.toLowerCase()}`);
    await dialog.waitFor({ state: 'detached' });
    // Back where it was.
    await eventually(() => clock(page)).toBe(8);

    const browser = page.context().browser();
    if (!browser) throw new Error('there is no browser');
    const video = await decodeVideo(browser, bytes);
    expect(video.codec).toBe(format === 'MP4' ? 'avc' : 'vp9');
    expect(video.tags).toEqual({
      title: DISH.title,
      description: `scenario ${DISH.file}, seed 5, Cellfield ${VERSION}, 0:00:00 to 0:00:08`,
      comment: `seed 5; Cellfield ${VERSION}`,
    });
    // Files count in thousandths of a second at worst.
    expect(video.frames).toHaveLength(count);
    video.times.forEach((time, i) => {
      expect(time).toBeCloseTo(i / count, 2);
    });
    for (const duration of video.durations) expect(duration).toBeCloseTo(1 / count, 2);

    const stage: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const time = (8 * i) / (count - 1);
      await seek(page, String(time), time);
      stage.push(await stagePicture(page, '1×'));
    }
    video.frames.forEach((frame, i) => {
      const likeness = stage.map(picture => psnr(cropLike(picture, frame), frame));
      expect(likeness[i], `frame ${i} of ${likeness.map(Math.round)} dB`).toBeGreaterThan(LEAST_PSNR);
      likeness.forEach((other, j) => {
        if (j !== i) expect(other, `frame ${i} as at ${j}`).toBeLessThan(likeness[i] - APART);
      });
    });
  });

  it('PNGs: every picture, with the times of the run and where it comes from', async () => {
    const page = await openDish();
    const dialog = await openDialog(page, 'PNGs', 5);
    const { name, bytes } = await downloaded(page, saveButton(dialog, 'PNGs'));
    expect(name).toBe('a-dish-for-tests-frames.zip');
    const files = unzipSync(bytes);
    const frames = Object.keys(files).filter(file => file.endsWith('.png'));
    expect(frames).toEqual([0, 1, 2, 3, 4].map(i => `frame-000${i}.png`));
    expect(new TextDecoder().decode(files['times.csv'])).toBe(
      'frame,time_s\r\n0,0\r\n1,2\r\n2,4\r\n3,6\r\n4,8\r\n',
    );
    const text = Buffer.from(files['frame-0002.png']).toString('latin1');
    expect(text).toContain(`Title\0${DISH.title}`);
    expect(text).toContain('Seed\x005');
    expect(text).toContain('Simulated time\x004 s');
    await seek(page, '4', 4);
    const stage = await stagePicture(page, '1×');
    const frame = Buffer.from(files['frame-0002.png']);
    expect(psnr(cropLike(stage, frame), frame)).toBeGreaterThan(60);
  });

  it('GIF: as many pictures, as long, with a comment', async () => {
    const page = await openDish();
    const dialog = await openDialog(page, 'GIF', 6);
    const { bytes } = await downloaded(page, saveButton(dialog, 'GIF'));
    expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a');
    const shown = await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), c => c.charCodeAt(0));
      const decoder = new ImageDecoder({ data: bytes, type: 'image/gif' });
      await decoder.tracks.ready;
      const durations = [];
      for (let i = 0; i < decoder.tracks.selectedTrack.frameCount; i++) {
        const { image } = await decoder.decode({ frameIndex: i });
        durations.push(image.duration / 1e4);
        image.close();
      }
      return durations;
    })()`);
    // A sixth of a second is 16⅔ hundredths.
    expect(shown).toEqual([17, 16, 17, 17, 16, 17]);
    expect(bytes.toString('latin1')).toContain(`${DISH.title}: scenario ${DISH.file}, seed 5`);
  });

  it('leaves nothing behind when cancelled', async () => {
    const page = await openDish();
    await seek(page, '30', 30);
    let downloads = 0;
    page.on('download', () => downloads++);
    const dialog = await openDialog(page, 'MP4', 60);
    await saveButton(dialog, 'MP4').click();
    await dialog.getByRole('progressbar').waitFor();
    await eventually(async () =>
      Number(await dialog.getByRole('progressbar').getAttribute('value')),
    ).toBeGreaterThan(2);
    await show(page, 'video-progress');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    // The choice is back, as it was made.
    await saveButton(dialog, 'MP4').waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Pictures per second' }).inputValue()).toBe('60');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => clock(page)).toBe(30);
    await page.locator('.timeline:not(.seeking)').waitFor();
    expect(downloads).toBe(0);
    // The run can be played on.
    await page.keyboard.press('ArrowRight');
    await eventually(() => clock(page)).toBeCloseTo(30.1, 6);
  });
});

/** The part at the top left of a PNG that is as large as another: videos have an even size. */
function cropLike(bytes: Buffer, like: Buffer): Buffer {
  const [whole, { width, height }] = [PNG.sync.read(bytes), PNG.sync.read(like)];
  const part = new PNG({ width, height });
  PNG.bitblt(whole, part, 0, 0, width, height, 0, 0);
  return PNG.sync.write(part);
}

describeApp('drawings', windows => {
  it.each(['dark', 'light'] as const)('SVG: looks like the stage, each cell by itself (%s)', async theme => {
    const page = await windows.open({ theme, width: 960, height: 640 });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await seek(page, '2', 2);
    const stage = await stagePicture(page, '1×');
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog', { name: 'Save a picture' });
    await dialog.getByRole('radio', { name: 'SVG' }).click();
    await show(page, `snapshot-svg-${theme}`);
    const { name, bytes } = await downloaded(page, dialog.getByRole('button', { name: 'Save SVG' }));
    expect(name).toBe('a-dish-for-tests-2s.svg');
    const svg = bytes.toString('utf8');
    const cells = /<g id="cells">([\s\S]*?)<\/g>/.exec(svg)?.[1] ?? '';
    expect(cells.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('<dc:source>Seed: 5</dc:source>');
    expect(svg).toContain('>0:00:02.0</text>');
    const drawn = await rasterise(page, svg);
    keep(`stage-svg-${theme}`, drawn);
    // Cells are drawn without their light, fields without the stage's dither.
    expect(psnr(stage, drawn)).toBeGreaterThan(26);
  });

  it('a plot as SVG and PNG, with where it comes from', async () => {
    const page = await windows.open({ theme: 'light' });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await seek(page, '60', 60);
    const plot = page.getByRole('region', { name: /^Plot of dye, mean/ });
    await plot.locator('canvas').waitFor();
    const menu = plot.getByRole('button', { name: 'Export this plot' });
    await menu.click();
    const svg = await downloaded(page, page.getByRole('menuitem', { name: 'Drawing as SVG' }));
    const text = svg.bytes.toString('utf8');
    expect(text.match(/<path [^>]*clip|stroke-linejoin/g)).toHaveLength(3);
    expect(text).toContain('scenario dish.yaml, seed 5');
    keep('plot-svg', await rasterise(page, text));
    await menu.click();
    const png = await downloaded(page, page.getByRole('menuitem', { name: 'Picture as PNG' }));
    expect(png.bytes.toString('latin1')).toContain('Seed\x005');
  });
});

describeApp('videos of recordings', windows => {
  let folder = '';
  beforeAll(() => {
    const [colony] = Object.values(SCENARIOS);
    const recording = 'recording: { cells: 10 s, fields: 10 s }\nfields:';
    folder = recordRun(colony.replace('fields:', recording), () => undefined);
  }, 120_000);
  afterAll(() => removeRun(folder));

  it('have the frames that were recorded, and leave the recording where it was', async () => {
    const page = await windows.open({ width: 960, height: 640 });
    await page.keyboard.press('Escape');
    await putFolder(page, 'colony', folder);
    await offerFolder(page, 'colony');
    await page.keyboard.press('Control+Shift+o');
    await page.getByRole('slider', { name: 'Time of the recording' }).waitFor();
    await seek(page, '20', 20);
    const dialog = await openDialog(page, 'PNGs', 5, '60 s');
    const { bytes } = await downloaded(page, saveButton(dialog, 'PNGs'));
    const files = unzipSync(bytes);
    expect(new TextDecoder().decode(files['times.csv'])).toBe(
      'frame,time_s\r\n0,0\r\n1,10\r\n2,30\r\n3,40\r\n4,60\r\n',
    );
    expect(Object.keys(files).filter(file => file.endsWith('.png'))).toHaveLength(5);
    await eventually(() => clock(page)).toBe(20);
  });
});

/** The dialog, asking for `rate` pictures in one second of video, of the run from its start. */
async function openDialog(page: Page, format: string, rate: number, to = '8 s'): Promise<Locator> {
  await page.mouse.move(-1, -1);
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog', { name: 'Save a video' });
  await dialog.getByRole('radio', { name: format, exact: true }).click();
  for (const [name, value] of [
    ['From', '0'],
    ['To', to],
    ['Length in seconds', '1'],
    ['Pictures per second', String(rate)],
  ]) {
    const field = dialog.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Tab');
  }
  return dialog;
}

function saveButton(dialog: Locator, format: string): Locator {
  return dialog.getByRole('button', { name: `Save ${format}`, exact: true });
}

/** An SVG as the browser draws it, at its own size. */
async function rasterise(page: Page, svg: string): Promise<Buffer> {
  const browser = page.context().browser();
  if (!browser) throw new Error('there is no browser');
  const [, width, height] = /<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const context = await browser.newContext({ viewport: { width: Number(width), height: Number(height) } });
  try {
    const sheet = await context.newPage();
    await sheet.setContent(
      `<style>body{margin:0}img{display:block}</style><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
    );
    await sheet.evaluate(`document.querySelector('img').decode()`);
    return await sheet.screenshot();
  } finally {
    await context.close();
  }
}

/** Keeps a picture for a person to look at, as `show` does. */
function keep(name: string, picture: Buffer): void {
  const folder = process.env.CELLFIELD_SCREENSHOTS;
  if (folder) writeFileSync(join(folder, `${name}.png`), picture);
}
