import type { Circuit, DelayLaw, Term } from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';
import type { MethodOptions } from './methodOptions.ts';
import type { Motion } from './motion.ts';
import type { Partition } from './partition.ts';
import type { Contact, Rule } from './rules.ts';

/**
 * Shape of a new cell, lengths in µm. A disc is a cylinder through the whole slab (2-D), a sphere a ball. A rod is a cylinder
 * with two half-balls for ends (3-D), or the stadium that is its outline, through the whole slab (2-D): its radius is constant,
 * and it grows in length. `length` is from pole to pole.
 */
export type Shape =
  | { readonly kind: 'disc' | 'sphere'; readonly radius: number }
  | { readonly kind: 'rod'; readonly radius: number; readonly length: number };

/**
 * When a cell divides. `adder`: after adding a volume since birth; `sizer`: at a volume (µm³); `cycle`: at the end of the last of
 * its phases, whatever its volume (then Infinity). `noise` is the
 * coefficient of variation of that quantity from cell to cell (log-normal, mean kept); `asymmetry` the standard
 * deviation of the first daughter's share of the volume about ½.
 */
export interface Division {
  readonly kind: 'adder' | 'sizer' | 'cycle';
  readonly volume: number;
  readonly noise: number;
  readonly asymmetry: number;
  /**
   * Rods: standard deviation of the angle (rad) by which each daughter's axis leaves the mother's; in 3-D about each of the two
   * axes across. 0 where it is left out.
   */
  readonly angularNoise?: number;
  /** Of a `cycle`, in their order; cells begin in the first. */
  readonly phases?: readonly CyclePhase[];
  /** By species index; `binomial` where it is left out. */
  readonly partition?: readonly (Partition | undefined)[];
}

/**
 * A phase of the cell cycle. It ends when its duration (s) is over, then at a rate (1/s), and not before the checkpoint `until` is
 * open (not 0); each null where the phase has none of the kind, one of them at least is there.
 */
export interface CyclePhase {
  readonly name: string;
  readonly duration: DelayLaw | null;
  readonly rate: Expression | null;
  readonly until: Expression | null;
}

/** Death with a hazard (1/s). Releases run to completion, in order; what then remains leaves through the sink `death`. */
export interface Death {
  readonly hazard: Expression;
  readonly releases: readonly Release[];
}

export interface Release {
  readonly name: string;
  readonly equation: string;
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
}

export interface CellType {
  readonly name: string;
  readonly shape: Shape;
  /** Dry mass per volume, fg/µm³: volume = biomass / dryDensity. */
  readonly dryDensity: number;
  readonly circuit: Circuit;
  readonly division: Division | null;
  readonly death: Death | null;
  /** In the order in which they have their turn; none where left out. */
  readonly rules?: readonly Rule[];
  /** How these cells move by themselves; not where left out. */
  readonly motion?: Motion;
  /** What these cells do to those that they touch; none where left out. */
  readonly contacts?: readonly Contact[];
  /** Simulation method of the circuit, of the catalogue in circuits/methods.ts; `auto` where it is left out. */
  readonly method?: string;
  readonly methodOptions?: MethodOptions;
  /** The circuit as it was written, where the method simulates another one (the deterministic limit). */
  readonly written?: Circuit;
}

/** Where cells start. Positions in µm; see placement.ts and region.ts. */
export interface Placement {
  /** Index of the cell type. */
  readonly type: number;
  readonly count: number;
  readonly region:
    | { readonly kind: 'domain' }
    | {
        readonly kind: 'disc' | 'ball';
        readonly centre: readonly [number, number, number];
        readonly radius: number;
      }
    | {
        readonly kind: 'box';
        readonly from: readonly [number, number, number];
        readonly to: readonly [number, number, number];
      }
    /** The bright pixels of a picture (index x + width · row, the first row at the top) that is stretched over the box. */
    | {
        readonly kind: 'mask';
        readonly from: readonly [number, number, number];
        readonly to: readonly [number, number, number];
        readonly width: number;
        readonly height: number;
        readonly pixels: Uint32Array;
      }
    | { readonly kind: 'points'; readonly points: readonly (readonly [number, number, number])[] }
    /** A regular lattice that fills the box with `counts` points along each axis. */
    | {
        readonly kind: 'lattice';
        readonly from: readonly [number, number, number];
        readonly to: readonly [number, number, number];
        readonly counts: readonly [number, number, number];
      };
  /** Initial amounts that differ from the type's, by species index. */
  readonly amounts: readonly (readonly [species: number, amount: number])[];
  /** Axis of rods, of any length above 0; drawn for each where it is left out. */
  readonly axis?: readonly [number, number, number];
}

/**
 * Overdamped contact mechanics. Two cells that overlap by s = r₁ + r₂ − d are pushed apart along the line of
 * centres; velocity of each = mobility-weighted force.
 */
export interface Mechanics {
  /** `explicit` where left out: explicit Euler; `implicit`: backward Euler, for packed colonies of stiff cells. */
  readonly solver?: 'explicit' | 'implicit';
  /** `soft`: force ∝ s; `hertz`: force ∝ s·√(s/(r₁+r₂)), the 3/2 law made dimensionless. */
  readonly repulsion: 'soft' | 'hertz';
  /** Rate at which a pair overlap relaxes, 1/s: each of two equal cells moves away at ½·rate·s. */
  readonly rate: number;
  /** Attraction between surfaces apart by g < range, relative to the repulsion; 0 means none. */
  readonly adhesion: number;
  /** Reach of adhesion between surfaces, µm. */
  readonly range: number;
  /** Where they depend on the types of a pair: what holds in place of the above. */
  readonly pairs?: PairTable;
}

/** By pair of cell types, entry a · types + b; symmetric. */
export interface PairTable {
  readonly types: number;
  /** Relative to the repulsion that `rate` speaks of; 0 to 1. */
  readonly adhesion: readonly number[];
  /** µm; 0 where there is no adhesion. */
  readonly range: readonly number[];
  /** Factor on the repulsion. */
  readonly stiffness: readonly number[];
}
