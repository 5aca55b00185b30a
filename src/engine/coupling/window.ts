import { fitBackup, restore } from '../cells/population.ts';
import { noteExchange } from '../exchange/watch.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { attemptJointWindow } from './joint.ts';
import { solveMonolithicWindow } from './monolithic.ts';
import type { Rejection } from './rejection.ts';
import { acceptReservoirs } from './reservoirs.ts';
import { iterateWindow } from './strong.ts';
import { CELL_BLOCK, tasksOf } from './tasks.ts';
import { attemptWindow } from './weak.ts';

/** A window is halved at most this often: to 1/256 of the step. */
const DEEPEST = 8;

/** From this depth on, a field overdrawn by whole-molecule uptake is met by guarding instead of more halving. */
const GUARD_FROM = 2;

/**
 * Advances circuits, exchange and fields over one window by the scenario's schedule and commits it. A window that cannot be
 * accepted (something would be negative, an iteration does not converge) is undone (cells, random streams, books; the fields
 * were not yet touched) and taken again as two halves. At the deepest level the run fails with the reason.
 */
export function advanceWindow(model: Model, time: number, duration: number, depth: number): void {
  const { population, work, profile } = model;
  keep(model);
  model.solver.clock.time = time;
  const rejection = takeWindow(model, time, duration, depth);
  if (!rejection) {
    acceptReservoirs(model);
    model.balance.commit();
    if (model.watch) noteExchange(model.watch, population, work.released, work.fieldCount);
    return;
  }
  undo(model);
  if (depth === DEEPEST) fail(model, rejection, time);
  profile.counts.halvedWindows++;
  advanceWindow(model, time, duration / 2, depth + 1);
  advanceWindow(model, time + duration / 2, duration / 2, depth + 1);
}

function takeWindow(model: Model, time: number, duration: number, depth: number): Rejection | null {
  const { coupling } = model.description;
  switch (coupling.schedule) {
    case 'weak':
      return takeWeakWindow(model, coupling.splitting, time, duration, depth);
    case 'strong':
      return iterateWindow(model, coupling, time, duration);
    case 'joint':
      return attemptJointWindow(model, coupling, time, duration);
    case 'monolithic':
      return solveMonolithicWindow(model, coupling, time, duration, depth);
  }
}

/**
 * One pass. Where that would leave something negative, it is taken again
 *
 *   - at first order, where only the second-order correction of uptake could not be covered by a cell;
 *   - with stochastic uptake held to what its voxels contain, where halving twice did not help.
 */
function takeWeakWindow(
  model: Model,
  splitting: 'lie' | 'strang',
  time: number,
  duration: number,
  depth: number,
): Rejection | null {
  const { counts } = model.profile;
  let rejection = attemptWindow(model, time, duration, splitting, false);
  if (rejection?.reason === 'correction') {
    undo(model);
    counts.firstOrderWindows++;
    rejection = attemptWindow(model, time, duration, 'lie', false);
  }
  if (rejection?.wholeMolecules && depth >= GUARD_FROM) {
    undo(model);
    counts.guardedWindows++;
    rejection = attemptWindow(model, time, duration, 'lie', true);
  }
  return rejection;
}

/** Keeps the cells for the case that the window is rejected. */
function keep(model: Model): void {
  const { work, population } = model;
  fitBackup(work.backup, population);
  tasksOf(model).backUp(Math.ceil(population.count / CELL_BLOCK));
}

function undo(model: Model): void {
  restore(model.work.backup, model.population);
  model.balance.discard();
}

function fail(model: Model, rejection: Rejection, time: number): never {
  const { coupling } = model.description;
  // The end damps whatever is fast; with the start in it, what is seen of a fast exchange may ask for more than there is.
  const damped = coupling.schedule === 'strong' && coupling.sees !== 'end' ? '`sees: end`, ' : '';
  const strongly = coupling.schedule === 'weak' ? '`schedule: strong` with `sees: end`, ' : damped;
  const use = rejection.timeless
    ? `${strongly}\`dynamics: transient\` or a slower rate: a quasi-steady field gains nothing by a smaller time.step`
    : `${damped}a smaller time.step or a slower rate`;
  throw new RunFailure(
    'convergence',
    `${rejection.what}, even with the window cut to 1/${2 ** DEEPEST} of the step; use ${use}`,
    time,
    model.step,
  );
}
