import type { Grid } from '../fields/grid.ts';
import { deriveStream } from '../random/xoshiro.ts';
import { createCalendar, needsCalendar } from './calendar.ts';
import type { CellType, Placement } from './cellType.ts';
import { beginCycle } from './cycle.ts';
import { randomDirection } from './direction.ts';
import { drawDivisionVolume } from './division.ts';
import { confine, radiusOfShape, reachOf, refreshCell, volumeOfShape, wrap } from './geometry.ts';
import { createLife, needsLife } from './life.ts';
import { createMotionState } from './motion.ts';
import { obstaclesOf } from './obstacles.ts';
import { createOverlapIndex, type OverlapIndex } from './overlapIndex.ts';
import { append, createPopulation, type Population } from './population.ts';
import { createRegion, type Region } from './region.ts';
import { depthOfRod, pushRodClear } from './rodObstacles.ts';
import { createRods, halfAxis, type Rods } from './rods.ts';

/** A placement that cannot be carried out; `placement` is its index in the scenario's population. */
export class PlacementError extends Error {
  override readonly name = 'PlacementError';
  readonly placement: number;
  /** The message without the placement. */
  readonly reason: string;

  constructor(placement: number, reason: string) {
    super(`population[${placement}]: ${reason}`);
    this.placement = placement;
    this.reason = reason;
  }
}

/** Darts thrown for a founder before it settles for the place with the least overlap among them. */
const DARTS = 100;

/** What placement needs of a description. */
export interface Founders {
  readonly grid: Grid;
  readonly cellTypes: readonly CellType[];
  readonly population: readonly Placement[];
  readonly fields?: readonly unknown[];
}

/**
 * The founders of a model: ids from 1 in the order of the placements, parent 0, streams derived from the root in the
 * same order, so that a founder depends on the seed and on the founders before it alone.
 *
 * In a disc, ball, box or the whole domain a founder's centre is thrown uniformly into the region until it overlaps
 * no founder placed before it (random sequential addition). That process jams at an area fraction of about 0.547 in
 * the plane and a volume fraction of 0.38 in space (Torquato & Stillinger 2010, doi:10.1103/RevModPhys.82.2633);
 * denser regions are filled with as little overlap as DARTS throws find, which mechanics then relaxes. Points and
 * lattices are taken as they are. Every founder lies wholly between the walls and clear of obstacles; one at a point that only reaches
 * into an obstacle is moved beside it.
 *
 * Founders are newborn: birth volume = their volume = initial biomass / dryDensity (the type's shape, where the
 * initial biomass is 0), birth time 0, and the first division volume drawn from there.
 *
 * @throws PlacementError where the region cannot hold that many cells even when packed as densely as possible, or a
 *   point leaves the cell across a wall or its centre in an obstacle
 */
export function placeFounders(description: Founders, root: Uint32Array): Population {
  const { grid, cellTypes, population: placements } = description;
  const stride = Math.max(1, ...cellTypes.map(type => type.circuit.species.length));
  const founders = placements.reduce((sum, { count }) => sum + count, 0);
  const population = createPopulation(Math.max(16, founders), stride);
  if (cellTypes.some(type => needsCalendar(type.circuit))) {
    population.calendar = createCalendar(population.capacity);
  }
  if (cellTypes.some(({ shape }) => shape.kind === 'rod')) population.rods = createRods(population.capacity);
  if (needsLife(cellTypes)) population.life = createLife(population.capacity);
  if (cellTypes.some(({ motion }) => motion)) {
    const runs = cellTypes.some(({ motion }) => motion?.run);
    population.motion = createMotionState(population.capacity, runs ? (description.fields?.length ?? 0) : 0);
  }
  const index = createOverlapIndex(grid);
  placements.forEach((placement, p) => {
    placeCells({ grid, cellTypes }, population, placement, p, index, root, 0);
  });
  return population;
}

/**
 * Adds the cells of one placement (number `p`, for messages) to a population, newborn at `time` (s), and enters them into
 * the index of the cells they are to avoid. Throws as placeFounders does; cells placed before the fault then remain.
 */
export function placeCells(
  { grid, cellTypes }: Pick<Founders, 'grid' | 'cellTypes'>,
  population: Population,
  placement: Placement,
  p: number,
  index: OverlapIndex,
  root: Uint32Array,
  time: number,
): void {
  const type = cellTypes[placement.type];
  const amounts = founderAmounts(type, placement, grid);
  const radius = newbornRadius(type, amounts[0], grid);
  const region = regionOf(placement, p, grid, radius);
  for (let i = 0; i < placement.count; i++) {
    const slot = append(population);
    const { streams, id } = population;
    deriveStream(root, 0, streams, 4 * slot, id[slot]);
    population.type[slot] = placement.type;
    population.amounts.set(amounts, slot * population.stride);
    population.birthTime[slot] = time;
    refreshCell(population, slot, type, grid);
    const rod = type.shape.kind === 'rod';
    const fault = settle(population, slot, region, rod, placement.axis, i, index, grid);
    if (fault !== null) throw new PlacementError(p, fault.replace('REGION', placement.region.kind));
    const volume = population.volume[slot];
    population.birthVolume[slot] = volume;
    population.divisionVolume[slot] = drawDivisionVolume(type.division, volume, streams, 4 * slot);
    beginCycle(population, slot, type, time);
  }
}

function newbornRadius(type: CellType, biomass: number, grid: Grid): number {
  return radiusOfShape(type.shape, biomass / type.dryDensity, grid);
}

function founderAmounts(type: CellType, placement: Placement, grid: Grid): Float64Array {
  const amounts = Float64Array.from(type.circuit.species, ({ initial }) => initial);
  for (const [species, amount] of placement.amounts) amounts[species] = amount;
  if (amounts[0] === 0) amounts[0] = volumeOfShape(type.shape, grid) * type.dryDensity;
  return amounts;
}

/** Where this placement's cells may go, once it is certain that they can. */
function regionOf(placement: Placement, p: number, grid: Grid, radius: number): Region {
  const { count } = placement;
  for (let axis = 0; axis < grid.dimensions; axis++) {
    if (2 * radius > grid.size[axis]) {
      const wide = `${(2 * radius).toPrecision(3)} µm`;
      throw new PlacementError(p, `a cell ${wide} wide does not fit a domain of ${grid.size[axis]} µm`);
    }
  }
  const region = createRegion(placement.region, grid, radius);
  if (region.fault !== null) throw new PlacementError(p, region.fault);
  if (count > region.limit) {
    const of = `cells of radius ${radius.toPrecision(3)} µm`;
    throw new PlacementError(
      p,
      `${count} ${of} were asked for, but the region holds at most ${region.limit}`,
    );
  }
  return region;
}

/** Throws at what obstacles leave of a region, for one founder. */
const MOST_THROWS = 100_000;

/**
 * Gives founder number `i` of a placement its centre, a rod its axis (drawn anew for every dart where none is given), and
 * enters it into the index; why there is no place, or null. A rod that would reach through a wall is moved inward.
 */
function settle(
  population: Population,
  slot: number,
  region: Region,
  rod: boolean,
  axis: Placement['axis'],
  i: number,
  index: OverlapIndex,
  grid: Grid,
): string | null {
  const { rods, streams } = population;
  const radius = population.radius[slot];
  const isRod = rods !== undefined && rod;
  const centre = new Float64Array(3);
  const best = new Float64Array(3);
  const direction = Float64Array.of(1, 0, 0);
  const half = new Float64Array(3);
  const bestDirection = new Float64Array(3);
  if (isRod && axis) {
    const length = Math.hypot(...axis);
    for (let k = 0; k < 3; k++) direction[k] = axis[k] / length;
  }
  const obstacles = obstaclesOf(grid);
  let least = Number.POSITIVE_INFINITY;
  for (let dart = 0; dart < (region.random ? DARTS : 1) && least > 0; dart++) {
    for (let throws = 0; ; throws++) {
      if (isRod) {
        if (!axis) randomDirection(streams, 4 * slot, grid.dimensions, direction);
        pointRod(rods, slot, direction);
        for (let k = 0; k < 3; k++) half[k] = rods.halfLength[slot] * direction[k];
      }
      if (!region.centre(i, streams, 4 * slot, centre))
        return 'no place for a cell was found: this REGION hardly reaches between the walls';
      for (let k = 0; k < 3; k++)
        centre[k] = confine(grid, k as 0 | 1 | 2, centre[k], reachOf(population, slot, k as 0 | 1 | 2));
      const depth = obstacles ? depthOfRod(obstacles, centre, half, radius) : 0;
      if (depth === 0) break;
      if (!region.random && depth < radius) break;
      if (!region.random) {
        const at = Array.from(centre.subarray(0, grid.dimensions), x => Number(x.toPrecision(6))).join(', ');
        return `cell ${i} at (${at}) µm would lie in an obstacle`;
      }
      if (throws === MOST_THROWS) return 'no place for a cell was found: obstacles fill this REGION';
    }
    const overlap = region.random ? index.deepestOverlap(centre, radius, isRod ? half : undefined) : 0;
    if (overlap < least) {
      least = overlap;
      best.set(centre);
      bestDirection.set(direction);
    }
  }
  [population.x[slot], population.y[slot], population.z[slot]] = best;
  if (isRod) pointRod(rods, slot, bestDirection);
  if (obstacles && !region.random) {
    if (isRod) clearOneRod(population, slot, grid);
    else moveClear(population, slot, grid);
  }
  const place = Float64Array.of(population.x[slot], population.y[slot], population.z[slot]);
  index.insert(place, radius, isRod ? halfAxis(rods, slot) : undefined);
  return null;
}

/** A founder at a given point that reaches into an obstacle stands beside it. */
function moveClear(population: Population, slot: number, grid: Grid): void {
  const one = (column: Float64Array) => column.subarray(slot, slot + 1);
  const [x, y, z] = [one(population.x), one(population.y), one(population.z)];
  obstaclesOf(grid)?.clear({ count: 1, x, y, z, radius: one(population.radius) });
  for (const [axis, column] of [x, y, z].entries())
    if (grid.periodic[axis]) column[0] = wrap(column[0], grid.size[axis]);
}

/** The same of a rod, which may turn. */
function clearOneRod(population: Population, slot: number, grid: Grid): void {
  const { x, y, z, radius } = population;
  const rods = population.rods as Rods;
  const obstacles = obstaclesOf(grid);
  const pose = Float64Array.of(
    x[slot],
    y[slot],
    z[slot],
    rods.axisX[slot],
    rods.axisY[slot],
    rods.axisZ[slot],
  );
  if (!obstacles || !pushRodClear(obstacles, pose, rods.halfLength[slot], radius[slot])) return;
  for (const [axis, column] of [x, y, z].entries())
    column[slot] = grid.periodic[axis] ? wrap(pose[axis], grid.size[axis]) : pose[axis];
  pointRod(rods, slot, pose.subarray(3));
}

function pointRod(rods: Rods, slot: number, [x, y, z]: Float64Array): void {
  rods.axisX[slot] = x;
  rods.axisY[slot] = y;
  rods.axisZ[slot] = z;
}
