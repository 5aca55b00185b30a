import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/engine/description/description.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
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
} from '../support/describe.ts';

/** A line of closed boxes (no diffusion) with one cell each: independent copies of one exchange. */
function boxes(
  count: number,
  step: number,
  end: number,
  perBox: number,
  rate: number,
  seed: string,
): Description {
  const boxVolume = 4;
  return describeModel({
    seed,
    grid: createGrid(2, [count, 1, 1], [2 * count, 2, 1]),
    time: { step, steps: Math.round(end / step), recordEvery: 1 },
    fields: [fieldOf({ diffusivity: 0, initial: value(perBox / boxVolume) })],
    cellTypes: [
      typeOf(
        [{ name: 'A', initial: 0, continuous: false }],
        [
          reaction('out', [cell(1)], [field(0)], times(value(rate), species(1))),
          reaction('in', [field(0)], [cell(1)], times(value(rate * boxVolume), concentration(0))),
        ],
      ),
    ],
    population: [
      {
        type: 0,
        count,
        region: {
          kind: 'points',
          points: Array.from({ length: count }, (_, i) => [2 * i + 1, 1, 0.5] as const),
        },
        amounts: [],
      },
    ],
  });
}

function moments(model: ReturnType<typeof createModel>): { mean: number; variance: number } {
  const { count, stride, amounts } = model.population;
  let [sum, squares] = [0, 0];
  for (let slot = 0; slot < count; slot++) sum += amounts[slot * stride + 1];
  const mean = sum / count;
  for (let slot = 0; slot < count; slot++) squares += (amounts[slot * stride + 1] - mean) ** 2;
  return { mean, variance: squares / (count - 1) };
}

describe('stochastic exchange between a cell and a box', () => {
  const N = 40;
  const COPIES = 4000;

  it('relaxes to the binomial law of N molecules with fraction ½', () => {
    const model = simulate(createModel(boxes(COPIES, 0.02, 6, N, 0.5, 'binomial')));
    const { mean, variance } = moments(model);
    // Windows of total rate × H = 0.02 widen the variance by about half of that (weak coupling): allow it beside the noise.
    expect(Math.abs(mean - N / 2) / Math.sqrt(N / 4 / COPIES)).toBeLessThan(3.5);
    expect(Math.abs(variance / (N / 4) - 1)).toBeLessThan(0.02 + 3.5 * Math.sqrt(2 / COPIES));
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('follows the exponential mean', () => {
    const model = simulate(createModel(boxes(COPIES, 0.02, 1, N, 0.5, 'mean')));
    const fraction = 0.5 * (1 - Math.exp(-1));
    const sd = Math.sqrt((N * fraction * (1 - fraction)) / COPIES);
    // Lie's bias at this window is below 1 % of the mean; 3.5 standard errors beside it.
    expect(Math.abs(moments(model).mean - N * fraction)).toBeLessThan(3.5 * sd + 0.01 * N * fraction);
  });

  it('never overdraws a box, however long the window and however few the molecules', () => {
    for (const [perBox, step] of [
      [3, 1],
      [0.7, 0.5],
      [40, 10],
    ] as const) {
      const model = createModel(boxes(60, step, 20 * step, perBox, 2, 'scarce'));
      simulate(model);
      for (const c of model.fields[0]) expect(c).toBeGreaterThanOrEqual(0);
      const inCells = moments(model).mean * 60;
      const inField = model.fields[0].reduce((a, b) => a + b, 0) * 4;
      expect(Math.abs(inCells + inField - 60 * perBox)).toBeLessThan(1e-10);
      expect(model.profile.counts.halvedWindows + model.profile.counts.guardedWindows).toBeGreaterThan(0);
      for (let slot = 0; slot < 60; slot++) {
        expect(Number.isInteger(model.population.amounts[slot * model.population.stride + 1])).toBe(true);
      }
    }
  });
});

describe('stochastic uptake far faster than the window, second order', () => {
  /** One cell in a box of 16 µm³. */
  function sink(reactants: number, rate: ReturnType<typeof times>, splitting: 'lie' | 'strang') {
    return createModel(
      describeModel({
        grid: createGrid(2, [1, 1, 1], [4, 4, 1]),
        time: { step: 1, steps: 20, recordEvery: 1 },
        fields: [fieldOf({ initial: value(10) })],
        cellTypes: [
          typeOf(
            [{ name: 'S', initial: 0, continuous: false }],
            [reaction('eat', [field(0, reactants)], [cell(1, reactants)], rate)],
          ),
        ],
        population: [{ type: 0, count: 1, region: { kind: 'points', points: [[2, 2, 0.5]] }, amounts: [] }],
        coupling: { schedule: 'weak', splitting, kernel: 'nearest' },
      }),
    );
  }

  it.each(['lie', 'strang'] as const)('empties the box molecule by molecule (%s)', splitting => {
    const single = simulate(sink(1, times(value(40), concentration(0)), splitting));
    expect(single.population.amounts[1]).toBeGreaterThanOrEqual(159);
    // Pairs: the rate falls with the square, so the last few take long; the mean-field remainder at 20 s is about 1.
    const pairs = simulate(sink(2, times(value(10), concentration(0), concentration(0)), splitting));
    expect(pairs.population.amounts[1]).toBeGreaterThanOrEqual(152);
    for (const model of [single, pairs]) {
      expect(model.fields[0][0]).toBeGreaterThanOrEqual(0);
      expect(model.balance.worstRelative()).toBeLessThan(1e-14);
    }
  });
});
