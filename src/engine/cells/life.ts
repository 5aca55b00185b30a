import { like } from '../crew/column.ts';
import type { CellType } from './cellType.ts';

/**
 * What a population keeps of the life of its cells beside the columns of all: where each is in a cycle of phases, and whether it
 * is quiescent. Only where a type has phases or rules; other cells then have zeros that nobody reads.
 */
export interface Life {
  /** Index of the phase of the cycle; the number of phases once the last has ended and the cell is to divide. */
  stage: Uint16Array;
  /** When that phase began, s. */
  entered: Float64Array;
  /** When it ends at the earliest, s; Infinity where a rate alone ends it. */
  due: Float64Array;
  /** 1 in a quiescent cell, whose cycle stands still. */
  quiescent: Uint16Array;
  /** Bit r: the condition of rule r held at its last turn. */
  held: Uint32Array;
}

/** The columns, in the order of snapshots and of the state hash. */
export const LIFE_COLUMNS = ['stage', 'entered', 'due', 'quiescent', 'held'] as const;

/** Whether cells of these types have a life to be kept. */
export function needsLife(types: readonly CellType[]): boolean {
  return types.some(
    ({ division, rules, contacts }) =>
      division?.phases !== undefined || rules !== undefined || contacts !== undefined,
  );
}

export function createLife(capacity: number): Life {
  return {
    stage: new Uint16Array(capacity),
    entered: new Float64Array(capacity),
    due: new Float64Array(capacity),
    quiescent: new Uint16Array(capacity),
    held: new Uint32Array(capacity),
  };
}

export function fitLife(life: Life, capacity: number): void {
  life.stage = longer(life.stage, capacity);
  life.entered = longer(life.entered, capacity);
  life.due = longer(life.due, capacity);
  life.quiescent = longer(life.quiescent, capacity);
  life.held = longer(life.held, capacity);
}

export function clearLife(life: Life, slot: number): void {
  for (const name of LIFE_COLUMNS) life[name][slot] = 0;
}

export function moveLife(life: Life, from: number, to: number): void {
  for (const name of LIFE_COLUMNS) life[name][to] = life[name][from];
}

/** Share of its phase that the cell in `slot` has behind it by its due time, 0 to 1; 0 where that is not known. */
export function elapsedShare({ entered, due }: Life, slot: number, time: number): number {
  const length = due[slot] - entered[slot];
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return 0;
  return Math.min(1, Math.max(0, (time - entered[slot]) / length));
}

/** Share of its cycle that the cell in `slot` has behind it, all phases counting alike; NaN where its type has none. */
export function cycleShare(life: Life, slot: number, { division }: CellType, time: number): number {
  const phases = division?.phases?.length ?? 0;
  return phases === 0
    ? Number.NaN
    : Math.min(1, (life.stage[slot] + elapsedShare(life, slot, time)) / phases);
}

function longer<A extends Uint16Array | Uint32Array | Float64Array>(from: A, length: number): A {
  const to = like(from, length);
  to.set(from);
  return to;
}
