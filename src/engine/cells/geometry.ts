import type { Grid } from '../fields/grid.ts';
import type { CellType, Shape } from './cellType.ts';
import type { Population } from './population.ts';

/** Shapes that a radius describes. */
export type Round = Exclude<Shape, { kind: 'rod' }>['kind'];

/** Volume (µm³) of a disc π r² × thickness, or of a sphere 4/3 π r³; lengths in µm. */
export function volumeOfRadius(kind: Round, radius: number, thickness: number): number {
  return kind === 'disc' ? Math.PI * radius * radius * thickness : (4 / 3) * Math.PI * radius ** 3;
}

/** Radius (µm) of the disc or sphere of the given volume (µm³); the inverse of volumeOfRadius. */
export function radiusOfVolume(kind: Round, volume: number, thickness: number): number {
  return kind === 'disc'
    ? Math.sqrt(volume / (Math.PI * thickness))
    : Math.cbrt((3 * volume) / (4 * Math.PI));
}

/** What the two caps of a rod make together: a disc in 2-D, a sphere in 3-D. */
function capsOf({ dimensions }: Grid): Round {
  return dimensions === 2 ? 'disc' : 'sphere';
}

/** Volume (µm³) per length of a rod's straight part: 2 r × thickness in 2-D, π r² in 3-D. */
export function rodCrossSection(radius: number, grid: Grid): number {
  return grid.dimensions === 2 ? 2 * radius * grid.size[2] : Math.PI * radius * radius;
}

/** Volume (µm³) of a new cell of that shape. */
export function volumeOfShape(shape: Shape, grid: Grid): number {
  if (shape.kind !== 'rod') return volumeOfRadius(shape.kind, shape.radius, grid.size[2]);
  const { radius, length } = shape;
  const caps = volumeOfRadius(capsOf(grid), radius, grid.size[2]);
  return caps + (length - 2 * radius) * rodCrossSection(radius, grid);
}

/** Radius (µm) of a cell of that volume: a rod's own, unless it is too small to fill its two caps. */
export function radiusOfShape(shape: Shape, volume: number, grid: Grid): number {
  if (shape.kind !== 'rod') return radiusOfVolume(shape.kind, volume, grid.size[2]);
  return Math.min(shape.radius, radiusOfVolume(capsOf(grid), volume, grid.size[2]));
}

/** Half the distance (µm) between the centres of the caps of a cell of that volume; 0 for a shape that is no rod. */
export function halfLengthOfShape(shape: Shape, volume: number, grid: Grid): number {
  if (shape.kind !== 'rod') return 0;
  const straight = volume - volumeOfRadius(capsOf(grid), shape.radius, grid.size[2]);
  return straight > 0 ? (0.5 * straight) / rodCrossSection(shape.radius, grid) : 0;
}

/** Sets volume, radius and length of the cell in `slot` from its biomass: volume = biomass / dryDensity. */
export function refreshCell(population: Population, slot: number, type: CellType, grid: Grid): void {
  const volume = population.amounts[slot * population.stride] / type.dryDensity;
  population.volume[slot] = volume;
  population.radius[slot] = radiusOfShape(type.shape, volume, grid);
  if (population.rods) population.rods.halfLength[slot] = halfLengthOfShape(type.shape, volume, grid);
}

/** Makes every cell's volume, radius and length follow its biomass, after growth or a restored window; slots from … to. */
export function refreshGeometry(
  population: Population,
  types: readonly CellType[],
  grid: Grid,
  from = 0,
  to = population.count,
): void {
  const { stride, amounts, volume, radius, type, rods } = population;
  const thickness = grid.size[2];
  for (let slot = from; slot < to; slot++) {
    const { dryDensity, shape } = types[type[slot]];
    const v = amounts[slot * stride] / dryDensity;
    volume[slot] = v;
    if (shape.kind === 'rod') {
      radius[slot] = radiusOfShape(shape, v, grid);
      if (rods) rods.halfLength[slot] = halfLengthOfShape(shape, v, grid);
    } else radius[slot] = radiusOfVolume(shape.kind, v, thickness);
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

/** How far the cell in `slot` reaches from its centre along an axis, µm: its radius, and a rod's caps. */
export function reachOf(population: Population, slot: number, axis: 0 | 1 | 2): number {
  const { radius, rods } = population;
  if (!rods) return radius[slot];
  const along = axis === 0 ? rods.axisX[slot] : axis === 1 ? rods.axisY[slot] : rods.axisZ[slot];
  return radius[slot] + rods.halfLength[slot] * Math.abs(along);
}

/**
 * A centre coordinate made valid on one axis: wrapped where the axis is periodic, between the walls otherwise. In
 * 2-D the third axis is the slab's, where every cell sits in the middle.
 */
export function confine(grid: Grid, axis: 0 | 1 | 2, x: number, radius: number): number {
  if (axis === 2 && grid.dimensions === 2) return 0.5 * grid.size[2];
  return grid.periodic[axis] ? wrap(x, grid.size[axis]) : between(x, radius, grid.size[axis]);
}
