import type { FieldDescription } from './field.ts';
import type { ReservoirStep } from './reservoirBorder.ts';

/**
 * `tr-bdf2`: second order. `euler`: backward Euler in delta form, first order; like TR-BDF2 it leaves a steady state as it is.
 * `positive`: backward Euler axis after axis (LOD), first order, never negative where c + h S is not. `quasi-steady`: the
 * steady state for what the window brings.
 */
export type Scheme = 'tr-bdf2' | 'euler' | 'positive' | 'quasi-steady';

/** From the most accurate to the least. */
export const SCHEMES: readonly Scheme[] = ['tr-bdf2', 'euler', 'positive', 'quasi-steady'];

/**
 * What a step did, in molecules. With the exposure E it closes the balance to rounding:
 * V Σ next − V Σ c = Σ inflow + Σ exchanged with reservoirs + H V Σ source − decayed − V Σ κ E + relaxed.
 */
export interface FieldStep {
  readonly scheme: Scheme;
  /** Parts into which the window was cut, for damping (damping.ts) or to stay positive. */
  readonly substeps: number;
  /** Estimated error relative to the largest concentration, of fields with a tolerance. */
  readonly error?: number;
  /** Least value of `next`, molecules/µm³; the caller rejects the step where it is negative. */
  readonly minimum: number;
  /** Lost to decay. */
  readonly decayed: number;
  /** What a quasi-steady field gained by going to its new steady state, which no process brings or takes; 0 for others. */
  readonly relaxed: number;
  /** Into the domain through each face, in the order of FACES, but from reservoirs; a periodic face is none, its entry 0. */
  readonly inflow: Float64Array;
  /** What became of the field's reservoirs, where it has some. */
  readonly reservoirs?: ReservoirStep;
}

/** One window, or a part of one, of a field; see FieldSolver.advance. */
export type Advance = (
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
  next: Float64Array,
  exposure: Float64Array | null,
) => FieldStep;

/** A window by a stated scheme, in one part. */
export type AdvanceBy<Of> = (scheme: Of, ...window: Parameters<Advance>) => FieldStep;

/** The state h seconds later, at first order, into `out`; see FieldSolver.predict. */
export type Predict = (
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
  out: Float64Array,
) => void;
