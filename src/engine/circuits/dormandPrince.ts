import type { Flow } from './flow.ts';

/**
 * The Dormand–Prince 5(4) pair (1980, doi:10.1016/0771-050X(80)90013-3) on the extents of a flow; explicit. The first rate of
 * a step is the last of the one before.
 */
const A = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const C = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
/** Weights of the fifth order minus those of the fourth. */
const E = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
export const DORMAND_PRINCE_ORDER = 5;

/** Beyond this h·|λ| the last two stages differ as they do only where the step sits at the edge of stability (Hairer & Wanner II.IV.2). */
export const STABILITY_EDGE = 3.25;

/** What a solver leaves of a step. */
export interface Step {
  /** Extents after the step. */
  readonly extents: Float64Array;
  /** Error estimate, in extents. */
  readonly error: Float64Array;
  /** h·|λ| of the dominant eigenvalue, 0 where not known. */
  stiffness: number;
}

export interface Solver {
  readonly step: Step;
  /** Begins at the flow's present state, at `offset` s into the window; a channel whose rate is not finite, −1 if none. */
  begin(offset: number): number;
  /** Tries a step of h from `extents`; false where a stage left the valid states (amounts ≥ `floor`, finite rates). */
  attempt(offset: number, h: number, extents: Float64Array, floor: number): boolean;
  /** The tried step was taken: the flow stands at its end. */
  accept(): void;
}

export function createDormandPrince(flow: Flow): Solver {
  const { count, size } = flow;
  const k = Array.from({ length: 7 }, () => new Float64Array(count));
  const stage = new Float64Array(count);
  const penultimate = new Float64Array(count);
  const difference = new Float64Array(count);
  const change = new Float64Array(size);
  const step: Step = { extents: new Float64Array(count), error: new Float64Array(count), stiffness: 0 };

  function norm(a: Float64Array, b: Float64Array): number {
    for (let c = 0; c < count; c++) difference[c] = a[c] - b[c];
    flow.combine(difference, change);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += change[i] * change[i];
    return Math.sqrt(sum);
  }

  return {
    step,
    begin: offset => flow.rates(offset, k[0]),
    attempt(offset, h, extents, floor) {
      for (let i = 0; i < 6; i++) {
        const row = A[i];
        for (let c = 0; c < count; c++) {
          let sum = 0;
          for (let j = 0; j <= i; j++) sum += row[j] * k[j][c];
          stage[c] = extents[c] + h * sum;
        }
        if (i === 4) penultimate.set(stage);
        if (!(flow.moveTo(stage) >= floor) || flow.rates(offset + C[i] * h, k[i + 1]) >= 0) return false;
      }
      step.extents.set(stage);
      for (let c = 0; c < count; c++) {
        let sum = 0;
        for (let j = 0; j < 7; j++) sum += E[j] * k[j][c];
        step.error[c] = h * sum;
      }
      const distance = norm(stage, penultimate);
      step.stiffness = distance > 0 ? (h * norm(k[6], k[5])) / distance : 0;
      return true;
    },
    accept() {
      k[0].set(k[6]);
    },
  };
}
