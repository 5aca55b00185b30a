import type { StrongCoupling } from '../description/description.ts';
import { deposit } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import { createBrackets } from './bracket.ts';
import { type Acceleration, type Iteration, scaled, scalesOf } from './iteration.ts';
import { createMixing } from './mixing.ts';
import { solveResponseStep } from './responseSolve.ts';

/** A rate rises at most so much faster than in proportion (Hill functions of high order do). */
const STEEPEST = 8;

/** Transfers of fewer molecules than these say nothing of a slope. */
const FEW = 3;

/**
 * A quasi-Newton step, with diffusion between the voxels. If what the cells of a voxel take responds to what they see as
 * −∂S/∂u = κ (1/s), the result responds as G′ = −θ P (I − H A)⁻¹ H κ, P the sampling; Newton's step δ solves (I − G′) δ = r:
 *
 *     δ = r − P w,     (I − H A + θ H κ) w = θ H κ r
 *
 * one implicit field step with the sink θκ and the source θκr (responseSolve.ts). κ is first the mean take of the
 * cells (`work.available` of findMeanExchange), then in each voxel the secant through the last two passes, where those differ
 * enough to tell: −ΔS/Δu, between 0 and STEEPEST times what was first assumed. Where no channel
 * fires, steps are mixed (mixing.ts); where some do, a guess stays within its bracket.
 */
export function createNewton(model: Model, { sees }: StrongCoupling): Acceleration {
  const { description, fields, work, kernels, exchange } = model;
  const { voxels, voxelVolume } = description.grid;
  const column = () => new Float64Array(voxels);
  const brackets = createBrackets();
  /** κ, and the first κ, of each field. */
  const slope = fields.map(column);
  const first = fields.map(column);
  /** By field: transfers and weighted concentrations seen (over the weights) of the last pass. */
  const lastTransfers = fields.map(column);
  const lastSeen = fields.map(column);
  /** By field: Σ over cells of the weights by which they give to the voxel. */
  const weights = fields.map(column);
  const [transfers, seenThere, diagonal, step] = Array.from({ length: 4 }, column);
  let stepSeen = new Float64Array(0);
  /** Of a line from a given start cells see half its end's change on the way. */
  const answered = sees === 'linear' ? 0.5 : 1;
  const mixing = createMixing();
  let scales: Float64Array = new Float64Array(0);
  const lastFiring = new Float64Array(fields.length);
  let fresh = true;

  /** Σ over cells of w · values of field f, per voxel. */
  function gather(values: Float64Array, f: number, scale: number, out: Float64Array): void {
    out.fill(0);
    exchange.deposit(kernels.deposit[f], model.population.count, values, work.fieldCount, f, scale, out);
  }

  function begin(iteration: Iteration): void {
    brackets.begin(iteration.size);
    if (stepSeen.length < iteration.size) stepSeen = new Float64Array(iteration.seen.length);
    const { count } = model.population;
    const ones = new Float64Array(count).fill(1);
    fields.forEach((_, f) => {
      deposit(kernels.deposit[f], count, ones, 1, 0, 1, weights[f].fill(0));
    });
  }

  function learnResponse(f: number, duration: number, firing: number): void {
    const few = (FEW * firing) / duration;
    for (let v = 0; v < voxels; v++) {
      const answer = transfers[v] - lastTransfers[f][v];
      const change = (seenThere[v] - lastSeen[f][v]) / weights[f][v];
      if (Math.abs(answer) > few && change !== 0) {
        slope[f][v] = Math.min(Math.max(-answer / change, 0), STEEPEST * first[f][v]);
      }
    }
  }

  /** P w for field f into `stepSeen`. */
  function solveResponse({ residual }: Iteration, f: number, duration: number, share: number): void {
    gather(residual, f, 1, step);
    for (let v = 0; v < voxels; v++) {
      const response = share * duration * slope[f][v];
      diagonal[v] = 1 + response;
      step[v] = response > 0 ? (response * step[v]) / weights[f][v] : 0;
    }
    solveResponseStep(description.grid, description.fields[f], duration, diagonal, step);
    exchange.sample(kernels.sample[f], model.population.count, step, stepSeen, work.fieldCount, f);
  }

  function mix(iteration: Iteration): void {
    const { seen, residual, size } = iteration;
    if (fresh) scales = scalesOf(iteration);
    const step = scaled(residual, size, scales);
    for (let i = 0; i < size; i++) step[i] -= stepSeen[i] / scales[i % scales.length];
    const next = mixing.next(scaled(seen, size, scales), step);
    for (let i = 0; i < size; i++) seen[i] = Math.max(0, next[i] * scales[i % scales.length]);
  }

  return {
    begin() {
      fresh = true;
      mixing.begin();
      for (let f = 0; f < fields.length; f++) {
        if (work.takes[f]) gather(work.available, f, answered / voxelVolume, first[f]);
        slope[f].set(first[f]);
      }
    },
    propose(iteration, duration, share) {
      const { seen, residual, size, allowed, firing } = iteration;
      const stride = work.fieldCount;
      const smooth = firing.every(size => size === 0);
      if (fresh) begin(iteration);
      // What was found while less was allowed, as neighbours kept moving, may no longer hold.
      else if (firing.some((size, f) => size > lastFiring[f])) brackets.begin(size);
      lastFiring.set(firing);
      for (let f = 0; f < stride; f++) {
        gather(work.released, f, 1 / (voxelVolume * duration), transfers);
        gather(seen, f, 1, seenThere);
        if (!fresh) learnResponse(f, duration, firing[f]);
        lastTransfers[f].set(transfers);
        lastSeen[f].set(seenThere);
        solveResponse(iteration, f, duration, share);
        if (smooth) continue;
        for (let i = f; i < size; i += stride) {
          // What agrees already stays where it is.
          if (Math.abs(residual[i]) <= allowed[f]) continue;
          const proposal = Math.max(0, seen[i] + residual[i] - stepSeen[i]);
          seen[i] = brackets.next(i, seen[i], residual[i], proposal, allowed[f]);
        }
      }
      if (smooth) mix(iteration);
      fresh = false;
    },
  };
}
