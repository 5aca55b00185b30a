import type { CellType } from '../../src/engine/cells/cellType.ts';
import { refreshGeometry, volumeOfRadius } from '../../src/engine/cells/geometry.ts';
import { append, createPopulation, type Population } from '../../src/engine/cells/population.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { deriveStream } from '../../src/engine/random/xoshiro.ts';

/** A square slab 1 µm thick, or a cube, with walls unless said otherwise. */
export function domain(dimensions: 2 | 3, size: number, periodic = false): Grid {
  const depth = dimensions === 3 ? size : 1;
  const cells = dimensions === 3 ? ([8, 8, 8] as const) : ([8, 8, 1] as const);
  return createGrid(
    dimensions,
    cells,
    [size, size, depth],
    [periodic, periodic, periodic && dimensions === 3],
  );
}

/** A disc (or sphere) of radius 1 µm and density 100 fg/µm³ with two stochastic and one continuous species. */
export function cellType(changes: Partial<CellType> = {}): CellType {
  return {
    name: 'cell',
    shape: { kind: 'disc', radius: 1 },
    dryDensity: 100,
    circuit: {
      species: [
        { name: 'biomass', initial: 0, continuous: true },
        { name: 'mRNA', initial: 5, continuous: false },
        { name: 'protein', initial: 400, continuous: false },
        { name: 'sugar', initial: 12.3, continuous: true },
      ],
      reactions: [],
    },
    division: null,
    death: null,
    ...changes,
  };
}

/** Cells of type 0 with the given centres and radii, other species at their initial amounts, streams from `seed`. */
export function cellsAt(
  grid: Grid,
  type: CellType,
  cells: readonly (readonly [x: number, y: number, z: number, radius: number])[],
  seed = 'cells',
): Population {
  const population = createPopulation(4, type.circuit.species.length);
  const root = rootStream(seed);
  for (const [x, y, z, radius] of cells) {
    const slot = append(population);
    population.x[slot] = x;
    population.y[slot] = y;
    population.z[slot] = grid.dimensions === 2 ? grid.size[2] / 2 : z;
    population.amounts.set(
      type.circuit.species.map(({ initial }) => initial),
      slot * population.stride,
    );
    if (type.shape.kind === 'rod') throw new Error('cells of a radius are discs or spheres');
    population.amounts[slot * population.stride] =
      volumeOfRadius(type.shape.kind, radius, grid.size[2]) * type.dryDensity;
    deriveStream(root, 0, population.streams, 4 * slot, population.id[slot]);
  }
  refreshGeometry(population, [type], grid);
  population.birthVolume.set(population.volume);
  return population;
}

/** The columns in use, for comparing two populations. */
export function contents(population: Population): Record<string, number[]> {
  const { count, stride } = population;
  const columns: Record<string, number[]> = {};
  for (const [name, value] of Object.entries(population)) {
    if (typeof value === 'number') continue;
    const width = name === 'amounts' ? stride : name === 'streams' ? 4 : 1;
    columns[name] = Array.from((value as Float64Array).subarray(0, width * count));
  }
  return columns;
}
