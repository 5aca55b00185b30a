/** A column of a table to be written. */
export interface CsvColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Columns as CSV (RFC 4180), one row per index; numbers read back to the same double, gaps stay empty. */
export function toCsv(columns: readonly CsvColumn[]): string {
  const rows = Math.max(0, ...columns.map(column => column.values.length));
  const lines = [columns.map(column => quoted(column.name)).join(',')];
  for (let row = 0; row < rows; row++) {
    lines.push(
      columns.map(({ values }) => (Number.isFinite(values[row]) ? String(values[row]) : '')).join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
