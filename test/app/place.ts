import type { Page } from 'playwright-core';
import { stageMiddle, until } from '../support/app.ts';

/** Where a point of the domain (µm) is in the window, read off what the stage says of the pointer at two places. */
export async function finder(page: Page): Promise<(x: number, y: number) => { x: number; y: number }> {
  const middle = await stageMiddle(page);
  const corner = { x: middle.x + 120, y: middle.y + 120 };
  const [a, b] = [await pointAt(page, middle), await pointAt(page, corner)];
  const [scaleX, scaleY] = [120 / (b.x - a.x), 120 / (b.y - a.y)];
  return (x, y) => ({ x: middle.x + (x - a.x) * scaleX, y: middle.y + (y - a.y) * scaleY });
}

async function pointAt(page: Page, place: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const readout = page.locator('.hover-readout');
  await page.mouse.move(place.x - 30, place.y - 30);
  await until(() => readout.isVisible(), 'the pointer over the stage');
  const before = await readout.innerText();
  await page.mouse.move(place.x, place.y);
  await until(async () => (await readout.innerText()) !== before, 'the readout of another place');
  const [, x, y] = /^([\d.-]+), ([\d.-]+)/.exec(await readout.innerText()) ?? [];
  return { x: Number(x), y: Number(y) };
}

/** Drags the pointer along points in pixels of the window, with the main button down. */
export async function drag(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  await page.mouse.move(points[0].x, points[0].y);
  await page.mouse.down();
  for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 6 });
  await page.mouse.up();
}
