import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionFor, type FocusKind, keyName, keysLabel } from '../../src/renderer/app/keys.ts';
import { rank, score } from '../../src/renderer/app/search.ts';
import { firstSentence, readHeader } from '../../src/renderer/gallery/header.ts';
import { balanceLevel, levelOf, mainMoiety, sortedFlows } from '../../src/renderer/panels/balanceLevel.ts';
import { isDirty, isUnapplied, openDocument } from '../../src/renderer/state/document.ts';
import {
  leadingNumber,
  parameterTexts,
  quantityText,
  sliderPosition,
  sliderRange,
  sliderValue,
} from '../../src/renderer/state/parameters.ts';
import { DEFAULT_PREFERENCES, PANEL_WIDTH, readPreferences } from '../../src/renderer/state/preferences.ts';
import { shallowEqual } from '../../src/renderer/state/store.ts';
import type { BalanceView } from '../../src/session/contract.ts';

describe('sliders of parameters', () => {
  it('reach from a tenth to ten times the default, with the default in the middle', () => {
    const range = sliderRange(0.05);
    expect(range).toEqual({ low: 0.005, high: 0.5, logarithmic: true });
    expect(sliderPosition(0.05, range)).toBeCloseTo(0.5, 12);
    expect(sliderValue(1, range)).toBe(0.5);
  });

  it('come back to the same value within the three digits they write', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        (at, initial) => {
          const range = sliderRange(initial);
          const value = sliderValue(at, range);
          expect(sliderPosition(value, range)).toBeCloseTo(at, 2);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('work for zero and negative defaults', () => {
    expect(sliderRange(0)).toEqual({ low: 0, high: 1, logarithmic: false });
    const range = sliderRange(-2);
    expect(range.low).toBe(-20);
    expect(sliderPosition(0, range)).toBeCloseTo(0.5, 12);
  });

  it('write quantities as scenarios do, and read their number back', () => {
    expect(quantityText(0.07, '/s')).toBe('0.07 /s');
    expect(quantityText(5, '')).toBe('5');
    expect(leadingNumber('0.07 /s')).toBe(0.07);
    expect(leadingNumber('k_tx * 2')).toBeNull();
  });

  it('show the edits made up to now, and not those of a future that was left', () => {
    const parameters = [{ name: 'k', text: '1 /s', number: 1, unit: '/s', comment: '' }];
    const log = [10, 20].map(step => ({
      step,
      time: step,
      edit: { kind: 'parameter', name: 'k', value: `${step} /s` } as const,
    }));
    expect(parameterTexts(parameters, log, 5).get('k')).toBe('1 /s');
    expect(parameterTexts(parameters, log, 10).get('k')).toBe('10 /s');
    expect(parameterTexts(parameters, log, 99).get('k')).toBe('20 /s');
  });
});

describe('remembered preferences', () => {
  it('fall back to the defaults where nothing can be read', () => {
    for (const text of [null, '', '{', '[]', '3', 'null', '{"theme":"pink","leftWidth":"wide"}']) {
      expect(readPreferences(text)).toEqual(DEFAULT_PREFERENCES);
    }
  });

  it('keep what was chosen, within bounds', () => {
    const read = readPreferences(
      '{"theme":"light","leftWidth":9000,"rightWidth":1,"folded":["cells",3],"tourSeen":true}',
    );
    expect(read).toMatchObject({ theme: 'light', folded: ['cells'], tourSeen: true });
    expect(read.leftWidth).toBe(PANEL_WIDTH.most);
    expect(read.rightWidth).toBe(PANEL_WIDTH.least);
  });
});

describe('keys', () => {
  const nowhere: FocusKind = { typing: false, pressable: false, arrows: false };
  const press = (key: string, more: object = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  });
  const actions = ['Space', 'ArrowRight', 'r', '?', 'Mod+k', 'Mod+z', 'Mod+Shift+s', '+'].map(keys => ({
    keys,
  }));
  const meant = (key: object, focus: Partial<FocusKind> = {}) =>
    actionFor(actions, press('', key), { ...nowhere, ...focus })?.keys;

  it('are named the same on all systems', () => {
    expect(keyName(press('k', { ctrlKey: true }))).toBe('Mod+k');
    expect(keyName(press('k', { metaKey: true }))).toBe('Mod+k');
    expect(keyName(press('S', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+s');
    expect(keyName(press('?', { shiftKey: true }))).toBe('?');
    expect(keyName(press(' '))).toBe('Space');
    expect(keysLabel('Mod+Shift+s', false)).toBe('Ctrl Shift S');
    expect(keysLabel('Mod+k', true)).toBe('⌘ K');
    expect(keysLabel('+', false)).toBe('+');
  });

  it('leave to a focused control what is its own', () => {
    expect(meant({ key: ' ' })).toBe('Space');
    expect(meant({ key: ' ' }, { pressable: true })).toBeUndefined();
    expect(meant({ key: 'r' }, { pressable: true })).toBe('r');
    expect(meant({ key: 'r' }, { typing: true })).toBeUndefined();
    expect(meant({ key: 'ArrowRight' }, { arrows: true })).toBeUndefined();
    expect(meant({ key: 'k', ctrlKey: true }, { typing: true })).toBe('Mod+k');
    // A text field has its own undo.
    expect(meant({ key: 'z', ctrlKey: true }, { typing: true })).toBeUndefined();
    expect(meant({ key: 'z', ctrlKey: true })).toBe('Mod+z');
  });

  it('with a modifier are not the plain ones', () => {
    expect(meant({ key: 'r', ctrlKey: true })).toBeUndefined();
    expect(meant({ key: 'r', altKey: true })).toBeUndefined();
  });
});

describe('search in the palette', () => {
  it('finds letters in order, beginnings of words first', () => {
    const items = ['Restart from the beginning', 'Play or pause', 'Colour cells by type'];
    expect(rank(items, 'pp', item => item)[0]).toBe('Play or pause');
    expect(rank(items, 'colour', item => item)).toEqual(['Colour cells by type']);
    expect(rank(items, '', item => item)).toEqual(items);
    expect(score('Play or pause', 'zx')).toBe(0);
  });

  it('prefers a whole word to letters strewn about', () => {
    expect(score('Show glucose', 'glu')).toBeGreaterThan(score('Go left until sure', 'glu'));
  });
});

describe('captions of the gallery', () => {
  it('are the first sentence of the description', () => {
    expect(firstSentence('Cells grow at 0.9 /h. Then they\nstop.')).toBe('Cells grow at 0.9 /h.');
    expect(firstSentence('  One line without an end ')).toBe('One line without an end');
  });

  it('survive a text that is no scenario', () => {
    expect(readHeader('a: [')).toEqual({ title: '', caption: '', hasCells: false });
    expect(readHeader('- 1')).toEqual({ title: '', caption: '', hasCells: false });
    expect(readHeader('title: T\ndescription: >\n  A b.\n  C.\ncells: {}')).toEqual({
      title: 'T',
      caption: 'A b.',
      hasCells: true,
    });
  });
});

describe('the balance at a glance', () => {
  const operators = {
    circuits: 0,
    exchange: 0,
    fields: 0,
    reactions: 0,
    'life cycle': 0,
    edits: 0,
    correction: 0,
  };
  const moiety = (name: string, byCause: Record<string, number>, where: Record<string, number>) => ({
    name,
    total: 10,
    initial: 0,
    byCause,
    corrected: 0,
    residual: 0,
    relative: 0,
    worstStep: 0,
    byOperator: operators,
    suspect: 'circuits' as const,
    where,
  });
  const view = (worstRelative: number, breaches = 0): BalanceView => ({
    moieties: [
      moiety('mRNA', { transcription: 100, decay: -90 }, { cells: 10 }),
      moiety('A + field.A', { synthesis: 5, decay: -7 }, { cells: 1, A: 9 }),
    ],
    worstRelative,
    worstStep: 0,
    tolerance: 1e-10,
    breaches,
    leaks: [],
  });

  it('is green to a tenth of the tolerance, amber to the tolerance, red beyond', () => {
    expect(levelOf(1e-11, 1e-10)).toBe('good');
    expect(levelOf(2e-11, 1e-10)).toBe('warn');
    expect(levelOf(1.1e-10, 1e-10)).toBe('bad');
    expect(levelOf(Number.NaN, 1e-10)).toBe('bad');
    expect(balanceLevel(null)).toBe('none');
    expect(balanceLevel(view(1e-15))).toBe('good');
    expect(balanceLevel(view(Number.NaN))).toBe('bad');
    expect(balanceLevel(view(1e-15, 1))).toBe('bad');
  });

  it('shows what crosses between cells and fields first, largest causes first', () => {
    expect(mainMoiety(view(0))?.name).toBe('A + field.A');
    expect(sortedFlows({ synthesis: 5, decay: -7 }).map(({ cause }) => cause)).toEqual([
      'decay',
      'synthesis',
    ]);
    expect(mainMoiety({ ...view(0), moieties: [] })).toBeNull();
  });
});

describe('the edited document', () => {
  it('knows what is not saved and what does not run yet', () => {
    const opened = openDocument('a', 'x.yaml', null);
    expect([isDirty(opened), isUnapplied(opened)]).toEqual([false, false]);
    const edited = { ...opened, draft: 'b' };
    expect([isDirty(edited), isUnapplied(edited)]).toEqual([true, true]);
    const applied = { ...edited, applied: 'b' };
    expect([isDirty(applied), isUnapplied(applied)]).toEqual([true, false]);
  });
});

describe('what a selector read', () => {
  it('is compared by its entries', () => {
    expect(shallowEqual({ a: 1, b: 'x' }, { a: 1, b: 'x' })).toBe(true);
    expect(shallowEqual({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(shallowEqual([1, 2], [1, 2])).toBe(true);
    expect(shallowEqual([1], { 0: 1 })).toBe(false);
    expect(shallowEqual(Number.NaN, Number.NaN)).toBe(true);
    expect(shallowEqual(null, {})).toBe(false);
  });
});
