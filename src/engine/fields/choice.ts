import { longestDampedStep } from './damping.ts';
import type { FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';
import { spectralEnds } from './spectral/spectralSolver.ts';
import { faceIndex, speedsAtFaces } from './velocity.ts';

/** Which solver takes a window of a field, and why, in words. */
export interface SolverDecision {
  readonly solver: 'adi' | 'multigrid' | 'spectral' | 'bicgstab';
  readonly reason: string;
}

/** The factorised scheme takes a window in at most so many parts for damping before multigrid is cheaper. */
const PARTS_WORTH_A_SOLVE = 32;

/** Voxels up to which that is worth some 40 arrays of memory: 256³. */
const MOST_VOXELS = 2 ** 24;

/** A flow that crosses more voxels in a window is not followed through it but solved for, at the price of upwind fluxes. */
const MOST_CROSSED = 400;

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
  if (field.velocity && canTakeWithin(field)) {
    const decision = chooseForFlow(grid, field, field.velocity, window);
    if (decision) return decision;
  }
  const beyond = beyondFactorisation(grid, field);
  const unfactored = (reason: string): SolverDecision =>
    field.solver !== 'multigrid' && spectralEnds(grid, field)
      ? { solver: 'spectral', reason: `${reason}; its coefficients are constant` }
      : { solver: 'multigrid', reason };
  if (field.solver === 'spectral' && spectralEnds(grid, field)) {
    return { solver: 'spectral', reason: 'as the scenario asks' };
  }
  if (beyond !== null) return unfactored(beyond);
  if (field.solver === 'adi' || field.solver === 'multigrid') {
    return { solver: field.solver, reason: 'as the scenario asks' };
  }
  const parts = partsForDamping(grid, field, window);
  if (parts > PARTS_WORTH_A_SOLVE && grid.voxels <= MOST_VOXELS) {
    return unfactored(`adi would cut every step into ${parts} parts to damp it`);
  }
  return { solver: 'adi', reason: 'constant coefficients' };
}

/** A flow that varies in time, or through reservoirs, is taken apart from diffusion. */
export function canTakeWithin({ pace, reservoirs }: FieldDescription): boolean {
  return pace === undefined && (reservoirs === undefined || reservoirs.length === 0);
}

/** Whether the flow is part of the implicit solve; null where it is taken apart, in explicit substeps. */
function chooseForFlow(
  grid: Grid,
  field: FieldDescription,
  velocity: Velocity,
  window: number,
): SolverDecision | null {
  if (field.dynamics === 'quasi-steady') {
    return { solver: 'bicgstab', reason: 'a flow carries the field, which is quasi-steady' };
  }
  if (field.solver === 'bicgstab') return { solver: 'bicgstab', reason: 'as the scenario asks' };
  if (field.solver === 'multigrid' || field.solver === 'spectral') return null;
  const crossed = window * crossingRate(grid, velocity);
  if (!(crossed > MOST_CROSSED)) return null;
  return { solver: 'bicgstab', reason: `the flow crosses ${Math.round(crossed)} voxels in a step` };
}

type Velocity = NonNullable<FieldDescription['velocity']>;

const rates = new WeakMap<Velocity, { grid: Grid; rate: number }>();

/** The most voxels that the flow crosses in a second, |v|/h summed over the axes. */
export function crossingRate(grid: Grid, velocity: Velocity): number {
  const known = rates.get(velocity);
  if (known?.grid === grid) return known.rate;
  const sum = new Float64Array(grid.voxels);
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const speeds = speedsAtFaces(grid, velocity[axis], axis);
    for (let v = 0; v < sum.length; v++) {
      if (grid.solid?.[v]) continue;
      const through = Math.abs(speeds[faceIndex(grid, axis, v, 0)] + speeds[faceIndex(grid, axis, v, 1)]) / 2;
      sum[v] += through / grid.spacing[axis];
    }
  }
  const rate = sum.reduce((most, one) => Math.max(most, one), 0);
  rates.set(velocity, { grid, rate });
  return rate;
}

/** Parts that the factorised scheme cuts a window into so that differences from voxel to voxel fade. */
export function partsForDamping(grid: Grid, field: FieldDescription, window: number): number {
  return Math.ceil(window / longestDampedStep(grid, field.diffusivity, window));
}
