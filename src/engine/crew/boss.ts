import { takeBlocks, waitWhile } from './blocks.ts';
import {
  BINDING,
  BLOCKS,
  type Board,
  BUSY,
  createBoard,
  DELIVERIES,
  DISMISSED,
  DONE,
  FAULTY,
  LEAVE,
  memberAt,
  NEXT,
  NO_FAULT,
  NOTE,
  type Note,
  ORDER,
  readNote,
  STATE,
  TASK,
  WAITING,
} from './board.ts';
import { type Column, isColumn, isShared, shared } from './column.ts';
import type { Crew, Task, Threads, Work } from './crew.ts';

/** What goes to another thread. */
export type CrewMessage =
  /** Make the model of `setup`, as member `member` of the crew of this board. */
  | {
      readonly kind: 'enlist';
      readonly board: Board;
      readonly member: number;
      readonly threads: number;
      readonly setup: unknown;
    }
  /** All columns by their numbers; `bindings` says which is in which place, `values` what the numbers are. */
  | {
      readonly kind: 'columns';
      readonly columns: ReadonlyMap<number, Column>;
      readonly bindings: Int32Array;
      readonly values: Float64Array;
    };

/** The way to another thread. */
export interface Link {
  post(message: CrewMessage): void;
}

/** A thread is gone, or threw what is a fault of the program. */
export class CrewError extends Error {
  override readonly name = 'CrewError';
}

/** Milliseconds between looks at whether those that are waited for are still there. */
const PATIENCE = 1000;

const MOST_RUNS = 2 ** 30;

/**
 * Crews on threads that follow by `links`. `findLoss` is asked, about every second, while others are waited for: why a thread
 * is gone, or null.
 */
export function createThreads(links: readonly Link[], findLoss: () => string | null = () => null): Threads {
  let present: Boss | null = null;
  return {
    count: links.length + 1,
    enlist(setup) {
      present?.dismiss();
      present = new Boss(links, setup, findLoss);
      return present;
    },
    dismiss() {
      present?.dismiss();
      present = null;
    },
  };
}

/** A property that all members have in common. */
interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

class Boss implements Crew {
  readonly threads: number;
  readonly #links: readonly Link[];
  readonly #findLoss: () => string | null;
  readonly #board: Board;
  readonly #works: Work<unknown>[] = [];
  readonly #columns: Place[] = [];
  readonly #numbers: Place[] = [];
  /** Present column of each place, and their numbers. */
  #bound: Column[] = [];
  #known = new Map<Column, number>();
  /** Columns that were in some place since the last delivery. */
  #used = new Set<Column>();
  #bindings: Int32Array = new Int32Array(0);
  #values: Float64Array = new Float64Array(0);
  #deliveries = 0;
  #lastColumn = 0;
  #run = 0;
  #dismissed = false;
  #broken: string | null = null;

  constructor(links: readonly Link[], setup: unknown, findLoss: () => string | null) {
    this.threads = links.length + 1;
    this.#links = links;
    this.#findLoss = findLoss;
    this.#board = createBoard(links.length);
    links.forEach((link, member) => {
      link.post({ kind: 'enlist', board: this.#board, member, threads: this.threads, setup });
    });
  }

  share(holder: object, keys: readonly (string | number)[]): void {
    const properties = holder as Place['holder'];
    for (const key of keys) {
      const value = properties[key];
      if (typeof value === 'number') this.#numbers.push({ holder: properties, key });
      else if (isColumn(value)) {
        properties[key] = shared(value);
        this.#columns.push({ holder: properties, key });
      } else throw new TypeError(`${key} is neither a column nor a number`);
    }
  }

  task<Fault>(work: Work<Fault>): Task<Fault> {
    const index = this.#works.push(work as Work<unknown>) - 1;
    return (blocks, ...numbers) => this.#start(index, blocks, numbers) as Fault | null;
  }

  present(): number {
    return 1 + (this.#dismissed ? 0 : this.#muster(this.#links.length).length);
  }

  helped(): number {
    return this.#links.reduce((sum, _, member) => sum + this.#board.words[memberAt(member) + DONE], 0);
  }

  /** Lets the other threads go; what is left to do this thread does alone. */
  dismiss(): void {
    this.#dismissed = true;
    Atomics.store(this.#board.words, DISMISSED, 1);
    for (let member = 0; member < this.#links.length; member++) this.#order(member, LEAVE);
  }

  #start(task: number, blocks: number, numbers: readonly number[]): unknown {
    if (this.#broken !== null) throw new CrewError(this.#broken);
    const { words } = this.#board;
    this.#board.numbers.set(numbers);
    const members = blocks > 1 && !this.#dismissed ? this.#muster(blocks - 1) : [];
    words[TASK] = task;
    words[BLOCKS] = blocks;
    words[NEXT] = 0;
    words[FAULTY] = NO_FAULT;
    Atomics.store(words, BUSY, members.length);
    this.#run = (this.#run % MOST_RUNS) + 1;
    for (const member of members) {
      words[memberAt(member) + NOTE] = 0;
      this.#order(member, this.#run);
    }
    const own = takeBlocks(this.#board, this.#works[task]);
    if (members.length > 0) this.#await();
    if (words[FAULTY] === NO_FAULT) return null;
    const notes = [own, ...members.map(member => readNote(this.#board, member))];
    const lowest = notes.find(note => note?.block === words[FAULTY]) as Note;
    if (lowest.thrown === undefined) return lowest.fault;
    this.#broken = `a thread failed: ${lowest.thrown}`;
    throw new CrewError(this.#broken);
  }

  #order(member: number, order: number): void {
    const { words } = this.#board;
    Atomics.store(words, memberAt(member) + ORDER, order);
    Atomics.notify(words, memberAt(member) + ORDER);
  }

  /** At most so many of the members that wait and know all columns; the ignorant are sent off to learn. */
  #muster(most: number): number[] {
    this.#publish();
    const { words } = this.#board;
    const ready: number[] = [];
    for (let member = 0; member < this.#links.length && ready.length < most; member++) {
      const at = memberAt(member);
      if (Atomics.load(words, at + STATE) !== WAITING || Atomics.load(words, at + ORDER) === LEAVE) continue;
      if (words[at + DELIVERIES] === this.#deliveries) ready.push(member);
      else this.#order(member, LEAVE);
    }
    return ready;
  }

  #await(): void {
    const { words } = this.#board;
    for (let busy = Atomics.load(words, BUSY); busy > 0; ) {
      const left = waitWhile(words, BUSY, busy, PATIENCE);
      if (left === busy) this.#broken = this.#findLoss();
      if (this.#broken !== null) throw new CrewError(this.#broken);
      busy = left;
    }
  }

  /** Tells the members what is where. New columns go to them by message: until they have it, they do not take part. */
  #publish(): void {
    const more =
      this.#deliveries === 0 ||
      this.#bindings.length < this.#columns.length ||
      this.#values.length < this.#numbers.length;
    if (more) {
      this.#bindings = new Int32Array(new SharedArrayBuffer(4 * this.#columns.length));
      this.#values = new Float64Array(new SharedArrayBuffer(8 * this.#numbers.length));
    }
    this.#numbers.forEach(({ holder, key }, i) => {
      this.#values[i] = holder[key] as number;
    });
    let changed = more;
    let unknown = more;
    for (let p = 0; p < this.#columns.length; p++) {
      const { holder, key } = this.#columns[p];
      const column = holder[key] as Column;
      if (column === this.#bound[p]) continue;
      if (!isShared(column)) throw new CrewError(`${key} was replaced by a column that is not shared`);
      this.#bound[p] = column;
      this.#used.add(column);
      changed = true;
      if (!this.#known.has(column)) unknown = true;
    }
    if (!changed) return;
    if (unknown) this.#number();
    for (let p = 0; p < this.#bound.length; p++) {
      this.#bindings[p] = this.#known.get(this.#bound[p]) as number;
    }
    this.#board.words[BINDING]++;
    if (!unknown) return;
    this.#deliveries++;
    const columns = new Map([...this.#known].map(([column, number]) => [number, column]));
    for (const link of this.#links) {
      link.post({ kind: 'columns', columns, bindings: this.#bindings, values: this.#values });
    }
  }

  /** Numbers the columns used of late, new ones with new numbers, and forgets the others. */
  #number(): void {
    const known = new Map<Column, number>();
    for (const column of [...this.#bound, ...this.#used]) {
      if (!known.has(column)) known.set(column, this.#known.get(column) ?? ++this.#lastColumn);
    }
    this.#known = known;
    this.#used = new Set(this.#bound);
  }
}
