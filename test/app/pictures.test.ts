import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { clock, dropScenario, seek, show } from '../support/app.ts';
import { compare, type Difference, encode, type Picture, shrink } from './picture.ts';
import { finder } from './place.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

const FOLDER = join(import.meta.dirname, 'references');
/** References are kept at a quarter of the window's size. */
const BLOCK = 4;

/**
 * Another machine has other fonts, whose glyphs differ while boxes, colours, cells and fields stay. What is meant to be caught
 * changes a tile by far more: the last test says by how much.
 */
const LIMITS = { mean: 3, worst: 24, structure: 0.97 } as const;

describeApp('pictures of the window', windows => {
  /** The dish after 1 s with a selected cell and contour lines: the same to the last bit each time. */
  async function openDish(theme: 'dark' | 'light'): Promise<Page> {
    const page = await windows.open({ theme });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await seek(page, '1', 1);
    const place = (await finder(page))(20, 20);
    await page.mouse.click(place.x, place.y);
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    await page.getByLabel('Contour lines').check();
    await page.mouse.move(640, 780);
    await page.locator('.hover-readout').waitFor({ state: 'hidden' });
    return page;
  }

  it.each(['dark', 'light'] as const)('looks as it did (%s)', async theme => {
    const page = await openDish(theme);
    await show(page, `reference-${theme}`);
    await expectLike(page, theme);
  });

  it('would see a missing panel, another theme, another place and another colour map', async () => {
    const page = await openDish('dark');
    const reference = await picture(page);
    const differs = async (what: string) => {
      const difference = compare(reference, await picture(page));
      expect(within(difference), `${what}: ${JSON.stringify(difference)}`).toBe(false);
    };
    await page.getByRole('button', { name: 'Fold the right panel' }).click();
    await differs('a missing panel');
    await page.getByRole('button', { name: 'Open the right panel' }).click();
    await page.getByRole('combobox', { name: 'Colour map of dye' }).selectOption('magma');
    await differs('another colour map');
    await page.getByRole('combobox', { name: 'Colour map of dye' }).selectOption('viridis');
    await page.getByRole('button', { name: 'Remove this cell' }).click();
    await eventually(() => page.locator('.inspector .ended').count()).toBe(1);
    await differs('a cell that is gone');
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Light theme' }).click();
    await differs('another theme');
    expect(await clock(page)).toBe(1);
  });
});

async function picture(page: Page): Promise<Picture> {
  return shrink(await page.screenshot({ animations: 'disabled', caret: 'hide' }), BLOCK);
}

function within({ mean, worst, structure }: Difference): boolean {
  return mean <= LIMITS.mean && worst <= LIMITS.worst && structure >= LIMITS.structure;
}

/** Compares the window with a reference, taking its time to settle; `CELLFIELD_REFERENCES=write` writes the reference. */
async function expectLike(page: Page, name: string): Promise<void> {
  const file = join(FOLDER, `${name}.png`);
  if (process.env.CELLFIELD_REFERENCES === 'write') {
    await page.waitForTimeout(2000);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, encode(await picture(page)));
    return;
  }
  const reference = shrink(readFileSync(file), 1);
  await eventually(async () => {
    const difference = compare(reference, await picture(page));
    return within(difference) ? 'alike' : difference;
  }).toBe('alike');
}
