import type { CellType } from '../cells/cellType.ts';
import { BandError, type ChainSolver, components, eliminate } from './chainSolver.ts';
import { Law, sum } from './law.ts';
import { NEVER, ProjectionError, type SpaceOptions, StateSpace } from './stateSpace.ts';
import { subchain } from './subchain.ts';

/**
 * The stationary law of a small network, on a finite set of states that grows from the initial one.
 *
 * Found with the moves that leave the set left out. On a set without such moves that is exact. Otherwise the true law, given that the
 * chain is in the set, is some mixture of the laws that arise if the chain, whenever it leaves, comes back by one and the
 * same entrance (Courtois & Semal 1984); so `conditional`, the largest distance to any of these, is a certified bound
 * of the law within the set. How much lies outside the set no finite set can tell: `rim`, the
 * probability of the states at which the set ends, is an estimate of it where tails fall off, not a bound. A second mode far off may
 * be missed: begin between the modes, or ask for a smaller tolerance.
 */
export interface StationaryOptions extends SpaceOptions {
  /** Largest `conditional`, `rim` and change by the last growth; default 1e-8. */
  readonly tolerance?: number;
}

export interface Stationary {
  readonly law: Law;
  /** Whether no move leaves the set: then the law is exact up to rounding. */
  readonly closed: boolean;
  /** Σ |true law, given the set − law|, at most; null where too many entrances make it too costly. */
  readonly conditional: number | null;
  /** Probability of the states from which moves leave the set, and of never arriving in it. */
  readonly rim: number;
  /** Probability per second of leaving the set. */
  readonly outflow: number;
}

/** Operations for the bound: about half a minute. */
const MOST_OPERATIONS = 2e10;

export function stationaryLaw(type: CellType, options: StationaryOptions = {}): Stationary {
  return stationaryOn(new StateSpace(type, options), options.tolerance ?? 1e-8);
}

/** The same on a space that is at hand, which grows. Throws ProjectionError. */
export function stationaryOn(space: StateSpace, tolerance: number): Stationary {
  space.grow([0], 16);
  let previous = new Float64Array(0);
  while (true) {
    const { states, missed } = recurrentStates(space);
    const leaving = ratesOutOf(space, states);
    const within = reflectedLaw(space, states);
    const probability = new Float64Array(space.count);
    let [rim, outflow, change] = [missed, 0, 0];
    states.forEach((state, i) => {
      probability[state] = within[i];
      if (leaving[i] > 0) rim += within[i];
      outflow += within[i] * leaving[i];
    });
    for (let i = 0; i < probability.length; i++) change += Math.abs(probability[i] - (previous[i] ?? 0));
    previous = probability;
    if (rim === 0 || (rim <= tolerance && change <= tolerance)) {
      const conditional = outflow === 0 ? 0 : conditionalBound(space, states, leaving, within);
      if (conditional === null || conditional <= tolerance)
        return { law: new Law(space, probability), closed: rim === 0, conditional, rim, outflow };
    }
    // The rim where the law is; where that is negligible everywhere, all of it, to see what lies beyond.
    const exits = space.exits();
    const heavy = exits.filter(i => probability[i] > (0.1 * tolerance) / exits.length);
    space.grow(heavy.length > 0 && missed <= tolerance ? heavy : exits, growthLayers(space));
  }
}

/** By about a seventh along each axis. */
export function growthLayers(space: StateSpace): number {
  return Math.max(4, Math.ceil(0.15 * space.count ** (1 / space.width)));
}

/**
 * The states that the law is on, all of which lead to one another, and the probability of not arriving there: the set of states that is
 * never left, if there is one; else the largest component, as moves out of the set may lead back to it.
 */
function recurrentStates(space: StateSpace): { states: readonly number[]; missed: number } {
  const all = components(subchain(space));
  const isOpen = (states: readonly number[]): boolean => states.some(i => space.outside[i] > 0);
  const final = all.filter(({ closed, states }) => closed && !isOpen(states));
  if (final.length > 1) {
    throw new ProjectionError(
      `there are ${final.length} sets of states that are never left once entered: which law becomes stationary is chance`,
    );
  }
  if (final.length === 0) {
    const largest = all.reduce((best, next) => (next.states.length > best.states.length ? next : best));
    return { states: largest.states, missed: 0 };
  }
  const { states } = final[0];
  const isFinal = new Uint8Array(space.count);
  for (const state of states) isFinal[state] = 1;
  if (isFinal[0] === 1 || space.exits().length === 0) return { states, missed: 0 };
  const others = Array.from({ length: space.count }, (_, i) => i).filter(i => isFinal[i] === 0);
  const times = solver(() => eliminate(subchain(space, others), ratesOutOf(space, others))).occupation(
    Float64Array.from(others, i => (i === 0 ? 1 : 0)),
  );
  return { states, missed: others.reduce((total, state, i) => total + times[i] * space.outside[state], 0) };
}

/** For each of some states the rate of moves to others than these. */
function ratesOutOf(space: StateSpace, states: readonly number[]): Float64Array {
  const { moves, targets, rates, count } = space;
  const isIn = new Uint8Array(count);
  for (const state of states) isIn[state] = 1;
  return Float64Array.from(states, state => {
    let rate = 0;
    for (let at = state * moves; at < (state + 1) * moves; at++) {
      if (targets[at] !== NEVER && !(targets[at] >= 0 && isIn[targets[at]] === 1)) rate += rates[at];
    }
    return rate;
  });
}

/** The stationary law among `states` without the moves to others. */
function reflectedLaw(space: StateSpace, states: readonly number[]): Float64Array {
  const none = new Float64Array(states.length);
  const solution = solver(() => eliminate(subchain(space, states), none)).occupation(none);
  const total = sum(solution);
  return solution.map(x => x / total);
}

function conditionalBound(
  space: StateSpace,
  states: readonly number[],
  leaving: Float64Array,
  law: Float64Array,
): number | null {
  const isIn = new Uint8Array(space.count);
  for (const state of states) isIn[state] = 1;
  const entries = states.flatMap((state, i) => (space.isEntry(state, isIn) ? [i] : []));
  const chain = solver(() => eliminate(subchain(space, states), leaving));
  if (entries.length * chain.cost > MOST_OPERATIONS) return null;
  const start = new Float64Array(states.length);
  let most = 0;
  for (const entry of entries) {
    start.fill(0);
    start[entry] = 1;
    const times = chain.occupation(start);
    const total = sum(times);
    let distance = 0;
    for (let i = 0; i < times.length; i++) distance += Math.abs(times[i] / total - law[i]);
    most = Math.max(most, distance);
  }
  return most;
}

/** A band that is too wide is the circuit's fault, not the program's. */
export function solver(make: () => ChainSolver): ChainSolver {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BandError)) throw error;
    throw new ProjectionError(
      `too many states for a linear solution: ${error.message}; allow a larger tolerance or make the circuit smaller`,
    );
  }
}
