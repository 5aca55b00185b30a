/**
 * What one step of a run may cost at most. Beyond each of these a step would take minutes or all memory, during which
 * nothing can be interrupted; each lies far above what a sound choice of step, rates and sizes comes to. A run that reaches
 * one fails with the number, the limit and the cause (RunFailure, `capacity` or `rate`).
 */
export const RUN_LIMITS = {
  /**
   * Cells alive. 2²² of them take 1.3 GB at 300 bytes each, a dozen times that with hundreds of species, and seconds per
   * step; a scenario may start with half as many.
   */
  cells: 4_194_304,
  /**
   * Volume of a dividing cell relative to the volume at which its type divides on average: 256 is eight generations in one
   * step, which is then longer than a life. (A founder may begin at 64 times that volume, LIMITS.newbornSize.)
   */
  overgrowth: 256,
  /** Explicit substeps of the mechanics in one step. A packed colony takes 4 × rate × step. */
  substeps: 10_000,
  /**
   * Cells that a cell overlaps, on average. Spheres packed without force touch 12 others; with hundreds the cells lie on
   * top of one another, faster than the mechanics can part them.
   */
  contacts: 256,
  /**
   * Pairs of cells that the mechanics look at in one step: substeps × cells × cells nearby. Some 20 s of computing; a packed
   * colony has 10 (2-D) to 60 (3-D) nearby, so that a million cells may take 80 substeps.
   */
  pairs: 5_000_000_000,
  /** Firings of one cell in one window: 3 s of computing at 4·10⁷ firings/s. */
  firings: 100_000_000,
  /** Steps of the ODE solver for one cell in one window: some 2 (two species) to 60 s (dozens, stiff) of computing. */
  steps: 1_000_000,
} as const;
