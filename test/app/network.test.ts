import { expect, it } from 'vitest';
import { downloaded } from '../support/app.ts';
import { describeApp, eventually } from './windows.ts';

describeApp('the network in the circuit lab', windows => {
  it('draws species, reactions and repression; leads by keys; chooses a species; is saved whole', async () => {
    const page = await windows.open({ width: 1440, height: 900 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.locator('.lab-entry', { hasText: 'Toggle switch' }).click();
    const network = page.getByRole('region', { name: 'Network' });
    await network.locator('.network-node').first().waitFor();
    expect(await network.locator('.network-node').count()).toBe(6);
    expect(await network.locator('.network-drawing .network-edge.represses').count()).toBe(2);
    // Means of the runs, and not the amounts at the start.
    await eventually(() => network.locator('.network-level').count()).toBe(2);

    const V = network.getByRole('button', { name: /^Species V/ });
    const U = network.getByRole('button', { name: /^Species U/ });
    await V.click();
    await eventually(() => V.getAttribute('aria-pressed')).toBe('true');
    await eventually(() =>
      page.getByRole('combobox', { name: 'Species of the histogram' }).inputValue(),
    ).toBe('V');
    await U.focus();
    await eventually(() => network.locator('.network-details').innerText()).toContain('represses make_V');
    expect(await network.locator('.network-node.faded').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    await eventually(() => page.evaluate('document.activeElement.dataset.node[0]')).toBe('r');
    await eventually(() => network.locator('.network-details').innerText()).toMatch(/rate/);

    const { name, bytes } = await downloaded(page, network.getByRole('button', { name: /as SVG/ }));
    expect(name).toBe('toggle-switch-network.svg');
    const svg = bytes.toString();
    expect(svg).toMatch(/^<\?xml/);
    for (const text of ['make_U', 'lose_V', '∅→']) expect(svg).toContain(text);
    expect(svg).not.toMatch(/class=|var\(/);
    expect(svg.match(/stroke-dasharray="5px, 4px"/g)?.length).toBe(2);

    const structure = page.getByRole('region', { name: 'Stoichiometric matrix' });
    expect(await structure.locator('tbody tr').count()).toBe(2);
  }, 120_000);
});
