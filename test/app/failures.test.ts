import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import {
  balance,
  clock,
  drop,
  dropScenario,
  pause,
  play,
  seek,
  show,
  stagePicture,
  writeText,
} from '../support/app.ts';
import { DISH, intolerant, NEGATIVE_RATE } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('what goes wrong, and the way back', windows => {
  async function openDish(): Promise<Page> {
    const page = await windows.open();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    return page;
  }
  const notice = (page: Page) => page.locator('.notice');

  it('marks errors of the text at their lines, and applies it once it is right', async () => {
    const page = await openDish();
    await page.keyboard.press('e');
    const editor = page.locator('.cm-content');
    await editor.waitFor();
    await writeText(
      page,
      DISH.text.replace('diffusivity: D,', 'diffusivity: 3 nM,').replace('seed: 5', 'sed: 5'),
    );
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.waitFor();
    const lines = await problems.locator('.problem > span:first-child').allInnerTexts();
    expect(lines).toEqual([lineOf(DISH.text, 'seed: 5'), lineOf(DISH.text, 'diffusivity: D,')].map(String));
    expect(await problems.innerText()).toMatch(/fields\.dye\.diffusivity/);
    await eventually(() => page.locator('.cm-lint-marker-error').count()).toBe(2);
    const apply = page.getByRole('button', { name: 'Apply' });
    expect(await apply.isDisabled()).toBe(true);
    await show(page, 'text-errors');
    // The scenario that was there still runs.
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);

    await writeText(page, DISH.text.replace('A dish for tests\nseed', 'A better dish\nseed'));
    await problems.waitFor({ state: 'detached' });
    await apply.click();
    await page.locator('.scenario-title', { hasText: 'A better dish' }).waitFor();
    await eventually(() => clock(page)).toBe(0);
    expect(await page.locator('.dirty').count(), 'unsaved edits are marked').toBe(1);

    // Another file would discard them: that is asked.
    await drop(page, DISH.file, DISH.text);
    const question = page.getByRole('dialog', { name: /Discard/ });
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await page.locator('.scenario-title').innerText()).toBe('A better dish');
    await drop(page, DISH.file, DISH.text);
    await question.getByRole('button', { name: 'Discard edits' }).click();
    await page.locator('.scenario-title', { hasText: DISH.title }).waitFor();
  });

  it('refuses a dropped file that is no scenario, and keeps the one that was there', async () => {
    const page = await openDish();
    await drop(page, 'bad.yaml', 'cellfield: 1\ntitle: Bad\ndomain: { size: [1 um, 1 um], grid: [0, 5] }\n');
    await eventually(() => notice(page).innerText()).toContain('bad.yaml cannot be loaded');
    await show(page, 'refused-file');
    await page.getByRole('button', { name: 'Show the text' }).click();
    const problems = page.getByRole('region', { name: 'Problems' });
    await eventually(() => problems.locator('li').count()).toBeGreaterThan(1);
    expect(await page.locator('.scenario-title').innerText()).toBe(DISH.title);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await notice(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);

    await drop(page, 'noise.yaml', '{{{\u0000');
    await eventually(() => notice(page).innerText()).toContain('noise.yaml cannot be loaded');
    await drop(page, 'huge.yaml', 'x'.repeat(1_100_000));
    await eventually(() => page.locator('.message.error').innerText()).toContain('too large');
  });

  it('says why a run failed and keeps its last state', async () => {
    const page = await windows.open();
    await dropScenario(page, NEGATIVE_RATE.file, NEGATIVE_RATE.text, NEGATIVE_RATE.title);
    await play(page);
    await eventually(() => notice(page).innerText()).toMatch(/worker\.make/);
    const text = await notice(page).innerText();
    expect(text).toContain('A rate cannot be worked with');
    expect(text).toMatch(/it must be finite and at least 0/);
    const stopped = await clock(page);
    // 1 /s − t / 4 s² changes its sign at 4 s.
    expect(stopped).toBeGreaterThan(3.7);
    expect(stopped).toBeLessThan(4.2);
    await show(page, 'failed');
    expect(await coloursOf(page), 'the last state is still drawn').toBeGreaterThan(100);
    await page.locator('.notice').getByRole('button', { name: 'Restart' }).click();
    await eventually(() => clock(page)).toBe(0);
    await notice(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);
  });

  it.each(['stop', 'warn'] as const)(
    'pauses at a broken balance and opens its panel (%s)',
    async onBreach => {
      const page = await windows.open();
      const scenario = intolerant(onBreach);
      await dropScenario(page, scenario.file, scenario.text, scenario.title);
      expect(await page.locator('.balance').count()).toBe(0);
      await play(page);
      const panel = page.locator('.balance');
      await panel.waitFor();
      await eventually(() => page.locator('.balance-item').innerText()).toMatch(/balance broken/);
      await page.locator('.balance-head.bad').waitFor();
      expect(await panel.locator('tr.suspect th').allInnerTexts(), 'the operator that did it').toHaveLength(
        1,
      );
      if (onBreach === 'stop') {
        expect(await notice(page).innerText()).toContain('The balance did not close');
      } else {
        await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
      }
      await show(page, `breach-${onBreach}`);
    },
  );

  it('names the channel that leaks, and how a strongly coupled step went', async () => {
    const page = await windows.open({ width: 1024, height: 640 });
    const leaking = DISH.text
      .replace(
        'cells:',
        'balance: { onBreach: warn }\ndiagnostics: { injectBias: { channel: worker.export, relative: 1e-3 } }\ncells:',
      )
      .replace('population:', 'coupling: { schedule: strong }\npopulation:');
    await dropScenario(page, 'leaking.yaml', leaking, DISH.title);
    await play(page);
    // The first breach stops the run and opens the panel.
    const leak = page.locator('.balance .leak');
    await leak.waitFor();
    await play(page);
    await eventually(() => leak.innerText()).toMatch(
      /exchange with dye leaks[\s\S]*Channel\s+worker\.export\s+Off by, of what it moves\s+10⁻³ ± /,
    );
    const section = page.getByRole('button', { name: /How it is computed/ });
    if ((await section.getAttribute('aria-expanded')) === 'false') await section.click();
    const facts = page.locator('.panel.left .facts');
    await eventually(() => facts.innerText()).toMatch(/Cells see\s+the midpoint[\s\S]*Last step\s+\d+ pass/);
    await facts.getByText('Last step').scrollIntoViewIfNeeded();
    await pause(page);
    await show(page, 'leak');
    expect((await balance(page)).level).toBe('balance broken');
  });

  it('outlives its worker: says so, keeps the picture, starts again', async () => {
    const page = await openDish();
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);
    await page.workers()[0].evaluate(`setTimeout(() => { throw new Error('broken for a test'); })`);
    await eventually(() => notice(page).innerText()).toContain('The engine stopped');
    expect(await notice(page).innerText()).toContain('broken for a test');
    await eventually(() => windows.forgive().join()).toContain('broken for a test');
    expect(await page.locator('.scenario-title').innerText()).toBe(DISH.title);
    expect(await coloursOf(page), 'the last state is still drawn').toBeGreaterThan(100);
    await show(page, 'lost-worker');
    await page.getByRole('button', { name: 'Start the engine again' }).click();
    await notice(page).waitFor({ state: 'detached' });
    await eventually(() => clock(page)).toBe(0);
    await play(page);
    await eventually(() => clock(page)).toBeGreaterThan(1);
    await pause(page);
  });

  it('outlives the loss of its graphics', async () => {
    const page = await openDish();
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.1, 6);
    const before = await steadyPicture(page);
    await page.evaluate(`{
      const canvas = [...document.querySelectorAll('.stage canvas')].find(canvas => canvas.getContext('webgl2'));
      globalThis.lost = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
      lost.loseContext();
    }`);
    await eventually(() => notice(page).innerText()).toContain('The graphics were lost');
    // The run does not need them.
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    await eventually(() => clock(page)).toBeCloseTo(0.2, 6);
    await page.evaluate('lost.restoreContext()');
    await notice(page).waitFor({ state: 'detached' });
    windows.forgive();
    await seek(page, '0.1', 0.1);
    expect((await steadyPicture(page)).equals(before)).toBe(true);
  });

  it('says when the graphics cannot be had at all', async () => {
    const page = await windows.open();
    await page.addInitScript('HTMLCanvasElement.prototype.getContext = () => null');
    await page.reload();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await eventually(() => page.locator('.notice.bad').innerText()).toContain('The stage cannot be drawn');
    windows.forgive();
  });
});

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

/** The stage, once two pictures in a row are the same: the last frame may come a little after the clock. */
async function steadyPicture(page: Page): Promise<Buffer> {
  let last: Buffer = Buffer.alloc(0);
  let next: Buffer = await stagePicture(page, '1×');
  while (!next.equals(last)) [last, next] = [next, await stagePicture(page, '1×')];
  return next;
}

async function coloursOf(page: Page): Promise<number> {
  const { data } = PNG.sync.read(await stagePicture(page, '1×'));
  return new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size;
}
