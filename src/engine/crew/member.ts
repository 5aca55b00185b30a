import { takeBlocks, waitWhile } from './blocks.ts';
import {
  AWAY,
  BINDING,
  type Board,
  BUSY,
  DELIVERIES,
  DISMISSED,
  DONE,
  LEAVE,
  memberAt,
  ORDER,
  STATE,
  TASK,
  WAITING,
  writeNote,
} from './board.ts';
import type { CrewMessage } from './boss.ts';
import { type Column, isColumn } from './column.ts';
import type { Crew, Task, Work } from './crew.ts';

/**
 * What a thread of a crew does with the messages it gets. Once it has its model (`build` registers what the boss does, in the same
 * order) and the columns, `receive` returns only when the boss sends it back to its messages.
 */
export function createMemberHost(
  build: (setup: unknown, crew: Crew) => void,
): (message: CrewMessage) => void {
  let member: Member | null = null;
  return message => {
    if (message.kind === 'enlist') {
      member = new Member(message.board, message.member, message.threads);
      build(message.setup, member);
    } else if (member) {
      member.receive(message);
      member.serve();
    }
  };
}

class Member implements Crew {
  readonly threads: number;
  readonly #board: Board;
  readonly #index: number;
  readonly #works: Work<unknown>[] = [];
  readonly #places: { holder: Record<string | number, unknown>; key: string | number }[] = [];
  readonly #numbers: { holder: Record<string | number, unknown>; key: string | number }[] = [];
  #columns: ReadonlyMap<number, Column> = new Map();
  #bindings: Int32Array = new Int32Array(0);
  #values: Float64Array = new Float64Array(0);
  #bound = -1;

  constructor(board: Board, index: number, threads: number) {
    this.#board = board;
    this.#index = index;
    this.threads = threads;
  }

  share(holder: object, keys: readonly (string | number)[]): void {
    const properties = holder as Record<string | number, unknown>;
    for (const key of keys) {
      (isColumn(properties[key]) ? this.#places : this.#numbers).push({ holder: properties, key });
    }
  }

  task<Fault>(work: Work<Fault>): Task<Fault> {
    this.#works.push(work as Work<unknown>);
    return () => {
      throw new Error('only the boss of a crew starts its tasks');
    };
  }

  present(): number {
    return this.threads;
  }

  helped(): number {
    return 0;
  }

  receive({ columns, bindings, values }: CrewMessage & { kind: 'columns' }): void {
    this.#columns = columns;
    this.#bindings = bindings;
    this.#values = values;
    this.#bound = -1;
    this.#board.words[memberAt(this.#index) + DELIVERIES]++;
  }

  /** Does what the boss orders until that is to leave. */
  serve(): void {
    const { words } = this.#board;
    const at = memberAt(this.#index);
    if (Atomics.load(words, DISMISSED) === 1) return;
    let order = 0;
    Atomics.store(words, at + STATE, WAITING);
    for (;;) {
      const next = waitWhile(words, at + ORDER, order);
      if (next === LEAVE) break;
      // Nobody but a new order ends the waiting, whatever woke this thread.
      if (next === order) continue;
      order = next;
      this.#takePart();
    }
    // In this order: the boss takes nobody for waiting whose order is to leave.
    Atomics.store(words, at + STATE, AWAY);
    Atomics.store(words, at + ORDER, 0);
  }

  #takePart(): void {
    const { words } = this.#board;
    this.#bind();
    const work = this.#works[words[TASK]];
    const done = memberAt(this.#index) + DONE;
    const note = takeBlocks(this.#board, (block, numbers) => {
      words[done]++;
      return work(block, numbers);
    });
    if (note !== null) writeNote(this.#board, this.#index, note);
    if (Atomics.sub(words, BUSY, 1) === 1) Atomics.notify(words, BUSY);
  }

  #bind(): void {
    const { words } = this.#board;
    for (let i = 0; i < this.#values.length; i++) {
      const { holder, key } = this.#numbers[i];
      holder[key] = this.#values[i];
    }
    if (this.#bound === words[BINDING]) return;
    this.#bound = words[BINDING];
    for (let i = 0; i < this.#bindings.length; i++) {
      const { holder, key } = this.#places[i];
      holder[key] = this.#columns.get(this.#bindings[i]);
    }
  }
}
