import { advance } from '../engine/coupling/step.ts';
import { adoptScenario, applyEdit, type EditResult } from '../engine/edit/apply.ts';
import type { Edit, LoggedEdit } from '../engine/edit/edit.ts';
import type { Watch } from '../engine/exchange/watch.ts';
import type { Model } from '../engine/model/model.ts';
import { build } from '../engine/run/build.ts';
import type { Scenario } from '../engine/scenario/load.ts';
import { History } from './history.ts';

/** An edit with the scenario it led to, so that making it again need not read text. */
interface Entry extends LoggedEdit {
  readonly scenario: Scenario;
}

/** Milliseconds of stepping after which a state is kept, at least; more where keeping one takes long. */
const KEEP_EVERY = 500;
/** Keeping states may take this share of the time. */
const KEEP_SHARE = 0.04;
/** Before an edit a state is kept if so many milliseconds of stepping, or edits, lie between it and the last one kept. */
const KEEP_BEFORE_EDIT = 100;
const MOST_EDITS_APART = 8;

/**
 * A run as a line in time: the model, the log of edits, and kept states to go back to. The log is of the whole run: edits that
 * lie ahead (after going back) are made again when their step is reached; a new edit replaces them.
 */
export class Timeline {
  /** As loaded. */
  readonly origin: Scenario;
  /** As edited so far. */
  scenario: Scenario;
  model: Model;
  readonly #now: () => number;
  readonly #history: History;
  #log: Entry[] = [];
  /** Edits of the log that the model's state has in it. */
  #applied = 0;
  /** Milliseconds of stepping since a state was kept, and how long keeping the last one took. */
  #busy = 0;
  #keepingTook = 0;
  #editsSince = 0;

  /** @param memory bytes for kept states. @throws PlacementError */
  constructor(scenario: Scenario, now: () => number, memory: number) {
    this.origin = scenario;
    this.scenario = scenario;
    this.#now = now;
    this.#history = new History(memory);
    this.model = build(scenario, { now });
    this.#keep();
  }

  get log(): readonly LoggedEdit[] {
    return this.#log.map(({ step, time, edit }) => ({ step, time, edit }));
  }

  get canUndo(): boolean {
    return this.#log.length > 0;
  }

  /** How many edits of the log the state has in it. */
  get applied(): number {
    return this.#applied;
  }

  /** Bytes held by kept states. */
  get keptBytes(): number {
    return this.#history.bytes;
  }

  /**
   * One step, and the edits that the log has after it; `between` sees the model before these. Returns what the edits did.
   * @throws RunFailure
   */
  advance(between?: (model: Model) => void): EditResult[] {
    const started = this.#now();
    advance(this.model);
    between?.(this.model);
    const results = this.#applyDue();
    this.#busy += this.#now() - started;
    if (this.#busy > Math.max(KEEP_EVERY, this.#keepingTook / KEEP_SHARE)) this.#keep();
    return results;
  }

  /** Makes a new edit here, and forgets all that lay ahead. @throws EditError, RunFailure */
  edit(edit: Edit): EditResult {
    if (this.#busy > KEEP_BEFORE_EDIT || this.#editsSince >= MOST_EDITS_APART) this.#keep();
    const { step } = this.model;
    const result = applyEdit(this.model, this.scenario, edit);
    if (result.amount === 0) return result;
    this.#take(result);
    this.#log.length = this.#applied;
    this.#history.truncate(step, this.#applied);
    const time = step * this.model.description.time.step;
    this.#log.push({ step, time, edit, scenario: result.scenario });
    this.#applied++;
    this.#editsSince++;
    return result;
  }

  /**
   * Takes the last edit out of the log; returns its step, or null where there is none. `made`: the state has it, so that the
   * caller must go back there.
   */
  forgetLastEdit(): { step: number; made: boolean } | null {
    const last = this.#log.at(-1);
    if (!last) return null;
    const made = this.#applied === this.#log.length;
    this.#log.pop();
    this.#history.truncate(last.step, this.#log.length);
    return { step: last.step, made };
  }

  forgetAllEdits(): void {
    this.#log = [];
    this.#history.truncate(0, 0);
  }

  /**
   * Jumps to the kept state nearest before the end of a step (all its edits made), or stays where that is nearer. States after
   * step `most` are passed over. `sound`: the present state is worth keeping. Returns whether the state jumped; the rest of the
   * way is `advance`.
   */
  jump(step: number, most: number, sound: boolean): boolean {
    const wanted = this.#log.filter(entry => entry.step <= step).length;
    const here = this.model.step;
    const isBehind = sound && (here < step || (here === step && this.#applied <= wanted));
    const kept = this.#history.find(step, wanted, Math.max(most, Math.min(here, step)));
    if (isBehind && (!kept || kept.step < here || (kept.step === here && kept.edits <= this.#applied))) {
      this.#applyDue();
      return false;
    }
    if (kept) {
      if (kept.scenario !== this.scenario) this.#adopt(kept.scenario);
      this.#history.restore(kept, this.model);
      this.#applied = kept.edits;
    } else this.#startAgain();
    this.#busy = 0;
    this.#editsSince = 0;
    this.#applyDue();
    return true;
  }

  /** Keeps account of what these cells exchange, also in the models that follow this one. */
  setWatch(watch: Watch | null): void {
    this.model.watch = watch;
  }

  /** The founders again; for runs whose state is too large to be kept. */
  #startAgain(): void {
    const { watch } = this.model;
    this.model = { ...build(this.origin, { now: this.#now }), watch };
    this.scenario = this.origin;
    this.#applied = 0;
  }

  #applyDue(): EditResult[] {
    const results: EditResult[] = [];
    while (this.#applied < this.#log.length && this.#log[this.#applied].step === this.model.step) {
      const { edit, scenario } = this.#log[this.#applied];
      if (edit.kind === 'parameter') this.#adopt(scenario);
      else results.push(applyEdit(this.model, this.scenario, edit));
      this.#applied++;
    }
    return results;
  }

  #adopt(scenario: Scenario): void {
    this.model = adoptScenario(this.model, scenario);
    this.scenario = scenario;
  }

  #take({ model, scenario }: EditResult): void {
    this.model = model;
    this.scenario = scenario;
  }

  #keep(): void {
    const started = this.#now();
    this.#history.add(this.model, this.scenario, this.#applied);
    this.#keepingTook = this.#now() - started;
    this.#busy = 0;
    this.#editsSince = 0;
  }
}
