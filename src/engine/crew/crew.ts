/**
 * The threads that a model is advanced by. Every phase of a step that takes long is a *task* over fixed blocks (of cells, of lines,
 * of boxes); whoever of the crew is free takes the next block. What a block does depends on the block alone, never on
 * who does it or when, and what blocks find out is put together in their order afterwards: a result is the same to the
 * bit with any number of threads.
 *
 * Every member of a crew makes the same model from the same description and registers the same tasks and columns in the same order;
 * the columns are then one memory for all. Only the model's owner (the boss) starts tasks; in between the others wait.
 */
export interface Crew {
  /** The boss included. */
  readonly threads: number;
  /**
   * Makes properties of an object common to the crew: typed arrays become one memory for all, which the boss may replace (by
   * `like`, or by one another); numbers are what they are with the boss when a task starts.
   */
  share(holder: object, keys: readonly (string | number)[]): void;
  /**
   * Registers a task and returns the function that runs it. `work(block, numbers)` does one block; it may write only what no other
   * block of the task reads or writes. What it returns is a fault (plain data), or null. The run ends with the fault of the
   * lowest faulty block; which blocks after that one were done is then left open.
   */
  task<Fault>(work: Work<Fault>): Task<Fault>;
  /** Members that could take part in a task now, the boss included. The others may still be starting, or learning of new columns. */
  present(): number;
  /** Blocks that others than the boss have done so far. */
  helped(): number;
}

/** @param numbers what the boss gave the run; the same array for every block */
export type Work<Fault> = (block: number, numbers: Float64Array) => Fault | null;
export type Task<Fault> = (blocks: number, ...numbers: number[]) => Fault | null;

/** Where crews come from: what holds the threads. One crew at a time has them; an earlier one goes on alone, to the same bits. */
export interface Threads {
  /** The caller's own included. */
  readonly count: number;
  /** A crew for a model. `setup` goes to the other threads as a structured clone, and says what to make there. */
  enlist(setup: unknown): Crew;
  /** Takes the threads away from the crew that has them. */
  dismiss(): void;
}

/**
 * From so many members on they share what takes a few nanoseconds by cell or voxel. With fewer the way of the data from one
 * processor's cache to the other's costs as much as is saved (measured with 2).
 */
export const ENOUGH_FOR_LITTLE = 4;

/** The most numbers that a run may be given. */
export const MOST_NUMBERS = 16;

/** A crew of one: tasks are loops. */
export const ALONE: Crew = {
  threads: 1,
  share() {},
  present: () => 1,
  helped: () => 0,
  task(work) {
    const given = new Float64Array(MOST_NUMBERS);
    return (blocks, ...numbers) => {
      given.set(numbers);
      for (let block = 0; block < blocks; block++) {
        const fault = work(block, given);
        if (fault !== null) return fault;
      }
      return null;
    };
  },
};
