import { fieldsOfContinuous } from '../circuits/continuousNetwork.ts';
import { methodType, selectMethod } from '../circuits/methods.ts';
import { createStagedCells, type StagedCells, solvedWithCells } from '../circuits/stagedCells.ts';
import { createFailure } from '../circuits/window.ts';
import type { MonolithicCoupling } from '../description/description.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';
import { auditCircuits, openWindow } from './audit.ts';
import { windowOf } from './circuitWindow.ts';
import { bookField, overdrawn, solveField } from './exchangeWithFields.ts';
import { leak } from './injectedBias.ts';
import { sampleFields } from './predict.ts';
import type { Rejection } from './rejection.ts';
import { raise } from './runCircuits.ts';
import { createStages, type Stages } from './stages.ts';

/**
 * Monolithic coupling over one window: the continuous channels of all cells, the fields that they meet and the reservoirs of these
 * as one system of equations, by one step of TR-BDF2 (Bank et al. 1985; fields/unfactored.ts): second order and L-stable whatever is stiff,
 * exchange, circuits or diffusion. The stages are solved by Newton's method with every cell eliminated by itself (stages.ts).
 *
 * What the extents say is what both sides get: the cells N e, the fields G e, in flux form from the stages' potentials. So mass does
 * not depend on the tolerance.
 *
 * Where that would leave something negative, backward Euler stands in, for the same equations and so with the same steady states:
 * where it is as close as makes no difference, or on windows that were halved thrice.
 *
 * Whole molecules fire by their cells' own method for half of the window before and half after it (Strang): with fields, and whatever flows,
 * held. They may read fields, but not exchange with them (whyNotMonolithic).
 *
 * Changes cells and `work.next`; the fields are swapped in only when the window is accepted.
 */
export function solveMonolithicWindow(
  model: Model,
  choice: MonolithicCoupling,
  time: number,
  duration: number,
  depth: number,
): Rejection | null {
  const { work, fields, profile, population, balance } = model;
  const scratch = scratchOf(model);
  const { stages, cells } = scratch;
  openWindow(model);
  work.released.fill(0, 0, population.count * work.fieldCount);
  profile.enter('sample');
  sampleFields(model, fields);
  profile.enter('circuits');
  advanceOthers(model, scratch, time, duration / 2);
  for (let f = 0; f < fields.length; f++) {
    if (stages.coupled.includes(f)) continue;
    const rejection = solveField(model, f, duration, null);
    if (rejection) return rejection;
  }
  const rejection = takeStages(model, scratch, choice, time, duration, depth);
  if (rejection) return rejection;
  profile.enter('circuits');
  cells.forEach(one => {
    one?.accept();
  });
  profile.enter('sample');
  sampleFields(model, work.next);
  profile.enter('circuits');
  advanceOthers(model, scratch, time + duration / 2, duration / 2);
  profile.enter('diagnostics');
  auditCircuits(model, work.hasUptake ? 'made' : 'none');
  for (const f of stages.coupled) {
    bookField(model, f, duration, sourceOf(model, stages, f, duration), null, stages.results[f]);
  }
  for (let f = 0; f < fields.length; f++) {
    const current = fields[f];
    fields[f] = work.next[f];
    work.next[f] = current;
  }
  balance.totals.set(work.totals);
  return null;
}

/** From this depth on, a window that only backward Euler keeps positive is taken by it, however far that is from second order. */
const FIRST_ORDER_FROM = 3;

/** A difference of the two schemes relative to the largest concentration, or an amount plus one molecule, that makes none. */
const NO_DIFFERENCE = 1e-4;

/** Cells and fields to the end of the window, into the cells' stages and `work.next`. */
function takeStages(
  model: Model,
  { stages, cells }: Scratch,
  choice: MonolithicCoupling,
  time: number,
  duration: number,
  depth: number,
): Rejection | null {
  const { work, profile } = model;
  if (stages.coupled.length === 0) return null;
  const second = solveStages(model, stages, cells, choice, time, duration, 2);
  if (second === null) return null;
  if (second.reason === 'diverged' && depth < FIRST_ORDER_FROM) return second;
  const compares = second.reason !== 'diverged';
  if (compares) {
    for (const f of stages.coupled) stages.tried[f].set(work.next[f]);
    cells.forEach(one => {
      one?.keep();
    });
  }
  const first = solveStages(model, stages, cells, choice, time, duration, 1);
  if (first !== null) return depth < FIRST_ORDER_FROM ? second : first;
  if (compares && differenceOf(model, stages, cells) <= NO_DIFFERENCE) return null;
  if (depth < FIRST_ORDER_FROM) return second;
  profile.counts.positiveFields++;
  return null;
}

/** Between the state that was tried and the one in hand. */
function differenceOf(
  { work, description: { grid } }: Model,
  { coupled, tried }: Stages,
  cells: readonly (StagedCells | null)[],
): number {
  let most = 0;
  for (const f of coupled) {
    // A molecule per voxel counts as something.
    let scale = 1 / grid.voxelVolume;
    let difference = 0;
    const [before, after] = [tried[f], work.next[f]];
    for (let v = 0; v < after.length; v++) {
      scale = Math.max(scale, Math.abs(after[v]));
      difference = Math.max(difference, Math.abs(after[v] - before[v]));
    }
    most = Math.max(most, difference / scale);
  }
  return Math.max(most, ...cells.map(one => one?.distance() ?? 0));
}

/** The step by TR-BDF2 (two stages) or backward Euler (one); why it cannot stand, or null. */
function solveStages(
  model: Model,
  stages: Stages,
  cells: readonly (StagedCells | null)[],
  choice: MonolithicCoupling,
  time: number,
  duration: number,
  count: 1 | 2,
): Rejection | null {
  const { work, profile, description } = model;
  profile.enter('sample');
  stages.begin(time, duration, count);
  profile.enter('circuits');
  const window = windowOf(model, time, time, duration, false);
  for (const [t, one] of cells.entries()) {
    const failure = createFailure();
    const { slots, slotCounts, extents } = work;
    const own = { ...window, cells: slots[t], from: 0, to: slotCounts[t], extents: extents[t] };
    if (one && !one.begin({ ...own, sampled: stages.seen }, failure)) {
      const { reaction, slot, value } = failure;
      const { name } = description.cellTypes[t].circuit.reactions[reaction];
      raise(
        model,
        { reaction: name, slot, value, message: `the rate is ${value}; it must be finite and at least 0` },
        t,
      );
    }
  }
  const solved = stages.solve(choice);
  if (solved.failed !== null) return { reason: 'diverged', what: solved.failed, wholeMolecules: false };
  profile.solved(solved.iterations, solved.contraction);
  for (const [t, one] of cells.entries()) {
    if (!one || one.isSound()) continue;
    const { name } = description.cellTypes[t];
    return {
      reason: 'exhausted',
      what: `${name} would be left with a negative amount`,
      wholeMolecules: false,
    };
  }
  release(model, cells);
  profile.enter('fields');
  for (const f of stages.coupled) {
    const step = stages.finish(f, sourceOf(model, stages, f, duration), work.next[f]);
    stages.results[f] = step;
    if (!(step.minimum >= 0)) return overdrawn(model, f);
  }
  return null;
}

/** What field f got from the cells over the step, in `work.source`; null where that is nothing. */
function sourceOf(model: Model, stages: Stages, f: number, duration: number): Float64Array | null {
  const { work, kernels, exchange, population, description } = model;
  const any = stages.setSource(f, work.source);
  if (!work.leaks) return any ? work.source : null;
  const scale = 1 / (description.grid.voxelVolume * duration);
  exchange.deposit(kernels.deposit[f], population.count, work.leaked, work.fieldCount, f, scale, work.source);
  return work.source;
}

/** What the cells give and take, and what of it leaks. */
function release(model: Model, cells: readonly (StagedCells | null)[]): void {
  const { work, population, description } = model;
  work.released.fill(0, 0, population.count * work.fieldCount);
  for (const one of cells) one?.release(work.released);
  if (!work.leaks) return;
  work.leaked.fill(0);
  const { injectBias: bias } = description;
  const leaking = bias ? cells[bias.type] : null;
  if (!bias || !leaking) return;
  for (let n = 0; n < work.slotCounts[bias.type]; n++) {
    leak(model, work.slots[bias.type][n], leaking.extentOf(bias.reaction, n));
  }
}

interface Scratch {
  readonly stages: Stages;
  /** By cell type: its continuous channels, where they meet a field. */
  readonly cells: readonly (StagedCells | null)[];
}

const scratches = new WeakMap<Workspace, Scratch>();

function scratchOf(model: Model): Scratch {
  let made = scratches.get(model.work);
  if (made === undefined) {
    const { description, circuits } = model;
    const types = description.cellTypes.map(type =>
      methodType(type, selectMethod(type.circuit, type.method)),
    );
    const met = types.map(({ circuit }) => fieldsOfContinuous(circuit));
    const coupled = solvedWithCells(description.cellTypes);
    const cells = types.map((type, t) =>
      met[t].size === 0
        ? null
        : createStagedCells(
            type,
            description.fields.length,
            coupled,
            type.method !== 'deterministic',
            circuits[t].generated,
          ),
    );
    made = { stages: createStages(model, coupled, cells), cells };
    scratches.set(model.work, made);
  }
  return made;
}

/** Half a window of all that is not solved with the fields: whole molecules; and all of the types whose flows meet no field. */
function advanceOthers(model: Model, { cells }: Scratch, start: number, duration: number): void {
  const { work, circuits } = model;
  const window = windowOf(model, start + duration / 2, start, duration, false);
  circuits.forEach((circuit, t) => {
    window.cells = work.slots[t];
    window.from = 0;
    window.to = work.slotCounts[t];
    window.extents = work.extents[t];
    raise(model, cells[t] ? circuit.fire(window) : circuit.advance(window), t);
  });
}
