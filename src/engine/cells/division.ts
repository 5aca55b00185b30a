import type { Grid } from '../fields/grid.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { logNormal, normal } from '../random/normal.ts';
import { deriveStream } from '../random/xoshiro.ts';
import { splitCalendar } from './calendar.ts';
import type { CellType, Division } from './cellType.ts';
import { beginCycle, isReady } from './cycle.ts';
import { randomDirection, tiltDirection } from './direction.ts';
import { confine, reachOf, refreshCell } from './geometry.ts';
import { partitionCount, partitionReal } from './partition.ts';
import { append, type Population } from './population.ts';
import type { Rods } from './rods.ts';

/**
 * The divisions of one step, in the order in which they happened: entry i says that `mother[i]` ended and
 * `first[i]` and `second[i]` were born. A daughter that divided in the same step is a mother further on.
 */
export interface DivisionLog {
  count: number;
  mother: Uint32Array;
  first: Uint32Array;
  second: Uint32Array;
}

/** Why divisions were broken off before the cell in `slot` could divide. */
export interface DivisionFault {
  /** `full`: there are as many cells as the run may hold; `overgrown`: one is far beyond the volume at which it divides. */
  readonly reason: 'full' | 'overgrown';
  readonly slot: number;
  /** Its volume relative to that at which it should have divided. */
  readonly overgrowth: number;
}

export interface DivisionOperator {
  /** Of the last `advance`; reused by the next. */
  readonly log: DivisionLog;
  /** Of the last `advance`. */
  readonly fault: DivisionFault | null;
  /** Divides every cell that has reached its division volume, in slot order; returns the number of divisions. */
  advance(population: Population, time: number): number;
}

/** A daughter gets at least this share of the volume: beyond it the share is drawn again, on both sides alike. */
const LEAST_SHARE = 0.05;

/**
 * The volume at which a cell born with `birthVolume` will divide. Adder: it adds Δ, log-normal with mean
 * `division.volume` and cv `division.noise` (Amir 2014, doi:10.1103/PhysRevLett.112.208102; Taheri-Araghi et al.
 * 2015, doi:10.1016/j.cub.2014.12.009); sizer: it reaches such a volume whatever it started from. Infinity for a
 * type that does not divide.
 */
export function drawDivisionVolume(
  division: Division | null,
  birthVolume: number,
  streams: Uint32Array,
  offset: number,
): number {
  if (division === null || division.kind === 'cycle') return Number.POSITIVE_INFINITY;
  const drawn = logNormal(streams, offset, division.volume, division.noise);
  return division.kind === 'adder' ? birthVolume + drawn : drawn;
}

/** The mean of `drawDivisionVolume` for a cell of that volume at birth. */
function meanDivisionVolume({ kind, volume }: Division, birthVolume: number): number {
  return kind === 'adder' ? birthVolume + volume : volume;
}

/**
 * Division of cells. The mother ends: both daughters get new ids with the mother's id for parent, so that the ids
 * form the lineage tree and every cell has one birth and one end. The first daughter takes the mother's slot, the
 * second is appended. All draws come from the mother's stream, each daughter's own stream is derived from it.
 *
 * A cell is examined once per step, after growth: it divides at the first step at whose end its volume has reached
 * the threshold, so volumes at division exceed it by half a step's growth on average. A newborn that already
 * exceeds its own threshold (a sizer's noise, a very long step) divides again at once; the limits on how often end a
 * loop that would fill the memory (runLimits.ts).
 */
export function createDivision(
  types: readonly CellType[],
  grid: Grid,
  mostCells: number = RUN_LIMITS.cells,
): DivisionOperator {
  const log: DivisionLog = {
    count: 0,
    mother: new Uint32Array(16),
    first: new Uint32Array(16),
    second: new Uint32Array(16),
  };
  const axis = new Float64Array(3);
  const otherAxis = new Float64Array(3);
  const septum = new Float64Array(3);
  const stream = new Uint32Array(4);

  function divide(population: Population, slot: number, time: number): void {
    const type = types[population.type[slot]];
    const { division } = type;
    const mother = population.id[slot];
    // Appending may replace the columns: take them afterwards.
    const other = append(population);
    const { amounts, streams, stride } = population;
    const of = 4 * slot;

    const share = division === null ? 0.5 : drawShare(streams, of, division.asymmetry);
    const { rods } = population;
    const isRod = rods !== undefined && type.shape.kind === 'rod';
    if (isRod) {
      const noise = division?.angularNoise ?? 0;
      septum.set([rods.axisX[slot], rods.axisY[slot], rods.axisZ[slot]]);
      axis.set(septum);
      otherAxis.set(septum);
      tiltDirection(streams, of, grid.dimensions, noise, axis);
      tiltDirection(streams, of, grid.dimensions, noise, otherAxis);
    } else randomDirection(streams, of, grid.dimensions, axis);
    splitAmounts(type, amounts, slot * stride, other * stride, streams, of, share);
    if (population.calendar) splitUnderWay(type, population, slot, other);

    const first = population.id[other];
    const second = population.nextId++;
    deriveStream(streams, of, stream, 0, first);
    deriveStream(streams, of, streams, 4 * other, second);
    streams.set(stream, of);

    population.id[slot] = first;
    population.id[other] = second;
    population.type[other] = population.type[slot];
    population.x[other] = population.x[slot];
    population.y[other] = population.y[slot];
    population.z[other] = population.z[slot];
    if (population.motion) population.motion.attached[other] = population.motion.attached[slot];
    // A cycle ended at its own moment, and daughters begin theirs there; others divide when they are examined.
    const birth = population.life && division?.phases ? population.life.entered[slot] : time;
    beginLife(population, slot, type, mother, birth);
    beginLife(population, other, type, mother, birth);
    if (isRod) placeRods(population, slot, other, share);
    else place(population, slot, other, share);
    record(log, mother, first, second);
  }

  function beginLife(
    population: Population,
    slot: number,
    type: CellType,
    mother: number,
    time: number,
  ): void {
    refreshCell(population, slot, type, grid);
    const volume = population.volume[slot];
    population.parent[slot] = mother;
    population.birthTime[slot] = time;
    population.birthVolume[slot] = volume;
    population.divisionVolume[slot] = drawDivisionVolume(type.division, volume, population.streams, 4 * slot);
    beginCycle(population, slot, type, time);
  }

  /**
   * Puts the daughters where they touch, d = r₁ + r₂ apart along the axis, at +d(1 − s) and −d s from the mother's
   * centre for a volume share s, which keeps the centre of mass. Near a wall both are moved inward together.
   */
  function place(population: Population, slot: number, other: number, share: number): void {
    const radius1 = population.radius[slot];
    const radius2 = population.radius[other];
    const distance = radius1 + radius2;
    for (let a = 0; a < grid.dimensions; a++) {
      const k = a as 0 | 1 | 2;
      const column = k === 0 ? population.x : k === 1 ? population.y : population.z;
      let x1 = column[slot] + distance * (1 - share) * axis[k];
      let x2 = column[slot] - distance * share * axis[k];
      if (!grid.periodic[k]) {
        const size = grid.size[k];
        const inward =
          Math.max(0, radius1 - x1, radius2 - x2) - Math.max(0, x1 + radius1 - size, x2 + radius2 - size);
        x1 += inward;
        x2 += inward;
      }
      column[slot] = confine(grid, k, x1, radius1);
      column[other] = confine(grid, k, x2, radius2);
    }
  }

  /**
   * Puts the daughters of a rod end to end: at the septum their caps touch in a point of the mother's axis, and from there each
   * goes its own way. The septum is put where the centre of mass stays; the two new caps hold volume, so that together the
   * daughters are longer than the mother by (2 − π/2) r in 2-D and 2/3 r in 3-D. Near a wall both are moved inward together.
   */
  function placeRods(population: Population, slot: number, other: number, share: number): void {
    const { radius } = population;
    const rods = population.rods as Rods;
    const distance = radius[slot] + radius[other];
    for (let k = 0; k < 3; k++) {
      const column = k === 0 ? rods.axisX : k === 1 ? rods.axisY : rods.axisZ;
      column[slot] = axis[k];
      column[other] = otherAxis[k];
    }
    for (let a = 0; a < grid.dimensions; a++) {
      const k = a as 0 | 1 | 2;
      const column = k === 0 ? population.x : k === 1 ? population.y : population.z;
      // From the second daughter's centre to the first's.
      const apart =
        distance * septum[k] + rods.halfLength[slot] * axis[k] + rods.halfLength[other] * otherAxis[k];
      let x1 = column[slot] + (1 - share) * apart;
      let x2 = column[slot] - share * apart;
      const reach1 = reachOf(population, slot, k);
      const reach2 = reachOf(population, other, k);
      if (!grid.periodic[k]) {
        const size = grid.size[k];
        const inward =
          Math.max(0, reach1 - x1, reach2 - x2) - Math.max(0, x1 + reach1 - size, x2 + reach2 - size);
        x1 += inward;
        x2 += inward;
      }
      column[slot] = confine(grid, k, x1, reach1);
      column[other] = confine(grid, k, x2, reach2);
    }
  }

  /** What forbids the cell in `slot` to divide, or null. */
  function findFault(population: Population, slot: number): DivisionFault | null {
    const { division } = types[population.type[slot]];
    const mean = division === null ? 0 : meanDivisionVolume(division, population.birthVolume[slot]);
    // The threshold drawn may be far from the mean on either side: the cell is measured by the larger of the two.
    // A rule that has a cell divide sets the volume of its division to 0.
    const asked = population.divisionVolume[slot] === 0;
    const overgrowth = asked ? 0 : population.volume[slot] / Math.max(mean, population.divisionVolume[slot]);
    if (overgrowth > RUN_LIMITS.overgrowth) return { reason: 'overgrown', slot, overgrowth };
    return population.count >= mostCells ? { reason: 'full', slot, overgrowth } : null;
  }

  let fault: DivisionFault | null = null;
  return {
    log,
    get fault() {
      return fault;
    },
    advance(population, time) {
      log.count = 0;
      fault = null;
      // Daughters appended on the way are examined in their turn.
      for (let slot = 0; slot < population.count; slot++) {
        while (
          population.life?.quiescent[slot] !== 1 &&
          (population.volume[slot] >= population.divisionVolume[slot] || isReady(population, slot, types))
        ) {
          fault = findFault(population, slot);
          if (fault !== null) return log.count;
          divide(population, slot, time);
        }
      }
      return log.count;
    },
  };
}

/** The first daughter's share of the volume: ½ with standard deviation `asymmetry`, redrawn at the extremes. */
function drawShare(streams: Uint32Array, offset: number, asymmetry: number): number {
  if (asymmetry === 0) return 0.5;
  for (;;) {
    const share = 0.5 + asymmetry * normal(streams, offset);
    if (share >= LEAST_SHARE && share <= 1 - LEAST_SHARE) return share;
  }
}

/** Each amount by its law (partition.ts); biomass by the volume share s. */
function splitAmounts(
  type: CellType,
  amounts: Float64Array,
  from: number,
  to: number,
  streams: Uint32Array,
  offset: number,
  share: number,
): void {
  const { species } = type.circuit;
  const laws = type.division?.partition;
  for (let s = 0; s < species.length; s++) {
    const total = amounts[from + s];
    const kept =
      s === 0 || species[s].continuous
        ? partitionReal(laws?.[s], total, share)
        : partitionCount(laws?.[s], streams, offset, total, share);
    amounts[from + s] = kept;
    amounts[to + s] = total - kept;
  }
}

/** What is under way goes with its pending molecule; events on their way happen to both daughters. */
function splitUnderWay({ circuit }: CellType, population: Population, slot: number, other: number): void {
  const { calendar, amounts, stride, streams } = population;
  const kept = (which: number): number => {
    if (which >= circuit.reactions.length) return -1;
    const pending = circuit.reactions[which].reactants.find(({ index }) => circuit.species[index].hidden);
    return pending ? amounts[slot * stride + pending.index] : -1;
  };
  if (calendar) splitCalendar(calendar, slot, other, kept, streams, 4 * slot);
}

function record(log: DivisionLog, mother: number, first: number, second: number): void {
  if (log.count === log.mother.length) {
    log.mother = doubled(log.mother);
    log.first = doubled(log.first);
    log.second = doubled(log.second);
  }
  log.mother[log.count] = mother;
  log.first[log.count] = first;
  log.second[log.count] = second;
  log.count++;
}

function doubled(column: Uint32Array): Uint32Array {
  const longer = new Uint32Array(2 * column.length);
  longer.set(column);
  return longer;
}
