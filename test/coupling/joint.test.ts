import { describe, expect, it } from 'vitest';
import type { Population } from '../../src/engine/cells/population.ts';
import { advance } from '../../src/engine/coupling/step.ts';
import type { CouplingChoice, Description } from '../../src/engine/description/description.ts';
import { locate } from '../../src/engine/exchange/kernel.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { boxes, contents } from '../support/boxes.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  over,
  plus,
  reaction,
  species,
  times,
  typeOf,
  value,
} from '../support/describe.ts';
import { integrateLinear, slope } from '../support/lineOde.ts';

const JOINT: CouplingChoice = { schedule: 'joint', kernel: 'nearest', hops: 1000 };

describe('joint coupling, whole molecules', () => {
  /** The exchange of one box through windows of length H: each row the content of its cells. */
  function trajectory(description: Description, perBox: number) {
    const model = createModel(description);
    const rows: number[][] = [];
    for (let i = 0; i < description.time.steps; i++) {
      advance(model);
      rows.push(contents(model, perBox));
    }
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    return { model, rows };
  }

  it.each([
    [0.1, 8000],
    [1, 2000],
    [10, 400],
    [100, 40],
  ])(
    'has the exact law of 50 cells in a closed box at rate × window = %d',
    (total, windows) => {
      // 1 + 1 /s, 5000 molecules as in the issue; at half the size, mean N/2 and variance N/4 all the same.
      const [N, PER_BOX] = [500, 50];
      const RATE = 1;
      const step = total / (2 * RATE);
      const { rows } = trajectory(boxes(1, PER_BOX, N, RATE, JOINT, { step, steps: windows }), PER_BOX);
      const values = rows.map(([content]) => content);
      const kept = Math.exp(-total);
      // Sums of an autoregressive process: variances of the mean and of the mean square of the deviation.
      const mean = values.reduce((a, b) => a + b) / windows;
      const inflation = (1 + kept) / (1 - kept);
      const inflationOfSquares = (1 + kept ** 2) / (1 - kept ** 2);
      expect(Math.abs(mean - N / 2)).toBeLessThan(4 * Math.sqrt(((N / 4) * inflation) / windows));
      const variance = values.reduce((sum, x) => sum + (x - N / 2) ** 2, 0) / windows;
      expect(Math.abs(variance / (N / 4) - 1)).toBeLessThan(
        4 * Math.sqrt((2 * inflationOfSquares) / windows),
      );
      let lagged = 0;
      for (let i = 1; i < windows; i++) lagged += (values[i] - N / 2) * (values[i - 1] - N / 2);
      expect(Math.abs(lagged / (windows - 1) / (N / 4) - kept)).toBeLessThan(
        4 * Math.sqrt((2 * inflationOfSquares) / windows),
      );
      for (const x of values) expect(Number.isInteger(x)).toBe(true);
    },
    60_000,
  );

  it('has the exact law on a line of diffusing voxels', () => {
    const [BOXES, PER_BOX, N, RATE, HOP] = [4, 5, 200, 1, 2];
    const [step, windows, skip] = [0.1, 20_000, 100];
    const { rows } = trajectory(
      boxes(BOXES, PER_BOX, N, RATE, JOINT, { step, steps: windows, diffusivity: 4 * HOP }),
      PER_BOX,
    );
    const kept = rows.slice(skip);
    const expected = stationaryCovariance(BOXES, N, RATE, HOP);
    const deviations = kept.map(row => row.map(x => x - N / 2));
    const totals = deviations.map(row => row.reduce((a, b) => a + b));
    const meanOf = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    // The total exchanges with the total of the fields whatever diffusion does: the binomial law, relaxing at 2 /s.
    const time = kept.length * step;
    expect(Math.abs(meanOf(totals))).toBeLessThan(4 * Math.sqrt((BOXES * N) / 4 / (time * RATE)));
    const variance = meanOf(totals.map(x => x * x)) / ((BOXES * N) / 4);
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / (2 * RATE * time)));
    // Single boxes: diffusion in the fields is deterministic and takes fluctuations away; slowest mode from below.
    const slowest = 0.5 * HOP * (2 - 2 * Math.cos(Math.PI / BOXES));
    for (let i = 0; i < BOXES; i++) {
      const found = meanOf(deviations.map(row => row[i] ** 2));
      expect(Math.abs(found / expected[i][i] - 1)).toBeLessThan(4 * Math.sqrt(2 / (slowest * time)));
      expect(
        Math.abs(meanOf(deviations.map(row => row[i] * row[(i + 1) % BOXES])) - expected[i][(i + 1) % BOXES]),
      ).toBeLessThan(4 * expected[i][i] * Math.sqrt(1 / (slowest * time)));
    }
  }, 60_000);

  it('takes only whole molecules that are there, and is the same to the bit resumed, from tables, and by slots in any order', () => {
    const description = boxes(10, 3, 12, 4, JOINT, { step: 1, steps: 12, diffusivity: 1 });
    const straight = simulate(createModel(description));
    for (const c of straight.fields[0]) expect(c).toBeGreaterThanOrEqual(0);
    for (const content of contents(straight, 1)) expect(Number.isInteger(content)).toBe(true);
    const half = simulate(createModel(description), { untilStep: 6 });
    const resumed = createModel(description);
    restoreSnapshot(resumed, saveSnapshot(half, 'key'), 'key');
    expect(stateHash(simulate(resumed))).toBe(stateHash(straight));
    expect(stateHash(simulate(createModel(description, { generateCode: false })))).toBe(stateHash(straight));

    const [forth, back] = [createModel(description), createModel(description)];
    swapSlots(back.population, 0, 2);
    locate(back.kernel, back.population, description.grid);
    for (const model of [forth, back]) simulate(model);
    expect(Array.from(back.fields[0])).toEqual(Array.from(forth.fields[0]));
    swapSlots(back.population, 0, 2);
    expect(contents(back, 1)).toEqual(contents(forth, 1));
  });

  it('follows the content at every firing where the rate is not in proportion to it', () => {
    // Release at c²-dependent rates against a chain of states: exact stationary law of a birth–death process.
    const [N, V] = [12, 4];
    const rateIn = (n: number) => (3 * (n / V) ** 2) / (1 + (n / V) ** 2);
    const law = [1];
    for (let inside = 1; inside <= N; inside++) {
      law.push((law[inside - 1] * rateIn(N - inside + 1)) / (0.5 * inside));
    }
    const sum = law.reduce((a, b) => a + b);
    const exact = law.reduce((mean, p, inside) => mean + (inside * p) / sum, 0);
    const square = times(concentration(0), concentration(0));
    const windows = 6000;
    const model = createModel(
      describeModel({
        grid: createGrid(2, [1, 1, 1], [2, 2, 1]),
        time: { step: 2, steps: windows, recordEvery: 1 },
        fields: [fieldOf({ initial: value(N / V) })],
        cellTypes: [
          typeOf(
            [{ name: 'A', initial: 0, continuous: false }],
            [
              reaction('out', [cell(1)], [field(0)], times(value(0.5), species(1))),
              reaction('in', [field(0)], [cell(1)], over(times(value(3), square), plus(value(1), square))),
            ],
          ),
        ],
        population: [{ type: 0, count: 1, region: { kind: 'points', points: [[1, 1, 0.5]] }, amounts: [] }],
        coupling: JOINT,
      }),
    );
    let [total, squares] = [0, 0];
    for (let i = 0; i < windows; i++) {
      advance(model);
      total += model.population.amounts[1];
      squares += model.population.amounts[1] ** 2;
    }
    const variance = squares / windows - (total / windows) ** 2;
    // Correlation over 2 s is at most e⁻¹.
    expect(Math.abs(total / windows - exact)).toBeLessThan(4 * Math.sqrt((variance * 2.2) / windows));
  });
});

describe('joint coupling, continuous channels', () => {
  const N = 120;

  it.each([50, 5000])('is at the equilibrium of a stiff exchange at %d /s after three windows', rate => {
    const stiff = { step: 1, steps: 3, continuous: true, inside: 0.1 };
    const model = simulate(createModel(boxes(1, 4, N, rate, JOINT, stiff)));
    expect(Math.abs(contents(model, 4)[0] / (N / 2) - 1)).toBeLessThan(1e-6);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('is of second order on a diffusing line, and exact to its tolerance without diffusion', () => {
    const [BOXES, RATE, HOP, END] = [6, 1, 1, 2];
    const make = (steps: number, hop: number) => {
      const description = boxes(BOXES, 2, N, RATE, JOINT, {
        step: END / steps,
        steps,
        continuous: true,
        diffusivity: 4 * hop,
        inside: 0.2,
      });
      // One end filled, so that something diffuses.
      const x = { kind: 'variable', variable: { of: 'position', axis: 0 } } as const;
      const initial = times(value(8), x);
      return { ...description, fields: [{ ...description.fields[0], initial }] };
    };
    const start = Array.from({ length: 2 * BOXES }, (_, i) =>
      i < BOXES ? 0.2 * N : 8 * (2 * (i - BOXES) + 1) * 4,
    );
    const errors = (hop: number, counts: number[]) => {
      const exact = integrateLinear(start, BOXES, RATE, hop, END);
      return counts.map(steps => {
        const found = contents(simulate(createModel(make(steps, hop))), 2);
        return Math.max(...found.map((x, i) => Math.abs(x - exact[i])));
      });
    };
    const [coarse, middle, fine] = errors(HOP, [10, 20, 40]);
    expect(Math.log2(coarse / middle)).toBeGreaterThan(1.85);
    expect(Math.log2(middle / fine)).toBeGreaterThan(1.85);
    expect(errors(0, [1])[0]).toBeLessThan(2e-3);
  });

  it('takes a step in parts where molecules cross voxels in it: the error is that of the part, the books are the same', () => {
    const make = (hops: number, step: number) =>
      simulate(
        createModel(
          boxes(6, 2, N, 1, { ...JOINT, hops } as CouplingChoice, {
            step,
            steps: 4 / step,
            continuous: true,
            diffusivity: 4,
            inside: 0.2,
          }),
        ),
      );
    // 1 hop per second: eight parts of 1/8 s are eight steps of 1/8 s.
    const [inParts, inSteps] = [make(0.125, 1), make(1000, 0.125)];
    for (const [i, x] of contents(inParts, 2).entries()) expect(x).toBeCloseTo(contents(inSteps, 2)[i], 6);
    expect(inParts.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('exhausts a nutrient without overdrawing it, however fast', () => {
    for (const [rate, half] of [
      [40, 0.5],
      [1e5, 1e-3],
    ]) {
      const model = createModel(
        describeModel({
          grid: createGrid(2, [8, 8, 1], [16, 16, 1]),
          time: { step: 2, steps: 200, recordEvery: 1 },
          fields: [fieldOf({ diffusivity: 5, initial: value(3) })],
          cellTypes: [
            typeOf(
              [{ name: 'S', initial: 0, continuous: true }],
              [
                reaction(
                  'eat',
                  [field(0)],
                  [cell(1)],
                  over(times(value(rate), concentration(0)), plus(value(half), concentration(0))),
                  true,
                ),
              ],
            ),
          ],
          population: [
            {
              type: 0,
              count: 6,
              region: { kind: 'points', points: [1, 3, 5, 9, 11, 11].map(x => [x, x, 0.5] as const) },
              amounts: [],
            },
          ],
          coupling: JOINT,
        }),
      );
      simulate(model);
      for (const c of model.fields[0]) expect(c).toBeGreaterThanOrEqual(0);
      expect(contents(model, 1).reduce((a, b) => a + b)).toBeGreaterThan(0.99 * 3 * 256);
      expect(model.balance.worstRelative()).toBeLessThan(1e-13);
      expect(model.profile.counts.halvedWindows).toBe(0);
    }
  });

  it('gives cells that meet no field what they have under any schedule', () => {
    const lonely = typeOf(
      [{ name: 'B', initial: 30, continuous: false }],
      [reaction('lose', [cell(1)], [], times(value(0.1), species(1)))],
      { name: 'lonely' },
    );
    const description = describeModel({
      cellTypes: [lonely],
      population: [
        { type: 0, count: 9, region: { kind: 'points', points: Array(9).fill([5, 5, 0.5]) }, amounts: [] },
      ],
    });
    const joint = simulate(createModel({ ...description, coupling: JOINT }));
    expect(Array.from(joint.population.amounts)).toEqual(
      Array.from(simulate(createModel(description)).population.amounts),
    );
  });
});

/**
 * Stationary covariances of cells and voxels where exchange fires at random and the fields diffuse without noise, N molecules
 * per box. All rates are linear, so dΣ/dt = JΣ + ΣJᵀ + Q is exact; from Σ = 0, as a closed box starts.
 */
function stationaryCovariance(boxes: number, molecules: number, rate: number, hop: number): number[][] {
  const size = 2 * boxes;
  const noise = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let i = 0; i < boxes; i++) {
    const intensity = rate * molecules;
    noise[i][i] += intensity;
    noise[boxes + i][boxes + i] += intensity;
    noise[i][boxes + i] -= intensity;
    noise[boxes + i][i] -= intensity;
  }
  let covariance = noise.map(row => row.map(() => 0));
  const h = 0.01;
  const columns = (m: number[][]) => m[0].map((_, j) => m.map(row => row[j]));
  for (let n = 0; n < 3000; n++) {
    // Σ is symmetric: JΣ by columns, and its transpose.
    const product = columns(columns(covariance).map(column => slope(column, boxes, rate, hop)));
    covariance = covariance.map((row, i) =>
      row.map((v, j) => v + h * (product[i][j] + product[j][i] + noise[i][j])),
    );
  }
  return covariance;
}

/** Exchanges two cells of one type between their slots. */
function swapSlots(population: Population, a: number, b: number): void {
  const { stride } = population;
  const swap = (values: Uint32Array | Uint16Array | Float64Array, width: number) => {
    const kept = values.slice(a * width, (a + 1) * width);
    values.copyWithin(a * width, b * width, (b + 1) * width);
    values.set(kept, b * width);
  };
  for (const column of [
    'id',
    'parent',
    'x',
    'y',
    'z',
    'radius',
    'volume',
    'birthTime',
    'birthVolume',
    'divisionVolume',
  ] as const)
    swap(population[column], 1);
  swap(population.amounts, stride);
  swap(population.streams, 4);
}
