import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { clock, downloaded, drop, dropScenario, play, show } from '../support/app.ts';
import { DISH } from './scenarios.ts';
import { describeApp, eventually } from './windows.ts';

/** Decay of 50 molecules, 0.1 per unit of time. */
const DECAY = `<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay" name="Plain decay" substanceUnits="item">
    <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="X" compartment="c" initialAmount="50" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfReactions>
      <reaction id="loss" reversible="false">
        <listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>0.1</cn><ci>X</ci></apply></math></kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
`;

describeApp('the circuit lab', windows => {
  const labOf = (page: Page) => page.getByRole('region', { name: 'Circuit lab' });
  const progress = (page: Page) => page.getByRole('status', { name: 'Progress of the runs' }).innerText();
  const finished = (page: Page, runs: string) =>
    eventually(async () => {
      const idle = await page.getByRole('button', { name: 'Run', exact: true }).isVisible();
      return idle ? (await progress(page)).replace(/\s+/g, ' ') : '';
    }, 'the runs ended').toContain(`${runs} / ${runs}`);
  const row = async (page: Page, method: string) =>
    labOf(page)
      .getByRole('region', { name: 'Methods' })
      .getByRole('row')
      .filter({ hasText: method })
      .getByRole('cell')
      .allInnerTexts();
  const write = async (page: Page, change: (text: string) => string) => {
    const content = page.getByRole('textbox', { name: 'Circuit text' });
    const text = (await content.locator('.cm-line').allInnerTexts())
      .map(line => line.replace(/\n$/, ''))
      .join('\n');
    await content.click();
    await page.keyboard.press('Control+a');
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(change(text))});
      const target = document.querySelector('.lab .editor').shadowRoot.querySelector('.cm-content');
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
  };

  it('runs a circuit of the library live, beside its exact law', async () => {
    const page = await windows.open();
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Immigration and death' }).click();
    await finished(page, '1 000');
    // The exact mean at 60 s is 100 (1 − e^−6) = 99.75, with as large a variance.
    const [, , mean, sd] = await row(page, 'auto');
    expect(Math.abs(Number(mean) - 99.75)).toBeLessThan((4 * 9.99) / Math.sqrt(1000));
    expect(Math.abs(Number(sd) - 9.99)).toBeLessThan((4 * 9.99) / Math.sqrt(2000));
    await labOf(page).getByText('Exact law: 99.75 ± 9.988').waitFor();
    await page
      .getByRole('img', { name: /network/i })
      .or(labOf(page).locator('.lab-network svg'))
      .first()
      .waitFor();
    await labOf(page).getByText('Kept by every reaction').waitFor();
    await show(page, 'lab');

    // The histogram at another time has another law.
    await page.getByRole('slider', { name: 'Time of the histogram' }).fill('0.1');
    await labOf(page).getByText('Exact law: 45.12').waitFor();

    // Settings run it anew; the same seed gives the same figures.
    const runs = page.getByRole('textbox', { name: 'Runs', exact: true });
    await runs.fill('200');
    await runs.press('Enter');
    await finished(page, '200');
    const once = await row(page, 'auto');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await finished(page, '200');
    expect((await row(page, 'auto')).slice(1)).toEqual(once.slice(1));

    await labOf(page).getByRole('button', { name: 'Export mean and sd' }).click();
    const csv = await downloaded(page, page.getByRole('menuitem', { name: 'Data as CSV' }));
    const lines = csv.bytes.toString('utf8').trim().split('\r\n');
    expect([lines[0], lines.length]).toEqual(['time,X-mean,X-sd', 102]);
    await labOf(page).getByRole('button', { name: 'Export histogram of X' }).click();
    const png = await downloaded(page, page.getByRole('menuitem', { name: 'Picture as PNG' }));
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('checks the text while it is edited, and runs what can be run', async () => {
    const page = await windows.open();
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Immigration and death' }).click();
    await finished(page, '1 000');
    await write(page, text => text.replace('k: 10 /s', 'k: 10 um'));
    const problems = labOf(page).getByRole('region', { name: 'Problems' });
    await eventually(() => problems.innerText()).toContain('immigration');
    await write(page, text => text.replace('k: 10 um', 'k: 20 /s'));
    await eventually(() => problems.count()).toBe(0);
    await labOf(page).getByText('Exact law: 199.5').waitFor();
    await page.getByRole('img', { name: 'unsaved edits' }).waitFor();
    // A rate that turns negative is told in place.
    await write(page, text => text.replace('rate: k }', 'rate: k - X * 1 /s }').replace('20 /s', '20.5 /s'));
    await eventually(() => labOf(page).getByRole('alert').first().innerText()).toMatch(/immigration/);
    // Another circuit would lose the edits.
    await page.getByRole('button', { name: 'Load a circuit' }).click();
    await page.getByRole('menuitem', { name: 'Toggle switch' }).click();
    await page
      .getByRole('dialog', { name: 'Discard the edited circuit?' })
      .getByText('Discard edits')
      .click();
    await finished(page, '1 000');
  });

  it('compares methods, and marks what differs', async () => {
    const page = await windows.open();
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Toggle switch' }).click();
    for (const name of ['next-reaction', 'deterministic']) {
      await page.getByRole('checkbox', { name, exact: true }).click();
    }
    await finished(page, '2 001');
    const legend = labOf(page)
      .getByRole('region', { name: 'Mean and spread over time' })
      .locator('.u-legend');
    for (const name of ['auto', 'next-reaction', 'deterministic'])
      expect(await legend.innerText()).toContain(name);
    const exact = (await row(page, 'next-reaction')).map(cell => Number(cell.replace('−', '-')));
    expect(Math.abs(exact[3])).toBeLessThan(4);
    // Without noise every copy stays between the two states.
    const marked = labOf(page).getByRole('row').filter({ hasText: 'deterministic' }).locator('.lab-far');
    expect(await marked.count()).toBeGreaterThan(0);
    await show(page, 'lab-compare');
  });

  it('takes a cell type, leaves the colony running, and sends it back', async () => {
    const page = await windows.open();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await play(page);
    await page.getByRole('button', { name: 'Open worker in the circuit lab' }).click();
    await eventually(() => progress(page)).toMatch(/1.000 runs/);
    // Held as in the middle of the dish.
    const dye = page.getByRole('textbox', { name: 'Concentration of dye, nM' });
    expect(await dye.inputValue()).toBe('35');
    await page.getByRole('radio', { name: 'Colony' }).click();
    const before = await clock(page);
    await eventually(() => clock(page)).toBeGreaterThan(before);
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Load a circuit' }).click();
    await page.getByRole('menuitem', { name: 'Bursty gene expression' }).click();
    await finished(page, '1 000');
    await page.getByRole('button', { name: 'Send to a cell type' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send to a cell type' });
    await dialog.getByRole('combobox', { name: 'Cell type to send to' }).selectOption('A new cell type');
    await dialog.getByRole('textbox', { name: 'Name of the new cell type' }).fill('burster');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });

    // Back in the colony, with the change in the editor like any other.
    expect(await clock(page)).toBeGreaterThan(before);
    const apply = page.getByRole('button', { name: 'Apply', exact: true });
    await eventually(() => apply.isEnabled()).toBe(true);
    const content = page.getByRole('textbox', { name: 'Scenario text' });
    await content.click();
    await page.keyboard.press('Control+z');
    await eventually(() => apply.isEnabled(), 'undone').toBe(false);
    await page.keyboard.press('Control+y');
    await eventually(() => apply.isEnabled(), 'done again').toBe(true);
    await apply.click();
    await page.getByRole('radio', { name: 'Controls' }).click();
    await page.getByRole('button', { name: 'Open burster in the circuit lab' }).waitFor();
  });

  it('opens SBML from anywhere, and makes a scenario of it', async () => {
    const page = await windows.open();
    await dropScenario(page, DISH.file, DISH.text, DISH.title);
    await drop(page, 'decay.xml', DECAY);
    await labOf(page).getByText('Plain decay').waitFor();
    await finished(page, '1 000');
    const [, , mean] = await row(page, 'auto');
    expect(Number(mean)).toBeLessThan(1);
    await page.getByRole('button', { name: 'As scenario' }).click();
    await eventually(() => page.getByRole('textbox', { name: 'Circuit text' }).innerText()).toContain(
      'cellfield: 1',
    );
    await finished(page, '1 000');
    // A scenario dropped here goes to the lab, too.
    await drop(page, DISH.file, DISH.text);
    await page.getByRole('combobox', { name: 'Cell type in the lab' }).selectOption('idler');
    await finished(page, '1 000');
    await page.getByRole('radio', { name: 'Colony' }).click();
    await page.locator('.scenario-title', { hasText: DISH.title }).waitFor();
  });
});
