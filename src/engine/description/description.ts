import type { CellType, Mechanics, Placement } from '../cells/cellType.ts';
import type { FieldDescription, KernelShape } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { FieldReaction } from '../reactions/fieldReaction.ts';
import type { Detachment } from './detachment.ts';
import type { Interventions } from './interventions.ts';

/**
 * Everything a scenario says, checked, with every quantity in engine units (µm, s, molecules, fg) and every
 * name resolved to an index. `scenario/` makes it from text; `model/` makes a running state from it.
 */
export interface Description {
  readonly title: string;
  readonly description: string;
  /** As written; turned into root entropy by random/seed.ts. */
  readonly seed: string;
  readonly grid: Grid;
  readonly time: TimeAxis;
  readonly fields: readonly FieldDescription[];
  /** Of fields with one another; none where left out. */
  readonly reactions?: readonly FieldReaction[];
  readonly cellTypes: readonly CellType[];
  readonly population: readonly Placement[];
  /** Null where cells do not push each other. */
  readonly mechanics: Mechanics | null;
  readonly coupling: CouplingChoice;
  readonly balance: BalancePolicy;
  /** The self-test of the balance: a leak made on purpose. */
  readonly injectBias?: InjectedBias | null;
  /** How cells leave from a film; they do not where left out. */
  readonly detachment?: Detachment;
  /** What is done to the run on a schedule; nothing where left out. */
  readonly interventions?: Interventions;
  /** Which of its regimes this is; the first where left out. */
  readonly regime?: number;
}

/** Time is step index × step, never a sum. */
export interface TimeAxis {
  /** s */
  readonly step: number;
  /** Number of steps to the end. */
  readonly steps: number;
  /** Steps between rows of the time series. */
  readonly recordEvery: number;
  /** Steps from one life cycle (death, division) to the next, and from one move of the mechanics to the next; 1 where left out. */
  readonly lifeCycleEvery?: number;
  readonly mechanicsEvery?: number;
  /** Equal parts in which cells are advanced through a window; 1 where left out. Fields have their own (FieldDescription.parts). */
  readonly circuitParts?: number;
}

export type CouplingChoice = WeakCoupling | StrongCoupling | JointCoupling | MonolithicCoupling;

/** How cells touch the grid of fields that do not say otherwise (FieldDescription.touch). */
export type KernelChoice = KernelShape;

/** One pass over a window. */
export interface WeakCoupling {
  readonly schedule: 'weak';
  /** `lie` is first order in the window, `strang` second; see coupling/weak.ts. */
  readonly splitting: 'lie' | 'strang';
  readonly kernel: KernelChoice;
  /** Why, where the scenario left it to the engine (`auto`); empty until that has looked at the state (run/chooseSchedule.ts). */
  readonly chosen?: string;
}

/** Passes over a window until cells and fields agree; see coupling/strong.ts. */
export interface StrongCoupling {
  readonly schedule: 'strong';
  readonly kernel: KernelChoice;
  /** Why, where the scenario left it to the engine (`auto`); empty until that has looked at the state (run/chooseSchedule.ts). */
  readonly chosen?: string;
  /** What cells see of the fields through the window: their end (first order), the mean of start and end, or the line from one to the other (second order). */
  readonly sees: 'end' | 'midpoint' | 'linear';
  /** Largest difference between what cells saw and what became of it, relative to the field's largest concentration there. */
  readonly tolerance: number;
  readonly acceleration: 'none' | 'aitken' | 'anderson' | 'newton';
  /** Factor on the residual: of `none` always, of `aitken` and `anderson` at first. */
  readonly relaxation: number;
  /** Most passes over a window; then it is halved. */
  readonly iterations: number;
}

/** Whether cells see fields on lines through a window. */
export function seesLines(coupling: CouplingChoice): boolean {
  return coupling.schedule === 'strong' && coupling.sees === 'linear';
}

/** Every voxel with the cells in it is one well-mixed network, between two halves of diffusion; see coupling/joint.ts. */
export interface JointCoupling {
  readonly schedule: 'joint';
  readonly kernel: 'nearest';
  /** Why, where the scenario left it to the engine (`auto`). */
  readonly chosen?: string;
  /** Largest diffusivity × window / spacing² of a field that cells meet; windows are taken in parts for it. */
  readonly hops: number;
}

/** Continuous channels and fields as one implicit system; see coupling/monolithic.ts. */
export interface MonolithicCoupling {
  readonly schedule: 'monolithic';
  readonly kernel: KernelChoice;
  /** Why, where the scenario left it to the engine (`auto`). */
  readonly chosen?: string;
  /** Largest residual of a stage, relative to the field's largest concentration. */
  readonly tolerance: number;
  /** Most Newton iterations of a stage; then the window is halved. */
  readonly iterations: number;
}

export interface BalancePolicy {
  /** Largest accepted relative residual. */
  readonly tolerance: number;
  /** `correct`: the fields are brought back onto the balance by the least change; see diagnostics/projection.ts. */
  readonly onBreach: 'warn' | 'stop' | 'correct';
}

/** Fields are given, or lose, 1 + `relative` times what a reaction of a cell type says. */
export interface InjectedBias {
  /** Index of the cell type, and of its reaction. */
  readonly type: number;
  readonly reaction: number;
  readonly relative: number;
}
