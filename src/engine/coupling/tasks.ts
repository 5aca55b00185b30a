import { refreshGeometry } from '../cells/geometry.ts';
import { backUpSlots, type Population } from '../cells/population.ts';
import type { Fault } from '../circuits/compile.ts';
import { ALONE, type Crew, ENOUGH_FOR_LITTLE, type Task, type Work } from '../crew/crew.ts';
import { type BadAmount, findBadAmount, sumBlock } from '../diagnostics/totals.ts';
import type { Model } from '../model/model.ts';
import { CIRCUIT_BLOCK, type Workspace } from '../model/workspace.ts';
import { windowOf } from './circuitWindow.ts';

/** What the threads of a model's crew do in blocks, beside what its solvers do. */
export interface Tasks {
  /**
   * Circuits of the cells of one type; numbers: type, time, start, duration, whether uptake is included. A block is
   * CIRCUIT_BLOCK cells; its extents go to its row of `work.extentRows`.
   */
  readonly circuits: Task<Fault>;
  /** The same by the calling thread alone. */
  readonly circuitsHere: Task<Fault>;
  /** Mean exchange of MEAN_BLOCK cells of a type; numbers: type, time. */
  readonly meanExchange: Task<'invalid'>;
  /** Uptake coefficients of MEAN_BLOCK cells of a type; numbers: type, channel, position, time, whether in the middle of the window. */
  readonly coefficients: Task<Fault>;
  /** Volumes and radii of CELL_BLOCK cells from their biomass. */
  readonly geometry: Task<unknown>;
  /** A copy of amounts and streams of CELL_BLOCK cells. */
  readonly backUp: Task<unknown>;
  /** Amounts of the cells of a block of diagnostics/totals.ts, into its row of `work.sumRows`. */
  readonly sums: Task<unknown>;
  /** The first amount among those of CELL_BLOCK cells that is no amount. */
  readonly badAmount: Task<BadAmount>;
}

/** Cells of a block where each takes nanoseconds. */
export const CELL_BLOCK = 2048;

export const MEAN_BLOCK = 512;

/** By the workspace, which a copy of a model's record shares with it. */
const made = new WeakMap<Workspace, Tasks>();

/** The tasks of a model; every member of its crew calls this once, before any is run. */
export function tasksOf(model: Model): Tasks {
  let tasks = made.get(model.work);
  if (tasks === undefined) {
    tasks = register(model, model.crew);
    made.set(model.work, tasks);
  }
  return tasks;
}

function register(model: Model, crew: Crew): Tasks {
  const { population, work, description, substances } = model;
  const circuits = advanceCircuits(model);
  const many = crew.threads < ENOUGH_FOR_LITTLE ? ALONE : crew;
  return {
    circuits: crew.task(circuits),
    circuitsHere: ALONE.task(circuits),
    meanExchange: crew.task(meanExchange(model)),
    coefficients: crew.task(coefficients(model)),
    // What rods are beside other cells is not common to the crew.
    geometry: (population.rods ? ALONE : many).task(
      inSlots(population, (from, to) =>
        refreshGeometry(population, description.cellTypes, description.grid, from, to),
      ),
    ),
    backUp: many.task(inSlots(population, (from, to) => backUpSlots(work.backup, population, from, to))),
    sums: many.task(block => {
      const { cellCount } = substances;
      work.sumRows.fill(0, block * cellCount, (block + 1) * cellCount);
      sumBlock(population, substances, block, work.sumRows, block * cellCount);
      return null;
    }),
    badAmount: many.task(block => {
      const from = block * CELL_BLOCK;
      return findBadAmount(population, substances, from, Math.min(from + CELL_BLOCK, population.count));
    }),
  };
}

/** Adds `blocks` rows of `length` numbers, in their order, to the first `count` of a sum. */
export function addRows(
  sums: Float64Array,
  rows: Float64Array,
  length: number,
  blocks: number,
  count = length,
): void {
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < count; i++) sums[i] += rows[block * length + i];
  }
}

function inSlots(population: Population, act: (from: number, to: number) => void): Work<unknown> {
  return block => {
    const from = block * CELL_BLOCK;
    act(from, Math.min(from + CELL_BLOCK, population.count));
    return null;
  };
}

function coefficients({ population, work, circuits }: Model): Work<Fault> {
  return (block, [t, u, position, time, middle]) => {
    const { slots, slotCounts, sampled, coefficient, uptakeStride } = work;
    const from = block * MEAN_BLOCK;
    const cells = slots[t].subarray(from, Math.min(from + MEAN_BLOCK, slotCounts[t]));
    const amounts = middle === 1 ? work.midAmounts : population.amounts;
    return circuits[t].uptakes[u].coefficients(
      position,
      population,
      amounts,
      cells,
      cells.length,
      time,
      sampled,
      coefficient,
      uptakeStride,
      u,
    );
  };
}

function meanExchange({ population, work, circuits }: Model): Work<'invalid'> {
  return (block, [t, time]) => {
    const { slots, slotCounts, sampled, released, available } = work;
    const from = block * MEAN_BLOCK;
    const cells = slots[t].subarray(from, Math.min(from + MEAN_BLOCK, slotCounts[t]));
    const valid = circuits[t].meanExchange(
      population,
      cells,
      cells.length,
      time,
      sampled,
      released,
      available,
    );
    return valid ? null : 'invalid';
  };
}

function advanceCircuits(model: Model): Work<Fault> {
  const { work, circuits } = model;
  const window = windowOf(model, 0, 0, 0, false);
  const extents = circuits.map(circuit => new Float64Array(circuit.isUptake.length));
  return (block, [t, time, start, duration, uptake]) => {
    window.cells = work.slots[t];
    window.from = block * CIRCUIT_BLOCK;
    window.to = Math.min(window.from + CIRCUIT_BLOCK, work.slotCounts[t]);
    window.time = time;
    window.start = start;
    window.duration = duration;
    window.sampled = work.seesLines ? work.lines : work.sampled;
    window.released = work.released;
    window.includeUptake = uptake === 1;
    window.expectedUptake = uptake === 1 ? work.expectedUptake : null;
    window.extents = extents[t].fill(0);
    const fault = circuits[t].advance(window);
    work.extentRows.set(extents[t], block * work.rowLength);
    return fault;
  };
}
