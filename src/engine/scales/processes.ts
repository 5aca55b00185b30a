import type { Boundary, FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';

/** Something that happens on a time scale of its own. */
export interface Process {
  readonly name: string;
  /** What it belongs to: a field, a cell type, or the run. */
  readonly of: string;
  /** s */
  readonly time: number;
}

/** First zero of the Bessel function J₀. */
const J01 = 2.404825557695773;

/** Slowest decay of a difference across a disc or ball with its rim held, s. */
export function timeAcrossColony(radius: number, diffusivity: number, dimensions: 2 | 3): number {
  const root = dimensions === 2 ? J01 : Math.PI;
  return radius ** 2 / (root ** 2 * diffusivity);
}

/** Slowest decay of a sine over a length between equal points, s. */
export function timeAcross(length: number, diffusivity: number): number {
  return length ** 2 / (Math.PI ** 2 * diffusivity);
}

/**
 * The slowest decay by diffusion over the domain, s: of what is not uniform (`mixing`), and of all (`leaving`, infinite where nothing
 * leaves through faces). Along an axis of length L the eigenvalues are D (k/L)², k = π between two closed or two held ends,
 * π/2 between one of each, 2π where periodic, and the first root of k tan k = Bi (of L/2 or L) where a layer stands before the face.
 */
export function domainTimes(field: FieldDescription, grid: Grid): { mixing: number; leaving: number } {
  const { diffusivity } = field;
  if (diffusivity === 0) return { mixing: Number.POSITIVE_INFINITY, leaving: Number.POSITIVE_INFINITY };
  let mixing = 0;
  let leaving = 0;
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const length = grid.size[axis];
    const ends = [field.boundary[2 * axis], field.boundary[2 * axis + 1]];
    // An end as a transfer speed: 0 closed, infinite held.
    const speed = ends.map(transferSpeed);
    const rate = (k: number) => diffusivity * (k / length) ** 2;
    const closed = speed.every(value => value === 0);
    const periodic = ends[0].kind === 'periodic';
    const slowest = periodic || closed ? 0 : rate(lowestRoot(speed[0], speed[1], length / diffusivity));
    leaving += slowest;
    const uneven = periodic ? rate(2 * Math.PI) : closed ? rate(Math.PI) : slowest;
    mixing = Math.max(mixing, 1 / uneven);
  }
  return { mixing, leaving: leaving > 0 ? 1 / leaving : Number.POSITIVE_INFINITY };
}

/** At a face, µm/s: infinite where a value is held (by a reservoir, too), 0 where it is closed to diffusion. */
export function transferSpeed(end: Boundary): number {
  switch (end.kind) {
    case 'value':
      return Number.POSITIVE_INFINITY;
    case 'transfer':
      return end.transfer;
    case 'reservoir':
      return end.transfer ?? Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

/** The least k > 0 of a slab with transfer speeds p and q at its ends: tan k = k (A + B)/(k² − A B), A = p L/D, B = q L/D. */
function lowestRoot(p: number, q: number, scale: number): number {
  const [a, b] = [p * scale, q * scale];
  // k = atan(A/k) + atan(B/k): the right side falls, so bisection finds the one root.
  let [low, high] = [0, Math.PI];
  for (let n = 0; n < 100; n++) {
    const middle = (low + high) / 2;
    if (middle > Math.atan2(a, middle) + Math.atan2(b, middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
