import { type Checkpoint, restoreCheckpoint, takeCheckpoint } from '../engine/model/checkpoint.ts';
import type { Model } from '../engine/model/model.ts';
import type { Scenario } from '../engine/scenario/load.ts';

/** A kept state: after so many steps and so many edits of the log, with the scenario as edited by then. */
interface Kept {
  readonly step: number;
  readonly edits: number;
  readonly scenario: Scenario;
  readonly checkpoint: Checkpoint;
}

/**
 * States of a run to go back to, in bounded memory. Where it is full, the state goes whose neighbours lie closest together, so
 * that those left stay spread over the run.
 */
export class History {
  readonly #budget: number;
  #kept: Kept[] = [];
  #bytes = 0;

  /** @param budget bytes */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#kept.length;
  }

  /** Keeps the model's state, unless it is kept already. */
  add(model: Model, scenario: Scenario, edits: number): void {
    const { step } = model;
    const at = this.#kept.findIndex(one => isAfter(one, step, edits));
    const before = at < 0 ? this.#kept.at(-1) : this.#kept[at - 1];
    if (before?.step === step && before.edits === edits) return;
    const checkpoint = takeCheckpoint(model);
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, { step, edits, scenario, checkpoint });
    this.#bytes += checkpoint.bytes;
    while (this.#bytes > this.#budget && this.#kept.length > 0) this.#thin();
  }

  /** The last kept state not after this place, and not after step `most`. */
  find(step: number, edits: number, most = step): Kept | null {
    return this.#kept.findLast(one => !isAfter(one, step, edits) && one.step <= most) ?? null;
  }

  restore(kept: Kept, model: Model): void {
    restoreCheckpoint(model, kept.checkpoint);
  }

  /** Forgets what lies after this place: it has become another future. */
  truncate(step: number, edits: number): void {
    this.#kept = this.#kept.filter(one => one.step <= step && one.edits <= edits);
    this.#bytes = this.#kept.reduce((sum, { checkpoint }) => sum + checkpoint.bytes, 0);
  }

  /** The first and the last are the ones most gone to; they go last. */
  #thin(): void {
    const kept = this.#kept;
    let least = 0;
    let narrowest = Number.POSITIVE_INFINITY;
    for (let i = 1; i < kept.length - 1; i++) {
      const gap = kept[i + 1].step - kept[i - 1].step;
      if (gap < narrowest) [least, narrowest] = [i, gap];
    }
    const [gone] = kept.splice(least, 1);
    this.#bytes -= gone.checkpoint.bytes;
  }
}

function isAfter(one: Kept, step: number, edits: number): boolean {
  return one.step > step || (one.step === step && one.edits > edits);
}
