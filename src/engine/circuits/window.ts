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
  /** s; where the window begins, if `time` is another (its middle). What is due at a time, and methods that follow time, go by it. */
  start?: number | undefined;
  /** s */
  duration: number;
  fieldCount: number;
  /** sampled[slot * columns + f]: concentration of field f at the cell, molecules/µm³; held over the window. */
  sampled: Float64Array;
  /** Columns of `sampled` by cell, default fieldCount; more where fields are seen on lines (lines.ts). */
  columns?: number | undefined;
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
  /** Time, s, in which what fires often counts as a flow (partition.ts); default: what the window lasts. */
  timeScale?: number;
  /** What methods with two forms add to; default nobody. */
  work?: Work;
}

/**
 * How the cells of a window were advanced where a method has two forms: leaps of tau-leaping, steps of an ODE solver; explicit, or
 * implicit (stiff). Sums over cells and windows.
 */
export interface Work {
  explicit: number;
  implicit: number;
  /** Times that a cell went over to the implicit form, and the earliest of them, s (Infinity where none did). */
  switches: number;
  firstSwitch: number;
}

export function createWork(): Work {
  return { explicit: 0, implicit: 0, switches: 0, firstSwitch: Number.POSITIVE_INFINITY };
}

/** Where work goes that nobody asks for. */
export const UNREPORTED = createWork();

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
  /**
   * `rate`: not finite or negative; `exhausted`: an amount would be negative; `firings`, `steps`: more than the limit of firings, of
   * steps of an ODE solver; `stuck`: an ODE that no step is short enough for; `assignment`: an event would give a species that
   * amount; `events`: they set one another off without end.
   */
  cause: 'rate' | 'exhausted' | 'firings' | 'steps' | 'stuck' | 'assignment' | 'events';
  /** Index of the species that would become negative (`exhausted`) or be given an impossible amount (`assignment`). */
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

/**
 * For a total that is no finite number above 0: names the first propensity that is not ≥ 0 and finite, else (the sum
 * overflows) the largest.
 */
export function failTotal(
  failure: Failure,
  reactions: readonly number[],
  rates: ArrayLike<number>,
  slot: number,
): false {
  for (let i = 0; i < reactions.length; i++) {
    if (!(rates[i] >= 0 && rates[i] < Number.POSITIVE_INFINITY)) {
      return failRate(failure, reactions[i], slot, rates[i]);
    }
  }
  const fastest = largest(rates, reactions.length);
  return failRate(failure, reactions[fastest], slot, rates[fastest]);
}

/** For a cell that would fire more often in a window than RUN_LIMITS allows: names the fastest reaction. */
export function failFirings(
  failure: Failure,
  reactions: readonly number[],
  rates: ArrayLike<number>,
  slot: number,
): false {
  const fastest = largest(rates, reactions.length);
  failRate(failure, reactions[fastest], slot, rates[fastest]);
  failure.cause = 'firings';
  return false;
}

function largest(rates: ArrayLike<number>, count: number): number {
  let fastest = 0;
  for (let i = 1; i < count; i++) if (rates[i] > rates[fastest]) fastest = i;
  return fastest;
}
