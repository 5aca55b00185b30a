/**
 * The Bogacki–Shampine 3(2) pair (1989, doi:10.1016/0893-9659(89)90079-7) on the extents e of continuous channels:
 * de/dt = v(x₀ + N e), so that every state is x₀ plus whole multiples of stoichiometry and conservation is exact up to
 * the rounding of that one sum.
 *
 *     k₁ = v(e)                       k₂ = v(e + ½ h k₁)           k₃ = v(e + ¾ h k₂)
 *     e⁺ = e + h (2/9 k₁ + 1/3 k₂ + 4/9 k₃)                        k₄ = v(e⁺), the k₁ of the next step
 *     error = h (−5/72 k₁ + 1/12 k₂ + 1/9 k₃ − 1/8 k₄)
 *
 * A step is taken again, shorter, where the error is too large, an amount would be negative at any stage, or a rate is
 * negative or not finite there. Nothing is clipped.
 */
export const BS3 = {
  a2: 1 / 2,
  a3: 3 / 4,
  b1: 2 / 9,
  b2: 1 / 3,
  b3: 4 / 9,
  e1: -5 / 72,
  e2: 1 / 12,
  e3: 1 / 9,
  e4: -1 / 8,
} as const;

/** Error per step, relative to an amount plus `ABSOLUTE_SHARE` of a molecule. */
export const DEFAULT_TOLERANCE = 1e-6;
export const ABSOLUTE_SHARE = 1;

/** A step shorter than this fraction of its window is given up: the state runs into a rate it cannot follow. */
export const SHORTEST_STEP = 2 ** -44;

/** Step for the next attempt, from the error of this one relative to the tolerance: order 3, safety 0.9. */
export function nextStep(step: number, error: number): number {
  const factor = 0.9 / Math.cbrt(error);
  // A NaN or infinite error shrinks the step as far as is allowed in one go.
  if (!(factor > 0.2)) return 0.2 * step;
  return step * Math.min(factor, 5);
}
