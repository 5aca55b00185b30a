import { backUp, restore } from '../cells/population.ts';
import { noteExchange } from '../exchange/watch.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import type { Rejection } from './rejection.ts';
import { attemptWindow } from './weak.ts';

/** A window is halved at most this often: to 1/256 of the step. */
const DEEPEST = 8;

/** From this depth on, a field overdrawn by whole-molecule uptake is met by guarding instead of more halving. */
const GUARD_FROM = 2;

/**
 * Advances circuits, exchange and fields over one window and commits it. A window that would leave something negative is
 * undone (cells, random streams, books; the fields were not yet touched) and taken again:
 *
 *   - at first order, where only the second-order correction of uptake could not be covered by a cell;
 *   - as two halves;
 *   - with stochastic uptake held to what its voxels contain, where halving twice did not help.
 *
 * At the deepest level the run fails with the reason.
 */
export function advanceWindow(model: Model, time: number, duration: number, depth: number): void {
  const { population, work, profile, description } = model;
  const { counts } = profile;
  backUp(work.backup, population);
  model.solver.clock.time = time;
  let rejection = attemptWindow(model, time, duration, description.coupling.splitting, false);
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
  if (!rejection) {
    model.balance.commit();
    if (model.watch) noteExchange(model.watch, population, work.released, work.fieldCount);
    return;
  }
  undo(model);
  if (depth === DEEPEST) fail(model, rejection, time);
  counts.halvedWindows++;
  advanceWindow(model, time, duration / 2, depth + 1);
  advanceWindow(model, time + duration / 2, duration / 2, depth + 1);
}

function undo(model: Model): void {
  restore(model.work.backup, model.population);
  model.balance.discard();
}

function fail(model: Model, rejection: Rejection, time: number): never {
  throw new RunFailure(
    'convergence',
    `${rejection.what}, even with the window cut to 1/${2 ** DEEPEST} of the step; use a smaller time.step or a slower rate`,
    time,
    model.step,
  );
}
