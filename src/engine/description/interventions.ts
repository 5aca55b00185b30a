import type { Placement } from '../cells/cellType.ts';
import type { Expression } from '../expression/ast.ts';
import type { Description } from './description.ts';
import { isDue, type StepSchedule } from './recordingPlan.ts';

/** Where an intervention acts, lengths in µm. Of a disc or ball that holds no voxel centre the voxel that holds its centre. */
export type Place =
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
  | { readonly kind: 'where'; readonly condition: Expression };

/** What an intervention does to one field. */
export interface FieldDose {
  readonly field: number;
  /** Added to every voxel, molecules/µm³; or molecules in all, spread evenly. */
  readonly concentration: Expression | null;
  readonly molecules: number;
}

export type Action =
  | { readonly kind: 'dose'; readonly doses: readonly FieldDose[] }
  /** A share of the liquid is replaced by a medium: c becomes c + share (medium − c). */
  | {
      readonly kind: 'wash';
      readonly share: number;
      readonly medium: readonly { readonly field: number; readonly concentration: Expression }[];
    }
  | { readonly kind: 'add'; readonly placements: readonly Placement[] }
  /** Cells come to a face at random: a Poisson number of this mean, clear of others where there is room. `placement.count` is 0. */
  | { readonly kind: 'arrive'; readonly placement: Placement; readonly mean: number }
  /** Each cell (of a type, where it is not null) goes with the probability `share`, decided by its own stream. */
  | { readonly kind: 'remove'; readonly type: number | null; readonly share: number }
  /** Parameters have other values, for some steps or (Infinity) from then on. What that makes of the scenario is in the regimes. */
  | {
      readonly kind: 'set';
      readonly values: readonly (readonly [name: string, value: string])[];
      readonly length: number;
    };

export interface Intervention {
  readonly name: string;
  /** Made at the beginning of these steps, counted in `Interventions.unit`. */
  readonly when: StepSchedule;
  readonly place: Place;
  readonly action: Action;
}

/** What of a description a change of parameters changes. */
export type Regime = Pick<Description, 'fields' | 'reactions' | 'cellTypes' | 'mechanics'>;

/** What is done to a run on a schedule: a matter of the step's index alone. */
export interface Interventions {
  /** s: the step that `when` and `changes` count in, which may be a multiple of the run's (compareCoupling.ts). */
  readonly unit: number;
  readonly list: readonly Intervention[];
  /** The first is what the scenario says without changes of parameters. */
  readonly regimes: readonly Regime[];
  /** From which step on a regime holds, ascending. */
  readonly changes: readonly { readonly step: number; readonly regime: number }[];
}

/** The number in `unit`s of the step that begins now, or −1 where it begins between two of them. */
function unitStep({ unit }: Interventions, step: number, seconds: number): number {
  const whole = Math.round((step * seconds) / unit);
  return Math.abs(whole * unit - step * seconds) < 0.5 * seconds ? whole : -1;
}

/** The interventions that are made at the beginning of a step (of `seconds`), in the order of the scenario. */
export function dueAt(interventions: Interventions, step: number, seconds: number): Intervention[] {
  const at = unitStep(interventions, step, seconds);
  return at < 0 ? [] : interventions.list.filter(({ when }) => isDue(when, at));
}

/** The regime of a step. */
export function regimeAt({ unit, changes }: Interventions, step: number, seconds: number): number {
  const at = Math.floor((step * seconds) / unit + 1e-6);
  let regime = 0;
  for (const change of changes) {
    if (change.step > at) break;
    regime = change.regime;
  }
  return regime;
}
