import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { steepness } from '../expression/elasticity.ts';
import type { ReactionSystem } from './reactionSystem.ts';

/**
 * How far a leap may go (Cao, Gillespie & Petzold 2006, doi:10.1063/1.2159468).
 *
 * A channel is critical where it could fire fewer than CRITICAL_FIRINGS times before a reactant runs out; critical channels
 * fire one by one. Over a leap τ the amount of each species that a rate reads should change by at most εx/g in mean and
 * standard deviation (g: order of the highest-order reaction in it):
 *
 *     τ ≤ max(εx/g, 1)/|Σ ν a|,   τ ≤ max(εx/g, 1)²/Σ ν² a
 *
 * Both are blind at equilibrium: there the net drift vanishes and, with many molecules, the noise is small however long
 * the leap, although it may pass the time in which fluctuations relax; the variance is then wrong or grows without bound.
 * So the gross outflow counts, too: τ ≤ TURNOVER · x/(g Σ outflow).
 *
 * Where amounts are large, a mean on its way is off by more than its noise long before it is off by ε. With the rate λ = g feedback/x
 * at which the amount acts on itself (outflow, and inflow that reads it), a leap of second order errs by (λτ)³/6 · |drift|/λ; per
 * relaxation time 1/λ that is kept below BIAS √x:
 *
 *     τ ≤ √(6 BIAS √x/(λ |drift|))
 *
 * At stationarity, where drift ≈ λ√x, this is longer than the bound by turnover.
 */
export const EPSILON = 0.03;
export const CRITICAL_FIRINGS = 10;

/** Share of a species' turnover time that an explicit leap may last; less with a smaller ε. */
export const TURNOVER = 0.2;

/** Error of a mean that is allowed, in √x; goes with ε², as the error goes with the leap. */
const BIAS = 0.05;

/** Of a channel in an implicit leap: all bounds count, the net drift alone (of a pair), none (a pair at equilibrium). */
export const LEAP_ROLE = { slow: 0, paired: 1, balanced: 2 } as const;

export interface LeapSelection {
  /** By channel: 1 where critical; set by `select`. */
  readonly critical: Uint8Array;
  /** Marks critical channels; the longest leap for the others, Infinity where nothing limits it. */
  select(): number;
  /** The longest leap by LEAP_ROLE of each channel, for the critical channels of the last `select`. */
  selectSlow(role: Uint8Array): number;
  /** Σ of propensities of critical channels. Valid after `select`. */
  readonly criticalTotal: number;
  /** Whether all amounts, and fields where guarded, are ≥ 0. */
  isValid(): boolean;
}

export function createLeapSelection(type: CellType, system: ReactionSystem): LeapSelection {
  const { network, count, propensities, amounts, left } = system;
  const { channels, changed } = network;
  const speciesCount = amounts.length;
  // Changes of all channels, one after the other: entries start[c] … start[c + 1].
  const start = new Int32Array(count + 1);
  channels.forEach((channel, c) => {
    start[c + 1] = start[c] + channel.change.length;
  });
  const species = Int32Array.from(channels.flatMap(channel => channel.change.map(([s]) => s)));
  const steps = Float64Array.from(channels.flatMap(channel => channel.change.map(([, n]) => n)));
  const takes = channels.map(channel => channel.given.filter(([, n]) => n < 0));
  const anyTakes = system.guarded && takes.some(list => list.length > 0);
  const limited = Int32Array.from(changed.filter(s => channels.some(c => readsSpecies(c.propensity, s))));
  const order = Float64Array.from({ length: speciesCount }, (_, s) => orderOf(type, system, s));
  /** By entry: 1 where a channel that adds to the species reads it. */
  const breeds = Uint8Array.from(
    channels.flatMap(({ change, propensity }) =>
      change.map(([s, n]) => (n > 0 && readsSpecies(propensity, s) ? 1 : 0)),
    ),
  );
  const drift = new Float64Array(speciesCount);
  const spread = new Float64Array(speciesCount);
  const outflow = new Float64Array(speciesCount);
  const feedback = new Float64Array(speciesCount);
  const critical = new Uint8Array(count);
  const epsilon = type.methodOptions?.epsilon ?? EPSILON;
  const bias = BIAS * (epsilon / EPSILON) ** 2;
  const turnover = TURNOVER * Math.min(1, epsilon / EPSILON);

  function clear(): void {
    for (let i = 0; i < limited.length; i++) {
      const s = limited[i];
      drift[s] = 0;
      spread[s] = 0;
      outflow[s] = 0;
      feedback[s] = 0;
    }
  }

  /** From drift, spread and outflow. */
  function longest(): number {
    let relaxed = Number.POSITIVE_INFINITY;
    let bound = Number.POSITIVE_INFINITY;
    for (let i = 0; i < limited.length; i++) {
      const s = limited[i];
      if (spread[s] === 0 && drift[s] === 0) continue;
      const x = amounts[s];
      // A pair of like molecules feels a change more strongly where there are few: 2 + 1/(x − 1).
      const g = order[s] === 2 && x > 1 ? 2 + 1 / (x - 1) : order[s];
      const change = Math.max((epsilon * x) / g, 1);
      relaxed = Math.min(relaxed, change / Math.abs(drift[s]), (change * change) / spread[s]);
      if (feedback[s] > 0) {
        const noise = Math.sqrt(Math.max(x, 1));
        const square = (6 * bias * noise * Math.max(x, 1)) / (g * feedback[s] * Math.abs(drift[s]));
        bound = Math.min(bound, Math.sqrt(square));
      }
      if (outflow[s] > 0) bound = Math.min(bound, (turnover * Math.max(x, 1)) / (g * outflow[s]));
    }
    return Math.min(relaxed, bound);
  }

  return {
    critical,
    criticalTotal: 0,
    select() {
      const self = this as { criticalTotal: number };
      clear();
      let criticalTotal = 0;
      for (let c = 0; c < count; c++) {
        const a = propensities[c];
        critical[c] = 0;
        if (a === 0) continue;
        const end = start[c + 1];
        for (let i = start[c]; i < end; i++) {
          if (steps[i] < 0 && amounts[species[i]] < -CRITICAL_FIRINGS * steps[i]) critical[c] = 1;
        }
        if (anyTakes) {
          for (const [field, n] of takes[c]) if (left[field] < -CRITICAL_FIRINGS * n) critical[c] = 1;
        }
        if (critical[c] === 1) {
          criticalTotal += a;
          continue;
        }
        for (let i = start[c]; i < end; i++) {
          const s = species[i];
          const flow = steps[i] * a;
          drift[s] += flow;
          spread[s] += steps[i] * flow;
          if (flow < 0) outflow[s] -= flow;
          if (flow < 0 || breeds[i] === 1) feedback[s] += Math.abs(flow);
        }
      }
      self.criticalTotal = criticalTotal;
      return longest();
    },
    selectSlow(role) {
      clear();
      for (let c = 0; c < count; c++) {
        const a = propensities[c];
        if (a === 0 || critical[c] === 1 || role[c] === LEAP_ROLE.balanced) continue;
        for (let i = start[c]; i < start[c + 1]; i++) {
          const s = species[i];
          const flow = steps[i] * a;
          drift[s] += flow;
          if (flow < 0 || breeds[i] === 1) feedback[s] += Math.abs(flow);
          if (role[c] === LEAP_ROLE.paired) continue;
          spread[s] += steps[i] * flow;
          if (flow < 0) outflow[s] -= flow;
        }
      }
      return longest();
    },
    isValid() {
      for (let i = 0; i < changed.length; i++) if (!(amounts[changed[i]] >= 0)) return false;
      if (anyTakes) for (let f = 0; f < left.length; f++) if (!(left[f] >= 0)) return false;
      return true;
    },
  };
}

function readsSpecies(expression: Expression, s: number): boolean {
  for (const v of reads(expression).values()) if (v.of === 'species' && v.index === s) return true;
  return false;
}

/**
 * Order of the highest-order rate that a species is in: the sum of the steepnesses of the rate in all amounts that change. At least
 * that of the reactants where a rate is lower (mass action with one of them held).
 */
function orderOf(type: CellType, system: ReactionSystem, s: number): number {
  const { channels, changed } = system.network;
  let order = 1;
  for (const channel of channels) {
    if (!readsSpecies(channel.propensity, s)) continue;
    const reaction = type.circuit.reactions[channel.reaction];
    const inCell = reaction.reactants.filter(term => term.in === 'cell');
    if (inCell.some(term => term.index === s)) {
      order = Math.max(
        order,
        inCell.reduce((sum, term) => sum + term.coefficient, 0),
      );
    }
    let total = 0;
    for (const other of changed) total += steepness(channel.propensity, { of: 'species', index: other });
    order = Math.max(order, total);
  }
  return order;
}
