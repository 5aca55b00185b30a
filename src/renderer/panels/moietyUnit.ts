import { formatValue } from '../../picture/format/number.ts';
import type { SeriesColumn } from '../../session/contract.ts';

/** Unit of a moiety's amounts, with a thin space before it; empty where it sums several. */
export function moietyUnit(columns: readonly SeriesColumn[], name: string): string {
  const unit = columns.find(column => column.of === 'moiety' && column.name === name)?.unit ?? '';
  return unit === '' ? '' : `\u202f${unit}`;
}

/** A moiety's name with its large weights made legible: `6.69·10⁶ sender.biomass + field.glucose`. */
export function moietyLabel(name: string): string {
  return name.replace(/(?<![\w.])\d{4,}(?![\w.])/g, weight => formatValue(Number(weight)));
}
