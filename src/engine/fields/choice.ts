import { longestDampedStep } from './damping.ts';
import type { FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';

/** Which solver takes a window of a field, and why, in words. */
export interface SolverDecision {
  readonly solver: 'adi' | 'multigrid';
  readonly reason: string;
}

/** The factorised scheme takes a window in at most so many parts for damping before multigrid is cheaper. */
const PARTS_WORTH_A_SOLVE = 32;

/** Voxels up to which that is worth some 40 arrays of memory: 256³. */
const MOST_VOXELS = 2 ** 24;

/** What the factorised solver cannot do for this field, in words; null where it can do all. */
export function beyondFactorisation(grid: Grid, field: FieldDescription): string | null {
  if (field.dynamics === 'quasi-steady') return 'the field is quasi-steady';
  if (field.velocity) return 'a flow carries the field';
  if (field.film) return 'the diffusivity depends on the cells';
  if (field.layer) return 'a boundary layer follows the cells';
  if (field.medium) return 'the diffusivity varies in space or by axis';
  if (field.patches && field.patches.length > 0) return 'a face has patches';
  if (field.reservoirs && field.reservoirs.length > 0) return 'a face meets a reservoir';
  const faces = field.boundary.slice(0, 2 * grid.dimensions);
  if (faces.some(({ kind }) => kind === 'flux')) return 'a flux is given at a face';
  if (faces.some(({ kind }) => kind === 'transfer')) return 'a face has a transfer layer';
  if (faces.some(face => 'expression' in face)) return 'a boundary value depends on time or place';
  if (grid.solid) return 'the domain has obstacles';
  return null;
}

/** The solver for a window of `window` seconds. */
export function chooseSolver(grid: Grid, field: FieldDescription, window: number): SolverDecision {
  const beyond = beyondFactorisation(grid, field);
  if (beyond !== null) return { solver: 'multigrid', reason: beyond };
  if (field.solver === 'adi' || field.solver === 'multigrid') {
    return { solver: field.solver, reason: 'as the scenario asks' };
  }
  const parts = partsForDamping(grid, field, window);
  if (parts > PARTS_WORTH_A_SOLVE && grid.voxels <= MOST_VOXELS) {
    return { solver: 'multigrid', reason: `adi would cut every step into ${parts} parts to damp it` };
  }
  return { solver: 'adi', reason: 'constant coefficients' };
}

/** Parts that the factorised scheme cuts a window into so that differences from voxel to voxel fade. */
export function partsForDamping(grid: Grid, field: FieldDescription, window: number): number {
  return Math.ceil(window / longestDampedStep(grid, field.diffusivity, window));
}
