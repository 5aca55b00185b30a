import { gatheredBy, type Kernel, spreadGathered } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import { biasOf } from './injectedBias.ts';
import { raise } from './runCircuits.ts';
import { MEAN_BLOCK, tasksOf } from './tasks.ts';

/**
 * Uptake: continuous channels that consume from a field. Their rate is linearised as r = k·c with c the concentration the
 * cell sees, and k (µm³/s) goes into the field's implicit operator, so that uptake can exhaust a voxel but never overdraw
 * it. A channel that consumes several fields has one extent, taken from the first of them to be solved (its *primary*); the
 * others then lose exactly what that extent implies.
 */

/** k of every uptake channel of every cell for its primary field, at the given amounts, into `work.coefficient`. */
export function computeCoefficients(model: Model, amounts: Float64Array, time: number): void {
  if (model.work.hasSharedUptake) orderFields(model, amounts, time);
  model.circuits.forEach(({ uptakes }, t) => {
    uptakes.forEach((_, u) => {
      evaluateChannel(model, t, u, primaryOf(model, t, u), amounts, time);
    });
  });
}

/** k of channel u of type t with respect to the field at `position` among those it consumes, for all cells of the type. */
function evaluateChannel(
  model: Model,
  t: number,
  u: number,
  position: number,
  amounts: Float64Array,
  time: number,
): void {
  const { work } = model;
  const { coefficients } = tasksOf(model);
  const blocks = Math.ceil(work.slotCounts[t] / MEAN_BLOCK);
  const middle = Number(amounts === work.midAmounts);
  raise(model, coefficients(blocks, t, u, position, time, middle), t);
}

/** Position, among the fields that channel u of type t consumes, of the one that is solved first. */
export function primaryOf(model: Model, t: number, u: number): number {
  const { order } = model.work;
  const { fields } = model.circuits[t].uptakes[u];
  let primary = 0;
  for (let i = 1; i < fields.length; i++) {
    if (order.indexOf(fields[i].field) < order.indexOf(fields[primary].field)) primary = i;
  }
  return primary;
}

/** Whether field g is solved before the primary field of channel u of type t, so that what the channel makes of g comes late. */
export function isSolvedFirst(model: Model, t: number, u: number, g: number): boolean {
  const { order } = model.work;
  const { field } = model.circuits[t].uptakes[u].fields[primaryOf(model, t, u)];
  return order.indexOf(g) < order.indexOf(field);
}

/**
 * κ_v = Σ_cells w_v ν k / V of the channels whose primary field is f, into `work.uptake`; null where there are none. ν is the
 * number of molecules per unit of extent.
 */
export function depositCoefficients(model: Model, f: number, kernel: Kernel): Float64Array | null {
  const { work, circuits, description } = model;
  let gathered: Float64Array | null = null;
  for (let t = 0; t < circuits.length; t++) {
    circuits[t].uptakes.forEach((uptake, u) => {
      const { field, coefficient } = uptake.fields[primaryOf(model, t, u)];
      if (field !== f) return;
      gathered ??= gatheredBy(kernel, work.uptake.fill(0));
      const lost = coefficient * biasOf(model, t, uptake.reaction);
      addCoefficients(model, kernel, t, u, lost / description.grid.voxelVolume, gathered);
    });
  }
  if (gathered === null) return null;
  spreadGathered(kernel, gathered, work.uptake);
  return work.uptake;
}

function addCoefficients(
  { work }: Model,
  { points, voxel, weight }: Kernel,
  t: number,
  u: number,
  scale: number,
  target: Float64Array,
): void {
  const slots = work.slots[t];
  for (let n = 0; n < work.slotCounts[t]; n++) {
    const slot = slots[n];
    const k = work.coefficient[slot * work.uptakeStride + u] * scale;
    for (let p = slot * points; p < (slot + 1) * points; p++) target[voxel[p]] += weight[p] * k;
  }
}

/**
 * Where channels share fields, the field that would be depleted fastest is solved first, since its extent is then the
 * limiting one; ties keep the order of the workspace.
 */
function orderFields(model: Model, amounts: Float64Array, time: number): void {
  const { work, circuits } = model;
  const depletion = work.depletion.fill(0);
  circuits.forEach(({ uptakes }, t) => {
    uptakes.forEach(({ fields }, u) => {
      fields.forEach(({ field, coefficient }, position) => {
        evaluateChannel(model, t, u, position, amounts, time);
        for (let n = 0; n < work.slotCounts[t]; n++) {
          const k = work.coefficient[work.slots[t][n] * work.uptakeStride + u];
          depletion[field] = Math.max(depletion[field], k * coefficient);
        }
      });
    });
  });
  work.order.sort((a, b) => depletion[b] - depletion[a] || work.rank[a] - work.rank[b]);
}
