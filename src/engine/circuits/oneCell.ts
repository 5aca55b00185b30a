import type { CellType } from '../cells/cellType.ts';
import { createPopulation, type Population } from '../cells/population.ts';
import type { CircuitWindow } from './window.ts';

/** A single cell of a type with its initial amounts, for what needs a state but no space. */
export function populationOfOne(type: CellType): Population {
  const { species } = type.circuit;
  const population = createPopulation(1, species.length);
  population.count = 1;
  species.forEach(({ initial }, s) => {
    population.amounts[s] = initial;
  });
  population.streams[0] = 1;
  population.volume[0] = species[0].initial / type.dryDensity;
  population.birthVolume[0] = population.volume[0];
  population.divisionVolume[0] = Number.POSITIVE_INFINITY;
  return population;
}

/** A window over that cell, with held concentrations. */
export function windowOfOne(
  population: Population,
  fields: readonly number[],
  reactions: number,
): CircuitWindow {
  return {
    population,
    cells: Int32Array.of(0),
    from: 0,
    to: 1,
    time: 0,
    duration: 0,
    fieldCount: fields.length,
    sampled: Float64Array.from(fields),
    released: new Float64Array(fields.length),
    available: null,
    includeUptake: false,
    expectedUptake: null,
    uptakeStride: 1,
    extents: new Float64Array(reactions),
  };
}
