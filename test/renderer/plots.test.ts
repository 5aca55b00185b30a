import { describe, expect, it } from 'vitest';
import { displayUnit, plotLines } from '../../src/renderer/plots/choices.ts';
import type { SeriesColumn } from '../../src/session/contract.ts';

const column = (
  of: SeriesColumn['of'],
  name: string,
  statistic: SeriesColumn['statistic'],
  unit = '',
): SeriesColumn => ({ of, name, statistic, unit });
const columns = [
  column('time', 'time', 'value', 's'),
  column('cells', 'sender', 'count', 'cells'),
  column('cells', 'receiver', 'count', 'cells'),
  column('field', 'AHL', 'total', 'molecules'),
  column('field', 'AHL', 'mean', 'molecules/µm³'),
  column('field', 'AHL', 'min', 'molecules/µm³'),
  column('field', 'AHL', 'max', 'molecules/µm³'),
  column('species', 'sender.LuxI', 'mean', 'molecules'),
  column('species', 'sender.LuxI', 'sd', 'molecules'),
  column('moiety', 'sender.A + field.AHL', 'total', 'molecules'),
  column('probe', 'probe 1 AHL', 'value', 'molecules/µm³'),
  column('probe', 'probe 1 glucose', 'value', 'molecules/µm³'),
  column('probe', 'probe 2 AHL', 'value', 'molecules/µm³'),
];
const drawn = (choice: string) => plotLines(choice, columns).map(({ label, column }) => [label, column]);

describe('lines of a plot', () => {
  it('are one per cell type in the population', () => {
    expect(drawn('population')).toEqual([
      ['sender', 1],
      ['receiver', 2],
    ]);
  });

  it('are mean and extremes of a field, without its total', () => {
    expect(drawn('mean AHL')).toEqual([
      ['mean', 4],
      ['min', 5],
      ['max', 6],
    ]);
    expect(drawn('total AHL')).toEqual([['AHL', 3]]);
  });

  it('come with the standard deviation of a species', () => {
    expect(plotLines('species sender.LuxI', columns)).toMatchObject([
      { label: 'LuxI', column: 7, deviation: 8 },
    ]);
  });

  it('are those of one field at the probes, and of a moiety with spaces in its name', () => {
    expect(drawn('moiety sender.A + field.AHL')).toEqual([['sender.A + field.AHL', 9]]);
    expect(drawn('probes glucose')).toEqual([['probe 1', 11]]);
  });

  it('are none for what a scenario does not have', () => {
    expect(drawn('mean glucose')).toEqual([]);
    expect(drawn('nonsense')).toEqual([]);
  });
});

describe('units of a plot', () => {
  it('make concentrations read as nM, µM or mM, and leave the rest', () => {
    expect(displayUnit('molecules/µm³', 0.602214076 * 80).name).toBe('nM');
    expect(displayUnit('molecules/µm³', 0.602214076 * 5e6).name).toBe('mM');
    expect(80 * displayUnit('molecules/µm³', 0.602214076 * 80).size).toBeCloseTo(0.602214076 * 80, 12);
    expect(displayUnit('fg', 1e9)).toEqual({ name: 'fg', size: 1 });
  });
});
