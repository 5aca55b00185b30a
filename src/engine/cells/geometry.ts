import type { Grid } from '../fields/grid.ts';
import type { CellType, Shape } from './cellType.ts';
import type { Population } from './population.ts';

/** Volume (µm³) of a disc π r² × thickness, or of a sphere 4/3 π r³; lengths in µm. */
export function volumeOfRadius(kind: Shape['kind'], radius: number, thickness: number): number {
  return kind === 'disc' ? Math.PI * radius * radius * thickness : (4 / 3) * Math.PI * radius ** 3;
}

/** Radius (µm) of the disc or sphere of the given volume (µm³); the inverse of volumeOfRadius. */
export function radiusOfVolume(kind: Shape['kind'], volume: number, thickness: number): number {
  return kind === 'disc'
    ? Math.sqrt(volume / (Math.PI * thickness))
    : Math.cbrt((3 * volume) / (4 * Math.PI));
}

/** Sets volume and radius of the cell in `slot` from its biomass: volume = biomass / dryDensity. */
export function refreshCell(population: Population, slot: number, type: CellType, thickness: number): void {
  const volume = population.amounts[slot * population.stride] / type.dryDensity;
  population.volume[slot] = volume;
  population.radius[slot] = radiusOfVolume(type.shape.kind, volume, thickness);
}

/** Makes every cell's volume and radius follow its biomass, after growth or a restored window. */
export function refreshGeometry(population: Population, types: readonly CellType[], grid: Grid): void {
  const { count, stride, amounts, volume, radius, type } = population;
  const thickness = grid.size[2];
  for (let slot = 0; slot < count; slot++) {
    const { dryDensity, shape } = types[type[slot]];
    const v = amounts[slot * stride] / dryDensity;
    volume[slot] = v;
    radius[slot] = radiusOfVolume(shape.kind, v, thickness);
  }
}

/** `x` brought into [0, size) on an axis that wraps. */
export function wrap(x: number, size: number): number {
  if (x >= 0 && x < size) return x;
  const wrapped = x - size * Math.floor(x / size);
  // A tiny negative x rounds up to the full size, which is the same place as 0.
  return wrapped < size ? wrapped : 0;
}

/**
 * The nearest centre to `x` at which a cell of this radius lies between walls at 0 and `size`; the middle where the
 * cell is wider than the domain.
 */
export function between(x: number, radius: number, size: number): number {
  if (2 * radius >= size) return 0.5 * size;
  return x < radius ? radius : Math.min(x, size - radius);
}

/**
 * A centre coordinate made valid on one axis: wrapped where the axis is periodic, between the walls otherwise. In
 * 2-D the third axis is the slab's, where every cell sits in the middle.
 */
export function confine(grid: Grid, axis: 0 | 1 | 2, x: number, radius: number): number {
  if (axis === 2 && grid.dimensions === 2) return 0.5 * grid.size[2];
  return grid.periodic[axis] ? wrap(x, grid.size[axis]) : between(x, radius, grid.size[axis]);
}
