import { MOST_NUMBERS } from './crew.ts';

/**
 * The memory by which the members of a crew agree on who does what. Words of a run:
 *
 *     next    the next block to be taken          task, blocks, count of numbers     what is to be done
 *     busy    members still at it                 faulty   the lowest faulty block so far
 *
 * and for each member, on a cache line of its own, the order it waits for, whether it waits (`state`), the number of
 * deliveries of columns it has taken over, and the length of its note (the fault it found, as JSON).
 */
export interface Board {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** What every member's note has room for, one after the other. */
  readonly notes: Uint16Array;
}

export const NEXT = 0;
export const BUSY = 16;
export const FAULTY = 32;
export const TASK = 48;
export const BLOCKS = 49;
/** Number of the binding of places to columns; it changes with each change. */
export const BINDING = 50;
/** 1: the crew has no threads any more. */
export const DISMISSED = 51;
const FIRST = 64;
const STRIDE = 32;

/** Words of member i, at memberAt(i) + …. */
export const ORDER = 0;
export const STATE = 16;
export const DELIVERIES = 17;
export const NOTE = 18;
/** Blocks done so far. */
export const DONE = 19;

/** States of a member. */
export const AWAY = 0;
export const WAITING = 1;

/** Orders are numbers of runs; this one sends a member back to its messages. */
export const LEAVE = -1;

export const NO_FAULT = 0x7fffffff;

/** Characters of a note. */
const LONGEST_NOTE = 8192;

export function memberAt(member: number): number {
  return FIRST + STRIDE * member;
}

export function createBoard(members: number): Board {
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * memberAt(members))),
    numbers: new Float64Array(new SharedArrayBuffer(8 * MOST_NUMBERS)),
    notes: new Uint16Array(new SharedArrayBuffer(2 * LONGEST_NOTE * members)),
  };
}

/** What a block ended with that could not be done. */
export interface Note {
  readonly block: number;
  /** Of the task. */
  readonly fault?: unknown;
  /** Of the program: what was thrown. */
  readonly thrown?: string;
}

export function writeNote({ words, notes }: Board, member: number, note: Note): void {
  let text = JSON.stringify(note, spell);
  if (text.length > LONGEST_NOTE) {
    text = JSON.stringify({ block: note.block, thrown: `too long a note: ${text.slice(0, 1000)}` });
  }
  for (let i = 0; i < text.length; i++) notes[member * LONGEST_NOTE + i] = text.charCodeAt(i);
  words[memberAt(member) + NOTE] = text.length;
}

/** The note that a member left in this run, or null. */
export function readNote({ words, notes }: Board, member: number): Note | null {
  const length = words[memberAt(member) + NOTE];
  if (length === 0) return null;
  const from = member * LONGEST_NOTE;
  return JSON.parse(String.fromCharCode(...notes.subarray(from, from + length)), unspell);
}

/** JSON knows no infinity and no NaN. */
function spell(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}

function unspell(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  const text = (value as { number?: unknown }).number;
  return typeof text === 'string' ? Number(text) : value;
}
