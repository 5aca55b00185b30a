import { sample } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import { type Correlation, correlate } from './correlation.ts';
import { effectiveDiffusivity } from './effectiveDiffusivity.ts';
import { type Box, colonyBox, type Microstructure, rasterise } from './microstructure.ts';
import { type RepresentativeVolume, representativeVolume } from './representative.ts';
import { uptakeByCell } from './uptakeByCell.ts';

export interface SpaceOptions {
  /** Diffusivity in cells over that between them, ≥ 0; 0 where left out: nothing passes through. */
  readonly inCells?: number | undefined;
  /** Largest relative spread of representative windows; 0.05 where left out. */
  readonly tolerance?: number | undefined;
  /** Where to look; the box inscribed in the colony where left out. */
  readonly box?: Box;
}

export interface SpaceReport {
  readonly time: number;
  /** Null where there are no two cells with a box around them. */
  readonly packing: PackingReport | null;
}

export interface PackingReport {
  /** What was looked at, µm. */
  readonly box: Box;
  /** Voxels it is drawn on, and their edges, µm. */
  readonly voxels: readonly number[];
  readonly spacing: readonly number[];
  /** Mean radius of the cells in voxels: below about 4 the figures are coarse. */
  readonly resolution: number;
  /** Share of the box that cells fill; 1 less it is the porosity. */
  readonly fraction: number;
  /** By axis; null where cells fill all or nothing. */
  readonly correlation: readonly Correlation[] | null;
  readonly tolerance: number;
  readonly porosity: RepresentativeVolume | null;
  /** Of what cells take, molecules/µm³/s; null where they take nothing. */
  readonly uptake: readonly { readonly field: string; readonly volume: RepresentativeVolume | null }[];
  readonly inCells: number;
  /** Effective diffusivity over that between cells, by axis, of the box repeated periodically. */
  readonly effective: readonly number[];
  /** The same by Maxwell's formula for dilute discs or balls. */
  readonly maxwell: number;
  /** µm²/s by axis, of fields with the same diffusivity everywhere. */
  readonly diffusivities: readonly { readonly field: string; readonly values: readonly number[] }[];
}

/**
 * The spatial scales of the packing of cells, at the model's present state, which stays as it is: how far what cells fill is
 * correlated, how large a window must be to stand for all, and what diffusion is like on scales above that.
 *
 * @throws CellProblemError
 */
export function analyseSpace(model: Model, options: SpaceOptions = {}): SpaceReport {
  const { inCells = 0, tolerance = 0.05 } = options;
  const { description, population, kernels, fields, step } = model;
  const time = step * description.time.step;
  const box = options.box ?? colonyBox(model);
  if (box === null || population.count === 0) return { time, packing: null };
  const sampled = new Float64Array(population.count * fields.length);
  fields.forEach((field, f) => {
    sample(kernels.sample[f], population.count, field, sampled, fields.length, f);
  });
  const taken = fields.map((_, f) => uptakeByCell(model, f, sampled));
  const { structure, loads } = rasterise(model, box, taken);
  const { dimensions, cells, spacing, inside, fraction } = structure;
  const volume = spacing[0] * spacing[1] * spacing[2];
  let radius = 0;
  for (let slot = 0; slot < population.count; slot++) radius += population.radius[slot] / population.count;
  const porosity = Float64Array.from(inside, filled => 1 - filled);
  const effective = effectiveOf(structure, inCells);
  return {
    time,
    packing: {
      box,
      voxels: cells.slice(0, dimensions),
      spacing: spacing.slice(0, dimensions),
      resolution: radius / Math.max(...spacing.slice(0, dimensions)),
      fraction,
      correlation: correlate(structure),
      tolerance,
      porosity: representativeVolume(structure, porosity, tolerance),
      uptake: description.fields.map(({ name }, f) => ({
        field: name,
        volume: representativeVolume(
          structure,
          loads[f].map(amount => amount / volume),
          tolerance,
        ),
      })),
      inCells,
      effective,
      maxwell: maxwell(fraction, inCells, dimensions),
      diffusivities: description.fields
        .filter(({ medium, diffusivity }) => !medium && diffusivity > 0)
        .map(({ name, diffusivity }) => ({ field: name, values: effective.map(d => d * diffusivity) })),
    },
  };
}

/** Effective diffusivity of a packing along each of its axes, over that between cells; `inCells` as in SpaceOptions. */
export function effectiveOf(structure: Microstructure, inCells: number): number[] {
  const { cells, spacing, dimensions, inside } = structure;
  const medium = Float64Array.from(inside, filled => (filled ? inCells : 1));
  return ([0, 1, 2] as const)
    .slice(0, dimensions)
    .map(axis => effectiveDiffusivity(cells, spacing, medium, axis));
}

/** Maxwell's effective diffusivity of dilute discs (2-D) or balls (3-D) that fill a share of space. */
export function maxwell(fraction: number, inCells: number, dimensions: 2 | 3): number {
  const beta = (inCells - 1) / (inCells + dimensions - 1);
  return (1 + (dimensions - 1) * beta * fraction) / (1 - beta * fraction);
}
