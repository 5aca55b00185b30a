import { isMap, isScalar, parseDocument } from 'yaml';
import { UNITS } from './units.ts';

/** A parameter as the text of a scenario writes it. */
export interface WrittenParameter {
  readonly name: string;
  /** Its value as written: `490 um^2/s`, or an expression of others. */
  readonly text: string;
  /** The number and the unit's text where it is a plain quantity; null and '' for an expression. */
  readonly number: number | null;
  readonly unit: string;
  /** The comment on its line, if any. */
  readonly comment: string;
}

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%|[A-Za-z^/*\d\s().-]*)$/;

/** The parameters of a scenario's text, in its order. The text must be that of a loaded scenario. */
export function listParameters(text: string): WrittenParameter[] {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const section = document.get('parameters');
  if (!isMap(section)) return [];
  return section.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !isScalar(value)) return [];
    // The source text of a number: 1e-3 must not come back as 0.001.
    const written = typeof value.value === 'number' ? (value.source ?? String(value.value)) : value.value;
    const trimmed = String(written).trim();
    const comment = (value.comment ?? '').trim();
    return [{ name: String(key.value), text: trimmed, ...quantityOf(trimmed), comment }];
  });
}

function quantityOf(text: string): { number: number | null; unit: string } {
  const match = QUANTITY.exec(text);
  const names = match?.[2].match(/[A-Za-z]+/g) ?? [];
  if (!match || !names.every(name => UNITS.has(name))) return { number: null, unit: '' };
  return { number: Number(match[1]), unit: match[2].trim() };
}
