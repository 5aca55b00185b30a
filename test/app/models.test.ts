import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../scripts/app/build.ts';
import { drop, openFromGallery, pause } from '../support/app.ts';
import { describeApp, eventually } from './windows.ts';

const shipped = (name: string): string => readFileSync(join(ROOT, 'scenarios', name), 'utf8');
const TITLE = 'The repressilator, from SBML';

describeApp('scenarios that name models', windows => {
  it('say what is missing, and load once the model is dropped beside them', async () => {
    const page = await windows.open();
    // Under a name that does not ship with the app.
    await drop(page, 'own.yaml', shipped('repressilator.yaml').replace('repressilator.xml', 'own.xml'));
    await page.getByRole('button', { name: 'Show the text' }).click();
    await eventually(() => page.getByText(/own\.xml was not beside the scenario/).count()).toBeGreaterThan(0);
    await drop(page, 'own.xml', shipped('repressilator.xml'));
    await page.locator('.scenario-title', { hasText: TITLE }).waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).and(page.locator(':enabled')).waitFor();
    expect(await page.getByText(/own\.xml was not beside/).count()).toBe(0);
  });

  it('take circuits of the lab, and keep the names of their models', async () => {
    const page = await windows.open();
    await openFromGallery(page, TITLE);
    await pause(page);
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Toggle switch' }).click();
    await page.getByRole('button', { name: /^Send/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Send to a cell type' });
    await dialog.getByRole('combobox').selectOption({ label: 'A new cell type' });
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => page.locator('.cm-content').innerText()).toContain('repressilator.xml');
  });
});
