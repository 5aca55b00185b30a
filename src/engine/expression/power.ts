/**
 * Powers and the Hill function, in the one form that interpreted and generated code share: both must give the same
 * bits, so that a trajectory does not depend on whether code generation is allowed.
 */

/** Largest whole exponent that is evaluated by products; beyond it `Math.pow`. */
export const LARGEST_PRODUCT_EXPONENT = 16;

/** baseᵉˣᵖᵒⁿᵉⁿᵗ. Whole exponents up to ±16 by binary products (several times faster than `Math.pow`). */
export function power(base: number, exponent: number): number {
  if (exponent === 2) return base * base;
  if (exponent === 1) return base;
  if (exponent === 0.5) return Math.sqrt(base);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > LARGEST_PRODUCT_EXPONENT) {
    return base ** exponent;
  }
  if (exponent < 0) return 1 / power(base, -exponent);
  let result = 1;
  let square = base;
  for (let bits = exponent; bits > 0; bits >>>= 1) {
    if ((bits & 1) === 1) result *= square;
    square *= square;
  }
  return result;
}

export function square(base: number): number {
  return base * base;
}

/** The products of `power(base, 3)`, in the same order. */
export function cube(base: number): number {
  return base * (base * base);
}

/** The products of `power(base, 4)`, in the same order. */
export function fourthPower(base: number): number {
  const squared = base * base;
  return squared * squared;
}

/** Below and above these, xⁿ + Kⁿ has lost digits to underflow or its last bits to overflow. */
const SMALLEST_DENOMINATOR = 1e-290;
const LARGEST_DENOMINATOR = 1e300;

/**
 * Hill function xⁿ/(Kⁿ + xⁿ) (Hill 1910): 0 at x = 0 and 1 at x ≫ K for n > 0. Where the powers leave the range of a
 * double it is evaluated by the ratio x/K or K/x, whichever is at most 1, so that it never becomes NaN for x ≥ 0, K > 0.
 */
export function hill(x: number, k: number, n: number): number {
  return hillFromPowers(x, k, n, power(x, n), power(k, n));
}

/** `hill` with xⁿ and Kⁿ already at hand: generated code folds Kⁿ into a constant and xⁿ into products. */
export function hillFromPowers(x: number, k: number, n: number, xn: number, kn: number): number {
  const denominator = kn + xn;
  if (denominator > SMALLEST_DENOMINATOR && denominator < LARGEST_DENOMINATOR) return xn / denominator;
  return hillFromRatio(x, k, n);
}

function hillFromRatio(x: number, k: number, n: number): number {
  if (n < 0) return hillFromRatio(k, x, -n);
  if (x <= k) {
    const ratio = power(x / k, n);
    return ratio / (1 + ratio);
  }
  return 1 / (1 + power(k / x, n));
}

/** x − p ⌊x/p⌋, between 0 and p whatever rounding does: where the product has lost the digits that matter, the exact remainder. */
export function modulo(x: number, p: number): number {
  const value = x - p * Math.floor(x / p);
  if (p > 0 ? value >= 0 && value <= p : value <= 0 && value >= p) return value;
  const rest = x % p;
  return rest !== 0 && rest < 0 !== p < 0 ? rest + p : rest + 0;
}
