import type { CellType } from '../../src/engine/cells/cellType.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { stationaryLaw } from '../../src/engine/circuits/stationaryLaw.ts';
import {
  batchImmigration,
  burstingGene,
  dimerisation,
  immigrationDeath,
  schlogl,
} from '../circuits/models.ts';
import { chiSquareZ } from './circuits.ts';
import { place } from './families.ts';

/** A circuit with a time after which its start is forgotten: a share below 10⁻⁴ of it is left. */
export interface StationaryFamily {
  readonly name: string;
  readonly type: CellType;
  readonly species: string;
  readonly time: number;
}

export const STATIONARY: readonly StationaryFamily[] = [
  { name: 'immigration–death', type: immigrationDeath(3, 0.5), species: 'X', time: 25 },
  { name: 'bursting gene', type: burstingGene(), species: 'P', time: 30 },
  { name: 'batch immigration', type: batchImmigration(), species: 'X', time: 60 },
  { name: 'dimerisation', type: dimerisation(), species: 'P2', time: 150 },
  { name: 'Schlögl, small', type: schlogl(10, 0.05), species: 'X', time: 30 },
];

/** Pearson's χ² of `runs` copies against the stationary law, as a z (chiSquareZ). */
export function stationaryScore(
  family: StationaryFamily,
  method: string,
  seed: string,
  runs: number,
): number {
  const { type, species, time } = family;
  const law = stationaryLaw(type, { tolerance: 1e-7 }).law.marginal(species);
  const result = runEnsemble(type, { runs, times: [time], seed, method, trajectories: runs });
  const width = result.species.length;
  const values = Float64Array.from(
    { length: runs },
    (_, copy) => result.trajectories[copy * width + place(result, species, 0)],
  );
  return chiSquareZ(values, [...law]);
}
