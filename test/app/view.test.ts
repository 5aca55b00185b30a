import { expect, it } from 'vitest';
import { openFromGallery } from '../support/app.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('the first view', windows => {
  it('is the one that the scenario asks for, and v goes back to it', async () => {
    const page = await windows.open();
    await openFromGallery(page, 'A toggle switch in an inducer gradient');
    const colouring = page.getByRole('combobox', { name: 'Colour cells by' });
    // Species of its only type: biomass, U, V.
    await eventually(() => colouring.inputValue()).toBe('species 0 2');
    await page.keyboard.press('c');
    await eventually(() => colouring.inputValue()).not.toBe('species 0 2');
    await page.keyboard.press('1');
    const field = page.getByRole('switch', { name: 'IPTG 1' });
    await eventually(() => field.isChecked()).toBe(false);
    await page.keyboard.press('v');
    await eventually(() => colouring.inputValue()).toBe('species 0 2');
    await eventually(() => field.isChecked()).toBe(true);

    await openFromGallery(page, 'A colony limited by its nutrient');
    await eventually(() => colouring.inputValue()).toBe('growth');
  });

  it.each([
    [900, 600],
    [1024, 640],
    [1280, 800],
  ])('keeps its notices clear of the zoom buttons at %i × %i', async (width, height) => {
    const page = await windows.open({ width, height });
    await openFromGallery(page, 'Decay of a cosine mode');
    const notice = page.locator('.notice.finished');
    await notice.waitFor();
    const [left, right] = [await notice.boundingBox(), await page.locator('.stage-buttons').boundingBox()];
    const stage = await page.locator('.stage-area').boundingBox();
    if (!left || !right || !stage) throw new Error('something is not shown');
    expect(left.x + left.width).toBeLessThan(right.x);
    expect(left.x).toBeGreaterThan(stage.x);
  });
});
