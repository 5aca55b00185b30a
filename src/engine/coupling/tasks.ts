import type { Fault } from '../circuits/compile.ts';
import { ALONE, type Crew, type Task, type Work } from '../crew/crew.ts';
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
}

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
  const circuits = advanceCircuits(model);
  return {
    circuits: crew.task(circuits),
    circuitsHere: ALONE.task(circuits),
    meanExchange: crew.task(meanExchange(model)),
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
