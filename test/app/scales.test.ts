import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { clock, dropScenario, pause, play, show } from '../support/app.ts';
import { describeApp, eventually } from './windows.ts';

const text = (name: string) => readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
const STIFF = text('stiff-exchange');
const COLONY = text('quorum-sensing');

describeApp('the panel of time scales', windows => {
  it('calls for strong coupling where one pass will not do, and writes it into the text', async () => {
    const page = await windows.open({ width: 1024, height: 640, theme: 'light' });
    const weak = STIFF.replace('schedule: strong, sees: midpoint', 'schedule: weak, splitting: strang');
    await dropScenario(page, 'weak.yaml', weak, 'Exchange as fast as the step');
    await open(page);
    await eventually(() => page.locator('.scales .balance-head').innerText()).toMatch(
      /Couple strongly[\s\S]*off by 79.% in the variance[\s\S]*schedule weak/,
    );
    expect(await page.locator('.verdicts li').innerText()).toMatch(
      /cell and A\s*couple strongly[\s\S]*\+79.%/,
    );
    await show(page, 'scales-strong');
    const write = page.getByRole('button', { name: 'Write schedule: strong into the text' });
    await write.focus();
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.cm-content').innerText()).toContain(
      'coupling: { schedule: strong, kernel: linear }',
    );
    await page.getByText('The text says so already').waitFor();
    const apply = page.getByRole('button', { name: 'Apply', exact: true });
    await apply.click();
    await eventually(() => page.locator('.scales .balance-head').innerText()).toContain('schedule strong');
    expect(await write.count()).toBe(0);
  });

  it('maps the processes of a growing colony, live, and of one of its parts', async () => {
    const page = await windows.open();
    await dropScenario(page, 'colony.yaml', COLONY, 'Quorum sensing');
    await open(page);
    const rows = page.getByRole('list', { name: 'Processes, fast to slow' }).getByRole('listitem');
    const all = await rows.allInnerTexts();
    expect(all.length).toBeGreaterThan(20);
    expect(all.join('\n')).toMatch(/coupling step\s*2.s/);
    expect(await page.locator('.scales').innerText()).toMatch(/sender: 2 stable of 3 found/);
    expect(await page.locator('.scales .means').first().innerText()).toMatch(/AHL\s+glucose\s+Thiele\s+\d/);
    expect(await page.locator('.scales').innerText()).toMatch(
      /glucose\s+least\s+median[\s\S]*Thiele of a voxel\s+\d/,
    );
    await page.getByRole('combobox', { name: 'Processes of' }).selectOption('AHL');
    await eventually(() => rows.count()).toBeLessThan(all.length);
    for (const row of await rows.allInnerTexts()) expect(row).not.toMatch(/sender|glucose/);
    const at = () =>
      page
        .locator('.scales')
        .getByText(/^At \d/)
        .innerText();
    const before = await at();
    await play(page);
    await eventually(at, 'it goes along').not.toBe(before);
    await pause(page);
    const now = await clock(page);
    await eventually(async () => seconds(await at()), 'it arrives where the run rests').toBe(Math.round(now));
    await show(page, 'scales-colony');
  });
});

async function open(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Scales' }).click();
  await page.locator('.timescales').waitFor();
}

/** `At 0:01:05, …` in seconds. */
function seconds(sentence: string): number {
  const [, h, min, s] = /^At (\d+):(\d+):(\d+)/.exec(sentence) ?? [];
  return Number(h) * 3600 + Number(min) * 60 + Number(s);
}
