import type { CellType } from '../src/engine/cells/cellType.ts';
import { type CircuitWindow, type CompiledCircuit, compileCircuit } from '../src/engine/circuits/compile.ts';
import { populate, windowFor } from '../test/circuits/fixtures.ts';

/** What was measured of all cells through all windows. */
export interface Cost {
  /** ms */
  readonly time: number;
  /** Firings of all reactions. */
  readonly fired: number;
}

const FEWEST_REPETITIONS = 3;
const MOST_REPETITIONS = 20;

/**
 * Cost of taking all cells of a window through `windows` windows. Timed in slices of cells, each at its best over the
 * repetitions, which all do exactly the same work: other programs on the machine then disturb little. Repeated for
 * `seconds`, at least thrice. A slice should last about a millisecond.
 */
export function leastTime(
  circuit: CompiledCircuit,
  prepare: () => CircuitWindow,
  windows: number,
  seconds: number,
  slice = 250,
): Cost {
  const end = performance.now() + 1000 * seconds;
  let slices = new Float64Array(0);
  let fired = 0;
  for (
    let repetition = 0;
    repetition < FEWEST_REPETITIONS || (repetition < MOST_REPETITIONS && performance.now() < end);
    repetition++
  ) {
    const window = prepare();
    const { count } = window.population;
    if (repetition === 0) slices = new Float64Array(Math.ceil(count / slice)).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < slices.length; i++) {
      window.from = i * slice;
      window.to = Math.min(count, window.from + slice);
      const start = performance.now();
      for (let n = 0; n < windows; n++) {
        const fault = circuit.advance(window);
        if (fault) throw new Error(`${fault.reaction}: ${fault.message}`);
      }
      slices[i] = Math.min(slices[i], performance.now() - start);
    }
    fired = window.extents.reduce((sum, extent) => sum + extent, 0);
  }
  return { time: slices.reduce((sum, time) => sum + time, 0), fired };
}

export interface FiringChoices {
  readonly cells?: number;
  readonly windows?: number;
  readonly method?: string;
  readonly generate?: boolean;
  /** s of measuring */
  readonly seconds?: number;
}

/** Fired reactions per second in windows of `duration` (in the model's unit of time), and firings per cell and window. */
export function firingRate(
  type: CellType,
  duration: number,
  { cells = 10_000, windows = 1, method = 'direct', generate = true, seconds = 2 }: FiringChoices = {},
): { perSecond: number; perWindow: number } {
  const circuit = compileCircuit(type, 0, { generate, method });
  const prepare = () => windowFor(type, populate(type, cells), duration);
  const { time, fired } = leastTime(circuit, prepare, windows, seconds, 20);
  return { perSecond: (1000 * fired) / time, perWindow: fired / cells / windows };
}
