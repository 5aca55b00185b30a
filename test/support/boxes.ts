import type { CouplingChoice, Description } from '../../src/engine/description/description.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import type { Model } from '../../src/engine/model/model.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  reaction,
  species,
  times,
  typeOf,
  value,
} from './describe.ts';

/** `perBox` cells in each of a line of boxes of 4 µm³, exchanging at rates k out and k in; `molecules` in every box, half in cells. */
export function boxes(
  boxCount: number,
  perBox: number,
  molecules: number,
  rate: number,
  coupling: CouplingChoice,
  changes: { step: number; steps: number; continuous?: boolean; diffusivity?: number; inside?: number },
): Description {
  const { step, steps, continuous = false, diffusivity = 0, inside = 0.5 } = changes;
  return describeModel({
    seed: 'strong',
    grid: createGrid(2, [boxCount, 1, 1], [2 * boxCount, 2, 1]),
    time: { step, steps, recordEvery: 1 },
    fields: [fieldOf({ diffusivity, initial: value(((1 - inside) * molecules) / 4) })],
    cellTypes: [
      typeOf(
        [{ name: 'A', initial: (inside * molecules) / perBox, continuous }],
        [
          reaction('out', [cell(1)], [field(0)], times(value(rate), species(1)), continuous),
          reaction(
            'in',
            [field(0)],
            [cell(1)],
            times(value((4 * rate) / perBox), concentration(0)),
            continuous,
          ),
        ],
      ),
    ],
    population: [
      {
        type: 0,
        count: boxCount * perBox,
        region: {
          kind: 'points',
          points: Array.from(
            { length: boxCount * perBox },
            (_, i) => [2 * Math.floor(i / perBox) + 1, 1, 0.5] as const,
          ),
        },
        amounts: [],
      },
    ],
    coupling,
  });
}

/** Contents of the cells of each box. */
export function contents({ population }: Model, perBox: number): number[] {
  const sums = new Array<number>(population.count / perBox).fill(0);
  for (let slot = 0; slot < population.count; slot++) {
    sums[Math.floor(slot / perBox)] += population.amounts[slot * population.stride + 1];
  }
  return sums;
}
