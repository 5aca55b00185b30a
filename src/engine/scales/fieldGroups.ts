import { speedsAtCentres } from '../fields/velocity.ts';
import type { Model } from '../model/model.ts';
import type { Colony } from './colony.ts';
import type { Depletion, Exchange } from './exchange.ts';
import { domainTimes, transferSpeed } from './processes.ts';
import type { Turnover } from './turnover.ts';

/** Dimensionless numbers of a field; null where what they compare is not there. Lengths are the colony's radius R, the domain's for Bi. */
export interface FieldGroups {
  readonly field: string;
  /** R √(κ/D), κ the cells' uptake averaged over the colony. */
  readonly thiele: number | null;
  /** Damköhler I, κ R/u: uptake over flow. */
  readonly damkohler1: number | null;
  /** Damköhler II, κ R²/D: uptake over diffusion. */
  readonly damkohler2: number | null;
  /** u R/D. */
  readonly peclet: number | null;
  /** Transfer speed × half the domain / D, of the face with the thinnest layer. */
  readonly biot: number | null;
  /** Share of what the field loses that cells take: 1 where nothing else removes it. */
  readonly couplingStrength: number | null;
}

export function groupsOf(
  { description, population }: Model,
  f: number,
  colony: Colony | null,
  exchanges: readonly Exchange[],
  depletion: Depletion,
  { loss }: Turnover,
): FieldGroups {
  const { grid } = description;
  const field = description.fields[f];
  const D = field.diffusivity;
  let uptake = 0;
  const byType = new Float64Array(description.cellTypes.length);
  for (const { type, field: g, permeability } of exchanges) if (g === f) byType[type] += permeability;
  for (let slot = 0; slot < population.count; slot++) uptake += byType[population.type[slot]];
  const kappa = colony ? uptake / colony.volume : 0;
  const radius = colony?.radius ?? 0;
  const speed = speedOf(field, grid)?.reduce((most, value) => Math.max(most, value), 0) ?? 0;
  const transfers = field.boundary
    .slice(0, 2 * grid.dimensions)
    .map((end, face) => (transferSpeed(end) * grid.size[face >> 1]) / 2 / D)
    .filter(biot => biot > 0 && Number.isFinite(biot));
  const { leaving } = domainTimes(field, grid);
  const losses = depletion.domain + field.decay + loss + 1 / leaving;
  const known = uptake > 0 && D > 0;
  return {
    field: field.name,
    thiele: known ? radius * Math.sqrt(kappa / D) : null,
    damkohler1: uptake > 0 && speed > 0 ? (kappa * radius) / speed : null,
    damkohler2: known ? (kappa * radius ** 2) / D : null,
    peclet:
      speed > 0 && D > 0 ? (speed * (radius || Math.max(...grid.size.slice(0, grid.dimensions)))) / D : null,
    biot: transfers.length > 0 && D > 0 ? Math.max(...transfers) : null,
    couplingStrength: losses > 0 ? depletion.domain / losses : null,
  };
}

/** Speed of the flow that carries a field at every voxel, µm/s; null where none does. */
export function speedOf(
  field: Model['description']['fields'][number],
  grid: Model['description']['grid'],
): Float64Array | null {
  if (!field.velocity) return null;
  const parts = field.velocity
    .slice(0, grid.dimensions)
    .map((part, axis) => speedsAtCentres(grid, part, axis));
  return Float64Array.from({ length: grid.voxels }, (_, v) => Math.hypot(...parts.map(values => values[v])));
}
