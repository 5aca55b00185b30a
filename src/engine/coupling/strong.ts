import { restore } from '../cells/population.ts';
import { drawLine } from '../circuits/lines.ts';
import type { StrongCoupling } from '../description/description.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';
import { createAcceleration } from './acceleration.ts';
import { auditCircuits, openWindow } from './audit.ts';
import { runCircuitsInParts } from './circuitParts.ts';
import { solveField } from './exchangeWithFields.ts';
import { isBiased, leak } from './injectedBias.ts';
import {
  type Acceleration,
  allowFiring,
  beginIteration,
  createIteration,
  type Iteration,
  measureResidual,
  retreat,
} from './iteration.ts';
import { findMeanExchange, predictField, sampleFields } from './predict.ts';
import type { Rejection } from './rejection.ts';

/** From this pass on, a firing is allowed as if it stayed in its voxel: where many voxels step at once, that is all there is. */
const STRICT_PASSES = 5;

/**
 * Strong coupling: cells and fields agree on the window that both have just passed. The cells advance from the start of the
 * window while they see the concentrations u; what they then give and take, their uptake included, enters the fields, which end
 * at c(u); and u is improved until it is what the cells would have seen of that result,
 *
 *     u = (1 − θ) c(start) + θ c(end),      θ = 1: the end of the window, first order and L-stable; θ = ½: its middle, second order.
 *
 * On a line (`sees: linear`) u is the end, θ = 1, and what cells are shown goes to it from the start: second order, too.
 *
 * Every pass starts from the same cells and the same streams, and the modified next reaction method gives each channel its own
 * Poisson process, so that the pass is a deterministic map of u. With whole molecules it is a step function, which need not have a
 * fixed point: u has converged where it differs from what the cell would have been shown by no more than the tolerance, or
 * by less than what one firing makes of it, after STRICT_PASSES passes by less than one firing in a voxel. The fields always take the transfers that were really made: mass is exact at any
 * tolerance, and at any number of passes.
 *
 * Changes cells and `work.next`; the fields are swapped in only when the iteration has converged.
 */
export function iterateWindow(
  model: Model,
  choice: StrongCoupling,
  time: number,
  duration: number,
): Rejection | null {
  const { work, profile, fields } = model;
  const { iteration, acceleration } = scratchOf(model, choice);
  const share = choice.sees === 'midpoint' ? 0.5 : 1;
  profile.enter('sample');
  beginIteration(iteration, model);
  allowFiring(iteration, model, duration, false);
  predictSeen(model, iteration, time, duration * share);
  acceleration.begin();

  let first = 0;
  for (let pass = 1; ; pass++) {
    if (pass === STRICT_PASSES) allowFiring(iteration, model, duration, true);
    const rejection = runPass(model, iteration, choice.sees, time, duration);
    const error = measureResidual(iteration, model, share, choice.tolerance);
    if (pass === 1) first = error;
    const done = error <= 1 && rejection === null;
    profile.iterated(pass, error, first, done);
    if (done) break;
    if (pass === choice.iterations || !Number.isFinite(error)) {
      // Where cells and fields agree on what is not there, that is what is wrong.
      return error <= 1 && rejection ? rejection : notConverged(model, choice, iteration);
    }
    profile.enter('exchange');
    iteration.shown.set(iteration.seen.subarray(0, iteration.size));
    acceleration.propose(iteration, duration, share);
    if (rejection !== null && (error <= 1 || work.takenWhole.some(Boolean))) retreat(iteration, model);
    restore(work.backup, model.population);
    model.balance.discard();
  }
  for (let f = 0; f < fields.length; f++) {
    const current = fields[f];
    fields[f] = work.next[f];
    work.next[f] = current;
  }
  model.balance.totals.set(work.totals);
  return null;
}

const scratch = new WeakMap<Workspace, { iteration: Iteration; acceleration: Acceleration }>();

function scratchOf(
  model: Model,
  choice: StrongCoupling,
): { iteration: Iteration; acceleration: Acceleration } {
  let made = scratch.get(model.work);
  if (made === undefined) {
    made = { iteration: createIteration(model), acceleration: createAcceleration(model, choice) };
    scratch.set(model.work, made);
  }
  return made;
}

/** Cells and fields over the window with what the cells see held at `iteration.seen`, or on the line that ends there. */
function runPass(
  model: Model,
  iteration: Iteration,
  sees: StrongCoupling['sees'],
  time: number,
  duration: number,
): Rejection | null {
  const { work, profile } = model;
  openWindow(model);
  profile.enter('sample');
  if (sees === 'linear') drawLines(model, iteration, time, duration);
  else work.sampled.set(iteration.seen.subarray(0, iteration.size));
  profile.enter('circuits');
  const { circuitParts = 1 } = model.description.time;
  const heldAt = sees === 'linear' ? time : time + (sees === 'end' ? 1 : 0.5) * duration;
  runCircuitsInParts(model, circuitParts, heldAt, time, duration, work.hasUptake);
  releaseUptake(model);
  profile.enter('diagnostics');
  auditCircuits(model, work.hasUptake ? 'made' : 'none');
  let rejection: Rejection | null = null;
  for (let f = 0; f < work.fieldCount; f++)
    rejection = solveField(model, f, duration, null, true) ?? rejection;
  return rejection;
}

function drawLines(
  { work, population }: Model,
  { origin, seen }: Iteration,
  time: number,
  duration: number,
): void {
  for (let slot = 0; slot < population.count; slot++) {
    drawLine(origin, seen, slot, work.fieldCount, time, duration, work.lines);
  }
}

/** What the cells' uptake channels took from the fields and gave to them, beside what the others did. */
function releaseUptake(model: Model): void {
  const { work, circuits } = model;
  const { released, expectedUptake, uptakeStride, fieldCount } = work;
  circuits.forEach(({ uptakes }, t) => {
    uptakes.forEach(({ reaction, fieldChanges }, u) => {
      const leaks = isBiased(model, t, reaction);
      for (let n = 0; n < work.slotCounts[t]; n++) {
        const slot = work.slots[t][n];
        const extent = expectedUptake[slot * uptakeStride + u];
        for (const [f, change] of fieldChanges) released[slot * fieldCount + f] += change * extent;
        if (leaks) leak(model, slot, extent);
      }
    });
  });
}

/**
 * A first guess of what will be seen: the fields after `duration` with the mean exchange of the cells at the present state, which
 * stays in `work.available` (what they take per concentration). Where a rate is invalid the guess is the start.
 */
function predictSeen(model: Model, iteration: Iteration, time: number, duration: number): void {
  const { work, fields } = model;
  sampleFields(model, fields);
  if (!findMeanExchange(model, time)) {
    work.available.fill(0);
    return;
  }
  for (let f = 0; f < fields.length; f++) predictField(model, f, duration, work.next[f]);
  sampleFields(model, work.next);
  iteration.seen.set(work.sampled.subarray(0, iteration.size));
}

function notConverged(
  { description }: Model,
  { sees, iterations, acceleration }: StrongCoupling,
  { worst, worstField }: Iteration,
): Rejection {
  const { name } = description.fields[worstField];
  return {
    reason: 'diverged',
    what: `strong coupling (sees: ${sees}, acceleration: ${acceleration}) did not converge with iterations: ${iterations}; ${name} is off by ${worst.toPrecision(3)} times what is allowed`,
    wholeMolecules: false,
  };
}
