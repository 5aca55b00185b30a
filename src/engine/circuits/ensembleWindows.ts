import { readsTime } from '../expression/switches.ts';
import type { Circuit } from './circuit.ts';
import { timeCuts } from './timeCuts.ts';

/** Windows between two output times where no step is given: this share of the whole time at most. */
const DEFAULT_SHARE = 1 / 100;

/** The windows by which an ensemble advances, s. */
export interface EnsembleWindows {
  /**
   * Whether rates that hold time are to hold that of a window's middle. Otherwise nothing depends on it, or the method follows
   * time by itself.
   */
  readonly atMiddle: boolean;
  /** Time, s, in which what fires often counts as a flow: the step given, else the whole time; no matter of the output times between. */
  readonly timeScale: number;
  /** The end of the window that begins at `now`, on the way to an output at `time`. */
  end(now: number, time: number): number;
}

/**
 * One window per output time where channels of one kind alone do not mind how long it is. Continuous channels beside stochastic ones are
 * split from them (compile.ts), and continuous ones of all methods but `deterministic` hold time: an error of second order in the
 * window, which must not be left to the output times. So they advance by equal windows no longer than `step` (default: 1/100 of
 * the time from `start` to `last`). Windows are cut at jumps of rates in time as well (timeCuts.ts).
 *
 * @throws RangeError for a method that holds stochastic rates which vary with time
 */
export function ensembleWindows(
  circuit: Circuit,
  method: string,
  fields: readonly number[],
  start: number,
  last: number,
  givenStep?: number,
): EnsembleWindows {
  const step = givenStep ?? (last - start) * DEFAULT_SHARE;
  const nextCut = timeCuts(circuit, method, start, fields);
  const continuous = circuit.reactions.filter(reaction => reaction.continuous);
  const isMixed = continuous.length > 0 && continuous.length < circuit.reactions.length;
  const isSplit = method !== 'deterministic' && (isMixed || continuous.some(({ rate }) => readsTime(rate)));
  return {
    atMiddle: isSplit,
    timeScale: givenStep ?? last - start,
    end(now, time) {
      const end = Math.min(time, nextCut?.(now) ?? time);
      if (!isSplit) return end;
      const pieces = Math.ceil(((end - now) / step) * (1 - 1e-9));
      return pieces > 1 ? now + (end - now) / pieces : end;
    },
  };
}
