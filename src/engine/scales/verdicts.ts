import type { Depletion, Exchange } from './exchange.ts';
import {
  type ExchangeRates,
  type PredictedError,
  predictError,
  ratesOf,
  type Scheme,
} from './predictedError.ts';

/** Two rates this far apart are separated; the error of treating the fast one as settled is about their ratio. */
export const SEPARATED = 20;

/** Largest error of the variance (or of a deviation per step) at which one pass per step is good enough. */
export const GOOD_ENOUGH = 0.05;

export type Verdict = 'separated' | 'weak coupling suffices' | 'couple strongly';

/** How a field and the circuits of a cell type stand to each other. */
export interface PairVerdict {
  readonly field: string;
  readonly type: string;
  readonly verdict: Verdict;
  /** (rate out of the cell + rate out of what it touches) × step. */
  readonly rateTimesStep: number;
  /** Predicted relative error of the stationary variance under weak coupling; null where no whole molecules pass. Infinite: unstable. */
  readonly varianceError: number | null;
  /** Predicted error of a deviation from the steady state after one step under weak coupling. */
  readonly deviationError: number;
  /** The same of every schedule, in the order of their cost. */
  readonly predicted: readonly PredictedError[];
  /** The rates behind it. */
  readonly rates: ExchangeRates;
  /** Slowest relaxation of the field over the slowest of the circuit; null where either has none. */
  readonly timeRatio: number | null;
  readonly reason: string;
}

export interface PairInput {
  readonly field: string;
  readonly type: string;
  readonly exchange: Exchange;
  readonly depletion: Depletion;
  readonly step: number;
  readonly splitting: 'lie' | 'strang';
  /** µm³ */
  readonly voxelVolume: number;
  /** s; infinite or null where there is none. */
  readonly fieldTime: number;
  readonly circuitTimes: { readonly shortest: number; readonly longest: number } | null;
  /** Stable steady states of the circuit; null where not known. */
  readonly stableStates: number | null;
}

export function judge(input: PairInput): PairVerdict {
  const { exchange, depletion, step, splitting, fieldTime, circuitTimes, stableStates } = input;
  const rates = ratesOf(exchange, depletion, input.voxelVolume);
  const schemes: Scheme[] = [`weak ${splitting}`, 'strong midpoint', 'monolithic', 'strong end', 'joint'];
  const predicted = schemes.map(by => predictError(by, rates, step));
  const [weak] = predicted;
  const varianceError = weak.variance;
  const error = weak.worst;
  const b = depletion.step;
  const timeRatio = circuitTimes && Number.isFinite(fieldTime) ? fieldTime / circuitTimes.longest : null;
  const base = {
    field: input.field,
    type: input.type,
    rateTimesStep: (rates.cell + b) * step,
    varianceError,
    deviationError: weak.deviation,
    predicted,
    rates,
    timeRatio,
  };
  if (!(error <= GOOD_ENOUGH)) {
    const what =
      error === Number.POSITIVE_INFINITY
        ? 'one pass per step is unstable'
        : `one pass per step is off by ${percent(error)} in the ${culpritOf(weak)}`;
    return {
      ...base,
      verdict: 'couple strongly',
      reason: `exchange rate × step = ${short(base.rateTimesStep)}: ${what}`,
    };
  }
  if (circuitTimes && Number.isFinite(fieldTime)) {
    if (fieldTime * SEPARATED <= circuitTimes.shortest) {
      const ratio = fieldTime / circuitTimes.shortest;
      return {
        ...base,
        verdict: 'separated',
        reason: `the field settles within ${short(fieldTime)} s, ${short(1 / ratio)} times faster than anything in the cell: quasi-steady to about ${percent(ratio)}`,
      };
    }
    if (circuitTimes.longest * SEPARATED <= fieldTime) {
      const ratio = circuitTimes.longest / fieldTime;
      const settled = `the circuit settles within ${short(circuitTimes.longest)} s, ${short(1 / ratio)} times faster than the field`;
      // A circuit with a choice keeps a memory that no fast relaxation takes from it.
      if (stableStates !== null && stableStates > 1) {
        const doubt = `${settled}, but into one of ${stableStates} stable states: which one is a slow variable, and no average stands for it`;
        return { ...base, verdict: 'weak coupling suffices', reason: `${doubt} (weakly separated)` };
      }
      if (stableStates === 1)
        return {
          ...base,
          verdict: 'separated',
          reason: `${settled}, into its one stable state: quasi-steady to about ${percent(ratio)}`,
        };
    }
  }
  const how =
    !exchange.implicit && b === 0
      ? 'nothing of what the cells give or take comes back to them'
      : exchange.implicit
        ? 'the field takes the uptake implicitly'
        : `exchange rate × step = ${short(base.rateTimesStep)}, off by ${percent(error)} at most`;
  return { ...base, verdict: 'weak coupling suffices', reason: how };
}

/** What it is that a schedule gets wrong. */
export function culpritOf({ worst, variance, mean, firing }: PredictedError): string {
  if (worst === firing && firing > 0) return 'agreement to within one molecule';
  if (variance !== null && worst === Math.abs(variance)) return 'variance';
  return worst === Math.abs(mean) ? 'steady state' : 'deviations';
}

export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
