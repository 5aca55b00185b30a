import type { CellType } from '../cells/cellType.ts';
import { Law, sum } from './law.ts';
import { ProjectionError, type SpaceOptions, StateSpace } from './stateSpace.ts';
import { subchain } from './subchain.ts';

/**
 * The law of a small network by finite state projection of the chemical master equation (Munsky & Khammash 2006,
 * doi:10.1063/1.2145882). On a finite set of states p solves dp/dt = A p, where mass that leaves the set is lost. Then p is
 * a lower bound of the true law at every state, and the true law differs from it by 1 − Σ p in total: a certified
 * bound. The set starts at the initial state and grows, as time goes, where more would be lost than is allowed.
 *
 * p(t + h) = Σ_k Poisson(Λh; k) (I + A/Λ)ᵏ p by uniformisation (Jensen 1953), whose every term is ≥ 0, so that cutting the
 * sum keeps the lower bound and shows in 1 − Σ p, too.
 *
 * exp(A h) never lengthens a vector (in ‖·‖₁), so where a step h changes p by δ, n more steps change it by at most n δ: once that
 * is negligible p is kept, and twice n δ is added to the bound.
 */
export interface ProjectionOptions extends SpaceOptions {
  /** Largest bound at the last time; default 1e-8. */
  readonly tolerance?: number;
  /** s; default 0. */
  readonly start?: number;
}

export interface TimedLaw {
  readonly time: number;
  readonly law: Law;
  /** The total by which the true law may be off: Σ |true − law|. */
  readonly bound: number;
  /** Where there is a target: probability that it has been reached, a lower bound; with `bound` an upper one. */
  readonly reached: number;
}

/** Laws at a list of times. */
export interface Projection {
  readonly species: readonly string[];
  /** At the last time. */
  readonly states: number;
  readonly times: readonly number[];
  readonly laws: readonly Law[];
  readonly bound: readonly number[];
  readonly reached: readonly number[];
  /** As of Law, at times[time]. */
  marginal(time: number, species: string): Float64Array;
  moments(time: number, species: string): { mean: number; variance: number };
}

/** Uniformised jumps per step: long enough to spare set-up, short enough to notice early that the set must grow. */
const JUMPS_PER_STEP = 256;

/** Jumps times transitions: at about 10⁹ a second, some two hours. */
const MOST_WORK = 1e13;

/** Shares of the tolerance: for what leaves the set, for what the cut sums lose, for keeping p. */
const SHARES = { lost: 0.2, cut: 0.1, kept: 0.7 } as const;

export function projectLaw(
  type: CellType,
  times: readonly number[],
  options: ProjectionOptions = {},
): Projection {
  const all = [...lawsInTime(type, times, options)];
  const laws = all.map(({ law }) => law);
  const last = laws[laws.length - 1];
  return {
    species: last?.species ?? [],
    states: last?.states ?? 0,
    times,
    laws,
    bound: all.map(({ bound }) => bound),
    reached: all.map(({ reached }) => reached),
    marginal: (time, species) => laws[time].marginal(species),
    moments: (time, species) => laws[time].moments(species),
  };
}

/** The same one after the other, so that not all need be held. Throws RangeError, ProjectionError. */
export function* lawsInTime(
  type: CellType,
  times: readonly number[],
  options: ProjectionOptions = {},
): Generator<TimedLaw> {
  const { tolerance = 1e-8, start = 0 } = options;
  times.forEach((time, i) => {
    if (!(Number.isFinite(time) && time >= (i === 0 ? start : times[i - 1])))
      throw new RangeError(`output times must ascend from ${start}; ${time} does not`);
  });
  const space = new StateSpace(type, options);
  const span = (times[times.length - 1] ?? start) - start;
  const leak = new Leak();
  let vector = Float64Array.of(1);
  let now = start;
  let reached = 0;
  /** Since when p is kept, and by how much a step last changed it. */
  let kept: { since: number; step: number; change: number } | null = null;
  space.grow([0], 4);
  vector = lengthened(vector, space.count);
  let chain = uniformise(space);
  for (const time of times) {
    while (now < time && kept === null) {
      const { rate } = chain;
      if (rate * (time - now) * space.count * space.moves > MOST_WORK) {
        throw new ProjectionError(
          `rates up to ${rate.toPrecision(3)} over ${span} make too many jumps for a law; shorten the time or slow what is fast`,
        );
      }
      const step = rate > 0 ? Math.min(time - now, JUMPS_PER_STEP / rate) : time - now;
      const share = (tolerance * step) / span;
      const next = advance(space, chain, vector, step, SHARES.cut * share, leak);
      if (leak.lost > SHARES.lost * share) {
        const worst = leak.worst(0.25 * SHARES.lost * share);
        if (space.grow(worst, layers(space))) {
          vector = lengthened(vector, space.count);
          chain = uniformise(space);
          continue;
        }
      }
      reached += leak.reached;
      const change = distance(vector, next);
      vector = next;
      now = time - now <= step ? time : now + step;
      const left = start + span - now;
      if (!options.target && left > 0 && 2 * change * (left / step + 1) <= SHARES.kept * tolerance) {
        kept = { since: now, step, change };
      }
    }
    const late = kept === null ? 0 : 2 * kept.change * Math.ceil((time - kept.since) / kept.step);
    const law = new Law(space, vector.slice());
    yield { time, law, bound: Math.max(0, 1 - sum(vector) - reached) + late, reached };
  }
}

/** A set that has to grow grows by several layers at once: the more the larger it is. */
function layers({ count, width }: StateSpace): number {
  return Math.max(2, Math.ceil(width === 1 ? count / 16 : Math.sqrt(count) / 8));
}

function lengthened(vector: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(vector);
  return longer;
}

function distance(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += Math.abs(a[i] - b[i]);
  return total;
}

/** What left the set during a step, by the state that it left from; and what reached the target. */
class Leak {
  lost = 0;
  reached = 0;
  states: number[] = [];
  amounts: number[] = [];

  /** States that lost most, such that the others together lost no more than `rest`. */
  worst(rest: number): number[] {
    const order = this.states.map((_, i) => i).sort((a, b) => this.amounts[a] - this.amounts[b]);
    let spared = 0;
    let from = 0;
    while (from < order.length && spared + this.amounts[order[from]] <= rest) {
      spared += this.amounts[order[from]];
      from++;
    }
    return order.slice(from).map(i => this.states[i]);
  }
}

/** The uniformised chain of a set: p ↦ p (I + A/Λ), as sums over the states that lead to each. */
interface Uniformised {
  readonly rate: number;
  readonly stay: Float64Array;
  /** Entries start[i] … start[i + 1] − 1 are the states that lead to i, and how likely in a jump. */
  readonly start: Int32Array;
  readonly source: Int32Array;
  readonly weight: Float64Array;
  /** The largest difference of the numbers of states that a jump connects. */
  readonly reach: number;
  /** States from which probability goes out of the set or into the target. */
  readonly exits: Int32Array;
}

function uniformise(space: StateSpace): Uniformised {
  const { count, out, outside, toTarget } = space;
  const rate = space.fastest();
  const start = new Int32Array(count + 1);
  const chain = subchain(space);
  let reach = 0;
  chain.each((from, to) => {
    start[to + 1]++;
    reach = Math.max(reach, Math.abs(from - to));
  });
  for (let i = 0; i < count; i++) start[i + 1] += start[i];
  const filled = start.slice();
  const source = new Int32Array(start[count]);
  const weight = new Float64Array(start[count]);
  chain.each((from, to, r) => {
    source[filled[to]] = from;
    weight[filled[to]++] = r / rate;
  });
  const stay = Float64Array.from({ length: count }, (_, i) => (rate > 0 ? 1 - out[i] / rate : 1));
  const exits = Int32Array.from(
    Array.from({ length: count }, (_, i) => i).filter(i => outside[i] > 0 || toTarget[i] > 0),
  );
  return { rate, stay, start, source, weight, reach, exits };
}

/**
 * Probabilities below are dropped: over 10⁹ jumps of 10⁵ states that lowers Σ p by 10⁻¹⁶ at most. It keeps jumps to the states that
 * matter, and denormal numbers, which are slow, away.
 */
const TINY = 1e-30;

/** p after `step`, with Poisson weights cut where less than `cut` is left. Fills `leak`. */
function advance(
  space: StateSpace,
  { rate, stay, start, source, weight: jump, reach, exits }: Uniformised,
  vector: Float64Array,
  step: number,
  cut: number,
  leak: Leak,
): Float64Array<ArrayBuffer> {
  const { count, outside, toTarget } = space;
  const result = new Float64Array(count);
  const mean = rate * step;
  // The integral of p over the step: ∫p dt = Σ_k P(more than k jumps) p_k / Λ.
  const integral = new Float64Array(exits.length);
  let weight = Math.exp(-mean);
  let left = 1;
  let power = Float64Array.from(vector);
  let next = new Float64Array(count);
  // All that is above 0 lies in [low, high).
  let low = 0;
  let high = count;
  for (let k = 0; ; k++) {
    while (low < high && power[low] === 0) low++;
    while (high > low && power[high - 1] === 0) high--;
    if (weight > 1e-22) for (let i = low; i < high; i++) result[i] += weight * power[i];
    left = Math.max(0, left - weight);
    if (rate > 0) for (let e = 0; e < exits.length; e++) integral[e] += (left / rate) * power[exits[e]];
    if (mean === 0 || (k > mean && (left <= cut || weight < 1e-18))) break;
    next.fill(0, 0, low);
    next.fill(0, high);
    low = Math.max(0, low - reach);
    high = Math.min(count, high + reach);
    let at = start[low];
    for (let i = low; i < high; i++) {
      let p = stay[i] * power[i];
      for (const end = start[i + 1]; at < end; at++) p += jump[at] * power[source[at]];
      next[i] = p > TINY ? p : 0;
    }
    [power, next] = [next, power];
    weight *= mean / (k + 1);
  }
  leak.lost = 0;
  leak.reached = 0;
  leak.states = [];
  leak.amounts = [];
  exits.forEach((state, e) => {
    leak.reached += integral[e] * toTarget[state];
    const amount = integral[e] * outside[state];
    if (!(amount > 0)) return;
    leak.lost += amount;
    leak.states.push(state);
    leak.amounts.push(amount);
  });
  return result;
}
