import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cellfield } from '../cli/cellfield.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { recordRun, removeRun } from '../session/replayFixtures.ts';
import { cellCount, clock, downloaded, dropScenario, play, seek, show, stageMiddle } from '../support/app.ts';
import { offerFolder, putFolder, takeFolder } from './folders.ts';
import { describeApp, eventually } from './windows.ts';

const [COLONY] = Object.values(SCENARIOS);
const TITLE = 'A colony in miniature';

describeApp('a recording in the app', windows => {
  let folder = '';
  const counts = new Map<number, number>();
  beforeAll(() => {
    folder = recordRun(
      COLONY.replace('fields:', 'recording: { cells: 2 s, fields: 2 s, checkpoints: 1 min }\nfields:'),
      model => {
        counts.set(model.step, model.population.count);
      },
    );
  }, 120_000);
  afterAll(() => removeRun(folder));

  const track = (page: Page) => page.getByRole('slider', { name: 'Time of the recording' });
  /** A key pressed while a step is under way would end that. */
  async function stepTo(page: Page, time: number): Promise<void> {
    for (let at = await clock(page); at < time; at += 2) {
      await page.getByRole('button', { name: 'One step' }).and(page.locator(':enabled')).click();
      await eventually(() => clock(page)).toBe(at + 2);
    }
  }
  async function openRecording(options: Parameters<typeof windows.open>[0] = {}): Promise<Page> {
    const page = await windows.open(options);
    await page.keyboard.press('Escape');
    await putFolder(page, 'colony', folder);
    await offerFolder(page, 'colony');
    await page.keyboard.press('Control+Shift+o');
    await page.locator('.scenario-title', { hasText: TITLE }).waitFor();
    await track(page).waitFor();
    return page;
  }

  it('shows its frames, scrubbed through while the pointer is held', async () => {
    const page = await openRecording();
    expect(await cellCount(page)).toBe(counts.get(0));
    const box = await track(page).boundingBox();
    if (!box) throw new Error('there is no track');
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.mouse.down();
    for (const share of [0.25, 0.5, 0.75]) {
      await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
      await eventually(() => clock(page)).toBeCloseTo(240 * share, -1);
      const time = await clock(page);
      await eventually(() => cellCount(page)).toBe(counts.get(time / 2));
    }
    await page.mouse.up();
    await page.locator('.peek').waitFor();
    await show(page, 'recording');
    await page.keyboard.press('End');
    await eventually(() => clock(page)).toBe(240);
    expect(await cellCount(page)).toBe(counts.get(120));
    await page.keyboard.press('ArrowLeft');
    await eventually(() => clock(page)).toBe(238);
    await seek(page, '1:40', 100);
    expect(await cellCount(page)).toBe(counts.get(50));
  });

  it('plays both ways, at a rate, and in a loop', async () => {
    const page = await openRecording();
    const rate = page.getByRole('combobox', { name: 'Frames per second' });
    await rate.selectOption('120');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await eventually(() => clock(page)).toBe(240);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Play backwards' }).click();
    await eventually(() => clock(page)).toBe(0);
    await seek(page, '0:40', 40);
    await page.keyboard.press('[');
    await seek(page, '1:00', 60);
    await page.keyboard.press(']');
    await page.locator('.timeline-loop').waitFor();
    await rate.selectOption('60');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const times = new Set<number>();
    for (let i = 0; i < 40; i++) {
      times.add(await clock(page));
      await page.waitForTimeout(20);
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...times)).toBeLessThanOrEqual(60);
    expect(times.size).toBeGreaterThan(4);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
  });

  it('keeps bookmarks with notes in the folder', async () => {
    const page = await openRecording();
    await seek(page, '3:00', 180);
    await page.keyboard.press('m');
    const note = page.getByRole('textbox', { name: /Note at/ });
    await note.fill('before the third division');
    await note.press('Enter');
    await page.getByText('kept in the folder').waitFor();
    expect(await page.locator('.timeline-bookmark').count()).toBe(1);
    const written = () =>
      page.evaluate(
        `navigator.storage.getDirectory().then(root => root.getDirectoryHandle('colony')).then(folder => folder.getFileHandle('bookmarks.json')).then(file => file.getFile()).then(file => file.text()).catch(String)`,
      );
    await eventually(async () => String(await written())).toContain('"note": "before the third division"');
    expect(JSON.parse(String(await written()))).toEqual([{ time_s: 180, note: 'before the third division' }]);
    await page.keyboard.press('Control+Shift+o');
    await eventually(() => clock(page)).toBe(0);
    await eventually(() => page.getByRole('textbox', { name: /Note at/ }).inputValue()).toBe(
      'before the third division',
    );
    await page.getByRole('button', { name: '0:03:00', exact: true }).click();
    await eventually(() => clock(page)).toBe(180);
  });

  it('opens as a list of files where the browser has no picker, and says what is no recording', async () => {
    const page = await windows.open({ theme: 'light' });
    await page.keyboard.press('Escape');
    await page.evaluate('delete window.showDirectoryPicker; delete Window.prototype.showDirectoryPicker');
    const choose = async (path: string) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.keyboard.press('Control+Shift+o'),
      ]);
      await chooser.setFiles(path);
    };
    await choose(join(folder, 'checkpoints'));
    await page.getByText('checkpoints is not a recording: it has no scenario.yaml').waitFor();
    await choose(folder);
    await page.locator('.scenario-title', { hasText: TITLE }).waitFor();
    await track(page).press('End');
    await eventually(() => clock(page)).toBe(240);
    await show(page, 'recording-light');
    await page.keyboard.press('m');
    await page.getByText('kept in this browser only').waitFor();
    const rows = readFileSync(join(folder, 'timeseries.csv'), 'utf8').trim().split('\n');
    expect(rows.length).toBeGreaterThan(2);
  });

  it('gives way to a scenario that is opened', async () => {
    const page = await openRecording();
    await page.keyboard.press('g');
    await page
      .getByRole('dialog', { name: 'Gallery' })
      .getByRole('button', { name: 'Spots that divide' })
      .click();
    await page.getByRole('slider', { name: 'Time of the run' }).waitFor();
    await eventually(() => clock(page)).toBeGreaterThan(0);
  });

  it('records a live run, edits and all, so that the command resumes it and the app opens it', async () => {
    const page = await windows.open();
    await dropScenario(page, 'colony.yaml', COLONY, TITLE);
    await offerFolder(page, 'recorded');
    await stepTo(page, 6);
    await page.getByRole('button', { name: 'Record this run' }).click();
    await page.locator('.recording-item').waitFor();
    await stepTo(page, 36);
    await page.keyboard.press('r');
    await page.getByText('stop the recording first').waitFor();
    expect(await clock(page)).toBe(36);
    await page.getByRole('button', { name: 'Brush', exact: true }).click();
    const { x, y } = await stageMiddle(page);
    await page.mouse.click(x, y);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.timeline-mark').count()).toBe(1);
    await play(page);
    await page.getByText(/Recorded \d+ frames in recorded/).waitFor();
    await show(page, 'recorded');

    const disk = join(folder, '..', 'from-the-app');
    await takeFolder(page, 'recorded', disk);
    const provenance = JSON.parse(readFileSync(join(disk, 'provenance.json'), 'utf8'));
    expect(provenance).toMatchObject({ status: 'done', from: 3, step: 120, title: TITLE });
    expect(JSON.parse(readFileSync(join(disk, 'edits.json'), 'utf8'))).toHaveLength(1);
    const info = await cellfield('info', disk, '--json');
    expect(info.status).toBe(0);
    const resumed = await cellfield('resume', disk, '--until', '5 min', '--json');
    expect(resumed.status).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'done' });
    // And it opens here, at its first frame.
    await page.keyboard.press('Control+Shift+o');
    await track(page).waitFor();
    await eventually(() => clock(page)).toBe(20);
  });

  it('records into an archive where the browser cannot write folders', async () => {
    const page = await windows.open();
    await page.evaluate('delete window.showDirectoryPicker; delete Window.prototype.showDirectoryPicker');
    await dropScenario(page, 'colony.yaml', COLONY, TITLE);
    await page.getByRole('button', { name: 'Record this run' }).click();
    await page.locator('.recording-item').waitFor();
    await stepTo(page, 24);
    const { name, bytes } = await downloaded(page, page.getByRole('button', { name: 'End the recording' }));
    expect(name).toMatch(/\.zip$/);
    const files = unzipSync(bytes);
    const disk = join(folder, '..', 'unzipped');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(disk, path)), { recursive: true });
      writeFileSync(join(disk, path), content);
    }
    const info = JSON.parse((await cellfield('info', disk, '--json')).stdout);
    expect(info).toMatchObject({ state_s: 24 });
    expect((await cellfield('resume', disk, '--json')).status).toBe(0);
  });
});
