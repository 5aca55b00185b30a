import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  balance,
  cellCount,
  clock,
  dropScenario,
  pause,
  play,
  seek,
  show,
  stageMiddle,
} from '../support/app.ts';
import { drag, finder } from './place.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('selecting cells and changing a run', windows => {
  async function openDish(): Promise<Page> {
    const page = await windows.open();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    return page;
  }

  it('shows the state of a clicked cell, live, and selects several', async () => {
    const page = await openDish();
    const at = await finder(page);
    const right = page.getByRole('complementary', { name: 'Readings' });
    const middle = at(20, 20);
    await page.mouse.click(middle.x, middle.y);
    await eventually(() => right.locator('h2').first().innerText()).toMatch(/^Cell 1 worker$/);
    const row = (name: string) => right.locator('.traces li', { has: page.getByText(name, { exact: true }) });
    const amount = row('A').locator('.value');
    expect(await amount.innerText()).toBe('20');
    expect(await right.locator('.facts').innerText()).toMatch(/Place\s+20\.0, 20\.0\s*µm/);
    await play(page);
    await eventually(() => amount.innerText(), 'A leaks').not.toBe('20');
    await eventually(() => row('dye').locator('.value').innerText()).toMatch(/^gave \d/);
    await pause(page);
    await show(page, 'inspector');

    const left = at(10, 20);
    await page.keyboard.down('Shift');
    await page.mouse.click(left.x, left.y);
    await page.keyboard.up('Shift');
    await eventually(() => right.locator('h2').first().innerText()).toMatch(/^2 cells/);
    await page.keyboard.down('Shift');
    await drag(page, [at(4, 4), at(36, 4), at(36, 36), at(4, 36), at(4, 5)]);
    await page.keyboard.up('Shift');
    await eventually(() => right.locator('h2').first().innerText()).toMatch(/^3 cells/);
    await show(page, 'group');
    await page.keyboard.press('Escape');
    await eventually(() => right.innerText()).toContain('Click a cell on the stage');
  });

  it('follows a selected cell', async () => {
    const page = await openDish();
    const at = await finder(page);
    const place = at(10, 20);
    await page.mouse.click(place.x, place.y);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    // The cell now lies in the middle: a click there finds it.
    const middle = await stageMiddle(page);
    const readout = page.locator('.hover-readout');
    await eventually(async () => {
      await page.mouse.move(middle.x + 1, middle.y);
      await page.mouse.move(middle.x, middle.y);
      return readout.innerText();
    }).toMatch(/^10\.\d, 20\.\d/);
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  });

  it('takes parameters from the slider and the keyboard, logs them, resets them', async () => {
    const page = await openDish();
    const value = page.getByRole('textbox', { name: 'k', exact: true });
    const slider = page.getByRole('slider', { name: 'k', exact: true });
    expect(await value.inputValue()).toBe('0.5 /s');
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(1);
    await slider.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
    await eventually(() => logged(page)).toContainEqual(expect.stringMatching(/k = 0\.\d+ \/s$/));
    const slid = await value.inputValue();
    expect(Number.parseFloat(slid)).toBeGreaterThan(0.5);
    await eventually(async () => (await logged(page))[0]).toContain(`k = ${slid}`);

    await type(value, '2');
    await eventually(async () => (await logged(page))[0]).toContain('k = 2 /s');
    expect(await value.inputValue()).toBe('2 /s');
    await pause(page);
    await type(value, '120 /min');
    await eventually(async () => (await logged(page))[0]).toContain('k = 120 /min');
    expect(await page.locator('.timeline-mark.parameter').count()).toBe((await logged(page)).length);

    const entries = (await logged(page)).length;
    await type(value, '3 um');
    await page.locator('.message.error').waitFor();
    await eventually(() => value.inputValue(), 'a refused value goes back').toBe('120 /min');
    expect(await logged(page)).toHaveLength(entries);
    await show(page, 'refused-parameter');

    await page.getByRole('button', { name: /^Reset k/ }).click();
    await eventually(async () => (await logged(page))[0]).toContain('k = 0.5 /s');
    await page.keyboard.press('Control+z');
    await eventually(() => value.inputValue()).toBe('120 /min');
    await expectClosed(page);
  });

  it('paints a field, adding and removing, through the books, and undoes strokes', async () => {
    const page = await openDish();
    const at = await finder(page);
    await page.getByRole('radio', { name: 'Balance' }).click();
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);
    await page.keyboard.press('b');
    await type(page.getByRole('textbox', { name: 'Molecules per dab' }), '1000');
    const stroke = [at(8, 30), at(32, 30)];
    await drag(page, stroke);
    await eventually(() => byUser(page)).toBeGreaterThan(999);
    const added = await byUser(page);
    const dabs = (await logged(page)).length;
    expect(added).toBeCloseTo(1000 * dabs, -1);
    await show(page, 'painted');
    await expectClosed(page);

    await page.getByRole('radio', { name: 'Remove' }).click();
    // Longer than the pause that parts two strokes.
    await eventually(async () => (await logged(page)).length).toBe(dabs);
    await page.waitForTimeout(400);
    await drag(page, [at(8, 10), at(32, 10)]);
    await eventually(() => byUser(page)).toBeLessThan(added - 1);
    await expectClosed(page);
    await page.keyboard.press('Control+z');
    await eventually(() => byUser(page), 'without the second stroke').toBeCloseTo(added, 6);
    await eventually(async () => (await logged(page)).length).toBe(dabs);
    await page.keyboard.press('Control+z');
    await eventually(() => logged(page)).toEqual([]);
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(5);
    await pause(page);
    await expectClosed(page);
  });

  it('places and removes cells, undoes it, and keeps edits when the clock goes back and forth', async () => {
    const page = await openDish();
    const at = await finder(page);
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(2);
    await pause(page);
    const edited = await clock(page);
    await page.getByRole('button', { name: 'Place', exact: true }).click();
    await page.getByRole('combobox', { name: 'Cell type to place' }).selectOption({ label: 'idler' });
    await type(page.getByRole('textbox', { name: 'Cells per click' }), '4');
    await click(page, at(20, 32));
    await eventually(() => cellCount(page)).toBe(7);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await type(page.getByRole('textbox', { name: 'Radius' }), '1');
    await click(page, at(10, 20));
    await eventually(() => cellCount(page)).toBe(6);
    await show(page, 'placed');
    await page.keyboard.press('Control+z');
    await eventually(() => cellCount(page)).toBe(7);

    const before = Math.max(0, edited - 1);
    await seek(page, before.toFixed(1), before);
    await eventually(() => cellCount(page)).toBe(3);
    const after = edited + 3;
    await seek(page, after.toFixed(1), after);
    await eventually(() => cellCount(page), 'the edit is part of the run').toBe(7);
    await expectClosed(page);
  });

  it('removes a selected cell', async () => {
    const page = await openDish();
    await click(page, (await finder(page))(20, 20));
    await page.getByRole('button', { name: 'Remove this cell' }).click();
    await eventually(() => cellCount(page)).toBe(2);
    await eventually(() => page.locator('.inspector .ended').innerText()).toContain('no longer there');
    expect(await logged(page)).toEqual([expect.stringContaining('1 cell removed')]);
    await page.keyboard.press('Control+z');
    await eventually(() => cellCount(page)).toBe(3);
  });

  it('probes a place', async () => {
    const page = await openDish();
    await page.getByRole('button', { name: 'Probe', exact: true }).click();
    await click(page, (await finder(page))(20, 20));
    await eventually(() => page.locator('.panel.left').innerText()).toContain('1 probe');
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(2);
    await pause(page);
    const plots = page.getByRole('combobox', { name: 'What this plot shows' }).first();
    const labels = (await plots.locator('option').allInnerTexts()).filter(label => /probe/i.test(label));
    expect(labels.length).toBeGreaterThan(0);
  });
});

/** The event log, newest first. */
function logged(page: Page): Promise<string[]> {
  return page
    .locator('.log li')
    .allInnerTexts()
    .then(texts => texts.map(text => text.replace(/\s+/g, ' ')));
}

async function type(field: Locator, text: string): Promise<void> {
  await field.fill(text);
  await field.press('Enter');
}

async function click(page: Page, { x, y }: { x: number; y: number }): Promise<void> {
  await page.mouse.click(x, y);
}

/** What the balance panel books under user edits, molecules. */
async function byUser(page: Page): Promise<number> {
  const row = page.locator('.causes li', { hasText: 'user edit' }).locator('.row > span').last();
  if ((await row.count()) === 0) return 0;
  return Number.parseFloat((await row.innerText()).replace('−', '-').replace(/[\s\u202f]/g, ''));
}

async function expectClosed(page: Page): Promise<void> {
  const { level, residual } = await balance(page);
  expect(level).toBe('balance closed');
  expect(residual).toBeLessThan(1e-10);
}
