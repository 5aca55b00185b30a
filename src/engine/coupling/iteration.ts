import { netChange } from '../circuits/circuit.ts';
import { visitVoxels } from '../exchange/kernel.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Model } from '../model/model.ts';

/** What the cells see of the fields, and how far that is from what becomes of it; [slot * fieldCount + f], molecules/µm³. */
export interface Iteration {
  /** Values in use: population.count × fieldCount. */
  size: number;
  /** Concentrations at the start of the window. */
  start: Float64Array;
  /** Where lines begin that cells are shown: at the start, or lower (retreat). */
  origin: Float64Array;
  /** Concentrations that the cells are shown throughout the window, or at its end where they see lines. */
  seen: Float64Array;
  /** What they were shown in the last pass. */
  shown: Float64Array;
  /** What they would have been shown of the result, less `seen`. */
  residual: Float64Array;
  /** Residuals up to this count as agreement; by field, of the last pass. */
  readonly allowed: Float64Array;
  /** Residuals of this size are put down to one firing of a stochastic channel; by field, molecules/µm³. */
  readonly firing: Float64Array;
  /** Field and size, in units of what is allowed, of the largest residual. */
  worstField: number;
  worst: number;
}

/**
 * How the next guess of what the cells see follows from the last: `seen` is improved in place from its residual. A guess
 * below 0 is shown as 0: it is no state, only what the cells are shown.
 */
export interface Acceleration {
  /** A new window, at its first guess: what was learnt of the last one is forgotten. */
  begin(): void;
  propose(iteration: Iteration, duration: number, share: number): void;
}

export function createIteration({ fields }: Model): Iteration {
  return {
    size: 0,
    start: new Float64Array(0),
    origin: new Float64Array(0),
    seen: new Float64Array(0),
    shown: new Float64Array(0),
    residual: new Float64Array(0),
    allowed: new Float64Array(fields.length),
    firing: new Float64Array(fields.length),
    worstField: 0,
    worst: 0,
  };
}

/** Opens a window: `start` is sampled, and is what is seen until something better is known. */
export function beginIteration(iteration: Iteration, model: Model): void {
  const { population, kernels, exchange, fields } = model;
  const room = population.capacity * fields.length;
  if (iteration.seen.length < room) {
    iteration.start = new Float64Array(room);
    iteration.origin = new Float64Array(room);
    iteration.seen = new Float64Array(room);
    iteration.shown = new Float64Array(room);
    iteration.residual = new Float64Array(room);
  }
  iteration.size = population.count * fields.length;
  fields.forEach((values, f) => {
    exchange.sample(kernels.sample[f], population.count, values, iteration.start, fields.length, f);
  });
  iteration.origin.set(iteration.start.subarray(0, iteration.size));
  iteration.seen.set(iteration.start.subarray(0, iteration.size));
}

/**
 * Sets what is put down to one firing: what it has changed its voxel by at the end of the window, if diffusion spreads it
 * meanwhile; `loosely`, what it changes the voxel by at once.
 */
export function allowFiring(
  iteration: Iteration,
  { description, kernels }: Model,
  duration: number,
  loosely: boolean,
): void {
  for (let f = 0; f < iteration.firing.length; f++) {
    const grid = kernels.deposit[f].blocks?.grid ?? description.grid;
    const share = loosely ? 1 : remaining(grid, description.fields[f], duration);
    iteration.firing[f] = (share * largestFiring(description, f)) / grid.voxelVolume;
  }
}

/**
 * Forms the residuals of the pass just run, for cells that see `share` (θ) of the way from start to end; returns the largest
 * in units of what is allowed: up to 1 has converged.
 */
export function measureResidual(
  iteration: Iteration,
  { population, kernels, exchange, work }: Model,
  share: number,
  tolerance: number,
): number {
  const { start, seen, residual, size, allowed, firing } = iteration;
  const stride = work.fieldCount;
  iteration.worst = 0;
  for (let f = 0; f < stride; f++) {
    exchange.sample(kernels.sample[f], population.count, work.next[f], residual, stride, f);
    let scale = 0;
    let largest = 0;
    for (let i = f; i < size; i += stride) {
      const end = residual[i];
      scale = Math.max(scale, start[i], Math.abs(end));
      residual[i] = start[i] + share * (end - start[i]) - seen[i];
      // A NaN is passed on.
      if (!(Math.abs(residual[i]) <= largest)) largest = Math.abs(residual[i]);
    }
    allowed[f] = tolerance * scale + share * firing[f];
    const error = largest === 0 ? 0 : largest / allowed[f];
    if (!(error <= iteration.worst)) {
      iteration.worst = error;
      iteration.worstField = f;
    }
  }
  return iteration.worst;
}

/**
 * Shows half as much, or less, to cells that took part in overdrawing a voxel: a residual of less than one firing may hide that
 * there was not a whole molecule left. What is shown nothing takes nothing.
 */
export function retreat({ seen, shown, origin }: Iteration, { population, kernels, work }: Model): void {
  for (let f = 0; f < work.fieldCount; f++) {
    const end = work.next[f];
    for (let slot = 0; slot < population.count; slot++) {
      visitVoxels(kernels.deposit[f], slot, voxel => {
        if (!(end[voxel] < 0)) return;
        const i = slot * work.fieldCount + f;
        seen[i] = Math.min(seen[i], 0.5 * shown[i]);
        origin[i] *= 0.5;
      });
    }
  }
}

/** Values in units of their field's largest concentration, so that fields of any size count alike. */
export function scaled(values: Float64Array, size: number, scales: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = values[i] / scales[i % scales.length];
  return out;
}

/** By field: the largest concentration seen, or residual. */
export function scalesOf({ seen, residual, size, allowed }: Iteration): Float64Array {
  const scales = new Float64Array(allowed.length);
  for (let i = 0; i < size; i++) {
    const f = i % scales.length;
    scales[f] = Math.max(scales[f], seen[i], Math.abs(residual[i]));
  }
  return scales.map(scale => (scale > 0 ? scale : 1));
}

/**
 * The part of a molecule that is left in the voxel that it was given to after an implicit step of diffusion: along each axis the
 * Green's function of 1 − H D ∂²/∂x² on a line of voxels, 1/√(1 + 4 D H/h²), or an equal share of a short line.
 */
function remaining(grid: Grid, { diffusivity }: FieldDescription, duration: number): number {
  let share = 1;
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const reach = (4 * diffusivity * duration) / grid.spacing[axis] ** 2;
    share *= Math.max(1 / grid.cells[axis], 1 / Math.sqrt(1 + reach));
  }
  return share;
}

/** Molecules of field f that one firing of a stochastic channel moves at most; 0 where there is none. */
function largestFiring({ cellTypes }: Model['description'], f: number): number {
  const whole = cellTypes.flatMap(({ circuit }) => circuit.reactions).filter(({ continuous }) => !continuous);
  const moved = whole.map(reaction =>
    Math.abs(netChange(reaction, 'field').find(([field]) => field === f)?.[1] ?? 0),
  );
  return Math.max(0, ...moved);
}
