import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import { populationOfOne, windowOfOne } from './oneCell.ts';
import { createSystem } from './reactionSystem.ts';

/**
 * The law of a small network by finite state projection of the chemical master equation (Munsky & Khammash 2006,
 * doi:10.1063/1.2145882). On a finite set of states p solves dp/dt = A p, where mass that leaves the set is lost. Then p is
 * a lower bound of the true law at every state, and the true law differs from it by 1 − Σ p in total: a certified
 * bound. The set starts at the initial state and grows, layer by layer, wherever more would be lost than is allowed.
 *
 * p(t + h) = Σ_k Poisson(Λh; k) (I + A/Λ)ᵏ p by uniformisation (Jensen 1953), whose every term is ≥ 0, so that cutting the
 * sum keeps the lower bound and shows in 1 − Σ p, too.
 */
export interface ProjectionOptions {
  /** Largest bound at the last time; default 1e-8. */
  readonly tolerance?: number;
  /** Largest number of states; default 200,000. */
  readonly maxStates?: number;
  /** s; default 0. */
  readonly start?: number;
  /** Concentrations of the fields, molecules/µm³. */
  readonly fields?: readonly number[];
}

export interface Projection {
  /** Names of the species that change, the coordinates of a state. */
  readonly species: readonly string[];
  readonly states: number;
  /** coordinates[state * species.length + i] */
  readonly coordinates: Float64Array;
  readonly times: readonly number[];
  /** probability[time][state]: a lower bound of the true one. */
  readonly probability: readonly Float64Array[];
  /** 1 − Σ probability: the total that the law may be off by, by time. */
  readonly bound: readonly number[];
  /** Probabilities of the counts 0, 1, … of one species at times[time]. */
  marginal(time: number, species: string): Float64Array;
  /** Mean and variance of that marginal, normalised. */
  moments(time: number, species: string): { mean: number; variance: number };
}

export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
}

/** Uniformised jumps per step: long enough to spare set-up, short enough to notice early that the set must grow. */
const JUMPS_PER_STEP = 256;

export function projectLaw(
  type: CellType,
  times: readonly number[],
  options: ProjectionOptions = {},
): Projection {
  const { tolerance = 1e-8, maxStates = 200_000, start = 0, fields = [] } = options;
  const space = new StateSpace(type, fields, maxStates);
  const end = times[times.length - 1] ?? start;
  let vector = Float64Array.of(1);
  let now = start;
  const laws: Float64Array[] = [];
  space.grow(4);
  vector = lengthened(vector, space.count);
  for (const time of times) {
    if (!(time >= now)) throw new RangeError(`output times must ascend from ${start}; ${time} does not`);
    while (now < time) {
      const rate = space.fastest();
      const step = rate > 0 ? Math.min(time - now, JUMPS_PER_STEP / rate) : time - now;
      const next = space.advance(vector, step, rate, (0.1 * tolerance * step) / (end - start));
      const lost = sum(vector) - sum(next);
      if (lost > (tolerance * step) / (end - start) && space.grow(layers(space.count))) {
        vector = lengthened(vector, space.count);
        continue;
      }
      vector = next;
      now = time - now <= step ? time : now + step;
    }
    laws.push(vector.slice());
  }
  return projectionOf(space, times, laws);
}

/** A set that has to grow grows by several layers at once: the more the larger it is. */
function layers(states: number): number {
  return Math.max(2, Math.ceil(Math.sqrt(states) / 8));
}

function lengthened(vector: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(vector);
  return longer;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** The states of the projection with the transitions between them. */
class StateSpace {
  readonly names: readonly string[];
  readonly coordinates: number[][] = [];
  private readonly index = new Map<string, number>();
  /** Total rate out of each state, also to states outside. */
  private readonly out: number[] = [];
  /** Target and rate of every transition; target −1 lies outside. */
  private readonly targets: number[][] = [];
  private readonly rates: number[][] = [];
  private readonly maxStates: number;
  private readonly evaluate: (state: readonly number[]) => readonly (readonly [number[], number])[];

  constructor(type: CellType, fields: readonly number[], maxStates: number) {
    const system = createSystem(type, fields.length, { guarded: false, generate: false });
    if (!system) throw new ProjectionError('the circuit has no stochastic reaction');
    const { network, amounts, propensities } = system;
    if (type.circuit.reactions.some(reaction => reaction.continuous)) {
      throw new ProjectionError(
        'the circuit has continuous reactions: its state is not a number of molecules',
      );
    }
    for (const { propensity } of network.channels) {
      for (const variable of reads(propensity).values()) {
        if (variable.of === 'time' || variable.of === 'age') {
          throw new ProjectionError(`a rate depends on ${variable.of}`);
        }
      }
    }
    this.maxStates = maxStates;
    const { changed } = network;
    this.names = changed.map(s => type.circuit.species[s].name);
    system.enter(windowOfOne(populationOfOne(type), fields, type.circuit.reactions.length), 0);
    const start = changed.map(s => amounts[s]);
    const moves = network.channels.map(channel =>
      changed.map(s => channel.change.find(([i]) => i === s)?.[1] ?? 0),
    );
    this.evaluate = state => {
      for (let i = 0; i < changed.length; i++) amounts[changed[i]] = state[i];
      const bad = system.evaluate();
      if (bad >= 0) {
        const { name } = type.circuit.reactions[system.reactions[bad]];
        throw new ProjectionError(
          `the rate of ${name} is ${propensities[bad]}; it must be finite and at least 0`,
        );
      }
      return moves.flatMap((move, c) =>
        propensities[c] > 0 && move.some(n => n !== 0)
          ? [[state.map((x, i) => x + move[i]), propensities[c]] as const]
          : [],
      );
    };
    this.add(start);
  }

  get count(): number {
    return this.coordinates.length;
  }

  fastest(): number {
    let most = 0;
    for (const rate of this.out) most = Math.max(most, rate);
    return most;
  }

  /** Adds everything that can be reached within `layers` transitions; false where there is nothing more. */
  grow(layers: number): boolean {
    const before = this.count;
    for (let layer = 0; layer < layers; layer++) {
      const count = this.count;
      for (let i = 0; i < count; i++) {
        if (!this.targets[i].includes(-1)) continue;
        this.evaluate(this.coordinates[i]).forEach(([state], n) => {
          if (this.targets[i][n] < 0) this.targets[i][n] = this.index.get(state.join()) ?? this.add(state);
        });
      }
      if (this.count === count) break;
      // New states may lead to one another.
      for (let i = count; i < this.count; i++) this.link(i);
    }
    return this.count > before;
  }

  /** p after `step`, with Poisson weights cut where less than `cut` is left. */
  advance(vector: Float64Array, step: number, rate: number, cut: number): Float64Array<ArrayBuffer> {
    const n = this.count;
    const result = new Float64Array(n);
    const mean = rate * step;
    let weight = Math.exp(-mean);
    let left = 1;
    let power = Float64Array.from(vector);
    let next = new Float64Array(n);
    for (let k = 0; ; k++) {
      for (let i = 0; i < n; i++) result[i] += weight * power[i];
      left -= weight;
      if (mean === 0 || (k > mean && (left <= cut || weight < 1e-18))) return result;
      next.fill(0);
      for (let i = 0; i < n; i++) {
        const p = power[i];
        if (p === 0) continue;
        next[i] += p * (1 - this.out[i] / rate);
        const targets = this.targets[i];
        const rates = this.rates[i];
        for (let t = 0; t < targets.length; t++)
          if (targets[t] >= 0) next[targets[t]] += p * (rates[t] / rate);
      }
      [power, next] = [next, power];
      weight *= mean / (k + 1);
    }
  }

  private add(state: number[]): number {
    const at = this.count;
    if (at >= this.maxStates) {
      throw new ProjectionError(
        `more than ${this.maxStates.toLocaleString('en')} states are needed for the tolerance asked for`,
      );
    }
    this.coordinates.push(state);
    this.index.set(state.join(), at);
    const moves = this.evaluate(state);
    this.rates.push(moves.map(([, rate]) => rate));
    this.out.push(moves.reduce((total, [, rate]) => total + rate, 0));
    this.targets.push(moves.map(([to]) => this.index.get(to.join()) ?? -1));
    return at;
  }

  private link(i: number): void {
    this.evaluate(this.coordinates[i]).forEach(([state], n) => {
      this.targets[i][n] = this.index.get(state.join()) ?? -1;
    });
  }
}

function projectionOf(
  space: StateSpace,
  times: readonly number[],
  laws: readonly Float64Array[],
): Projection {
  const { names } = space;
  const states = space.count;
  const probability = laws.map(law => lengthened(law, states));
  const indexOf = (species: string): number => {
    const i = names.indexOf(species);
    if (i < 0) throw new RangeError(`no species ${species} changes; there are ${names.join(', ')}`);
    return i;
  };
  const marginal = (time: number, species: string): Float64Array => {
    const i = indexOf(species);
    let most = 0;
    for (const state of space.coordinates) most = Math.max(most, state[i]);
    const law = new Float64Array(most + 1);
    for (let s = 0; s < states; s++) law[space.coordinates[s][i]] += probability[time][s];
    return law;
  };
  return {
    species: names,
    states,
    coordinates: Float64Array.from(space.coordinates.flat()),
    times,
    probability,
    bound: probability.map(law => Math.max(0, 1 - sum(law))),
    marginal,
    moments(time, species) {
      const law = marginal(time, species);
      const total = sum(law);
      let mean = 0;
      for (let n = 0; n < law.length; n++) mean += (n * law[n]) / total;
      let variance = 0;
      for (let n = 0; n < law.length; n++) variance += ((n - mean) * (n - mean) * law[n]) / total;
      return { mean, variance };
    },
  };
}
