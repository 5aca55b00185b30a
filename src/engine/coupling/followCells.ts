import type { Population } from '../cells/population.ts';
import { deposit } from '../exchange/kernel.ts';
import type { FieldDescription, FilmDiffusivity } from '../fields/field.ts';
import { filmWeight, followsCells, relativeDiffusivity } from '../fields/film.ts';
import type { FieldSolver } from '../fields/solver.ts';
import { surfaceDistance } from '../fields/surfaceDistance.ts';
import type { Model } from '../model/model.ts';

/** The cells that a film was last set by, and scratch. */
interface Seen {
  cells: Float64Array;
  readonly fraction: Float64Array;
  readonly distance: Float64Array;
}

const seenBy = new WeakMap<FieldSolver, Seen>();

/**
 * Sets what the cells make of the medium for the step that begins: volume fractions by the kernel that they exchange with, and the
 * distance to their surfaces. A function of the present cells alone; nothing is done where they are what they were.
 */
export function followCells({ description, population, kernel, solver }: Model): void {
  const { grid, fields } = description;
  const following = fields.filter(followsCells);
  if (following.length === 0) return;
  const cells = where(population);
  let seen = seenBy.get(solver);
  if (seen && isSame(seen.cells, cells)) return;
  const room = () => new Float64Array(grid.voxels);
  seen ??= { cells, fraction: room(), distance: room() };
  seen.cells = cells;
  seenBy.set(solver, seen);

  const { film } = solver;
  const { fraction } = seen;
  const { count, volume, type } = population;
  const isFilm = (field: FieldDescription): field is FieldDescription & { film: FilmDiffusivity } =>
    field.film !== undefined;
  const withFilm = following.filter(isFilm);
  if (withFilm.length > 0) {
    fraction.fill(0);
    deposit(kernel, count, volume, 1, 0, 1 / grid.voxelVolume, fraction);
  }
  const weighted = new Float64Array(withFilm.length > 0 ? count : 0);
  for (const field of withFilm) {
    const weights = field.film.factors.map((_, t) => filmWeight(field.film, t, grid.dimensions));
    for (let slot = 0; slot < count; slot++) weighted[slot] = volume[slot] * weights[type[slot]];
    const sum = film.relative.get(field)?.fill(0) ?? room();
    deposit(kernel, count, weighted, 1, 0, 1 / grid.voxelVolume, sum);
    relativeDiffusivity(field.film, grid, fraction, sum);
    film.relative.set(field, sum);
  }
  const thickness = Math.max(0, ...following.map(({ layer }) => layer?.thickness ?? 0));
  if (thickness > 0) {
    // Beyond the layer by as much as a neighbour of its last voxel can be.
    surfaceDistance(
      grid,
      population,
      thickness + 2 * Math.max(...grid.spacing.slice(0, grid.dimensions)) * 2,
      seen.distance,
    );
    film.distance = seen.distance;
  }
  film.version++;
}

/** All that the medium depends on, in one array. */
function where({ count, x, y, z, radius, volume, type, rods }: Population): Float64Array {
  const columns = [x, y, z, radius, volume, type];
  if (rods) columns.push(rods.axisX, rods.axisY, rods.axisZ, rods.halfLength);
  const cells = new Float64Array(columns.length * count);
  columns.forEach((column, i) => {
    for (let slot = 0; slot < count; slot++) cells[i * count + slot] = column[slot];
  });
  return cells;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
