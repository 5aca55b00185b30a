import { advance } from '../../src/engine/coupling/step.ts';
import type {
  CouplingChoice,
  Description,
  StrongCoupling,
} from '../../src/engine/description/description.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { contents } from './boxes.ts';
import type { Lawful } from './windowLaw.ts';

export function strong(changes: Partial<StrongCoupling> = {}): StrongCoupling {
  return {
    schedule: 'strong',
    kernel: 'nearest',
    sees: 'midpoint',
    tolerance: 1e-6,
    acceleration: 'newton',
    relaxation: 1,
    iterations: 50,
    ...changes,
  };
}

/** Every schedule that exchanges whole molecules in its own way, in the order of the tables in docs/numerics.md. */
export const SCHEDULES: Readonly<Record<string, Lawful>> = {
  'weak lie': { schedule: 'weak', splitting: 'lie', kernel: 'nearest' },
  'weak strang': { schedule: 'weak', splitting: 'strang', kernel: 'nearest' },
  'strong end': strong({ sees: 'end' }),
  'strong midpoint': strong({ sees: 'midpoint' }),
  'strong linear': strong({ sees: 'linear' }),
  joint: { schedule: 'joint', kernel: 'nearest', hops: 1000 },
};

/** And every one for continuous channels. */
export const CONTINUOUS_SCHEDULES: Readonly<Record<string, CouplingChoice>> = {
  ...SCHEDULES,
  monolithic: { schedule: 'monolithic', kernel: 'nearest', tolerance: 1e-10, iterations: 30 },
};

/** Moments about known means of what the cells of each box hold at the ends of windows. */
export interface Moments {
  /** By box. */
  readonly mean: readonly number[];
  /** ⟨δᵢ δⱼ⟩ by pair of boxes. */
  readonly covariance: readonly (readonly number[])[];
  /** ⟨δᵢ δᵢ′⟩, ′ one window later, mean over the boxes. */
  readonly lagged: number;
  /** Mean, variance and lagged covariance of all boxes together. */
  readonly total: { readonly mean: number; readonly variance: number; readonly lagged: number };
  readonly windows: number;
  readonly passes: number;
  readonly halved: number;
  readonly guarded: number;
  readonly worstRelative: number;
}

/** Follows the exchange of a line of boxes (boxes.ts) with `expected` molecules in the cells of each. */
export function follow(
  description: Description,
  perBox: number,
  expected: number,
  { skip, windows }: { skip: number; windows: number },
): Moments {
  const model = createModel(description);
  for (let i = 0; i < skip; i++) advance(model);
  const count = contents(model, perBox).length;
  const mean = new Array<number>(count).fill(0);
  const covariance = mean.map(() => new Array<number>(count).fill(0));
  let [lagged, sum, squares, laggedTotal] = [0, 0, 0, 0];
  let before: number[] | null = null;
  for (let i = 0; i < windows; i++) {
    advance(model);
    const now = contents(model, perBox).map(x => x - expected);
    const total = now.reduce((a, b) => a + b);
    for (let b = 0; b < count; b++) {
      mean[b] += now[b] / windows;
      for (let c = 0; c < count; c++) covariance[b][c] += (now[b] * now[c]) / windows;
      if (before) lagged += (now[b] * before[b]) / count / (windows - 1);
    }
    sum += total / windows;
    squares += (total * total) / windows;
    if (before) laggedTotal += (total * before.reduce((a, b) => a + b)) / (windows - 1);
    before = now;
  }
  const { iterations, iteratedWindows, halvedWindows, guardedWindows } = model.profile.counts;
  return {
    mean: mean.map(x => x + expected),
    covariance,
    lagged,
    total: { mean: sum + count * expected, variance: squares, lagged: laggedTotal },
    windows,
    passes: iteratedWindows === 0 ? 1 : iterations / (skip + windows),
    halved: halvedWindows / (skip + windows),
    guarded: guardedWindows / (skip + windows),
    worstRelative: model.balance.worstRelative(),
  };
}

/** Relative standard error of a variance over n windows, and of a mean over its standard deviation, where deviations decay by φ per window. */
export function errorsOf(phi: number, n: number): { variance: number; mean: number } {
  const inflation = (p: number) => (1 + p) / (1 - p);
  return {
    variance: Math.sqrt((2 * inflation(phi * phi)) / n),
    mean: Math.sqrt(Math.max(inflation(phi), 1e-3) / n),
  };
}
