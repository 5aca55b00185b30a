import { uniform } from '../random/xoshiro.ts';
import type { CellType, Release } from './cellType.ts';
import { type Population, removeSlot } from './population.ts';
import { planLife } from './rules.ts';

/** Receives what a dying cell gives to a field: `amount` molecules, to be deposited with that cell's kernel weights. */
export type Deposit = (slot: number, field: number, amount: number) => void;

/** Cells that are gone: entry i < count says who, of which type (type[i]), and where it was (µm). */
export interface DeathLog {
  count: number;
  id: Uint32Array;
  type: Uint16Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  radius: Float64Array;
  /** From the centre to a cap of a rod; 0 for others. */
  halfX: Float64Array;
  halfY: Float64Array;
}

export function createDeathLog(): DeathLog {
  return {
    count: 0,
    id: new Uint32Array(16),
    type: new Uint16Array(16),
    x: new Float64Array(16),
    y: new Float64Array(16),
    z: new Float64Array(16),
    radius: new Float64Array(16),
    halfX: new Float64Array(16),
    halfY: new Float64Array(16),
  };
}

/** Enters the cell in `slot`, which still lives. */
export function logDeath(log: DeathLog, population: Population, slot: number): void {
  const i = log.count++;
  if (i === log.id.length) {
    log.id = doubled(log.id, new Uint32Array(2 * i));
    log.type = doubled(log.type, new Uint16Array(2 * i));
    log.x = doubled(log.x, new Float64Array(2 * i));
    log.y = doubled(log.y, new Float64Array(2 * i));
    log.z = doubled(log.z, new Float64Array(2 * i));
    log.radius = doubled(log.radius, new Float64Array(2 * i));
    log.halfX = doubled(log.halfX, new Float64Array(2 * i));
    log.halfY = doubled(log.halfY, new Float64Array(2 * i));
  }
  log.id[i] = population.id[slot];
  log.type[i] = population.type[slot];
  log.x[i] = population.x[slot];
  log.y[i] = population.y[slot];
  log.z[i] = population.z[slot];
  log.radius[i] = population.radius[slot];
  const { rods } = population;
  log.halfX[i] = rods ? rods.halfLength[slot] * rods.axisX[slot] : 0;
  log.halfY[i] = rods ? rods.halfLength[slot] * rods.axisY[slot] : 0;
}

export interface DeathOperator {
  /**
   * Of the last `advance`, per exit (rules.ts; exit t is the death of type t): deaths[exit]; what left through its sink,
   * sink[exit · stride + species] (molecules; fg for biomass); extents[exit][release].
   */
  readonly deaths: Uint32Array;
  /** Cell type of each exit. */
  readonly types: readonly number[];
  readonly sink: Float64Array;
  readonly extents: readonly Float64Array[];
  /** The cells that died, in slot order. */
  readonly log: DeathLog;
  /**
   * Lets each cell die with probability 1 − exp(−hazard(slot)·duration), the exact one for a hazard constant over the
   * window. Slots stay as they are while `hazard` and `deposit` are called; the dead are removed afterwards.
   * A cell with marks[slot] = n > 0 leaves by exit n − 1 for certain. Returns the number of deaths.
   */
  advance(
    population: Population,
    hazard: (slot: number) => number,
    duration: number,
    deposit: Deposit,
    marks?: Uint16Array,
  ): number;
}

/** A release as changes per unit of extent. */
export interface CompiledRelease {
  readonly whole: boolean;
  /** Cell species on the left: what a firing needs there and by how much it lowers it (0 for a catalyst). */
  readonly needs: readonly { species: number; coefficient: number; consumed: number }[];
  readonly changes: readonly { species: number; change: number }[];
  readonly fields: readonly { field: number; change: number }[];
}

/**
 * Death and lysis. A dying cell's releases run to completion one after the other; what then remains leaves through
 * the sink. Where the extent is not whole, the limiting reactant may leave a rounding error of either sign, which the
 * sink takes too, so that the account closes.
 *
 * @param stride number of amounts per cell, as in the population
 * @throws RangeError for a release that takes from a field, or that nothing in the cell ever limits
 */
export function createDeath(types: readonly CellType[], stride: number): DeathOperator {
  const { exits } = planLife(types);
  const releases = exits.map(exit => exit.releases.map(release => compileRelease(release, types[exit.type])));
  const deaths = new Uint32Array(exits.length);
  const sink = new Float64Array(exits.length * stride);
  const extents = releases.map(ofType => new Float64Array(ofType.length));
  const log = createDeathLog();
  let dying = new Int32Array(16);
  let ways = new Int32Array(16);

  function release(population: Population, slot: number, exit: number, deposit: Deposit): void {
    const { amounts } = population;
    const base = slot * stride;
    runReleases(releases[exit], amounts, base, slot, deposit, extents[exit]);
    deaths[exit]++;
    for (let s = 0; s < stride; s++) sink[exit * stride + s] += amounts[base + s];
  }

  return {
    deaths,
    types: exits.map(({ type }) => type),
    sink,
    extents,
    log,
    advance(population, hazard, duration, deposit, marks) {
      deaths.fill(0);
      sink.fill(0);
      for (const ofType of extents) ofType.fill(0);
      log.count = 0;
      let count = 0;
      for (let slot = 0; slot < population.count; slot++) {
        const mark = marks === undefined ? 0 : marks[slot];
        if (mark === 0) {
          if (types[population.type[slot]].death === null) continue;
          const rate = hazard(slot);
          if (!(rate > 0)) continue;
          if (uniform(population.streams, 4 * slot) >= -Math.expm1(-rate * duration)) continue;
        }
        if (count === dying.length) {
          dying = doubled(dying, new Int32Array(2 * count));
          ways = doubled(ways, new Int32Array(2 * count));
        }
        logDeath(log, population, slot);
        dying[count] = slot;
        ways[count] = mark > 0 ? mark - 1 : population.type[slot];
        count++;
      }
      for (let i = 0; i < count; i++) release(population, dying[i], ways[i], deposit);
      // Downwards, so that the cell that fills a gap is never one that is still to be removed.
      for (let i = count - 1; i >= 0; i--) removeSlot(population, dying[i]);
      return count;
    },
  };
}

/** Runs the releases of the cell in `slot` to completion, one after the other; their extents are added to `extents`. */
export function runReleases(
  releases: readonly CompiledRelease[],
  amounts: Float64Array,
  base: number,
  slot: number,
  deposit: Deposit,
  extents: Float64Array,
): void {
  for (let r = 0; r < releases.length; r++) {
    const extent = completion(releases[r], amounts, base);
    if (extent === 0) continue;
    extents[r] += extent;
    for (const { species, change } of releases[r].changes) amounts[base + species] += extent * change;
    for (const { field, change } of releases[r].fields) deposit(slot, field, extent * change);
  }
}

/**
 * The extent at which a release stops: the least over its reactants of amount / consumption; for whole firings the
 * number n for which the last still finds its reactants, amount − (n − 1)·consumed ≥ coefficient. A reactant
 * that is not used up (a catalyst) must only be there.
 */
export function completion(release: CompiledRelease, amounts: Float64Array, base: number): number {
  let extent = Number.POSITIVE_INFINITY;
  for (const { species, coefficient, consumed } of release.needs) {
    const amount = amounts[base + species];
    if (release.whole ? amount < coefficient : !(amount > 0)) return 0;
    if (consumed === 0) continue;
    const limit = release.whole ? Math.floor((amount - coefficient) / consumed) + 1 : amount / consumed;
    if (limit < extent) extent = limit;
  }
  return extent;
}

export function compileRelease(release: Release, type: CellType): CompiledRelease {
  const cell = new Map<number, number>();
  const field = new Map<number, number>();
  const needed = new Map<number, number>();
  for (const { in: where, index, coefficient } of release.reactants) {
    if (where === 'field')
      throw new RangeError(`${place(release, type)}: a release cannot take from a field`);
    cell.set(index, (cell.get(index) ?? 0) - coefficient);
    needed.set(index, (needed.get(index) ?? 0) + coefficient);
  }
  for (const { in: where, index, coefficient } of release.products) {
    const changes = where === 'field' ? field : cell;
    changes.set(index, (changes.get(index) ?? 0) + coefficient);
  }
  const needs = [...needed].map(([species, coefficient]) => ({
    species,
    coefficient,
    consumed: Math.max(0, -(cell.get(species) ?? 0)),
  }));
  if (!needs.some(({ consumed }) => consumed > 0)) {
    throw new RangeError(`${place(release, type)}: no reactant is used up, so it never completes`);
  }
  const inCell = [...cell].sort((a, b) => a[0] - b[0]).map(([species, change]) => ({ species, change }));
  const counted = (species: number) => species > 0 && !type.circuit.species[species].continuous;
  return {
    whole: inCell.some(({ species }) => counted(species)),
    needs,
    changes: inCell.filter(({ change }) => change !== 0),
    fields: [...field].sort((a, b) => a[0] - b[0]).map(([index, change]) => ({ field: index, change })),
  };
}

function place(release: Release, type: CellType): string {
  return `release ${release.name} (${release.equation}) of cell type ${type.name}`;
}

function doubled<A extends Int32Array | Uint32Array | Uint16Array | Float64Array>(column: A, longer: A): A {
  longer.set(column);
  return longer;
}
