import type { CircuitWindow } from '../circuits/compile.ts';
import { lineColumns } from '../circuits/lines.ts';
import { seesLines } from '../description/description.ts';
import type { Model } from '../model/model.ts';

/** A window of no cells yet, with what they see and where they add to. */
export function windowOf(
  model: Model,
  time: number,
  start: number,
  duration: number,
  includeUptake: boolean,
): CircuitWindow {
  const { work, population } = model;
  return {
    population,
    cells: new Int32Array(0),
    from: 0,
    to: 0,
    time,
    start,
    duration,
    fieldCount: work.fieldCount,
    ...(seesLines(model.description.coupling)
      ? { sampled: work.lines, columns: lineColumns(work.fieldCount) }
      : { sampled: work.sampled }),
    released: work.released,
    available: null,
    includeUptake,
    expectedUptake: includeUptake ? work.expectedUptake : null,
    uptakeStride: work.uptakeStride,
    extents: new Float64Array(0),
  };
}
