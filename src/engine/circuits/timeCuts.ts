import { createScope } from '../expression/scope.ts';
import { compileSwitches, readsTime } from '../expression/switches.ts';
import type { Circuit } from './circuit.ts';

/** Follows time by itself within a window, jumps of stochastic rates included. */
const EXACT_IN_TIME = 'modified-next-reaction';
const CONTINUOUS_IN_TIME = 'deterministic';

/**
 * The times at which an ensemble's windows must be cut so that a method that holds time, or steps over it, sees every jump of
 * the rates (`step`, `pulse`): given a time, the next one. Between two cuts such rates are constant. All copies are born at
 * `birth` (s) and see the same concentrations. Null where nothing needs to be cut.
 *
 * @throws RangeError for a method that holds rates which also vary between jumps
 */
export function timeCuts(
  { reactions }: Circuit,
  method: string,
  birth: number,
  fields: readonly number[],
): ((now: number) => number) | null {
  const scope = createScope();
  scope.fields = Float64Array.from(fields);
  const found: ((now: number) => number)[] = [];
  for (const { name, rate, continuous } of reactions) {
    if (!readsTime(rate) || (method === EXACT_IN_TIME && !continuous)) continue;
    const switches = compileSwitches(rate);
    if (switches?.fixed) {
      found.push(now => {
        scope.time = now;
        scope.age = now - birth;
        return switches.next(scope);
      });
    }
    const isHeld = !continuous && method !== CONTINUOUS_IN_TIME;
    if (isHeld && !(switches?.fixed && switches.flat)) {
      throw new RangeError(
        `circuit method '${method}' holds time between outputs, but the rate of ${name} follows it; ` +
          `'${EXACT_IN_TIME}' and '${CONTINUOUS_IN_TIME}' do so, too`,
      );
    }
  }
  if (found.length === 0) return null;
  return now => found.reduce((first, next) => Math.min(first, next(now)), Number.POSITIVE_INFINITY);
}
