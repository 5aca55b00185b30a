import type { CellType, Mechanics } from '../src/engine/cells/cellType.ts';
import { createDivision } from '../src/engine/cells/division.ts';
import { refreshGeometry, volumeOfRadius, volumeOfShape } from '../src/engine/cells/geometry.ts';
import { createMechanics } from '../src/engine/cells/mechanics.ts';
import { placeFounders } from '../src/engine/cells/placement.ts';
import { bytesPerCell, type Population, removeSlot } from '../src/engine/cells/population.ts';
import { createGrid, type Grid } from '../src/engine/fields/grid.ts';
import { rootStream } from '../src/engine/random/seed.ts';
import { uniform } from '../src/engine/random/xoshiro.ts';
import { type Figure, printFigures } from './figure.ts';

const RADIUS = 0.6;
const BIRTH_VOLUME = volumeOfRadius('disc', RADIUS, 1);
const TYPE: CellType = {
  name: 'cell',
  shape: { kind: 'disc', radius: RADIUS },
  dryDensity: 300,
  circuit: {
    species: [
      { name: 'biomass', initial: 0, continuous: true },
      { name: 'mRNA', initial: 10, continuous: false },
      { name: 'protein', initial: 1000, continuous: false },
    ],
    reactions: [],
  },
  division: { kind: 'adder', volume: BIRTH_VOLUME, noise: 0.1, asymmetry: 0 },
  death: null,
};
const MECHANICS = { repulsion: 'soft', rate: 0.1, adhesion: 0, range: 0 } as const;
/** Growth per step: a doubling time of 30 minutes and steps of 10 s. */
const GROWTH = 2 ** (10 / 1800);
const STEP = 10;

interface Colony {
  grid: Grid;
  population: Population;
}

/** A round, packed colony of about `cells` cells of all ages, on a hexagonal lattice. */
function packedColony(cells: number): Colony {
  const spacing = 2.45 * RADIUS;
  const across = Math.ceil(1.2 * Math.sqrt(cells) * spacing) + 20;
  const grid = createGrid(2, [16, 16, 1], [across, across, 1]);
  const reach = spacing * Math.sqrt((cells * Math.sqrt(3)) / (2 * Math.PI));
  const points: [number, number, number][] = [];
  for (let row = -Math.ceil(reach); row <= reach; row++) {
    for (let column = -Math.ceil(reach); column <= reach; column++) {
      const x = spacing * (column + 0.5 * (row & 1));
      const y = spacing * row * (Math.sqrt(3) / 2);
      if (x * x + y * y < reach * reach) points.push([across / 2 + x, across / 2 + y, 0]);
    }
  }
  const population = placeFounders(
    {
      grid,
      cellTypes: [TYPE],
      population: [{ type: 0, count: points.length, region: { kind: 'points', points }, amounts: [] }],
    },
    rootStream('bench'),
  );
  // Volumes between one and two birth volumes, each to divide at twice its own.
  const random = rootStream('volumes');
  for (let slot = 0; slot < population.count; slot++) {
    population.amounts[slot * population.stride] *= 1 + uniform(random, 0);
  }
  refreshGeometry(population, [TYPE], grid);
  return { grid, population };
}

function grow({ population, grid }: Colony): void {
  const { amounts, stride } = population;
  for (let slot = 0; slot < population.count; slot++) amounts[slot * stride] *= GROWTH;
  refreshGeometry(population, [TYPE], grid);
}

/** Cell-substeps per second of mechanics in a growing colony, the best of all steps. */
function packedGrowth(cells: number, steps: number, repeats: number): Figure[] {
  let best = 0;
  let substeps = 0;
  let colony = packedColony(cells);
  let mechanics = createMechanics(colony.grid, MECHANICS);
  for (let repeat = 0; repeat < repeats; repeat++) {
    colony = packedColony(cells);
    const { population, grid } = colony;
    mechanics = createMechanics(grid, MECHANICS);
    const division = createDivision([TYPE], grid);
    substeps = 0;
    for (let step = 0; step < steps; step++) {
      grow(colony);
      division.advance(population, step * STEP);
      const start = performance.now();
      const report = mechanics.advance(population, STEP);
      best = Math.max(best, (1e3 * report.substeps * population.count) / (performance.now() - start));
      substeps += report.substeps;
    }
  }
  const { population } = colony;
  const scratch = mechanics.bytes() / population.capacity;
  return [
    {
      name: `mechanics, packed growing colony, ${population.count} cells`,
      value: best,
      unit: 'cell-substeps/s',
      goal: 2e6,
      note: `${(substeps / steps).toFixed(1)} substeps per step; PhysiCell 0.8e6 at 1e3, 0.5e6 at 1e5`,
    },
    {
      name: `memory, ${population.count} cells`,
      value: bytesPerCell(population) - 8 * population.stride + scratch,
      unit: 'bytes per cell',
      goal: 300,
      note: `plus 8 per species; of these ${scratch.toFixed(0)} for mechanics; per slot of capacity`,
    },
  ];
}

/** The same for spheres: thrown into a periodic cube, then grown to a volume fraction of 0.58 and relaxed. */
function packedSpheres(count: number, repeats: number): Figure {
  const size = Math.cbrt((count * volumeOfRadius('sphere', RADIUS, 1)) / 0.29);
  const grid = createGrid(3, [8, 8, 8], [size, size, size], [true, true, true]);
  const type: CellType = { ...TYPE, shape: { kind: 'sphere', radius: RADIUS }, division: null };
  const population = placeFounders(
    { grid, cellTypes: [type], population: [{ type: 0, count, region: { kind: 'domain' }, amounts: [] }] },
    rootStream('spheres'),
  );
  for (let slot = 0; slot < count; slot++) population.amounts[slot * population.stride] *= 2;
  refreshGeometry(population, [type], grid);
  const mechanics = createMechanics(grid, MECHANICS);
  for (let step = 0; step < 3; step++) mechanics.advance(population, STEP);
  let best = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    const { substeps } = mechanics.advance(population, STEP);
    best = Math.max(best, (1e3 * substeps * count) / (performance.now() - start));
  }
  const name = `mechanics, packed spheres in 3-D, ${count} cells`;
  return { name, value: best, unit: 'cell-substeps/s', goal: 2e6 };
}

/**
 * A colony grown from one rod to `cells`, doubling in 30 min, in steps of 30 s: milliseconds of mechanics per step in the last
 * tenth, and the deepest overlap in it.
 */
function rodColony(mechanics: Mechanics, cells: number): Figure {
  const across = 20 + 5 * Math.sqrt(cells);
  const grid = createGrid(2, [16, 16, 1], [across, across, 1]);
  const shape = { kind: 'rod', radius: 0.5, length: 2 } as const;
  const volume = volumeOfShape(shape, grid);
  const division = { kind: 'adder', volume, noise: 0.1, asymmetry: 0.02, angularNoise: 0.02 } as const;
  const type: CellType = { ...TYPE, shape, division };
  const middle = [across / 2, across / 2, 0.5] as const;
  const population = placeFounders(
    {
      grid,
      cellTypes: [type],
      population: [{ type: 0, count: 1, region: { kind: 'points', points: [middle] }, amounts: [] }],
    },
    rootStream('rods'),
  );
  const operator = createMechanics(grid, mechanics, true);
  const divide = createDivision([type], grid);
  const growth = 2 ** (30 / 1800);
  let [steps, spent, substeps, worst] = [0, 0, 0, 0];
  for (let step = 0; population.count < cells; step++) {
    for (let slot = 0; slot < population.count; slot++)
      population.amounts[slot * population.stride] *= growth;
    refreshGeometry(population, [type], grid);
    divide.advance(population, 30 * step);
    const start = performance.now();
    const report = operator.advance(population, 30);
    if (population.count < 0.9 * cells) continue;
    spent += performance.now() - start;
    steps++;
    substeps += report.substeps;
    worst = Math.max(worst, operator.maxOverlap(population) / shape.radius);
  }
  const solver = mechanics.solver ?? 'explicit';
  return {
    name: `mechanics, colony of ${cells} rods, ${solver}, rate ${mechanics.rate} /s`,
    value: spent / steps,
    unit: 'ms per step of 30 s',
    note: `${(substeps / steps).toFixed(1)} iterations or substeps per step; deepest overlap ${(100 * worst).toFixed(1)} % of a radius`,
  };
}

/** Nanoseconds per division (three species) and per removal, in a population of `cells`. */
function turnover(cells: number, repeats: number): Figure[] {
  let divisionTime = Number.POSITIVE_INFINITY;
  let removalTime = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { population, grid } = packedColony(cells);
    const division = createDivision([TYPE], grid);
    for (let slot = 0; slot < population.count; slot++) {
      population.divisionVolume[slot] = population.volume[slot];
    }
    let start = performance.now();
    const divisions = division.advance(population, 0);
    divisionTime = Math.min(divisionTime, (performance.now() - start) / divisions);
    const removals = population.count >> 1;
    start = performance.now();
    for (let slot = removals - 1; slot >= 0; slot--) removeSlot(population, slot);
    removalTime = Math.min(removalTime, (performance.now() - start) / removals);
  }
  return [
    { name: `division, ${cells} cells at once`, value: 1e6 * divisionTime, unit: 'ns per division' },
    { name: `removal, ${cells} cells`, value: 1e6 * removalTime, unit: 'ns per removal' },
  ];
}

export function* bench(): Generator<Figure> {
  yield* packedGrowth(1e3, 40, 8);
  yield* packedGrowth(1e4, 10, 5);
  yield* packedGrowth(1e5, 2, 3);
  yield packedSpheres(5e3, 10);
  yield* turnover(1e4, 8);
  yield rodColony({ repulsion: 'soft', rate: 300, adhesion: 0, range: 0, solver: 'implicit' }, 1000);
  yield rodColony({ repulsion: 'soft', rate: 2, adhesion: 0, range: 0 }, 1000);
}

if (import.meta.main) await printFigures(bench());
