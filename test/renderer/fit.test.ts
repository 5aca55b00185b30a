import { describe, expect, it } from 'vitest';
import { syntheticScenario } from '../../bench/stage/synthetic.ts';
import { CELL_MAP, FIELD_MAP, layerTables } from '../../src/picture/colour/maps.ts';
import { rgbToOklab } from '../../src/picture/colour/oklab.ts';
import { firstView, viewsFit } from '../../src/renderer/state/fit.ts';
import { INITIAL_VIEW } from '../../src/renderer/state/ui.ts';
import type { ScenarioInfo } from '../../src/session/contract.ts';

const plain = syntheticScenario([4, 4, 1], 2);
const asking = (view: Partial<ScenarioInfo['view']>): ScenarioInfo => ({
  ...plain,
  view: { ...plain.view, ...view },
});

describe('the first view of a scenario', () => {
  it('is the one it asks for', () => {
    const scenario = asking({
      fields: [2, 0],
      cells: { by: 'species', type: 1, species: 1, as: 'concentration' },
      slice: 3,
    });
    const view = firstView(INITIAL_VIEW, scenario);
    expect(view.fields.map(layer => layer.field)).toEqual([2, 0]);
    expect(view.cells).toMatchObject({ by: 'species', type: 1, species: 1, as: 'concentration' });
    expect(view.slice).toBe(3);
    expect(firstView(INITIAL_VIEW, asking({ fields: [] })).fields).toEqual([]);
    expect(firstView(INITIAL_VIEW, asking({ cells: { by: 'growth' } })).cells).toEqual({ by: 'growth' });
  });

  it('suits a scenario that asks for nothing', () => {
    expect(firstView(INITIAL_VIEW, plain)).toMatchObject({ fields: [{ field: 0 }], cells: { by: 'type' } });
    const [sender] = plain.cellTypes;
    const clones = { ...plain, cellTypes: [sender] };
    expect(firstView(INITIAL_VIEW, clones).cells).toEqual({ by: 'lineage' });
    const resting = { ...plain, cellTypes: [{ ...sender, divides: false }] };
    expect(firstView(INITIAL_VIEW, resting).cells).toEqual({ by: 'type' });
    expect(firstView(INITIAL_VIEW, { ...plain, fields: [] }).fields).toEqual([]);
    expect(firstView(INITIAL_VIEW, syntheticScenario([4, 4, 9], 2)).slice).toBe(4);
  });

  it('forgets the view before, but not what the person likes', () => {
    const before = {
      ...INITIAL_VIEW,
      fields: [{ field: 1, map: 'magma', scale: 'log', range: [1, 2] }],
      cells: { by: 'age' },
      contours: true,
      theme: 'light',
      legend: false,
    } as const;
    const view = firstView(before, plain);
    expect(view).toEqual({ ...firstView(INITIAL_VIEW, plain), theme: 'light', legend: false });
  });

  it('serves as long as the same can be shown', () => {
    expect(viewsFit(plain, { ...plain, title: 'Another', steps: 7 })).toBe(true);
    expect(viewsFit(plain, { ...plain, fields: plain.fields.slice(1) })).toBe(false);
    expect(viewsFit(plain, { ...plain, cellTypes: plain.cellTypes.slice(1) })).toBe(false);
    expect(viewsFit(plain, asking({ fields: [1] }))).toBe(false);
  });
});

describe('a field under cells that have a map of their own', () => {
  it('has another map, and stays back', () => {
    expect(FIELD_MAP).not.toBe(CELL_MAP);
    const lightness = (table: Uint8Array, i: number) =>
      rgbToOklab([table[4 * i], table[4 * i + 1], table[4 * i + 2]])[0];
    for (const theme of ['dark', 'light'] as const) {
      const bold = layerTables(['viridis'], theme);
      const subdued = layerTables(['viridis'], theme, true);
      const ground = theme === 'dark' ? 0 : 1;
      for (let i = 8; i < 256; i += 8) {
        expect(lightness(subdued, i)).toBeGreaterThan(lightness(subdued, i - 8));
        const contrast = (table: Uint8Array) => Math.abs(lightness(table, i) - ground);
        expect(contrast(subdued)).toBeLessThan(contrast(bold));
      }
    }
  });
});
