import type { Scope } from './expressions.ts';
import { NOT_NEGATIVE, readQuantity } from './quantity.ts';
import { Source } from './source.ts';
import { CONCENTRATION, type Dimension, TIME } from './units.ts';

const NO_NAMES: Scope = { place: 'a time', lookup: () => undefined, names: () => [], fields: null };

/** A time written with its unit, such as `90 min`, in seconds. @throws RangeError with what is wrong with the text */
export function parseTime(text: string, name: string): number {
  return parse(text, name, TIME, 'a time such as 90 min', NO_NAMES);
}

/** The same for a concentration, such as `5 nM`, in molecules/µm³. */
export function parseConcentration(text: string, name: string): number {
  const scope = { ...NO_NAMES, place: 'a concentration' };
  return parse(text, name, CONCENTRATION, 'a concentration such as 5 nM', scope);
}

function parse(text: string, name: string, dimension: Dimension, example: string, constants: Scope): number {
  const source = new Source();
  const value = readQuantity({ source, constants }, '', text, dimension, NOT_NEGATIVE);
  if (value !== null) return value;
  throw new RangeError(
    source.problems
      .map(problem => `${name} ${problem.message}, got ${text}; allowed: ${problem.allowed ?? example}`)
      .join('\n'),
  );
}
