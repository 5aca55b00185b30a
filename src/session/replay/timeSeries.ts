import type { Description } from '../../engine/description/description.ts';
import type { SeriesColumn } from '../contract.ts';

/** `timeseries.csv` as a view plots it. */
export interface RecordedSeries {
  readonly columns: readonly SeriesColumn[];
  /** Row by row. */
  readonly rows: Float64Array;
  readonly times: Float64Array;
  /** What the reservoirs of field after field held, by index of a row. */
  bulk(row: number): number[];
  /** Worst relative residual, by index of a row. */
  residual(row: number): number;
  /** Names of the conserved quantities. */
  readonly moieties: readonly string[];
}

const CONCENTRATION = 'molecules/µm³';

/** What a column of the file is in the view; null for those that are not shown. */
function columnOf(name: string, { cellTypes, fields }: Description): SeriesColumn | null {
  if (name === 'time_s') return { of: 'time', name: 'time', statistic: 'value', unit: 's' };
  const type = cellTypes.find(one => name === `cells_${one.name}`);
  if (type) return { of: 'cells', name: type.name, statistic: 'count', unit: 'cells' };
  for (const field of fields) {
    if (name === `${field.name}_molecules`)
      return { of: 'field', name: field.name, statistic: 'total', unit: 'molecules' };
    for (const statistic of ['min', 'max', 'mean'] as const) {
      if (name === `${field.name}_${statistic}_per_um3`)
        return { of: 'field', name: field.name, statistic, unit: CONCENTRATION };
    }
    for (const reservoir of field.reservoirs ?? []) {
      const bulk = `${reservoir.name}.${field.name}`;
      if (name === `${bulk}_per_um3`)
        return { of: 'bulk', name: bulk, statistic: 'value', unit: CONCENTRATION };
    }
  }
  if (name.startsWith('total '))
    return { of: 'moiety', name: name.slice('total '.length), statistic: 'total', unit: '' };
  return null;
}

/** The rows of the file; a last one that was cut off does not count. */
export function parseTimeSeries(text: string, description: Description): RecordedSeries {
  const end = text.lastIndexOf('\n');
  const [header = '', ...lines] = end < 0 ? [] : text.slice(0, end).split('\n');
  const names = header.split(',').map(name => name.replace(/^"|"$/g, ''));
  const found = names.map(name => columnOf(name, description));
  const shown = found.flatMap((column, index) => (column ? [{ column, index }] : []));
  const at = (name: string) => names.indexOf(name);
  const bulkAt = description.fields.flatMap(({ name, reservoirs = [] }) =>
    reservoirs.map(reservoir => at(`${reservoir.name}.${name}_per_um3`)),
  );
  const residualAt = at('worst_relative_residual');
  const parsed = lines.map(line => line.split(',').map(Number)).filter(row => row.length === names.length);
  const rows = new Float64Array(parsed.length * shown.length);
  parsed.forEach((row, r) => {
    shown.forEach(({ index }, c) => {
      rows[r * shown.length + c] = row[index];
    });
  });
  return {
    columns: shown.map(({ column }) => column),
    rows,
    times: Float64Array.from(parsed, row => row[at('time_s')]),
    bulk: row => bulkAt.map(index => parsed[row]?.[index] ?? Number.NaN),
    residual: row => parsed[row]?.[residualAt] ?? Number.NaN,
    moieties: shown.filter(({ column }) => column.of === 'moiety').map(({ column }) => column.name),
  };
}
