import type { FieldDescription, FilmDiffusivity } from './field.ts';
import type { Grid } from './grid.ts';

/**
 * What the cells make of the medium: set anew at the start of each step from where they are, and from nothing else, so that a run
 * that is resumed meets the same.
 */
export interface Film {
  /** Goes up whenever anything in it changes. */
  version: number;
  /** By field with `film`: diffusivity relative to that of the liquid, per voxel. */
  readonly relative: Map<FieldDescription, Float64Array>;
  /** From each voxel's centre to the surface of the nearest cell, µm (less than 0 inside one); null where no field asks. */
  distance: Float64Array | null;
}

export function createFilm(): Film {
  return { version: 0, relative: new Map(), distance: null };
}

/** Whether the operator of a field changes with the cells. */
export function followsCells({ film, layer }: FieldDescription): boolean {
  return film !== undefined || layer !== undefined;
}

/**
 * What a cell of a type counts for per volume in the law's sum over cells: for `threshold` its factor f, for `linear` 1 − f, for
 * `maxwell` the polarisability (1 − f)/(f + d − 1).
 */
export function filmWeight({ law, factors }: FilmDiffusivity, type: number, dimensions: 2 | 3): number {
  const f = factors[type];
  if (law === 'threshold') return f;
  return law === 'linear' ? 1 - f : (1 - f) / (f + dimensions - 1);
}

/**
 * Diffusivity relative to that of the liquid, in place of `sum` (Σ over cells of volume fraction × weight), from the volume fraction
 * φ of cells. Where cells overlap (φ > 1) they are taken to fill the voxel in the same shares.
 *
 * `maxwell`: (D − 1)/(D + d − 1) = −Σ φ_t (1 − f_t)/(f_t + d − 1), exact to first order in φ for discs (d = 2) and balls (d = 3) in
 * a liquid of D = 1, and for one type at φ = 1 the cells' own f (Maxwell 1873; for d = 2 Rayleigh 1892).
 */
export function relativeDiffusivity(
  { law, from }: FilmDiffusivity,
  { dimensions }: Grid,
  fraction: Float64Array,
  sum: Float64Array,
): void {
  for (let v = 0; v < sum.length; v++) {
    const phi = fraction[v];
    if (law === 'threshold') {
      sum[v] = phi > 0 && phi >= from ? Math.min(1, sum[v] / phi) : 1;
      continue;
    }
    const part = phi > 1 ? sum[v] / phi : sum[v];
    const value = law === 'linear' ? 1 - part : (1 - (dimensions - 1) * part) / (1 + part);
    // A whole voxel of cells through which nothing passes: 0 but for rounding.
    sum[v] = Math.max(0, value);
  }
}
