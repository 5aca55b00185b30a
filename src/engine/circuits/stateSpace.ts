import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Circuit } from './circuit.ts';
import { netChange } from './circuit.ts';
import { populationOfOne, windowOfOne } from './oneCell.ts';
import { createSystem } from './reactionSystem.ts';

/** A law that cannot be had, with the reason; the user's to mend. */
export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
}

/** Where a transition leads, in place of the number of a state: out of the set, into the target, or its rate is 0. */
export const OUTSIDE = -1;
export const TARGET = -2;
export const NEVER = -3;

export interface SpaceOptions {
  /** Largest number of states; default 200,000. */
  readonly maxStates?: number;
  /** Concentrations of the fields, molecules/µm³; a rate may read those that are given. */
  readonly fields?: readonly number[];
  /** States that are not entered, by the amounts of all species of the circuit. */
  readonly target?: (amounts: Float64Array) => boolean;
}

export const MOST_STATES = 200_000;

/**
 * A finite set of states of a circuit with the transitions between them; it begins with the initial state and grows. A state is the
 * amounts of the species that stochastic channels change; channels with the same net change are one move.
 */
export class StateSpace {
  /** The coordinates of a state. */
  readonly names: readonly string[];
  readonly width: number;
  readonly moves: number;
  count = 0;
  /** coordinates[state * width + i], of states 0 … count − 1; replaced, never rewritten, when it becomes too small. */
  coordinates: Float64Array<ArrayBuffer>;
  /** By state and move: the state it leads to, or OUTSIDE, TARGET, NEVER; and its rate, 1/s. */
  targets: Int32Array<ArrayBuffer>;
  rates: Float64Array<ArrayBuffer>;
  /** Total rate by state, and the parts that lead out of the set and into the target. */
  out: Float64Array<ArrayBuffer>;
  outside: Float64Array<ArrayBuffer>;
  toTarget: Float64Array<ArrayBuffer>;
  private readonly maxStates: number;
  private readonly changes: readonly Float64Array[];
  private readonly evaluate: (rates: Float64Array) => void;
  private readonly amounts: Float64Array;
  private readonly changed: readonly number[];
  private readonly isTarget: ((amounts: Float64Array) => boolean) | null;
  private readonly moveRates: Float64Array;
  private readonly place: Float64Array;
  /** Open addressing: numbers of states + 1. */
  private table = new Int32Array(1024);

  constructor(type: CellType, options: SpaceOptions = {}) {
    const { maxStates = MOST_STATES, fields = [], target = null } = options;
    const { circuit } = type;
    refuse(circuit, fields.length);
    const system = createSystem(type, fields.length, { guarded: false, generate: false });
    if (!system) throw new ProjectionError('the circuit has no stochastic reaction, so no law to find');
    const { network, amounts, propensities } = system;
    const { changed, channels } = network;
    this.maxStates = maxStates;
    this.names = changed.map(s => circuit.species[s].name);
    this.width = changed.length;
    this.amounts = amounts;
    this.changed = changed;
    this.isTarget = target;
    system.enter(windowOfOne(populationOfOne(type), fields, circuit.reactions.length), 0);

    const vectors = channels.map(({ change }) => changed.map(s => change.find(([i]) => i === s)?.[1] ?? 0));
    const keys = [...new Set(vectors.filter(v => v.some(n => n !== 0)).map(v => v.join()))];
    const moveOf = vectors.map(v => keys.indexOf(v.join()));
    this.changes = keys.map(key => Float64Array.from(key.split(','), Number));
    this.moves = keys.length;
    this.moveRates = new Float64Array(this.moves);
    this.place = new Float64Array(this.width);
    this.evaluate = rates => {
      const bad = system.evaluate();
      if (bad >= 0) {
        const { name } = circuit.reactions[system.reactions[bad]];
        const at = changed.map(s => `${circuit.species[s].name} = ${amounts[s]}`).join(', ');
        throw new ProjectionError(
          `the rate of ${name} is ${propensities[bad]} at ${at}; it must be finite and at least 0`,
        );
      }
      rates.fill(0);
      for (let c = 0; c < channels.length; c++) if (moveOf[c] >= 0) rates[moveOf[c]] += propensities[c];
    };
    const capacity = 256;
    this.coordinates = new Float64Array(capacity * this.width);
    this.targets = new Int32Array(capacity * this.moves);
    this.rates = new Float64Array(capacity * this.moves);
    this.out = new Float64Array(capacity);
    this.outside = new Float64Array(capacity);
    this.toTarget = new Float64Array(capacity);
    changed.forEach((s, i) => {
      this.place[i] = amounts[s];
    });
    if (target?.(amounts)) throw new ProjectionError('the initial state meets the condition already');
    this.add();
  }

  /** Amounts of all species in a state, on an array that the next call overwrites. */
  amountsAt(state: number): Float64Array {
    for (let i = 0; i < this.width; i++)
      this.amounts[this.changed[i]] = this.coordinates[state * this.width + i];
    return this.amounts;
  }

  fastest(): number {
    let most = 0;
    for (let i = 0; i < this.count; i++) most = Math.max(most, this.out[i]);
    return most;
  }

  /** States from which a move leads out of the set. */
  exits(): number[] {
    const list: number[] = [];
    for (let i = 0; i < this.count; i++) if (this.outside[i] > 0) list.push(i);
    return list;
  }

  /** Adds all that is within `layers` moves of the given states; false where that is nothing new. */
  grow(from: readonly number[], layers: number): boolean {
    const before = this.count;
    let shell = from;
    for (let layer = 0; layer < layers && shell.length > 0; layer++) {
      const first = this.count;
      for (const state of shell) {
        for (let m = 0; m < this.moves; m++) {
          if (this.targets[state * this.moves + m] !== OUTSIDE) continue;
          this.step(state, m, 1);
          this.add();
        }
      }
      shell = Array.from({ length: this.count - first }, (_, i) => first + i);
    }
    return this.count > before;
  }

  /**
   * Whether a state can be entered by one move from a state with amounts ≥ 0 other than those with isIn = 1. Of states that are not in
   * the space rates are not looked at.
   */
  isEntry(state: number, isIn: Uint8Array): boolean {
    for (let m = 0; m < this.moves; m++) {
      this.step(state, m, -1);
      if (!this.place.every(x => x >= 0)) continue;
      const from = this.find();
      if (from < 0 || (isIn[from] === 0 && this.targets[from * this.moves + m] !== NEVER)) return true;
    }
    return false;
  }

  /** Sets `place` to a state plus `times` a move. */
  private step(state: number, move: number, times: number): void {
    const change = this.changes[move];
    for (let i = 0; i < this.width; i++)
      this.place[i] = this.coordinates[state * this.width + i] + times * change[i];
  }

  /** Adds the state at `place`. */
  private add(): void {
    const state = this.count;
    if (state >= this.maxStates) {
      throw new ProjectionError(
        `more than ${this.maxStates.toLocaleString('en')} states are needed for the tolerance asked for`,
      );
    }
    if (state === this.out.length) this.enlarge();
    this.coordinates.set(this.place, state * this.width);
    this.count = state + 1;
    if (2 * this.count > this.table.length) this.rehash();
    else this.insert(state);
    this.amountsAt(state);
    this.evaluate(this.moveRates);
    for (let m = 0; m < this.moves; m++) {
      const rate = this.moveRates[m];
      const at = state * this.moves + m;
      this.rates[at] = rate;
      this.out[state] += rate;
      if (rate === 0) {
        this.targets[at] = NEVER;
        continue;
      }
      this.step(state, m, 1);
      this.targets[at] = this.find();
      if (this.targets[at] === OUTSIDE && this.meetsTarget()) this.targets[at] = TARGET;
    }
    this.sumParts(state);
    for (let m = 0; m < this.moves; m++) {
      this.step(state, m, -1);
      const from = this.find();
      if (from < 0 || this.targets[from * this.moves + m] !== OUTSIDE) continue;
      this.targets[from * this.moves + m] = state;
      this.sumParts(from);
    }
  }

  private meetsTarget(): boolean {
    if (!this.isTarget) return false;
    for (let i = 0; i < this.width; i++) this.amounts[this.changed[i]] = this.place[i];
    return this.isTarget(this.amounts);
  }

  private sumParts(state: number): void {
    let outside = 0;
    let toTarget = 0;
    for (let at = state * this.moves; at < (state + 1) * this.moves; at++) {
      if (this.targets[at] === OUTSIDE) outside += this.rates[at];
      else if (this.targets[at] === TARGET) toTarget += this.rates[at];
    }
    this.outside[state] = outside;
    this.toTarget[state] = toTarget;
  }

  /** The state at `place`, OUTSIDE where there is none. */
  private find(): number {
    const mask = this.table.length - 1;
    for (let slot = this.hash(this.place, 0) & mask; this.table[slot] !== 0; slot = (slot + 1) & mask) {
      const state = this.table[slot] - 1;
      let i = 0;
      while (i < this.width && this.coordinates[state * this.width + i] === this.place[i]) i++;
      if (i === this.width) return state;
    }
    return OUTSIDE;
  }

  private insert(state: number): void {
    const mask = this.table.length - 1;
    let slot = this.hash(this.coordinates, state * this.width) & mask;
    while (this.table[slot] !== 0) slot = (slot + 1) & mask;
    this.table[slot] = state + 1;
  }

  private rehash(): void {
    this.table = new Int32Array(4 * this.table.length);
    for (let i = 0; i < this.count; i++) this.insert(i);
  }

  private hash(values: Float64Array, offset: number): number {
    let h = 0;
    for (let i = 0; i < this.width; i++) {
      h = Math.imul(h ^ (values[offset + i] | 0), 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h >>> 0;
  }

  private enlarge(): void {
    const capacity = 2 * this.out.length;
    const longer = (old: Float64Array, per: number): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(capacity * per);
      next.set(old);
      return next;
    };
    this.coordinates = longer(this.coordinates, this.width);
    this.rates = longer(this.rates, this.moves);
    this.out = longer(this.out, 1);
    this.outside = longer(this.outside, 1);
    this.toTarget = longer(this.toTarget, 1);
    const targets = new Int32Array(capacity * this.moves);
    targets.set(this.targets);
    this.targets = targets;
  }
}

/** Throws where the stochastic channels alone do not make a Markov chain on whole amounts. */
function refuse(circuit: Circuit, fields: number): void {
  const { events = [] } = circuit;
  if (events.length > 0)
    throw new ProjectionError(`the circuit has events (${events[0].name}), of which a law takes no account`);
  const delayed = circuit.reactions.find(({ delay }) => delay !== undefined);
  if (delayed) {
    throw new ProjectionError(
      `${delayed.name} has a delay: what comes next then depends on the past, not on the amounts alone`,
    );
  }
  const flowing = new Set(
    circuit.reactions.filter(r => r.continuous).flatMap(r => netChange(r, 'cell').map(([s]) => s)),
  );
  for (const reaction of circuit.reactions) {
    if (reaction.continuous) continue;
    for (const [s] of netChange(reaction, 'cell')) {
      if (!circuit.species[s].continuous) continue;
      throw new ProjectionError(
        `${circuit.species[s].name}, which ${reaction.name} changes, is a real amount, not a number of molecules`,
      );
    }
    for (const variable of reads(reaction.rate).values()) {
      const at = `the rate of ${reaction.name}`;
      if (variable.of === 'time' || variable.of === 'age') {
        throw new ProjectionError(`${at} depends on ${variable.of}; a law is found for constant rates only`);
      }
      if (variable.of === 'field' && variable.index >= fields) {
        throw new ProjectionError(`${at} reads a field, which has no value without space`);
      }
      const follows = variable.of === 'species' ? variable.index : variable.of === 'volume' ? 0 : -1;
      if (flowing.has(follows)) {
        const name = variable.of === 'volume' ? 'the volume' : circuit.species[follows].name;
        throw new ProjectionError(
          `${at} depends on ${name}, which continuous reactions change: not a chain of whole amounts`,
        );
      }
    }
  }
}
