import { factorise, solveFactorised } from '../ode/lu.ts';
import { RODAS4 } from '../ode/rosenbrock.ts';
import { TOLERANCE } from './explicitBlock.ts';
import type { ReactionNetwork } from './network.ts';

const { gamma: GAMMA, nodes: NODES, slope: SLOPE, a: A, c: C } = RODAS4;
const STAGES = NODES.length;

/** A step whose extents must shrink by no more than this share to keep all concentrations is shrunk so. */
const HAIR = 1e-6;

/** A positive step of first order is taken for one of fourth order that passed its test if they differ by so many tolerances. */
const CLOSE = 10;

const MOST_STEPS = 100_000;

/** Why a voxel could not be followed: the reaction whose rate is no number, or the place that would become negative. */
export type VoxelFault =
  | { readonly kind: 'rate'; readonly reaction: number; readonly value: number; readonly time: number }
  | { readonly kind: 'negative'; readonly place: number; readonly time: number }
  | { readonly kind: 'steps'; readonly time: number };

export interface StiffVoxel {
  /** Concentrations by place: at the start, then at the end. */
  readonly state: Float64Array;
  readonly position: Float64Array;
  /** Extents by reaction, molecules/µm³. */
  readonly extents: Float64Array;
  /** Follows one voxel for `duration`, in as many steps as the error asks for. Null, or why it could not be. */
  advance(time: number, duration: number, floor: Float64Array): VoxelFault | null;
  /** Steps that were tried since the model was made. */
  readonly tried: () => number;
}

/**
 * One voxel by an L-stable method, on extents: every concentration is the one at the start plus Σ stoichiometry × extent, so
 * that moieties hold to the rounding of that sum. A step that would leave less than nothing is shortened, never cut off.
 */
export function createStiffVoxel(network: ReactionNetwork): StiffVoxel {
  const { rates, slopes, timeSlopes, slopeReaction, slopePlace, changed: n, places, changes } = network;
  const count = network.reactions.length;
  const state = new Float64Array(network.fields.length);
  const origin = new Float64Array(n);
  const trial = new Float64Array(network.fields.length);
  const position = new Float64Array(3);
  const extents = new Float64Array(count);
  const step = new Float64Array(count);
  const rate = new Float64Array(count);
  const stageRate = new Float64Array(count);
  const timeSlope = new Float64Array(count);
  const slope = new Float64Array(slopeReaction.length);
  const matrix = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  const solution = new Float64Array(n);
  const error = new Float64Array(n);
  const k = Array.from({ length: STAGES }, () => new Float64Array(count));
  let tried = 0;
  /** The reaction whose rate was no number at a stage of the last attempt; −1 if none. */
  let undefinedRate = -1;

  /** target[place] += Σ changes × values. */
  function apply(values: Float64Array, target: Float64Array): void {
    for (let r = 0; r < count; r++) {
      for (let p = 0; p < places[r].length; p++) target[places[r][p]] += changes[r][p] * values[r];
    }
  }

  /** Factors of a I − N V, V the derivatives of the rates; false where singular. */
  function prepare(a: number): boolean {
    matrix.fill(0);
    for (let i = 0; i < n; i++) matrix[i * n + i] = a;
    for (let e = 0; e < slope.length; e++) {
      const r = slopeReaction[e];
      for (let p = 0; p < places[r].length; p++) {
        matrix[places[r][p] * n + slopePlace[e]] -= changes[r][p] * slope[e];
      }
    }
    return factorise(matrix, pivots, n);
  }

  /** (a I − V N) x = right, in place, through the smaller system in the concentrations: x = (right + V s)/a, (a I − N V) s = N right. */
  function solve(right: Float64Array, a: number): void {
    solution.fill(0);
    apply(right, solution);
    solveFactorised(matrix, pivots, n, solution);
    for (let e = 0; e < slope.length; e++) right[slopeReaction[e]] += slope[e] * solution[slopePlace[e]];
    for (let r = 0; r < count; r++) right[r] /= a;
  }

  /** Extents of one step into `step`; its error in units of what is allowed, NaN where there is none. */
  function attempt(time: number, h: number, floor: Float64Array): number {
    const a = 1 / (GAMMA * h);
    undefinedRate = -1;
    if (!prepare(a)) return Number.NaN;
    for (let s = 0; s < STAGES; s++) {
      if (s > 0) {
        step.fill(0);
        for (let j = 0; j < s; j++) for (let r = 0; r < count; r++) step[r] += A[s][j] * k[j][r];
        trial.set(state);
        apply(step, trial);
        rates(trial, position, time + NODES[s] * h, stageRate, 1, 1);
        undefinedRate = stageRate.findIndex(value => !Number.isFinite(value));
        if (undefinedRate >= 0) return Number.NaN;
      }
      const own = k[s];
      for (let r = 0; r < count; r++) {
        let sum = (s === 0 ? rate[r] : stageRate[r]) + SLOPE[s] * h * timeSlope[r];
        for (let j = 0; j < s; j++) sum += (C[s][j] / h) * k[j][r];
        own[r] = sum;
      }
      solve(own, a);
    }
    // The last stage was taken where the embedded method ends, and is the difference to it.
    const difference = k[STAGES - 1];
    for (let r = 0; r < count; r++) step[r] += difference[r];
    error.fill(0);
    apply(difference, error);
    return normOf(error, floor, step);
  }

  /** Largest of `differences` in units of what is allowed for a step with these extents. */
  function normOf(differences: Float64Array, floor: Float64Array, extent: Float64Array): number {
    trial.set(state);
    apply(extent, trial);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const allowed = TOLERANCE * (Math.max(state[i], trial[i]) + floor[i]);
      const own = Math.abs(differences[i]) / allowed;
      if (!(own <= norm)) norm = own;
    }
    return norm;
  }

  /** A linearly implicit Euler step, positive for mass action, into `step`; how far it is from the step that was there. */
  function attemptPositive(h: number, floor: Float64Array): number {
    k[0].set(step);
    if (!prepare(1 / h)) return Number.NaN;
    for (let r = 0; r < count; r++) step[r] = rate[r] + h * timeSlope[r];
    solve(step, 1 / h);
    error.fill(0);
    for (let r = 0; r < count; r++) k[0][r] -= step[r];
    apply(k[0], error);
    return normOf(error, floor, step);
  }

  /** The concentrations after the extents so far and `share` of `step`, into `trial`; the place of the least one. */
  function moveTo(share: number): number {
    for (let r = 0; r < count; r++) stageRate[r] = extents[r] + share * step[r];
    for (let i = 0; i < n; i++) trial[i] = origin[i];
    apply(stageRate, trial);
    let least = 0;
    for (let i = 1; i < n; i++) if (trial[i] < trial[least]) least = i;
    return least;
  }

  /** Accepts `step` where it leaves nothing negative, shrunk by a hair if need be. −1, or the place that is short. */
  function accept(): number {
    let share = 1;
    for (;;) {
      const least = moveTo(share);
      if (trial[least] >= 0) break;
      let most = share;
      for (let i = 0; i < n; i++) {
        if (trial[i] < 0) most = Math.min(most, (share * state[i]) / (state[i] - trial[i]));
      }
      share = Math.min(most, share * (1 - 2 ** -50));
      if (!(1 - share <= HAIR)) return least;
    }
    extents.set(stageRate);
    for (let i = 0; i < n; i++) state[i] = trial[i];
    return -1;
  }

  return {
    state,
    position,
    extents,
    tried: () => tried,
    advance(start, duration, floor) {
      for (let i = 0; i < n; i++) origin[i] = state[i];
      trial.set(state);
      extents.fill(0);
      let time = 0;
      let length = duration;
      for (let steps = 0; time < duration; ) {
        rates(state, position, start + time, rate, 1, 1);
        for (let r = 0; r < count; r++) {
          if (!Number.isFinite(rate[r])) return faultOf(r, rate, start + time);
        }
        slopes(state, position, start + time, slope, 1, 1);
        if (timeSlopes) timeSlopes(state, position, start + time, timeSlope, 1, 1);
        for (let short = -1; ; ) {
          const left = duration - time;
          const h = length >= left * (1 - 1e-9) ? left : length;
          tried++;
          if (++steps > MOST_STEPS) return { kind: 'steps', time: start + time };
          const norm = attempt(start + time, h, floor);
          if (norm <= 1) {
            short = accept();
            if (short >= 0 && attemptPositive(h, floor) <= CLOSE) short = accept();
            if (short < 0) {
              time = h === left ? duration : time + h;
              length = h * (norm === 0 ? 6 : Math.min(6, Math.max(0.2, 0.9 * norm ** -0.25)));
              break;
            }
          }
          length = h * (norm > 1 ? Math.max(0.1, 0.9 * norm ** -0.25) : 0.1);
          if (length < 1e-14 * duration) {
            if (undefinedRate >= 0) return faultOf(undefinedRate, stageRate, start + time);
            return short < 0
              ? { kind: 'steps', time: start + time }
              : { kind: 'negative', place: short, time: start + time };
          }
        }
      }
      return null;
    },
  };
}

function faultOf(reaction: number, rates: Float64Array, time: number): VoxelFault {
  return { kind: 'rate', reaction, value: rates[reaction], time };
}
