import { BLOCKS, type Board, FAULTY, NEXT, type Note } from './board.ts';
import type { Work } from './crew.ts';

/** Takes block after block of the run on the board until none is left; returns the fault met, which ends it. */
export function takeBlocks(board: Board, work: Work<unknown>): Note | null {
  const { words, numbers } = board;
  const blocks = words[BLOCKS];
  for (;;) {
    const block = Atomics.add(words, NEXT, 1);
    // Blocks are handed out in their order: all below a faulty one are in somebody's hands.
    if (block >= blocks || block > Atomics.load(words, FAULTY)) return null;
    let note: Note;
    try {
      const fault = work(block, numbers);
      if (fault === null) continue;
      note = { block, fault };
    } catch (error) {
      note = { block, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    lower(words, block);
    return note;
  }
}

function lower(words: Int32Array, block: number): void {
  for (let known = Atomics.load(words, FAULTY); block < known; ) {
    const found = Atomics.compareExchange(words, FAULTY, known, block);
    if (found === known) return;
    known = found;
  }
}

/** Rounds of looking before a thread goes to sleep: some 0.1 ms, as long as most of what one thread does between two tasks. */
const ROUNDS = 20000;

/** Waits until a word is no longer `value`; at most `patience` ms. Returns what it then is. */
export function waitWhile(words: Int32Array, index: number, value: number, patience?: number): number {
  for (let round = 0; round < ROUNDS; round++) {
    const now = Atomics.load(words, index);
    if (now !== value) return now;
  }
  // A browser's main thread must not sleep.
  if (maySleep()) Atomics.wait(words, index, value, patience);
  return Atomics.load(words, index);
}

let sleeps: boolean | null = null;

function maySleep(): boolean {
  if (sleeps === null) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
      sleeps = true;
    } catch {
      sleeps = false;
    }
  }
  return sleeps;
}
