import type { CellType } from '../cells/cellType.ts';
import { compileDeterministic } from './deterministic.ts';
import type { CircuitWindow, Failure, Kernel } from './window.ts';

/** Explicit steps of a cell's continuous channels in a window, after which it is taken for stiff. */
export const MOST_EXPLICIT_STEPS = 2000;

/** Advances the continuous channels of cells[n], from the start of the window; false on failure. */
export type StiffWindow = (window: CircuitWindow, n: number, duration: number, failure: Failure) => boolean;

/**
 * What the explicit integration (continuous.ts) hands a cell over to that is stiff: the solvers of `deterministic`, with the same error
 * norm, and from the same time on where rates follow it. Rates are interpreted, whatever the explicit integration does, so that both forms of it stay the same to the bit.
 */
export function createStiffWindow(
  type: CellType,
  fieldCount: number,
  includeUptake: boolean,
  tolerance: number,
  timed = false,
): StiffWindow {
  let kernel: Kernel | null = null;
  return (window, n, duration, failure) => {
    kernel ??= compileDeterministic(type, fieldCount, includeUptake, {
      tolerance,
      timed,
      generate: false,
      strict: true,
    });
    const { from, to } = window;
    window.from = n;
    window.to = n + 1;
    const done = kernel?.(window, duration, failure) ?? true;
    window.from = from;
    window.to = to;
    return done;
  };
}
