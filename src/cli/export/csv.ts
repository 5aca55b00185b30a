import { closeSync, openSync } from 'node:fs';
import { writeAll } from '../files.ts';
import type { Source } from './source.ts';
import { type Table, type TableColumn, tableOfCells, tableOfFields } from './tables.ts';

/** Bytes of text gathered before they are written. */
const PORTION = 2 ** 20;

/**
 * A flat table as CSV (RFC 4180), the unit of a column in its name (`x_um`, `volume_um3`, `LuxI_molecules`), missing values
 * empty. Numbers read back to the value recorded: single precision ones have as many digits as that takes.
 */
export function exportCsv(source: Source, path: string, table: 'cells' | 'fields'): void {
  const file = openSync(path, 'wx');
  try {
    for (const text of csvText(table === 'cells' ? tableOfCells(source) : tableOfFields(source))) {
      writeAll(file, Buffer.from(text));
    }
  } finally {
    closeSync(file);
  }
}

function* csvText({ columns, chunks }: Table): Generator<string> {
  let text = `${columns.map(csvName).join(',')}\n`;
  for (const { rows, values } of chunks) {
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < columns.length; c++) {
        const value = values[c][row];
        if (c > 0) text += ',';
        if (typeof value === 'number') text += columns[c].kind === 'f32' ? shortest(value) : value;
        else if (value !== null) text += quoted(value);
      }
      text += '\n';
      if (text.length > PORTION) {
        yield text;
        text = '';
      }
    }
  }
  yield text;
}

/** `volume_um3`, `AHL_molecules_per_um3`: as in the time series. */
export function csvName({ name, unit }: TableColumn): string {
  const suffix = unit.replace('/', '_per_').replace('^', '');
  return quoted(suffix === '' ? name : `${name}_${suffix}`);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The fewest digits that read back to the same number of single precision. */
export function shortest(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
