import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dropScenario, play, show } from '../support/app.ts';
import { finder } from './place.ts';
import { DISH, intolerant, NEGATIVE_RATE } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

const SIZES = [
  [1024, 640],
  [1280, 800],
] as const;

describeApp('layout and accessibility', windows => {
  async function openDish(width: number, height: number): Promise<Page> {
    const page = await windows.open({ width, height });
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    return page;
  }

  it.each(SIZES)('cuts off nothing and names every control at %i × %i', async (width, height) => {
    const page = await openDish(width, height);
    const shown: Record<string, unknown> = {};
    const look = async (state: string) => {
      await show(page, `${state}-${width}`);
      shown[state] = { cut: await cutOff(page), nameless: await nameless(page) };
    };
    await look('controls');
    for (const tool of ['Brush', 'Place', 'Remove', 'Select']) {
      await page.getByRole('button', { name: tool, exact: true }).click();
      await look(tool.toLowerCase());
    }
    const place = (await finder(page))(20, 20);
    await page.mouse.click(place.x, place.y);
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    await look('cell');
    for (const tab of ['Balance', 'Scales', 'Plots']) {
      await page.getByRole('radio', { name: tab }).click();
      await look(tab.toLowerCase());
    }
    await page.keyboard.press('e');
    await page.locator('.cm-content').waitFor();
    await look('text');
    await page.keyboard.press('Escape');
    for (const [key, dialog] of [
      ['g', 'Gallery'],
      ['?', 'All keys'],
      ['s', 'Save a picture'],
      ['Control+k', 'Command palette'],
    ]) {
      await page.getByRole('button', { name: 'All keys', exact: true }).focus();
      await page.keyboard.press(key);
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await look(dialog.toLowerCase());
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Scenario', exact: true }).click();
    await page.getByRole('menu').waitFor();
    await look('menu');
    expect(Object.fromEntries(Object.keys(shown).map(state => [state, { cut: [], nameless: [] }]))).toEqual(
      shown,
    );
  });

  it.each(SIZES)('fits its notices at %i × %i', async (width, height) => {
    const page = await windows.open({ width, height });
    await page.keyboard.press('Escape');
    await page.locator('.notice').waitFor();
    expect([await cutOff(page), await nameless(page)]).toEqual([[], []]);
    for (const { file, text, title } of [NEGATIVE_RATE, intolerant('stop')]) {
      await dropScenario(page, file, text, title);
      await play(page);
      await page.locator('.notice.bad').waitFor();
      expect([await cutOff(page), await nameless(page)], title).toEqual([[], []]);
    }
    await show(page, `notice-${width}`);
  });

  it('finds what is cut off, and controls without a name', async () => {
    const page = await openDish(1024, 640);
    await page.evaluate(`{
      const box = document.createElement('div');
      Object.assign(box.style, { position: 'fixed', left: '10px', top: '10px', width: '60px', overflow: 'hidden' });
      box.innerHTML = '<button>Far too long a name</button>';
      box.firstChild.style.whiteSpace = 'nowrap';
      document.body.append(box, document.createElement('button'));
    }`);
    expect((await cutOff(page)).join()).toContain('Far too long a name');
    expect(await nameless(page)).toHaveLength(1);
  });

  it('is reached by the tab key from the first control to the last, with a visible focus', async () => {
    const page = await openDish(1280, 800);
    await page.evaluate('document.activeElement.blur()');
    const regions: string[] = [];
    const unseen: string[] = [];
    // Once around: after the last control the focus leaves the page.
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press('Tab');
      const { region, name, visible } = await focused(page);
      if (region === null) break;
      if (regions.at(-1) !== region) regions.push(region);
      if (!visible) unseen.push(name);
    }
    expect(regions).toEqual(['top-bar', 'panel left', 'stage-area', 'panel right', 'timeline', 'status-bar']);
    expect(unseen).toEqual([]);
  });

  it('keeps the focus inside a dialog and gives it back', async () => {
    const page = await openDish(1280, 800);
    const opener = page.getByRole('button', { name: 'Save a picture' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Save a picture' });
    await dialog.waitFor();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      // The browser's own controls may come in between; nothing of the page behind does.
      expect((await focused(page)).region).toBe(null);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => (await focused(page)).name).toBe('Save a picture');
  });

  it('tells screen readers of messages and of the time', async () => {
    const page = await openDish(1280, 800);
    await page.getByRole('button', { name: 'One step', exact: true }).click();
    const slider = page.getByRole('slider', { name: 'Time of the run' });
    await eventually(() => slider.getAttribute('aria-valuetext')).toBe('0:00:00.1 of 2:46:40.0');
    await slider.focus();
    await page.keyboard.press('PageUp');
    await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^0:16:40/);
    await page.keyboard.press('Home');
    await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^0:00:00\.0/);
    expect(await page.locator('.messages').getAttribute('aria-live')).toBe('polite');
  });
});

/**
 * Controls of the page that are cut off: by an ancestor that hides what overflows, sideways by one that scrolls, or by the
 * window; and controls whose own text does not fit them. While a dialog is open only what is in it counts.
 */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const problems = [];
    const slack = 1;
    const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
    const page = document.documentElement;
    if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) problems.push('the page scrolls');
    for (const element of root.querySelectorAll('button, input, select, [role=slider], [role=menuitem]')) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const box = element.getBoundingClientRect();
      const name = element.getAttribute('aria-label') ?? (element.innerText || element.outerHTML.slice(0, 80));
      let scrolls = false;
      for (let outer = element.parentElement; outer; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const edge = outer.getBoundingClientRect();
        if (box.left < edge.left - slack || box.right > edge.right + slack) problems.push(name + ' beside ' + outer.className);
        if (/auto|scroll/.test(style.overflowY)) scrolls = true;
        else if (!scrolls && (box.top < edge.top - slack || box.bottom > edge.bottom + slack)) {
          problems.push(name + ' above or below ' + outer.className);
        }
      }
      if (box.left < -slack || box.right > innerWidth + slack) problems.push(name + ' beside the window');
      if (!scrolls && (box.top < -slack || box.bottom > innerHeight + slack)) problems.push(name + ' outside the window');
      const fits = element.scrollWidth <= element.clientWidth + slack;
      if (!fits && element.tagName === 'BUTTON' && !element.querySelector('.ellipsis')) problems.push(name + ' does not fit');
    }
    return problems;
  })()`);
}

const CONTROLS =
  'button|link|slider|textbox|combobox|checkbox|switch|radio|menuitem|option|searchbox|spinbutton';

/** Lines of the accessibility tree that are controls without a name. */
async function nameless(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot();
  return tree
    .split('\n')
    .filter(line => new RegExp(`^\\s*- (?:${CONTROLS})(?: \\[[^\\]]*\\])*:?\\s*$`).test(line));
}

interface Focused {
  /** Part of the window; null outside all. */
  readonly region: string | null;
  readonly name: string;
  /** Whether it has a size and shows that it has the focus. */
  readonly visible: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate<Focused>(`(() => {
    const element = document.activeElement;
    const region = element.closest('.top-bar, .panel, .stage-area, .timeline, .status-bar');
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      region: region ? region.className : null,
      name: element.getAttribute('aria-label') ?? element.innerText ?? '',
      visible: box.width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'),
    };
  })()`);
}
