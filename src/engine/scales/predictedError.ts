import type { Depletion, Exchange } from './exchange.ts';
import { weakError, weakUptakeError } from './weakError.ts';

/** A schedule as it can be chosen: of weak coupling the splitting, of strong coupling what cells see. */
export type Scheme =
  | 'weak lie'
  | 'weak strang'
  | 'strong midpoint'
  | 'strong linear'
  | 'strong end'
  | 'monolithic'
  | 'joint';

/** What a schedule is predicted to do to the exchange of a cell type and a field with the run's step. */
export interface PredictedError {
  readonly by: Scheme;
  /** Relative error of the stationary variance; null where no whole molecules pass. Infinite: unstable. */
  readonly variance: number | null;
  /** Error of a deviation from the steady state after one step, as a share of it. */
  readonly deviation: number;
  /** Relative error of the steady state itself. */
  readonly mean: number;
  /** Share that the variance may be off by because cells and field agree to within one firing only. */
  readonly firing: number;
  /** The largest of these. */
  readonly worst: number;
}

export interface ExchangeRates {
  /** Rate out of the cell, 1/s. */
  readonly cell: number;
  /** Rate out of what the cells touch of the field within a step, 1/s. */
  readonly field: number;
  /** Whole molecules pass. */
  readonly stochastic: boolean;
  /** The field takes all of it implicitly as uptake, so that one pass leaves nothing out. */
  readonly implicit: boolean;
  /** The field takes what cells take implicitly, and cells give by other channels. */
  readonly uptake: boolean;
  /** In what the cells touch; null where none is taken one by one. */
  readonly molecules: number | null;
}

/** Molecules touched: those within the voxels of the cells and the reach of diffusion over the step that the depletion is of. */
export function ratesOf(exchange: Exchange, depletion: Depletion, voxelVolume: number): ExchangeRates {
  const { cellRate, stochastic, implicit, uptake, wholeTaken, concentration } = exchange;
  const touched = (concentration * voxelVolume * depletion.voxel) / depletion.step;
  return {
    cell: cellRate,
    field: depletion.step,
    stochastic,
    implicit,
    uptake,
    molecules: wholeTaken && touched > 0 ? touched : null,
  };
}

/**
 * Share of the variance that iteration to within one firing costs, times √(molecules touched). Measured of 1 to 50 molecules in
 * closed boxes at rate × step from 0.2 to 1: −1.4 … −2.4 % of 50, −4 % of 10, −7 % of 3 (docs/numerics.md).
 */
const FIRING = 0.15;

export function predictError(by: Scheme, rates: ExchangeRates, step: number): PredictedError {
  const { field, stochastic, molecules } = rates;
  const { variance, deviation, mean } = linearError(by, rates, step);
  const firing =
    by.startsWith('strong') && stochastic && field > 0 && molecules !== null && molecules > 0
      ? FIRING / Math.sqrt(molecules)
      : 0;
  return {
    by,
    variance: stochastic ? variance : null,
    deviation,
    mean,
    firing,
    worst: Math.max(stochastic ? Math.abs(variance) : 0, Math.abs(deviation), Math.abs(mean), firing),
  };
}

function linearError(by: Scheme, { cell, field, implicit, uptake }: ExchangeRates, step: number) {
  const none = { variance: 0, deviation: 0, mean: 0 };
  switch (by) {
    case 'weak lie':
    case 'weak strang': {
      const splitting = by === 'weak lie' ? 'lie' : 'strang';
      if (implicit) return none;
      return uptake
        ? weakUptakeError(cell, field, step, splitting)
        : { ...weakError(cell, field, step, splitting), mean: 0 };
    }
    case 'strong midpoint':
      return { ...strongError(cell, field, step, 'midpoint'), mean: 0 };
    case 'strong end':
      return { ...strongError(cell, field, step, 'end'), mean: 0 };
    case 'strong linear':
      return { ...strongError(cell, field, step, 'linear'), mean: 0 };
    case 'monolithic':
      return monolithicError(cell + field, step);
    case 'joint':
      return none;
  }
}

/** The factor of TR-BDF2 with γ = 2 − √2 on a mode of rate λ over a window, less that of the mode; steady states stand. */
function monolithicError(rate: number, window: number) {
  const gamma = 2 - Math.SQRT2;
  const z = (-rate * window * gamma) / 2;
  const stage = (1 + z) / (1 - z);
  const factor = (stage - (1 - gamma) ** 2) / (gamma * (2 - gamma) * (1 - z));
  return { variance: 0, deviation: factor - Math.exp(-rate * window), mean: 0 };
}

/**
 * What strong coupling does to the same linear exchange (weakError.ts): what cells see of the start and of the end of
 * the window adds g₀ y(start) + g₁ y(end) to what is in them at its end, and y(end) = y(start) − (x(end) − x(start)):
 *
 *     φ = (q − g₀)/(1 + g₁),      variance = m (1 − q²)/((1 + g₁)² (1 − φ²)),      exact: m a/(a + b)
 *
 * with g₀ + g₁ = (1 − q) b/a in all: g₀ = 0 where they see the end, g₀ = g₁ for the midpoint, g₁ = (b/a)(1 − (1 − q)/(aH)) on a line. So the
 * midpoint keeps the variance whatever the rates, the end damps it to (1 + q)/2 of it where a = b, and the line to ½, too, in long windows.
 */
export function strongError(
  a: number,
  b: number,
  window: number,
  sees: 'end' | 'midpoint' | 'linear',
): { readonly variance: number; readonly deviation: number } {
  const out = Math.max(a, 1e-9 * b);
  if (!(out > 0) || b === 0) return { variance: 0, deviation: 0 };
  const left = -Math.expm1(-out * window);
  const taken = left * (b / out);
  const shares = { end: 1, midpoint: 0.5, linear: 1 / left - 1 / (out * window) };
  const atEnd = taken * shares[sees];
  const factor = (1 - left - (taken - atEnd)) / (1 + atEnd);
  const deviation = factor - Math.exp(-(out + b) * window);
  const variance = ((left * (2 - left)) / ((1 + atEnd) ** 2 * (1 - factor * factor))) * ((out + b) / out);
  return { variance: variance - 1, deviation };
}

/** The longest step, at most the given one, with which the error stays within what is allowed. */
export function longestStep(by: Scheme, rates: ExchangeRates, step: number, allowed: number): number {
  const fits = (h: number) => predictError(by, rates, h).worst <= allowed;
  if (fits(step)) return step;
  let [low, high] = [0, step];
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
