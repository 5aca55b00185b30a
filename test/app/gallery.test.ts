import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../../scripts/app/build.ts';
import {
  balance,
  cellCount,
  clock,
  openFromGallery,
  pause,
  play,
  seek,
  show,
  stagePicture,
} from '../support/app.ts';
import { describeApp, eventually } from './windows.ts';

const FOLDER = join(ROOT, 'scenarios');

interface Shipped {
  readonly name: string;
  readonly title: string;
  readonly hasCells: boolean;
  /** s */
  readonly step: number;
  readonly tolerance: number;
}

const SHIPPED: readonly Shipped[] = readdirSync(FOLDER)
  .filter(file => file.endsWith('.yaml'))
  .map(file => {
    const { title, cells, time, balance } = parse(readFileSync(join(FOLDER, file), 'utf8'));
    const [, number, unit] = /^([\d.]+) (s|ms|min)$/.exec(time.step) ?? [];
    const step = Number(number) * { s: 1, ms: 1e-3, min: 60 }[unit as 's' | 'ms' | 'min'];
    return {
      name: file.replace('.yaml', ''),
      title,
      hasCells: cells !== undefined,
      step,
      tolerance: balance?.tolerance ?? 1e-10,
    };
  });

describeApp('scenarios of the gallery', windows => {
  it('shows every scenario with a picture and a sentence', async () => {
    const page = await windows.open();
    const gallery = page.getByRole('dialog', { name: 'Gallery' });
    const cards = gallery.locator('.card');
    await eventually(() => cards.count()).toBe(SHIPPED.length);
    for (const { title } of SHIPPED) {
      const card = cards.filter({ hasText: title });
      expect((await card.locator('.card-caption').innerText()).length, title).toBeGreaterThan(20);
      const image = card.locator('img');
      await eventually(
        () => image.evaluate(element => Reflect.get(element, 'naturalWidth')),
        title,
      ).toBeGreaterThan(300);
    }
    await show(page, 'gallery');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open the gallery' }).click();
    await gallery.waitFor();
  });

  it.each(SHIPPED)('runs, pauses, steps, seeks and restarts $name', async scenario => {
    const page = await windows.open();
    await openFromGallery(page, scenario.title);
    await eventually(() => clock(page), 'one click, and it runs').toBeGreaterThan(0);
    await pause(page);

    // From a known place on: the shortest scenarios may have come to their end meanwhile.
    const begin = 8 * scenario.step;
    await seek(page, String(begin), begin);
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(9 * scenario.step, 3);
    const there = await cellCount(page);
    expect(there > 0).toBe(scenario.hasCells);
    await seek(page, String(2 * scenario.step), 2 * scenario.step);
    await seek(page, String(9 * scenario.step), 9 * scenario.step);
    expect(await cellCount(page)).toBe(there);

    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await eventually(() => clock(page)).toBe(0);
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(30 * scenario.step);
    await pause(page);
    expect((await balance(page)).level).toBe('balance closed');
    expect((await balance(page)).residual).toBeLessThanOrEqual(scenario.tolerance);
    await show(page, scenario.name);

    expect(await coloursOf(await stagePicture(page, '1×')), 'shades on the stage').toBeGreaterThan(100);
  });
});

/** Different colours in a picture. */
async function coloursOf(bytes: Buffer): Promise<number> {
  const { data } = PNG.sync.read(bytes);
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  return new Set(words).size;
}
