import type { CellType } from '../../src/engine/cells/cellType.ts';
import { type EnsembleResult, runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { METHODS } from '../../src/engine/circuits/methods.ts';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import {
  batchImmigration,
  burstingGene,
  dimerisation,
  immigrationDeath,
  repressilator,
  schlogl,
  toggle,
  vilar,
} from '../circuits/models.ts';

/** The methods that say they are exact. */
export const EXACT: readonly string[] = METHODS.filter(({ exact }) => exact).map(({ name }) => name);

export interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** Fourth central moment, for the standard error of a variance. */
  readonly fourth: number;
}

/** A circuit whose law is known: moments of some species at output times. */
export interface Family {
  readonly name: string;
  readonly type: CellType;
  readonly species: readonly string[];
  readonly times: readonly number[];
  /** law()[species][time] */
  law(): readonly (readonly Moments[])[];
}

/** By finite state projection, which test/circuits/stateProjection.test.ts holds against exact laws. */
function projected(
  name: string,
  type: CellType,
  species: readonly string[],
  times: readonly number[],
  tolerance = 1e-8,
): Family {
  let known: Moments[][] | null = null;
  return {
    name,
    type,
    species,
    times,
    law() {
      if (known) return known;
      const law = projectLaw(type, times, { tolerance });
      known = species.map(s =>
        times.map((_, t) => {
          const { mean, variance } = law.moments(t, s);
          const fourth = law.marginal(t, s).reduce((sum, p, n) => sum + p * (n - mean) ** 4, 0);
          return { mean, variance, fourth };
        }),
      );
      return known;
    },
  };
}

/** Cheap ones: for the suite that always runs. */
export const FAMILIES: readonly Family[] = [
  projected('immigration–death', immigrationDeath(5, 0.1), ['X'], [0.5, 1, 2, 3, 5, 8, 13, 20, 30]),
  projected('batch immigration', batchImmigration(), ['X'], [0.5, 1, 2, 4, 7, 11, 15]),
  projected('dimerisation', dimerisation(), ['P', 'P2'], [1, 3, 6, 10, 20, 40]),
  projected('bursting gene', burstingGene(), ['on', 'M', 'P'], [0.5, 1, 2, 4, 6], 1e-7),
  projected('toggle', toggle(2, 0.3), ['U', 'V'], [0.3, 0.7, 1, 2, 4, 7]),
  projected('Schlögl', schlogl(30, 0.12), ['X'], [0.2, 0.5, 1, 2, 4]),
];

/** In their own volume: some 35,000 firings per copy. */
export const COSTLY: readonly Family[] = [
  projected('toggle, volume 1', toggle(), ['U', 'V'], [0.3, 1, 2, 4], 1e-7),
  projected('Schlögl, volume 1', schlogl(), ['X'], [0.3, 1, 2, 4], 1e-7),
];

/** Too large for a projection: methods are compared with one another. */
export const OSCILLATORS: readonly Omit<Family, 'law'>[] = [
  {
    name: 'repressilator',
    type: repressilator(),
    species: ['m1', 'p1', 'p2', 'p3'],
    times: [5, 20, 50, 100, 200, 400],
  },
  { name: 'Vilar oscillator', type: vilar(), species: ['A', 'R', 'C', 'MA'], times: [1, 3, 8, 15, 25, 40] },
];

export const RUNS = 10_000;

export interface Score {
  readonly at: string;
  readonly mean: number;
  readonly variance: number;
}

/** Mean and variance of `runs` copies less the exact ones, in standard errors √(σ²/n), √((μ₄ − σ⁴)/n); without those that are 0. */
export function scores(family: Family, method: string, seed: string, runs = RUNS): Score[] {
  const { type, times, species } = family;
  const result = runEnsemble(type, { runs, times, seed, method });
  return family.law().flatMap((law, i) =>
    law.flatMap(({ mean, variance, fourth }, t) => {
      const at = place(result, species[i], t);
      if (variance === 0) return [];
      return [
        {
          at: `${species[i]} at ${times[t]}`,
          mean: (result.mean[at] - mean) / Math.sqrt(variance / runs),
          variance: (result.sd[at] ** 2 - variance) / Math.sqrt((fourth - variance ** 2) / runs),
        },
      ];
    }),
  );
}

export function place({ species }: EnsembleResult, name: string, time: number): number {
  return time * species.length + species.indexOf(name);
}

/** The scores that are beyond ± `limit`, in words: an empty list is what a test asks for. */
export function beyond(list: readonly Score[], limit = 3.5): string[] {
  return list.flatMap(({ at, mean, variance }) => [
    ...(Math.abs(mean) < limit ? [] : [`mean of ${at}: ${mean.toFixed(2)} standard errors`]),
    ...(Math.abs(variance) < limit ? [] : [`variance of ${at}: ${variance.toFixed(2)} standard errors`]),
  ]);
}

/** Two ensembles of the same circuit by different methods: differences of mean and variance, in pooled standard errors. */
export function differences(
  { type, times, species }: Omit<Family, 'law'>,
  [one, other]: readonly [string, string],
  runs: number,
  seed: string,
): Score[] {
  const [a, b] = [one, other].map((method, i) =>
    runEnsemble(type, { runs, times, seed: `${seed} ${i}`, method, trajectories: runs }),
  );
  const column = (result: EnsembleResult, at: number): Float64Array =>
    Float64Array.from(
      { length: runs },
      (_, i) => result.trajectories[i * times.length * result.species.length + at],
    );
  return species.flatMap(name =>
    times.map((time, t) => {
      const [x, y] = [a, b].map(result => moments(column(result, place(result, name, t))));
      return {
        at: `${name} at ${time}`,
        mean: (y.mean - x.mean) / Math.sqrt((x.variance + y.variance) / runs),
        variance:
          (y.variance - x.variance) /
          Math.sqrt((x.fourth - x.variance ** 2 + y.fourth - y.variance ** 2) / runs),
      };
    }),
  );
}

export function moments(values: Float64Array): Moments {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x / n, 0);
  const power = (k: number): number => values.reduce((sum, x) => sum + (x - mean) ** k / n, 0);
  return { mean, variance: (power(2) * n) / (n - 1), fourth: power(4) };
}

/** A condition that becomes true once and stays so, by construction of the circuit; its law is a first passage. */
export interface Passage {
  readonly name: string;
  /** The circuit, stopped where the condition is met. */
  readonly stopped: CellType;
  readonly species: string;
  /** Whether an amount meets the condition. */
  readonly met: (amount: number) => boolean;
  readonly times: readonly number[];
  /** Probability that it has been met, by time. */
  law(): readonly number[];
}

function passage(
  name: string,
  free: CellType,
  stopped: CellType,
  species: string,
  met: (amount: number) => boolean,
  times: readonly number[],
): Passage {
  const s = free.circuit.species.findIndex(candidate => candidate.name === species);
  let known: readonly number[] | null = null;
  return {
    name,
    stopped,
    species,
    met,
    times,
    law() {
      known ??= projectLaw(free, times, { tolerance: 1e-7, target: amounts => met(amounts[s]) }).reached;
      return known;
    },
  };
}

/** Rare switching between the modes of bistable circuits: in volume 0.12, 8 and 70 molecules for Schlögl's. */
export const PASSAGES: readonly Passage[] = [
  passage('Schlögl, up', schlogl(9, 0.12), schlogl(9, 0.12, 'X < 66'), 'X', x => x >= 66, [1, 3, 10, 20]),
  passage('Schlögl, down', schlogl(66, 0.12), schlogl(66, 0.12, 'X > 9'), 'X', x => x <= 9, [1, 3, 10, 20]),
  passage('toggle', toggle(2, 0.25), toggle(2, 0.25, 'U > 2'), 'U', x => x <= 2, [3, 10, 30, 60]),
];

/** Shares of `runs` copies that have met the condition, by time. */
export function shares(passage: Passage, method: string, seed: string, runs: number): number[] {
  const { stopped, species, met, times } = passage;
  const result = runEnsemble(stopped, { runs, times, seed, method, trajectories: runs });
  return times.map((_, t) => {
    let count = 0;
    for (let copy = 0; copy < runs; copy++) {
      const at = copy * times.length * result.species.length + place(result, species, t);
      if (met(result.trajectories[at])) count++;
    }
    return count / runs;
  });
}

/** With many molecules, for the methods that approximate. */
export const LARGE: readonly Family[] = [
  projected('immigration–death of 10⁴', immigrationDeath(1000, 0.1), ['X'], [1, 3, 10, 30], 1e-7),
  projected('dimerisation of 2000', dimerisation(20), ['P2'], [3, 10, 40, 300], 1e-7),
  projected('toggle, volume 1', toggle(), ['U'], [0.3, 1, 3], 1e-7),
  projected('bursting gene, 10-fold', burstingGene(10), ['P'], [0.5, 2, 6], 1e-6),
];

export interface Deviation {
  readonly at: string;
  /** |mean/exact − 1|, less 3.5 standard errors; at least 0. */
  readonly mean: number;
  /** |variance/exact − 1|, less 3.5 standard errors; at least 0. */
  readonly variance: number;
}

/** By how much an approximate method is certainly off. */
export function deviations(family: Family, method: string, seed: string, runs: number): Deviation[] {
  const { type, times, species } = family;
  const result = runEnsemble(type, { runs, times, seed, method });
  return family.law().flatMap((law, i) =>
    law.map(({ mean, variance, fourth }, t) => {
      const at = place(result, species[i], t);
      const meanError = Math.sqrt(variance / runs);
      const varianceError = Math.sqrt((fourth - variance ** 2) / runs);
      return {
        at: `${species[i]} at ${times[t]}`,
        mean: Math.max(0, Math.abs(result.mean[at] - mean) - 3.5 * meanError) / mean,
        variance: Math.max(0, Math.abs(result.sd[at] ** 2 - variance) - 3.5 * varianceError) / variance,
      };
    }),
  );
}
