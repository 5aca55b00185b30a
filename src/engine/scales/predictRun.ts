import { sample } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import { depletionOf, findExchanges } from './exchange.ts';
import { type ExchangeRates, predictError, ratesOf, type Scheme } from './predictedError.ts';

/** What a schedule and a step are predicted to be off by in a run. */
export interface RunPrediction {
  /** Relative error of the standard deviation that the noise of the worst exchange has in the long run; null without whole molecules. */
  readonly swing: number | null;
  /** Largest error on the way to a steady state, as a share of the first deviation, and of that state itself, of the worst exchange. */
  readonly transient: number;
  readonly mean: number;
}

/** By the exchange of cells and fields alone, at the model's present state. Null where they exchange nothing. */
export function predictRun(model: Model, by: Scheme, step: number): RunPrediction | null {
  const rates = exchangeRates(model, step);
  if (rates.length === 0) return null;
  let swing: number | null = null;
  let [transient, mean] = [0, 0];
  for (const pair of rates) {
    const { variance, deviation, mean: off } = predictError(by, pair, step);
    mean = Math.max(mean, Math.abs(off));
    if (variance !== null) {
      const more = Math.sqrt(1 + variance) - 1;
      if (swing === null || Math.abs(more) > Math.abs(swing)) swing = more;
    }
    transient = Math.max(transient, largestError(pair, deviation, step));
  }
  return { swing, transient, mean };
}

/** Rates of every exchange, with what cells touch within a step of that length. */
function exchangeRates(model: Model, step: number): ExchangeRates[] {
  const { population, kernels, fields, description } = model;
  const sampled = new Float64Array(population.count * fields.length);
  for (let f = 0; f < fields.length; f++)
    sample(kernels.sample[f], population.count, fields[f], sampled, fields.length, f);
  const exchanges = findExchanges(model, sampled);
  const depletion = fields.map((_, f) => depletionOf(model, f, exchanges, step));
  return exchanges.map(exchange =>
    ratesOf(exchange, depletion[exchange.field], description.grid.voxelVolume),
  );
}

/** max |φⁿ − e^(−(a + b) n H)| over the steps n. */
function largestError({ cell, field }: ExchangeRates, deviation: number, step: number): number {
  if (deviation === 0) return 0;
  const exact = Math.exp(-(cell + field) * step);
  const made = exact + deviation;
  if (Math.abs(made) >= 1) return Number.POSITIVE_INFINITY;
  let [a, b, most] = [made, exact, 0];
  for (let n = 0; n < 1e6 && Math.max(Math.abs(a), b) > most; n++) {
    most = Math.max(most, Math.abs(a - b));
    a *= made;
    b *= exact;
  }
  return most;
}
