import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { clock, downloaded, dropScenario, seek, show, until } from '../support/app.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('notes', windows => {
  it.each(['dark', 'light'] as const)('hold moments, plots and edits, and lead back (%s)', async theme => {
    const page = await windows.open({ theme });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await seek(page, '20', 20);
    const value = page.getByRole('textbox', { name: 'k', exact: true });
    await value.fill('1');
    await value.press('Enter');
    await page.locator('.timeline-mark').waitFor();
    await seek(page, '40', 40);
    await page.locator('.stage-area').click({ position: { x: 5, y: 300 } });
    await page.keyboard.press('n');
    const notes = page.locator('.notebook');
    await notes.getByRole('button', { name: 'Add this moment' }).click();
    await eventually(() => text(page)).toContain('[Go to 0:00:40.0](#t=40)');
    await notes.getByRole('button', { name: 'Add edits' }).click();
    const plot = page.getByRole('region', { name: /^Plot of dye, mean/ });
    await plot.getByRole('button', { name: 'Export this plot' }).click();
    await page.getByRole('menuitem', { name: 'Into the notes' }).click();
    await eventually(() => text(page)).toContain('![dye, mean and extremes][figure-2]');
    // Bytes of pictures are kept out of sight.
    expect(await text(page)).not.toContain('base64');
    await show(page, `notebook-write-${theme}`);

    await notes.getByRole('radio', { name: 'Read' }).click();
    const article = notes.getByRole('article', { name: 'Notes' });
    await eventually(() => article.locator('img').count()).toBe(2);
    await until(
      async () =>
        (await page.evaluate(
          `[...document.querySelectorAll('.notebook-page img')].every(image => image.naturalWidth > 100)`,
        )) === true,
      'the pictures drawn',
    );
    expect(await article.getByRole('row').nth(1).innerText()).toContain('0.5 /s');
    await show(page, `notebook-read-${theme}`);
    await article.getByRole('link', { name: '0:00:20.0' }).first().click();
    await eventually(() => clock(page)).toBe(20);

    const saved = await downloaded(page, notes.getByRole('button', { name: 'Save', exact: true }));
    expect(saved.name).toBe('a-dish-for-tests.md');
    const markdown = saved.bytes.toString('utf8');
    expect(markdown).toMatch(/^# A dish for tests\n\nScenario dish\.yaml, seed 5, Cellfield /);
    expect(markdown).toContain('[figure-2]: data:image/svg+xml;base64,');
    await eventually(() => notes.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);

    const exported = await downloaded(page, notes.getByRole('button', { name: 'Export HTML' }));
    expect(exported.name).toBe('a-dish-for-tests.html');
    const requests = await showAlone(page, exported.bytes.toString('utf8'), theme);
    expect(requests).toEqual([]);

    // What was saved is opened again as it was.
    await page.evaluate('document.activeElement?.blur()');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      notes.getByRole('button', { name: 'Open' }).click(),
    ]);
    await chooser.setFiles({
      name: 'other.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from(markdown.replace('# A dish', '# Another dish')),
    });
    await article.getByRole('heading', { name: 'Another dish for tests' }).waitFor();
    await eventually(() => article.locator('img').count()).toBe(2);
  });
});

/** The notes as the editor has them. */
function text(page: Page): Promise<string> {
  return page.locator('.notebook .cm-content').innerText();
}

/** Shows a page by itself; returns what it asked for besides itself. */
async function showAlone(page: Page, html: string, theme: 'dark' | 'light'): Promise<string[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('there is no browser');
  const context = await browser.newContext({ colorScheme: theme });
  const requests: string[] = [];
  try {
    const alone = await context.newPage();
    alone.on('request', request => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    alone.on('console', message => requests.push(message.text()));
    await alone.setContent(html);
    expect(await alone.locator('img').count()).toBe(2);
    expect(await alone.evaluate(`document.querySelector('img').naturalWidth`)).toBeGreaterThan(100);
    await show(alone, `notebook-html-${theme}`);
  } finally {
    await context.close();
  }
  return requests;
}
