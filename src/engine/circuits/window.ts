import type { Population } from '../cells/population.ts';

/** One coupling window for the cells of one type, with the places to which it adds. Mutable: one serves every step. */
export interface CircuitWindow {
  population: Population;
  /** Slots of one type's cells: cells[from … to). */
  cells: Int32Array;
  from: number;
  to: number;
  /** s; held over the window, as is age = time − birthTime. */
  time: number;
  /** s */
  duration: number;
  fieldCount: number;
  /** sampled[slot * fieldCount + f]: concentration of field f at the cell, molecules/µm³; held over the window. */
  sampled: Float64Array;
  /** released[slot * fieldCount + f] += net molecules given to field f by that cell (negative: taken). */
  released: Float64Array;
  /**
   * Null, or molecules of field f within reach of the cell, [slot * fieldCount + f]: a stochastic channel that takes n
   * of them then fires only while there are n, and the number follows its firings.
   */
  available: Float64Array | null;
  /** Whether uptake channels run too, at the held concentration (a prediction; they add nothing to `released`). */
  includeUptake: boolean;
  /** expectedUptake[slot * uptakeStride + u] = extents of uptake channel u where `includeUptake`; overwritten. */
  expectedUptake: Float64Array | null;
  uptakeStride: number;
  /** extents[r] += extents of reaction r over all the cells (of uptake channels, what they expected). */
  extents: Float64Array;
}

/** Why a window could not be completed. The state of the cell in `slot` is then unspecified. */
export interface Fault {
  readonly reaction: string;
  readonly slot: number;
  /** The offending rate (1/s) or amount. */
  readonly value: number;
  readonly message: string;
}

/** Where a kernel leaves the cause of a failure; a kernel returns false after filling it. */
export interface Failure {
  /** Index into the circuit's reactions. */
  reaction: number;
  slot: number;
  value: number;
  cause: 'rate' | 'exhausted';
  /** Index of the species that would become negative, where `cause` is `exhausted`. */
  species: number;
}

export function createFailure(): Failure {
  return { reaction: 0, slot: 0, value: 0, cause: 'rate', species: 0 };
}

/** Advances the cells of a window by `duration` (s); false on failure. */
export type Kernel = (window: CircuitWindow, duration: number, failure: Failure) => boolean;

export function failRate(failure: Failure, reaction: number, slot: number, value: number): false {
  failure.reaction = reaction;
  failure.slot = slot;
  failure.value = value;
  failure.cause = 'rate';
  return false;
}

/** For a total that is NaN or infinite: names the first propensity that is, else (overflow of the sum) the last. */
export function failTotal(
  failure: Failure,
  reactions: readonly number[],
  rates: ArrayLike<number>,
  slot: number,
): false {
  let culprit = 0;
  while (culprit < reactions.length - 1 && Number.isFinite(rates[culprit])) culprit++;
  return failRate(failure, reactions[culprit], slot, rates[culprit]);
}
