/** The phases of a step, in their order; `diagnostics` and `recording` close the list. */
export const PHASES = [
  'sample',
  'circuits',
  'exchange',
  'fields',
  'life cycle',
  'mechanics',
  'diagnostics',
  'recording',
] as const;
export type Phase = (typeof PHASES)[number];

/** What a step did besides the ordinary: each count is a decision that kept the state positive. */
export interface Counts {
  /** Field windows redone with a first-order scheme to stay positive. */
  positiveFields: number;
  /** Parts beyond the first into which field windows were cut for the grid's modes to be damped. */
  fieldSubsteps: number;
  /** Second-order windows redone at first order because a cell could not cover a correction. */
  firstOrderWindows: number;
  /** Windows rejected and halved. */
  halvedWindows: number;
  /** Windows in which stochastic uptake was held to what its voxels contained. */
  guardedWindows: number;
  /** Explicit mechanics substeps. */
  mechanicsSubsteps: number;
}

/**
 * Wall-clock seconds per phase. The engine has no clock of its own: the caller passes one (`performance.now`, in ms) or
 * none, and then all times are 0.
 */
export class Profile {
  readonly seconds: Float64Array = new Float64Array(PHASES.length);
  readonly counts: Counts = {
    positiveFields: 0,
    fieldSubsteps: 0,
    firstOrderWindows: 0,
    halvedWindows: 0,
    guardedWindows: 0,
    mechanicsSubsteps: 0,
  };
  readonly #now: () => number;
  #phase = -1;
  #since = 0;

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** Charges the time since the last call to the phase then entered, and enters this one. */
  enter(phase: Phase | null): void {
    const now = this.#now();
    if (this.#phase >= 0) this.seconds[this.#phase] += (now - this.#since) / 1000;
    this.#phase = phase === null ? -1 : PHASES.indexOf(phase);
    this.#since = now;
  }

  byPhase(): Record<Phase, number> {
    return Object.fromEntries(PHASES.map((phase, i) => [phase, this.seconds[i]])) as Record<Phase, number>;
  }
}
