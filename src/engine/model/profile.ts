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
  /** Parts beyond the first into which field windows were cut, for the grid's modes to be damped or for a tolerance. */
  fieldSubsteps: number;
  /** Largest estimated error of a window of a field with a tolerance, relative to its largest concentration. */
  fieldError: number;
  /** Second-order windows redone at first order because a cell could not cover a correction. */
  firstOrderWindows: number;
  /** Windows rejected and halved. */
  halvedWindows: number;
  /** Windows in which stochastic uptake was held to what its voxels contained. */
  guardedWindows: number;
  /** Steps in which the field windows, first-order windows, halved or guarded windows above occurred at all. */
  positiveFieldSteps: number;
  firstOrderSteps: number;
  halvedSteps: number;
  guardedSteps: number;
  /** Passes over strongly coupled windows, and windows that took them. */
  iterations: number;
  iteratedWindows: number;
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
    fieldError: 0,
    firstOrderWindows: 0,
    halvedWindows: 0,
    guardedWindows: 0,
    positiveFieldSteps: 0,
    firstOrderSteps: 0,
    halvedSteps: 0,
    guardedSteps: 0,
    iterations: 0,
    iteratedWindows: 0,
    mechanicsSubsteps: 0,
  };
  /** Most passes over one of the last step's windows (0: not iterated), and the worst contraction per pass (0: not measured). */
  stepIterations = 0;
  stepContraction = 0;
  readonly #now: () => number;
  #phase = -1;
  #since = 0;
  /** Counts of the four fallbacks when the step began. */
  readonly #before: Float64Array = new Float64Array(4);

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

  beginStep(): void {
    this.stepIterations = 0;
    this.stepContraction = 0;
    const { positiveFields, firstOrderWindows, halvedWindows, guardedWindows } = this.counts;
    this.#before[0] = positiveFields;
    this.#before[1] = firstOrderWindows;
    this.#before[2] = halvedWindows;
    this.#before[3] = guardedWindows;
  }

  /** Counts the step by the fallbacks that it used since `beginStep`. */
  endStep(): void {
    const { counts } = this;
    if (counts.positiveFields > this.#before[0]) counts.positiveFieldSteps++;
    if (counts.firstOrderWindows > this.#before[1]) counts.firstOrderSteps++;
    if (counts.halvedWindows > this.#before[2]) counts.halvedSteps++;
    if (counts.guardedWindows > this.#before[3]) counts.guardedSteps++;
  }

  /**
   * After pass `pass` over a window, whose error is so many times what is allowed: keeps the most passes of the step's windows,
   * and their contraction, the factor by which a pass shrank the error on average, of the window in which it was worst.
   */
  iterated(pass: number, error: number, firstError: number, done: boolean): void {
    this.counts.iterations++;
    if (pass === 1) this.counts.iteratedWindows++;
    this.stepIterations = Math.max(this.stepIterations, pass);
    if (!done || pass === 1 || firstError === 0) return;
    this.stepContraction = Math.max(this.stepContraction, (error / firstError) ** (1 / (pass - 1)));
  }

  /** After a window solved in so many Newton iterations, by which its residual shrank by this factor each, on average. */
  solved(iterations: number, contraction: number): void {
    this.counts.iterations += iterations;
    this.counts.iteratedWindows++;
    this.stepIterations = Math.max(this.stepIterations, iterations);
    this.stepContraction = Math.max(this.stepContraction, contraction);
  }

  byPhase(): Record<Phase, number> {
    return Object.fromEntries(PHASES.map((phase, i) => [phase, this.seconds[i]])) as Record<Phase, number>;
  }
}
