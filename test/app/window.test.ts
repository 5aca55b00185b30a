import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  clock,
  downloaded,
  dropScenario,
  openFromGallery,
  pause,
  play,
  show,
  stageMiddle,
  stagePicture,
} from '../support/app.ts';
import { finder } from './place.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('the window', windows => {
  async function openDish(options: Parameters<typeof windows.open>[0] = {}): Promise<Page> {
    const page = await windows.open(options);
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    return page;
  }
  const switchOf = (page: Page, name: string) => page.getByRole('switch', { name });

  it('runs by keys', async () => {
    const page = await openDish();
    await page.keyboard.press('ArrowRight');
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await eventually(() => clock(page)).toBeGreaterThan(0.1);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('r');
    await eventually(() => clock(page)).toBe(0);
  });

  it('changes the view by keys', async () => {
    const page = await openDish();
    await page.keyboard.press('2');
    await eventually(() => switchOf(page, 'food 2').isChecked()).toBe(true);
    expect(await switchOf(page, 'dye 1').isChecked()).toBe(false);
    await page.keyboard.press('1');
    await eventually(() => switchOf(page, 'dye 1').isChecked()).toBe(true);
    const colouring = page.getByRole('combobox', { name: 'Colour cells by' });
    expect(await colouring.inputValue()).toBe('type');
    const seen = new Set<string>();
    for (let i = 0; i < 9; i++) {
      seen.add(await colouring.inputValue());
      const before = await colouring.inputValue();
      await page.keyboard.press('c');
      await eventually(() => colouring.inputValue()).not.toBe(before);
    }
    // Type, biomass and A of two types, lineage, age, growth, phase: once round.
    expect([seen.size, await colouring.inputValue()]).toEqual([9, 'type']);

    await page.keyboard.press('h');
    await eventually(() => page.locator('.panel').count()).toBe(0);
    expect((await page.locator('.stage').boundingBox())?.width).toBe(1280);
    await page.keyboard.press('h');
    await eventually(() => page.locator('.panel').count()).toBe(2);

    await page.keyboard.press('b');
    expect(await page.getByRole('button', { name: 'Brush', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Select', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    );

    const before = await pixelSize(page);
    for (let i = 0; i < 8; i++) await page.keyboard.press('+');
    await eventually(() => pixelSize(page), 'zoomed in').toBeLessThan(0.5 * before);
    await page.keyboard.press('0');
    await eventually(() => pixelSize(page)).toBeCloseTo(before, 6);
    await page.keyboard.press('-');
    await eventually(() => pixelSize(page), 'zoomed out').toBeGreaterThan(1.1 * before);
  });

  it('leaves keys to fields that are being typed into', async () => {
    const page = await openDish();
    const value = page.getByRole('textbox', { name: 'k', exact: true });
    await value.focus();
    await page.keyboard.type('r h 1');
    expect(await value.inputValue()).toBe('r h 1');
    expect(await page.locator('.panel').count()).toBe(2);
    await page.keyboard.press('Escape');
    expect(await value.inputValue()).toBe('0.5 /s');
  });

  it('lists its keys', async () => {
    const page = await openDish();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'All keys' });
    await keys.waitFor();
    const text = await keys.innerText();
    for (const what of ['Play or pause', 'Advance by one step', 'Undo', 'Show one field', 'Shift drag']) {
      expect(text).toContain(what);
    }
    await show(page, 'keys');
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    await page.keyboard.press('Space');
    await eventually(() => clock(page), 'keys work again').toBeGreaterThan(0);
    await pause(page);
  });

  it('leads through five stops on first use, and never again', async () => {
    const page = await windows.open({ firstRun: true });
    await openFromGallery(page, 'Quorum sensing');
    const tour = page.getByRole('dialog', { name: 'Tour' });
    const titles: string[] = [];
    for (let i = 0; i < 5; i++) {
      await eventually(() => page.locator('.tour-target').count()).toBe(1);
      titles.push(await tour.locator('h2').innerText());
      const card = await tour.boundingBox();
      expect(
        card && card.x >= 0 && card.y >= 0 && card.x + card.width <= 1280 && card.y + card.height <= 800,
      ).toBe(true);
      await show(page, `tour-${i + 1}`);
      const dots = tour.getByRole('img');
      expect(await dots.getAttribute('aria-label')).toBe(`Step ${i + 1} of 5`);
      await tour.getByRole('button', { name: i < 4 ? 'Next' : 'Done' }).click();
    }
    await tour.waitFor({ state: 'detached' });
    expect(new Set(titles).size).toBe(5);
    await page.reload();
    await openFromGallery(page, 'Quorum sensing');
    await eventually(() => clock(page)).toBeGreaterThan(0);
    expect(await tour.count()).toBe(0);
  });

  it('finds everything by typing', async () => {
    const page = await openDish();
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const choose = async (query: string, expected: string) => {
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').fill(query);
      await eventually(() => palette.locator('[aria-selected=true]').innerText()).toContain(expected);
      await show(page, 'palette');
      await page.keyboard.press('Enter');
      await palette.waitFor({ state: 'detached' });
    };
    await choose('colour a of idler', 'Colour cells by A of idler');
    expect(await page.getByRole('combobox', { name: 'Colour cells by' }).inputValue()).toBe('species 1 1');
    await choose('show food', 'Show food');
    await eventually(() => switchOf(page, 'food 2').isChecked()).toBe(true);
    await choose('toggle switch', 'A toggle switch in an inducer gradient');
    await page.locator('.scenario-title', { hasText: 'A toggle switch' }).waitFor();
    await eventually(() => clock(page)).toBeGreaterThan(0);

    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').fill('qqqq');
    await palette.getByText('Nothing is called that').waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  it('keeps theme, folded panels and speed over a reload', async () => {
    const page = await openDish();
    const ground = () => page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
    const dark = await ground();
    await page.getByRole('button', { name: 'Light theme' }).click();
    await eventually(ground).not.toBe(dark);
    const light = await ground();
    await show(page, 'light');
    await page.getByRole('button', { name: 'Fold the right panel' }).click();
    await page.getByRole('combobox', { name: 'Speed limit' }).selectOption('30');
    await page.reload();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    expect(await ground()).toBe(light);
    expect(await page.getByRole('complementary', { name: 'Readings' }).count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Speed limit' }).inputValue()).toBe('30');
    const begin = Date.now();
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThanOrEqual(3);
    // 30 steps of 0.1 s at 30 steps/s take a second; a busy machine may take longer.
    expect(Date.now() - begin).toBeGreaterThan(800);
    await pause(page);
  });

  it('opens with the theme of the system', async () => {
    const page = await windows.open({ theme: 'light' });
    await eventually(() => page.evaluate('document.documentElement.dataset.theme')).toBe('light');
  });

  it('exports plots, pictures, the log of edits and the scenario', async () => {
    const page = await openDish();
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(100);
    await pause(page);
    const plot = page.locator('.plot', { has: page.getByRole('combobox') }).nth(1);
    await plot.getByRole('button', { name: 'Export this plot' }).click();
    const csv = await downloaded(page, page.getByRole('menuitem', { name: 'Data as CSV' }));
    expect(csv.name).toMatch(/\.csv$/);
    const rows = csv.bytes
      .toString('utf8')
      .trim()
      .split('\r\n')
      .map(line => line.split(','));
    expect(rows[0][0]).toBe('time_s');
    expect(rows.length).toBeGreaterThan(8);
    expect(
      rows
        .slice(1)
        .every(
          row =>
            row.length === rows[0].length && row.every(cell => cell === '' || Number.isFinite(Number(cell))),
        ),
    ).toBe(true);
    expect(rows.slice(1, 4).map(([time]) => Number(time))).toEqual([0, 10, 20]);

    await plot.getByRole('button', { name: 'Export this plot' }).click();
    const png = await downloaded(page, page.getByRole('menuitem', { name: 'Picture as PNG' }));
    expect([png.name.endsWith('.png'), isPng(png.bytes), png.bytes.length > 2000]).toEqual([
      true,
      true,
      true,
    ]);

    const [one, two] = [await stagePicture(page, '1×'), await stagePicture(page, '2×')];
    expect([two.readUInt32BE(16), two.readUInt32BE(20)]).toEqual([
      2 * one.readUInt32BE(16),
      2 * one.readUInt32BE(20),
    ]);

    const value = page.getByRole('textbox', { name: 'k', exact: true });
    await value.fill('1');
    await value.press('Enter');
    const log = await downloaded(page, page.getByRole('button', { name: 'Save log' }));
    const record = JSON.parse(log.bytes.toString('utf8'));
    expect(record.edits).toEqual([
      {
        step: expect.any(Number),
        time: expect.any(Number),
        edit: { kind: 'parameter', name: 'k', value: '1 /s' },
      },
    ]);

    await page.getByRole('button', { name: 'Scenario', exact: true }).click();
    const saved = await downloaded(page, page.getByRole('menuitem', { name: /^Save the scenario as/ }));
    expect(saved.bytes.toString('utf8')).toBe(DISH.text);
  });

  it('moves and zooms with the pointer', async () => {
    const page = await openDish();
    const before = await finder(page);
    const middle = await stageMiddle(page);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.wheel(0, -300);
    await eventually(async () => (await finder(page))(30, 20).x - middle.x).toBeGreaterThan(
      1.4 * (before(30, 20).x - middle.x),
    );
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.mouse.move(middle.x - 200, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x - 140, middle.y, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => (await finder(page))(20, 20).x - middle.x).toBeCloseTo(60, -1);
  });
});

/** µm per pixel of the stage, read off what it says of the pointer. */
async function pixelSize(page: Page): Promise<number> {
  const at = await finder(page);
  return 10 / (at(20, 20).x - at(10, 20).x);
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
}
