import type { CellType } from '../../src/engine/cells/cellType.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { place } from './families.ts';

export interface PeriodChoices {
  readonly method: string;
  readonly species: string;
  /** A rise counts when the amount passes `high` after having been below `low`. */
  readonly low: number;
  readonly high: number;
  readonly end: number;
  readonly step: number;
  readonly runs: number;
  readonly seed: string;
}

/** Times between successive rises of a species, of all copies; the first of each copy is left out, as it depends on the start. */
export function periods(type: CellType, choices: PeriodChoices): Float64Array {
  const { method, species, low, high, end, step, runs, seed } = choices;
  const times = Array.from({ length: Math.round(end / step) }, (_, i) => (i + 1) * step);
  const result = runEnsemble(type, { runs, times, seed, method, trajectories: runs });
  const width = result.species.length;
  const list: number[] = [];
  for (let copy = 0; copy < runs; copy++) {
    let armed = false;
    const rises: number[] = [];
    times.forEach((time, t) => {
      const amount = result.trajectories[copy * times.length * width + place(result, species, t)];
      if (amount < low) armed = true;
      else if (armed && amount > high) {
        armed = false;
        rises.push(time);
      }
    });
    for (let i = 2; i < rises.length; i++) list.push(rises[i] - rises[i - 1]);
  }
  return Float64Array.from(list);
}
