import { netChange } from '../circuits/circuit.ts';
import type { Model } from '../model/model.ts';

/** What the cells see of the fields, and how far that is from what becomes of it; [slot * fieldCount + f], molecules/µm³. */
export interface Iteration {
  /** Values in use: population.count × fieldCount. */
  size: number;
  /** Concentrations at the start of the window. */
  start: Float64Array;
  /** Concentrations that the cells are shown throughout the window. */
  seen: Float64Array;
  /** What they would have been shown of the result, less `seen`. */
  residual: Float64Array;
  /** Residuals up to this count as agreement; by field, of the last pass. */
  readonly allowed: Float64Array;
  /** What one firing of a stochastic channel changes a voxel of each field by at most, molecules/µm³. */
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

export function createIteration({ description, fields }: Model): Iteration {
  return {
    size: 0,
    start: new Float64Array(0),
    seen: new Float64Array(0),
    residual: new Float64Array(0),
    allowed: new Float64Array(fields.length),
    firing: Float64Array.from(fields, (_, f) => largestFiring(description, f) / description.grid.voxelVolume),
    worstField: 0,
    worst: 0,
  };
}

/** Opens a window: `start` is sampled, and is what is seen until something better is known. */
export function beginIteration(iteration: Iteration, model: Model): void {
  const { population, kernel, exchange, fields } = model;
  const room = population.capacity * fields.length;
  if (iteration.seen.length < room) {
    iteration.start = new Float64Array(room);
    iteration.seen = new Float64Array(room);
    iteration.residual = new Float64Array(room);
  }
  iteration.size = population.count * fields.length;
  fields.forEach((values, f) => {
    exchange.sample(kernel, population.count, values, iteration.start, fields.length, f);
  });
  iteration.seen.set(iteration.start.subarray(0, iteration.size));
}

/**
 * Forms the residuals of the pass just run, for cells that see `share` (θ) of the way from start to end; returns the largest
 * in units of what is allowed: up to 1 has converged.
 */
export function measureResidual(
  iteration: Iteration,
  { population, kernel, exchange, work }: Model,
  share: number,
  tolerance: number,
): number {
  const { start, seen, residual, size, allowed, firing } = iteration;
  const stride = work.fieldCount;
  iteration.worst = 0;
  for (let f = 0; f < stride; f++) {
    exchange.sample(kernel, population.count, work.next[f], residual, stride, f);
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

/** Molecules of field f that one firing of a stochastic channel moves at most; 0 where there is none. */
function largestFiring({ cellTypes }: Model['description'], f: number): number {
  const whole = cellTypes.flatMap(({ circuit }) => circuit.reactions).filter(({ continuous }) => !continuous);
  const moved = whole.map(reaction =>
    Math.abs(netChange(reaction, 'field').find(([field]) => field === f)?.[1] ?? 0),
  );
  return Math.max(0, ...moved);
}
