import type { ReactionNetwork } from './network.ts';

/** Voxels that are advanced side by side; the arrays of a block are [row * BLOCK + voxel]. */
export const BLOCK = 128;

/** Error of a step, relative to the concentration plus a share of what is usual (`floor`). */
export const TOLERANCE = 1e-6;

/** A block of voxels. */
export interface ExplicitBlock {
  /** Concentrations by place at the start; rows of what is only read stay. */
  readonly start: Float64Array;
  /** The same at the end. */
  readonly end: Float64Array;
  readonly position: Float64Array;
  /** Extents by reaction, molecules/µm³. */
  readonly extents: Float64Array;
  /** Per voxel: largest error of a step in units of what is allowed; infinite where a concentration came out negative or as no number. */
  readonly errors: Float64Array;
  /** `steps` equal steps of the classical Runge–Kutta method over `duration` in the first `count` voxels, side by side. */
  advance(time: number, duration: number, steps: number, count: number, floor: Float64Array): void;
}

/**
 * The classical fourth-order method. Its error is taken from the third-order one that has the derivative at the end in place of
 * the fourth stage's: weights 1/6, 1/3, 1/3, 0, 1/6 satisfy the conditions of order 3. The derivative at the end begins the next step.
 */
export function createExplicitBlock(network: ReactionNetwork): ExplicitBlock {
  const { rates, changed, places, changes, fields, reactions } = network;
  const rows = (n: number) => new Float64Array(n * BLOCK);
  const start = rows(fields.length);
  const end = rows(fields.length);
  const current = rows(fields.length);
  const position = rows(3);
  const extents = rows(reactions.length);
  const stages = Array.from({ length: 4 }, () => rows(reactions.length));
  const differences = rows(changed);
  const errors = new Float64Array(BLOCK);
  let first = rows(reactions.length);
  let last = rows(reactions.length);
  const [second, third, fourth, spread] = stages;

  /** `into` = `from` + factor × what `values` change. */
  function move(
    from: Float64Array,
    values: Float64Array,
    factor: number,
    into: Float64Array,
    count: number,
  ): void {
    into.set(from);
    for (let r = 0; r < reactions.length; r++) {
      const own = r * BLOCK;
      for (let p = 0; p < places[r].length; p++) {
        const row = places[r][p] * BLOCK;
        const change = factor * changes[r][p];
        for (let v = 0; v < count; v++) into[row + v] += change * values[own + v];
      }
    }
  }

  function judge(h: number, count: number, floor: Float64Array): void {
    for (let r = 0; r < reactions.length; r++) {
      const own = r * BLOCK;
      for (let v = own; v < own + count; v++) spread[v] = fourth[v] - last[v];
    }
    differences.fill(0);
    move(differences, spread, h / 6, differences, count);
    for (let i = 0; i < changed; i++) {
      const row = i * BLOCK;
      const least = floor[i];
      for (let v = 0; v < count; v++) {
        const allowed = TOLERANCE * (Math.max(current[row + v], end[row + v]) + least);
        const error = Math.abs(differences[row + v]) / allowed;
        if (!(end[row + v] >= 0)) errors[v] = Number.POSITIVE_INFINITY;
        else if (!(error <= errors[v])) errors[v] = error;
      }
    }
  }

  return {
    start,
    end,
    position,
    extents,
    errors,
    advance(time, duration, steps, count, floor) {
      const h = duration / steps;
      extents.fill(0);
      errors.fill(0);
      current.set(start);
      rates(current, position, time, first, count, BLOCK);
      for (let step = 0; step < steps; step++) {
        const at = time + step * h;
        move(current, first, h / 2, end, count);
        rates(end, position, at + h / 2, second, count, BLOCK);
        move(current, second, h / 2, end, count);
        rates(end, position, at + h / 2, third, count, BLOCK);
        move(current, third, h, end, count);
        rates(end, position, at + h, fourth, count, BLOCK);
        for (let r = 0; r < reactions.length; r++) {
          const own = r * BLOCK;
          for (let v = own; v < own + count; v++) {
            extents[v] += (h / 6) * (first[v] + 2 * (second[v] + third[v]) + fourth[v]);
          }
        }
        move(start, extents, 1, end, count);
        rates(end, position, at + h, last, count, BLOCK);
        judge(h, count, floor);
        current.set(end);
        [first, last] = [last, first];
      }
      for (let v = 0; v < count; v++) if (Number.isNaN(errors[v])) errors[v] = Number.POSITIVE_INFINITY;
    },
  };
}
