import type { CellType } from '../cells/cellType.ts';
import { components, eliminate } from './chainSolver.ts';
import { sum } from './law.ts';
import { ProjectionError, type SpaceOptions, StateSpace } from './stateSpace.ts';
import {
  growthLayers,
  type Stationary,
  type StationaryOptions,
  solver,
  stationaryOn,
} from './stationaryLaw.ts';
import { subchain } from './subchain.ts';

/** Whether a state, the amounts of all species of the circuit, belongs to a set. */
export type Condition = (amounts: Float64Array) => boolean;

export interface PassageOptions extends SpaceOptions {
  /** Relative, of the mean; default 1e-6. */
  readonly tolerance?: number;
}

export interface Passage {
  /** s, from the initial state until the condition is first met. */
  readonly mean: number;
  readonly sd: number;
  /** A certified lower bound of the mean: as if the condition were met wherever the finite set of states is left. */
  readonly atLeast: number;
  readonly states: number;
}

/**
 * The mean time to first meet a condition, from a finite set of states that grows until leaving it no longer matters:
 * `mean` is that of the chain that stays in the set. Throws ProjectionError, also where the condition may never be met.
 */
export function meanPassage(type: CellType, condition: Condition, options: PassageOptions = {}): Passage {
  const { tolerance = 1e-6 } = options;
  const space = new StateSpace(type, { ...options, target: condition });
  space.grow([0], 16);
  while (true) {
    const { count, outside, toTarget } = space;
    const chain = subchain(space);
    const exits = space.exits();
    let grown = exits;
    // Sets that are not left for other states: is the condition met from them, or do they go on beyond the set?
    const closed = components(chain).filter(component => component.closed);
    const ends = closed.map(({ states }) => ({
      met: states.some(i => toTarget[i] > 0),
      open: states.some(i => outside[i] > 0),
    }));
    if (ends.some(({ met, open }) => !met && !open)) {
      throw new ProjectionError(
        'the condition may never be met: some states cannot lead to it, so the mean time is infinite',
      );
    }
    if (ends.every(({ met }) => met)) {
      const start = new Float64Array(count);
      start[0] = 1;
      const both = Float64Array.from({ length: count }, (_, i) => outside[i] + toTarget[i]);
      const visits = solver(() => eliminate(chain, both)).occupation(start);
      const atLeast = sum(visits);
      const stays = solver(() => eliminate(chain, toTarget.slice(0, count)));
      const times = stays.occupation(start);
      const mean = sum(times);
      if (exits.length === 0 || mean - atLeast <= tolerance * mean) {
        const rest = stays.gathered(new Float64Array(count).fill(1));
        let square = 0;
        for (let i = 0; i < count; i++) square += 2 * times[i] * rest[i];
        return { mean, sd: Math.sqrt(Math.max(0, square - mean * mean)), atLeast, states: count };
      }
      const flow = exits.map(i => visits[i] * outside[i]);
      const least = (0.01 * flow.reduce((a, b) => a + b, 0)) / exits.length;
      grown = exits.filter((_, e) => flow[e] > least);
    }
    space.grow(grown, growthLayers(space));
  }
}

export interface Switching {
  /** 1/s: one over the mean time from entering `from` (coming from `to`) until entering `to`. */
  readonly rate: number;
  /** The same from `to` to `from`. */
  readonly back: number;
  /** Stationary probability of having been in `from` more recently than in `to`. */
  readonly probability: number;
  /** Of the stationary law on which all this rests. */
  readonly stationary: Stationary;
}

/**
 * Rates of switching between two sets in the stationary state, by the probability q of reaching `to` before `from` and the
 * measure y of being on the way from `from` (transition path theory of jump processes: Metzner, Schütte & Vanden-Eijnden 2009,
 * doi:10.1137/070699500). Throws ProjectionError.
 */
export function switchingRates(
  type: CellType,
  from: Condition,
  to: Condition,
  options: StationaryOptions = {},
): Switching {
  const space = new StateSpace(type, options);
  const stationary = stationaryOn(space, options.tolerance ?? 1e-8);
  const { probability } = stationary.law;
  // Sides: 1 from, 2 to, 0 neither, −1 never visited in the long run.
  const side = new Int8Array(space.count);
  const between: number[] = [];
  for (let i = 0; i < space.count; i++) {
    const amounts = space.amountsAt(i);
    const [isFrom, isTo] = [from(amounts), to(amounts)];
    if (isFrom && isTo)
      throw new ProjectionError('a state meets both conditions; the two sets must be apart');
    side[i] = probability[i] === 0 ? -1 : isFrom ? 1 : isTo ? 2 : 0;
    if (side[i] === 0) between.push(i);
  }
  for (const [n, name] of [
    [1, 'first'],
    [2, 'second'],
  ] as const) {
    if (!side.includes(n)) throw new ProjectionError(`no state that is visited meets the ${name} condition`);
  }
  const place = new Int32Array(space.count).fill(-1);
  between.forEach((state, i) => {
    place[state] = i;
  });
  const away = new Float64Array(between.length);
  const forward = new Float64Array(between.length);
  const entering = new Float64Array(between.length);
  let flux = 0;
  subchain(space).each((i, j, rate) => {
    if (side[i] === 0 && side[j] > 0) away[place[i]] += rate;
    if (side[i] === 0 && side[j] === 2) forward[place[i]] += rate;
    if (side[i] === 1 && side[j] === 0) entering[place[j]] += probability[i] * rate;
    if (side[i] === 1 && side[j] === 2) flux += probability[i] * rate;
  });
  let onTheWay = 0;
  if (between.length > 0) {
    const chain = solver(() => eliminate(subchain(space, between), away));
    const reaches = chain.gathered(forward);
    entering.forEach((flow, i) => {
      flux += flow * reaches[i];
    });
    onTheWay = sum(chain.occupation(entering));
  }
  let [last, other] = [onTheWay, -onTheWay];
  for (let i = 0; i < space.count; i++) {
    if (side[i] === 1) last += probability[i];
    else if (side[i] !== -1) other += probability[i];
  }
  return { rate: flux / last, back: flux / other, probability: last, stationary };
}
