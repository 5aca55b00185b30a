import type { CellType } from '../../src/engine/cells/cellType.ts';
import { type EnsembleResult, runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import {
  batchImmigration,
  burstingGene,
  dimerisation,
  immigrationDeath,
  schlogl,
  toggle,
} from '../circuits/models.ts';

/** A circuit whose law is known: mean, variance and fourth central moment of one species at output times. */
export interface Family {
  readonly name: string;
  readonly type: CellType;
  readonly species: string;
  readonly times: readonly number[];
  law(): readonly { mean: number; variance: number; fourth: number }[];
}

/** By finite state projection, which test/circuits/stateProjection.test.ts holds against exact laws. */
function projected(name: string, type: CellType, species: string, times: readonly number[]): Family {
  return {
    name,
    type,
    species,
    times,
    law() {
      const law = projectLaw(type, times, { tolerance: 1e-8 });
      return times.map((_, t) => {
        const { mean, variance } = law.moments(t, species);
        const fourth = law.marginal(t, species).reduce((sum, p, n) => sum + p * (n - mean) ** 4, 0);
        return { mean, variance, fourth };
      });
    },
  };
}

export const FAMILIES: readonly Family[] = [
  projected('immigration–death', immigrationDeath(5, 0.1), 'X', [1, 3, 10, 30]),
  projected('batch immigration', batchImmigration(), 'X', [1, 4, 15]),
  projected('dimerisation', dimerisation(), 'P2', [3, 10, 40]),
  projected('bursting gene', burstingGene(), 'M', [0.5, 2, 6]),
  projected('toggle', toggle(), 'U', [0.3, 1, 2]),
];

/** Bistable, and costly: about 35,000 firings per copy. */
export const SCHLOGL: Family = projected('Schlögl', schlogl(), 'X', [1, 4]);

export const RUNS = 10_000;

/** For every time, mean and variance of `runs` copies less the exact ones, in standard errors √(σ²/n), √((μ₄ − σ⁴)/n). */
export function scores(
  family: Family,
  method: string,
  seed: string,
  runs = RUNS,
): { mean: number; variance: number }[] {
  const result: EnsembleResult = runEnsemble(family.type, { runs, times: family.times, seed, method });
  const width = result.species.length;
  const s = result.species.indexOf(family.species);
  return family.law().map(({ mean, variance, fourth }, t) => ({
    mean: (result.mean[t * width + s] - mean) / Math.sqrt(variance / runs),
    variance: (result.sd[t * width + s] ** 2 - variance) / Math.sqrt((fourth - variance ** 2) / runs),
  }));
}
