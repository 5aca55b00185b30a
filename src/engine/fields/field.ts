import type { Expression } from '../expression/ast.ts';
import type { Reservoir } from './reservoir.ts';
import type { VelocityComponent } from './velocity.ts';

/** Faces in the order used everywhere: x−, x+, y−, y+, z−, z+. */
export const FACES = ['left', 'right', 'bottom', 'top', 'back', 'front'] as const;
export type Face = (typeof FACES)[number];

/**
 * What happens at one face of the domain. A fixed value holds at the face itself, half a voxel outside the centre. `flux`
 * comes in per area, whatever is there; `transfer` lets in `transfer × (value − concentration at the face)`, as through a
 * layer that molecules cross at that speed. Where there is an `expression` of time and of the place on the face, it stands for
 * the value (or flux), which is then that at the start of the run.
 */
export type Boundary =
  | { readonly kind: 'no-flux' }
  | { readonly kind: 'periodic' }
  /** Closed to diffusion; the flow carries out what is there. */
  | { readonly kind: 'outflow' }
  | { readonly kind: 'value'; readonly value: number; readonly expression?: Expression }
  /** molecules/µm²/s. */
  | { readonly kind: 'flux'; readonly flux: number; readonly expression?: Expression }
  | {
      readonly kind: 'transfer';
      /** µm/s. */
      readonly transfer: number;
      readonly value: number;
      readonly expression?: Expression;
    }
  /** One of the field's reservoirs holds the face, or with `transfer` (µm/s) what lies beyond its layer. */
  | { readonly kind: 'reservoir'; readonly reservoir: number; readonly transfer?: number };

/** A part of a face with a condition of its own: the voxels whose centres lie in it. */
export interface Patch {
  /** Index in FACES. */
  readonly face: number;
  /** Corners in the coordinates along the face, ascending (x before y before z), µm. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly condition: Boundary;
}

/**
 * Diffusivity among cells, relative to that of the liquid. `threshold`: that of the film wherever cells fill at least `from` of a
 * voxel; `linear`: the mean by volume of cells and liquid; `maxwell`: Maxwell's formula for a suspension (film.ts).
 */
export interface FilmDiffusivity {
  readonly law: 'threshold' | 'linear' | 'maxwell';
  /** By cell type: of the film, or inside a cell; 0 to 1. */
  readonly factors: readonly number[];
  /** Volume fraction of cells. */
  readonly from: number;
}

/** Liquid that is not mixed, `thickness` µm around the cells: beyond it, as far as it is joined to the face, is what lies behind it. */
export interface BoundaryLayer {
  /** Index in FACES. */
  readonly face: number;
  readonly thickness: number;
}

/** How a cell touches a grid: its own voxel, the 2ᵈ nearest with (bi-, tri-)linear weights, or all that its body covers. */
export const KERNEL_SHAPES = ['nearest', 'linear', 'body'] as const;
export type KernelShape = (typeof KERNEL_SHAPES)[number];

/** How cells touch a field. */
export interface Touch {
  /** How they see it. */
  readonly sample: KernelShape;
  /** How they give to it and take from it. */
  readonly deposit: KernelShape;
  /** Voxels along each axis to a block of the grid that they touch. */
  readonly coarsen: number;
}

/** What a field is; its state is an array of cell averages, molecules/µm³. */
export interface FieldDescription {
  readonly name: string;
  /** µm²/s, ≥ 0; where it varies, the largest. */
  readonly diffusivity: number;
  /** First-order decay, 1/s, ≥ 0. */
  readonly decay: number;
  /** Initial concentration at voxel centres, molecules/µm³; may read position only. */
  readonly initial: Expression;
  /** One per face, in the order of FACES. */
  readonly boundary: readonly [Boundary, Boundary, Boundary, Boundary, Boundary, Boundary];
  /** Parts of faces with other conditions; a later one counts before an earlier one. */
  readonly patches?: readonly Patch[];
  /** Diffusivity along each axis as expressions of position; where it is left out it is `diffusivity` everywhere. */
  readonly medium?: readonly [Expression, Expression, Expression];
  /** What cells make of the diffusivity; they leave it as it is where this is left out. */
  readonly film?: FilmDiffusivity;
  /** What lies behind a face begins where this layer over the cells ends. */
  readonly layer?: BoundaryLayer;
  /** Flow that carries the field, µm/s along each axis; may read position only. */
  readonly velocity?: readonly [VelocityComponent, VelocityComponent, VelocityComponent];
  /** Factor on the velocity, of time; 1 where it is left out. */
  readonly pace?: Expression;
  /** Well-mixed reservoirs behind faces, which their content fills as it empties them. */
  readonly reservoirs?: readonly Reservoir[];
  /** Whether the field is at every moment in the steady state of what acts on it; it evolves where this is left out. */
  readonly dynamics?: 'quasi-steady';
  /** How cells touch it, where not by the kernel of the scenario. */
  readonly touch?: Touch;
  /** Equal parts in which a window is solved at least, each with the same source and uptake; 1 where left out. */
  readonly parts?: number;
  /** A window is cut into steps so that its error stays below this share of the largest concentration; none where left out. */
  readonly tolerance?: number;
  /** Which solver was asked for; `auto` where left out. */
  readonly solver?: SolverChoice;
}

/**
 * `adi`: factorised, axis by axis. `multigrid`: unfactored, a flow apart from it and explicit. `spectral`: the same, by
 * transforms where coefficients are constant and no cell takes up. `bicgstab`: unfactored, the flow in
 * the same implicit solve. `auto`: see choice.ts.
 */
export const SOLVERS = ['auto', 'adi', 'multigrid', 'spectral', 'bicgstab'] as const;
export type SolverChoice = (typeof SOLVERS)[number];
