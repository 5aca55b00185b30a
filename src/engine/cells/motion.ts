import { like } from '../crew/column.ts';
import type { Expression } from '../expression/ast.ts';
import type { Face } from '../fields/field.ts';

/** How cells of a type move by themselves. Expressions read what rates read. */
export interface Motion {
  /** Random motility, µm²/s: a mean square displacement of 2 d D t in d dimensions. */
  readonly motility: Expression | null;
  /** Drift χ ∇c along the gradients of fields; χ in µm²/s per molecule/µm³. */
  readonly chemotaxis: readonly { readonly field: number; readonly coefficient: Expression }[];
  /**
   * Runs at a speed (µm/s) in one direction until a tumble, at a rate (1/s), gives another. The rate may read the change of field f since
   * the last step (molecules/µm³/s) as the field of index f + number of fields.
   */
  readonly run: { readonly speed: Expression; readonly tumble: Expression } | null;
  /** Share of the medium's velocity with which the flow carries them. */
  readonly carried: number;
  readonly attachment: Attachment | null;
}

/** Cells near a surface attach to it at a rate (1/s), and then stay until they let go at another. */
export interface Attachment {
  readonly faces: readonly Face[];
  readonly obstacles: boolean;
  /** Largest gap, µm. */
  readonly range: number;
  readonly rate: Expression;
  readonly detachment: Expression | null;
}

/** What a population keeps of its cells' motion; only where a type moves. */
export interface MotionState {
  /** Direction of the run, a unit vector; 0 in a cell that has not yet moved. */
  headingX: Float64Array;
  headingY: Float64Array;
  headingZ: Float64Array;
  /** 1 in a cell that is attached. */
  attached: Uint16Array;
  /** By field: its concentration at the cell at the last step; none where no type runs. */
  readonly seen: Float64Array[];
}

export function createMotionState(capacity: number, seen: number): MotionState {
  return {
    headingX: new Float64Array(capacity),
    headingY: new Float64Array(capacity),
    headingZ: new Float64Array(capacity),
    attached: new Uint16Array(capacity),
    seen: Array.from({ length: seen }, () => new Float64Array(capacity)),
  };
}

/** The columns by name, in the order of snapshots and of the state hash. */
export function motionColumns(motion: MotionState): [name: string, column: Float64Array | Uint16Array][] {
  const { headingX, headingY, headingZ, attached, seen } = motion;
  return [
    ['headingX', headingX],
    ['headingY', headingY],
    ['headingZ', headingZ],
    ['attached', attached],
    ...seen.map((column, f): [string, Float64Array] => [`seen${f}`, column]),
  ];
}

export function fitMotion(motion: MotionState, capacity: number): void {
  motion.headingX = longer(motion.headingX, capacity);
  motion.headingY = longer(motion.headingY, capacity);
  motion.headingZ = longer(motion.headingZ, capacity);
  motion.attached = longer(motion.attached, capacity);
  motion.seen.forEach((column, f) => {
    motion.seen[f] = longer(column, capacity);
  });
}

/** A cell that has not yet moved. */
export function clearMotion(motion: MotionState, slot: number): void {
  for (const [, column] of motionColumns(motion)) column[slot] = 0;
}

export function moveMotion(motion: MotionState, from: number, to: number): void {
  for (const [, column] of motionColumns(motion)) column[to] = column[from];
}

function longer<A extends Uint16Array | Float64Array>(from: A, length: number): A {
  const to = like(from, length);
  to.set(from);
  return to;
}
