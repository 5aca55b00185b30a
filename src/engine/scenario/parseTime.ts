import type { Scope } from './expressions.ts';
import { NOT_NEGATIVE, readQuantity } from './quantity.ts';
import { Source } from './source.ts';
import { TIME } from './units.ts';

const NO_NAMES: Scope = { place: 'a time', lookup: () => undefined, names: () => [], fields: null };

/** A time written with its unit, such as `90 min`, in seconds. @throws RangeError with what is wrong with the text */
export function parseTime(text: string, name: string): number {
  const source = new Source();
  const seconds = readQuantity({ source, constants: NO_NAMES }, '', text, TIME, NOT_NEGATIVE);
  if (seconds !== null) return seconds;
  throw new RangeError(
    source.problems
      .map(
        problem =>
          `${name} ${problem.message}, got ${text}; allowed: ${problem.allowed ?? 'a time such as 90 min'}`,
      )
      .join('\n'),
  );
}
