import type { Boundary, FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';

/**
 * `I − a A_m` on the lines along one axis, with `A_m = L_m − λ/n`, factorised; `a` is the part of the window (s) that a
 * sweep is implicit over. A line of potentials P solves
 *
 *     diagonal[i] P[i] − coupling (P[i−1] + P[i+1]) = r[i]
 *
 * where the two values beyond its ends are *ghosts*: 2g at a face with fixed value g (the flux 2D/h (g − P) is then
 * D/h ((2g − P) − P), the diagonal's share 2 · coupling), 0 at a closed face (share 0). Elimination is
 * z[i] = factor[i] (r[i] + coupling z[i−1]) upwards, P[i] = z[i] + coupling · factor[i] P[i+1] downwards.
 *
 * A periodic axis has one unknown value g at the face that joins its ends, the same on both sides: 2g = P[0] + P[n−1],
 * so it is solved as a fixed value with ghost σ = P[0] + P[n−1]. With zero ghosts the line would give p; a unit ghost
 * on both sides gives y < ½; hence σ = (p[0] + p[n−1]) / (1 − y[0] − y[n−1]) (Sherman–Morrison). With
 * reach[i] = Π_{k ≤ i} coupling · factor[k], what a ghost does to z[i] below and z[i] to P[0] alike,
 *
 *     p[0] = z[0] + Σ reach[i−1] z[i],   p[n−1] = z[n−1],
 *     y[0] + y[n−1] = 2 reach[n−1] + gain[n−1] + Σ reach[i−1] reach[i]   (reach[−1] = 1).
 */
export interface AxisOperator {
  readonly n: number;
  /** a D / h². */
  readonly coupling: number;
  /** a λ / n, the decay in the explicit half. */
  readonly decay: number;
  /** Diagonal without uptake. */
  readonly diagonal: Float64Array;
  /** 1 / pivot without uptake. */
  readonly factor: Float64Array;
  readonly low: Edge;
  readonly high: Edge;
  readonly periodic: boolean;
  /** Periodic axes only, else empty. */
  readonly reach: Float64Array;
  /** 1 / (1 − y[0] − y[n−1]); periodic axes only. */
  readonly closure: number;
}

/** One end of an axis: `open` where a fixed value lets molecules through. */
export interface Edge {
  readonly open: boolean;
  /** 2g, or 0. */
  readonly ghost: number;
}

export function axisOperator(grid: Grid, field: FieldDescription, axis: number, a: number): AxisOperator {
  const n = grid.cells[axis];
  const h = grid.spacing[axis];
  const coupling = (a * field.diffusivity) / (h * h);
  const decay = (a * field.decay) / grid.dimensions;
  const lowFace = field.boundary[2 * axis];
  const highFace = field.boundary[2 * axis + 1];
  // One voxel that is its own neighbour exchanges nothing.
  const periodic = lowFace.kind === 'periodic' && n > 1;
  const diagonal = new Float64Array(n).fill(1 + decay + 2 * coupling);
  diagonal[0] += edgeShare(lowFace, n, coupling) - coupling;
  diagonal[n - 1] += edgeShare(highFace, n, coupling) - coupling;
  const factor = new Float64Array(n);
  const reach = new Float64Array(periodic ? n : 0);
  let previous = 0;
  for (let i = 0; i < n; i++) {
    previous = 1 / (diagonal[i] - coupling * coupling * previous);
    factor[i] = previous;
  }
  let closure = 1;
  if (periodic) {
    let link = 1;
    let ends = 0;
    for (let i = 0; i < n; i++) {
      reach[i] = link * coupling * factor[i];
      ends += link * reach[i];
      link = reach[i];
    }
    closure = 1 / (1 - (2 * link + coupling * factor[n - 1] + ends));
  }
  return {
    n,
    coupling,
    decay,
    diagonal,
    factor,
    low: edge(lowFace),
    high: edge(highFace),
    periodic,
    reach,
    closure,
  };
}

/** What the voxel next to a face has on its diagonal for it. */
function edgeShare(face: Boundary, n: number, coupling: number): number {
  if (face.kind === 'value' || (face.kind === 'periodic' && n > 1)) return 2 * coupling;
  return 0;
}

function edge(face: Boundary): Edge {
  return face.kind === 'value' ? { open: true, ghost: 2 * face.value } : { open: false, ghost: 0 };
}
