import { total } from '../fields/total.ts';
import type { Model } from '../model/model.ts';

export interface FieldCensus {
  readonly name: string;
  /** Molecules in the domain. */
  readonly total: number;
  /** Concentrations, molecules/µm³. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Number of cells of each type, in type order. */
export function countCells(model: Model): number[] {
  const counts = new Array<number>(model.description.cellTypes.length).fill(0);
  const { count, type } = model.population;
  for (let slot = 0; slot < count; slot++) counts[type[slot]]++;
  return counts;
}

/** Range and mean of each field, obstacles left out. */
export function surveyFields(model: Model): FieldCensus[] {
  const { grid, fields } = model.description;
  return model.fields.map((values, f) => {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let free = 0;
    for (let v = 0; v < values.length; v++) {
      if (grid.solid?.[v]) continue;
      free++;
      if (values[v] < min) min = values[v];
      if (values[v] > max) max = values[v];
    }
    const molecules = total(values) * grid.voxelVolume;
    return {
      name: fields[f].name,
      total: molecules,
      min,
      max,
      mean: molecules / (free * grid.voxelVolume),
    };
  });
}

export interface ReservoirCensus {
  readonly reservoir: string;
  readonly field: string;
  /** molecules/µm³ */
  readonly concentration: number;
}

/** What the reservoirs hold, field after field. */
export function surveyReservoirs({ description, bulk }: Model): ReservoirCensus[] {
  return description.fields.flatMap((field, f) =>
    (field.reservoirs ?? []).map(({ name }, j) => ({
      reservoir: name,
      field: field.name,
      concentration: bulk[f][j],
    })),
  );
}

/** Mean and standard deviation (over cells) of each species of cell type t; biomass first. */
export function surveySpecies(model: Model, t: number): { name: string; mean: number; sd: number }[] {
  const { population, description } = model;
  const { count, stride, type, amounts } = population;
  return description.cellTypes[t].circuit.species.map((species, s) => {
    let n = 0;
    let mean = 0;
    let squares = 0;
    // Welford's recurrence: no cancellation between large sums.
    for (let slot = 0; slot < count; slot++) {
      if (type[slot] !== t) continue;
      const value = amounts[slot * stride + s];
      n++;
      const delta = value - mean;
      mean += delta / n;
      squares += delta * (value - mean);
    }
    return { name: species.name, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
  });
}
