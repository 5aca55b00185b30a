import { needsCalendar } from '../cells/calendar.ts';
import type { CircuitWindow, Fault } from '../circuits/compile.ts';
import { visitVoxels } from '../exchange/kernel.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { CIRCUIT_BLOCK } from '../model/workspace.ts';
import { windowOf } from './circuitWindow.ts';
import { leak } from './injectedBias.ts';
import { addRows, tasksOf } from './tasks.ts';

/**
 * Advances every circuit over a window that begins at `start`, with time and fields held as they are at `time`. `released` receives each cell's net transfer to each field, `extents` the
 * firings per channel. With `includeUptake` the cells integrate their own uptake at the concentrations they see, and say
 * in `expectedUptake` what they assumed. What is not `fresh` goes on from what was released before.
 */
export function runCircuits(
  model: Model,
  time: number,
  start: number,
  duration: number,
  includeUptake: boolean,
  fresh = true,
): void {
  runCircuitsOf(model, time, start, duration, includeUptake, () => true, fresh);
}

/** The same for the chosen types alone. */
export function runCircuitsOf(
  model: Model,
  time: number,
  start: number,
  duration: number,
  includeUptake: boolean,
  isChosen: (type: number) => boolean,
  fresh = true,
): void {
  const { work, circuits, population } = model;
  if (fresh) work.released.fill(0, 0, population.count * work.fieldCount);
  if (includeUptake) work.expectedUptake.fill(0, 0, population.count * work.uptakeStride);
  const { circuits: run, circuitsHere: runHere } = tasksOf(model);
  for (let t = 0; t < circuits.length; t++) {
    if (!isChosen(t)) continue;
    if (model.description.injectBias?.type === t) {
      runLeaking(model, windowOf(model, time, start, duration, includeUptake), t);
      continue;
    }
    const blocks = Math.ceil(work.slotCounts[t] / CIRCUIT_BLOCK);
    // What is under way in a cell is not in columns (cells/calendar.ts).
    const advance = needsCalendar(model.description.cellTypes[t].circuit) ? runHere : run;
    raise(model, advance(blocks, t, time, start, duration, Number(includeUptake)), t);
    addRows(work.extents[t], work.extentRows, work.rowLength, blocks, work.extents[t].length);
  }
}

/** Cell by cell, so that it is known which of them fired the channel that leaks. */
function runLeaking(model: Model, window: CircuitWindow, t: number): void {
  const { slotCounts, slots, extents } = model.work;
  window.cells = slots[t];
  window.extents = extents[t];
  for (let n = 0; n < slotCounts[t]; n++) {
    window.from = n;
    window.to = n + 1;
    advanceLeaking(model, window, t);
  }
}

/** One cell's window; what it did by the biased channel leaks. Uptake leaks where the field gives it. */
function advanceLeaking(model: Model, window: CircuitWindow, t: number): void {
  const reaction = model.description.injectBias?.reaction ?? 0;
  const before = window.extents[reaction];
  window.extents[reaction] = 0;
  raise(model, model.circuits[t].advance(window), t);
  const extent = window.extents[reaction];
  window.extents[reaction] = before + extent;
  if (!model.circuits[t].isUptake[reaction]) leak(model, window.cells[window.from], extent);
}

/** What is left in a voxel after guarded cells have taken stays this far (relative) above nothing, for rounding. */
const MARGIN = 1 - 1e-12;

/**
 * The same with stochastic uptake held to what is there: cells advance one after the other in slot order, and each may take
 * at most what its voxels still contain. Then no voxel can be overdrawn whatever the rates. Used only for windows in
 * which the free run took more than the field had; it is the exhaustion of a voxel seen by whole molecules.
 */
export function runGuardedCircuits(model: Model, time: number, start: number, duration: number): void {
  const { work, circuits, population, kernels, description } = model;
  const { fieldCount, available, released } = work;
  const { voxelVolume } = description.grid;
  work.released.fill(0, 0, population.count * fieldCount);
  // Molecules left per voxel; `next` is free until the fields are solved.
  for (let f = 0; f < fieldCount; f++) {
    const left = work.next[f];
    for (let v = 0; v < left.length; v++) left[v] = model.fields[f][v] * voxelVolume;
  }
  const window = windowOf(model, time, start, duration, false);
  window.available = available;
  for (let t = 0; t < circuits.length; t++) {
    window.cells = work.slots[t];
    window.extents = work.extents[t];
    for (let n = 0; n < work.slotCounts[t]; n++) {
      const slot = work.slots[t][n];
      for (let f = 0; f < fieldCount; f++) {
        let most = Number.POSITIVE_INFINITY;
        visitVoxels(kernels.deposit[f], slot, (voxel, weight) => {
          most = Math.min(most, work.next[f][voxel] / weight);
        });
        available[slot * fieldCount + f] = most * MARGIN;
      }
      window.from = n;
      window.to = n + 1;
      if (model.description.injectBias?.type === t) advanceLeaking(model, window, t);
      else raise(model, circuits[t].advance(window), t);
      for (let f = 0; f < fieldCount; f++) {
        const given = released[slot * fieldCount + f];
        if (given === 0) continue;
        visitVoxels(kernels.deposit[f], slot, (voxel, weight) => {
          work.next[f][voxel] += weight * given;
        });
      }
    }
  }
}

/** Turns a fault of a circuit into the failure of the run. */
export function raise(model: Model, fault: Fault | null, type: number): void {
  if (!fault) return;
  const { description, population } = model;
  const name = `${description.cellTypes[type].name}.${fault.reaction}`;
  const message = `${name}: ${fault.message} in cell ${population.id[fault.slot]}`;
  throw new RunFailure('rate', message, model.step * description.time.step, model.step);
}
