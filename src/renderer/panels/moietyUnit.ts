import type { SeriesColumn } from '../../session/contract.ts';

/** Unit of a moiety's amounts, with a thin space before it; empty where it sums several. */
export function moietyUnit(columns: readonly SeriesColumn[], name: string): string {
  const unit = columns.find(column => column.of === 'moiety' && column.name === name)?.unit ?? '';
  return unit === '' ? '' : `\u202f${unit}`;
}
