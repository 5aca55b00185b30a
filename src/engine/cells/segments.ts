/** Entries of the result of `closestOnSegments`. */
export const S = 0;
export const T = 1;
export const DX = 2;
export const DY = 3;
export const DZ = 4;
export const SQUARE = 5;

/** Two segments whose angle has a squared sine below this are taken for parallel: rounding leaves no more to tell. */
const PARALLEL = 1e-12;

/**
 * Closest points of two segments p + s h and q + t g with s, t ∈ [−1, 1] (half vectors h, g; w = q − p): the parameters, the
 * vector d from the first point to the second, and its square, into `out`. Minimises the quadratic |w + t g − s h|² over the
 * square (Ericson 2005, Real-Time Collision Detection, §5.1.9). Of parallel segments that lie side by side, one of the closest
 * pairs of points. A segment may be a point (h = 0).
 */
export function closestOnSegments(
  wx: number,
  wy: number,
  wz: number,
  hx: number,
  hy: number,
  hz: number,
  gx: number,
  gy: number,
  gz: number,
  out: Float64Array,
): void {
  const a = hx * hx + hy * hy + hz * hz;
  const e = gx * gx + gy * gy + gz * gz;
  const c = wx * hx + wy * hy + wz * hz;
  const f = wx * gx + wy * gy + wz * gz;
  let s = 0;
  let t = 0;
  if (a > 0 && e > 0) {
    const b = hx * gx + hy * gy + hz * gz;
    const sine = a * e - b * b;
    if (sine > PARALLEL * a * e) s = clamp((c * e - b * f) / sine);
    else s = clamp(c / a);
    t = clamp((b * s - f) / e);
    s = clamp((b * t + c) / a);
    // Once more: the parameter clamped first may have been drawn back by the other.
    t = clamp((b * s - f) / e);
  } else if (a > 0) s = clamp(c / a);
  else if (e > 0) t = clamp(-f / e);
  const dx = wx + t * gx - s * hx;
  const dy = wy + t * gy - s * hy;
  const dz = wz + t * gz - s * hz;
  out[S] = s;
  out[T] = t;
  out[DX] = dx;
  out[DY] = dy;
  out[DZ] = dz;
  out[SQUARE] = dx * dx + dy * dy + dz * dz;
}

function clamp(value: number): number {
  return value < -1 ? -1 : value > 1 ? 1 : value;
}

/**
 * The part of the first segment beside the second: the interval of s whose points have the second's ends on either side or are
 * ends themselves, into out[0] ≤ out[1]. False where they do not lie side by side at all.
 */
export function sideBySide(
  wx: number,
  wy: number,
  wz: number,
  hx: number,
  hy: number,
  hz: number,
  gx: number,
  gy: number,
  gz: number,
  out: Float64Array,
): boolean {
  const a = hx * hx + hy * hy + hz * hz;
  if (!(a > 0)) return false;
  const middle = (wx * hx + wy * hy + wz * hz) / a;
  const half = Math.abs(gx * hx + gy * hy + gz * hz) / a;
  out[0] = Math.max(-1, middle - half);
  out[1] = Math.min(1, middle + half);
  return out[0] < out[1];
}

/** The parameter in [−1, 1] of the point of a segment q + t g that is nearest to a point p; w = q − p. */
export function nearestOnSegment(
  wx: number,
  wy: number,
  wz: number,
  gx: number,
  gy: number,
  gz: number,
): number {
  const e = gx * gx + gy * gy + gz * gz;
  return e > 0 ? clamp(-(wx * gx + wy * gy + wz * gz) / e) : 0;
}
