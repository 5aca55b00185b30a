import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { add } from '../expression/build.ts';
import { type Closure, toClosure } from '../expression/closure.ts';
import { derivative } from '../expression/derivative.ts';
import { createScope } from '../expression/scope.ts';
import { separate } from '../expression/separation.ts';
import { compileSwitches, readsTime, type Switches } from '../expression/switches.ts';
import { type HazardResult, integrateHazard, type Rate } from './hazard.ts';
import { readsClock } from './lines.ts';
import { createLineTable } from './lineTable.ts';
import { readsAny, speciesKey } from './propensity.ts';
import type { ReactionSystem } from './reactionSystem.ts';
import { moveScope } from './scopeOfCell.ts';
import { createTimeTable, type TimeTable } from './timeTable.ts';
import type { CircuitWindow } from './window.ts';

/** The integrated hazards of those channels of a system whose propensities depend on time within a window. */
export interface TimedHazard {
  /** Takes the cell that the system was entered for, over a window of `span` s; times count from `origin` (s). */
  enter(window: CircuitWindow, slot: number, origin: number, span: number): void;
  /**
   * As integrateHazard, for a channel in the present state; with a finite target, `to` is the end of the window. The integral is
   * taken from jump to jump of the propensity, so that no pulse is stepped over and none is smeared.
   */
  integrate(channel: number, from: number, to: number, target: number, result: HazardResult): void;
}

/** The same for a rate that is constant from `from` to `to`, but perhaps for the ends. */
function integrateFlat(rate: Rate, from: number, to: number, target: number, result: HazardResult): void {
  const value = rate(0.5 * (from + to));
  const integral = value * (to - from);
  const valid = integral >= 0 && integral < Number.POSITIVE_INFINITY;
  const reached = valid && integral >= target && value > 0;
  result.integral = reached ? target : integral;
  if (!valid) result.time = Number.NaN;
  else result.time = reached ? Math.min(to, from + target / value) : Number.POSITIVE_INFINITY;
}

/** A channel whose propensity is Σ g_i(time) h_i(state). */
interface Separated {
  readonly table: TimeTable;
  readonly factors: readonly Closure[];
  /** Values of the h_i. */
  readonly weights: Float64Array;
  /** Whether the g_i are the same for all cells. */
  readonly shared: boolean;
  readonly jumps: Switches | null;
  /** What the table is of; NaN: of nothing that still holds. */
  origin: number;
  span: number;
  usable: boolean;
  /** Panel of the time up to which the cell is. */
  panel: number;
}

/** Cuts of a window at jumps in time, beyond which it is not tabulated. */
const MOST_CUTS = 1000;

export function createTimedHazard(system: ReactionSystem, type: CellType, fieldCount: number): TimedHazard {
  const { network, isTimed } = system;
  const scope = createScope();
  /** A switch that amounts do not move, found for a time from `known` on, stands until it is reached. */
  const known = new Float64Array(network.channels.length);
  const until = new Float64Array(network.channels.length);
  let origin = 0;
  let birth = 0;
  let span = 0;
  function moveTo(time: number): void {
    scope.time = time;
    scope.age = time - birth;
  }
  const rates = network.channels.map((_, c): Rate => {
    return time => {
      system.setTime(origin + time);
      return system.propensity(c);
    };
  });
  const switches = network.channels.map(({ propensity }, c) =>
    isTimed[c] === 1 ? compileSwitches(propensity) : null,
  );
  /** What only follows fields on their lines does not come and go: steps and panels may be as long as the window. */
  const share = network.channels.map(({ propensity }) =>
    readsClock(propensity, fieldCount) ? undefined : 1,
  );
  const separated = network.channels.map((_, c) => (isTimed[c] === 1 ? separateChannel(c) : null));

  function separateChannel(c: number): Separated | null {
    const { propensity, given, factor } = network.channels[c];
    const jumps = switches[c];
    // A guard on what is left of a field is no part of the expression; pieces without slope need no table.
    const isGuarded = system.guarded && given.some(([, n]) => n < 0);
    if (isGuarded || factor !== null || (jumps !== null && (jumps.flat || !jumps.fixed))) return null;
    const varying = new Set(network.changed.map(speciesKey));
    const terms = separate(
      propensity,
      e => !readsAny(e, varying),
      e => !readsTime(e),
    );
    if (terms === null || terms.length === 0) return null;
    const functions = terms.map(({ first }): Rate => {
      const g = toClosure(first);
      return time => {
        moveTo(origin + time);
        return g(scope);
      };
    });
    return {
      table:
        jumps === null && terms.every(({ first }) => isLinear(first))
          ? createLineTable(functions)
          : createTimeTable(functions, share[c]),
      factors: terms.map(({ second }) => toClosure(second)),
      weights: new Float64Array(terms.length),
      shared: terms.every(({ first }) => isOfTimeAlone(first)),
      jumps,
      origin: Number.NaN,
      span: Number.NaN,
      usable: false,
      panel: 0,
    };
  }

  /** Tabulates a channel for the window where that was not done; a table depends on nothing else. */
  function prepare(channel: Separated): void {
    channel.origin = origin;
    channel.span = span;
    const cuts: number[] = [];
    if (channel.jumps !== null) {
      for (let at = 0; at < span && cuts.length <= MOST_CUTS; ) {
        moveTo(origin + at);
        at = Math.max(channel.jumps.next(scope) - origin, at + Number.EPSILON * at);
        if (at < span) cuts.push(at);
      }
    }
    const resolution = Number.EPSILON * (Math.abs(origin) + span);
    channel.usable = cuts.length <= MOST_CUTS && channel.table.build(span, cuts, resolution);
  }

  /** By the channel's table; false, with nothing done, where it does not serve. */
  function tabulated(
    channel: Separated,
    from: number,
    to: number,
    target: number,
    result: HazardResult,
  ): boolean {
    if (!(channel.origin === origin && channel.span === span)) prepare(channel);
    const { table, factors, weights } = channel;
    if (!channel.usable) return false;
    let any = false;
    for (let i = 0; i < factors.length; i++) {
      weights[i] = factors[i](scope);
      any ||= weights[i] !== 0;
    }
    if (!any) {
      result.time = Number.POSITIVE_INFINITY;
      result.integral = 0;
      return true;
    }
    if (!table.isNonNegative(weights)) return false;
    channel.panel = table.panelAt(from, channel.panel);
    if (target === Number.POSITIVE_INFINITY) {
      result.time = target;
      const last = table.panelAt(to, channel.panel);
      result.integral = table.integral(weights, from, channel.panel, to, last);
    } else table.solve(weights, from, channel.panel, target, result);
    return true;
  }

  return {
    enter(window, slot, start, duration) {
      origin = start;
      span = duration;
      birth = window.population.birthTime[slot];
      moveScope(scope, window, window.population.amounts, slot, type.dryDensity, fieldCount);
      scope.amounts = system.amounts;
      scope.speciesOffset = 0;
      until.fill(Number.NEGATIVE_INFINITY);
      for (let c = 0; c < separated.length; c++) {
        const channel = separated[c];
        if (channel === null) continue;
        channel.panel = 0;
        if (!channel.shared) channel.origin = Number.NaN;
      }
    },
    integrate(channel, from, to, target, result) {
      const own = separated[channel];
      if (own !== null && tabulated(own, from, to, target, result)) return;
      const jumps = switches[channel];
      if (jumps === null) {
        return integrateHazard(rates[channel], from, to, target, result, share[channel]);
      }
      let sum = 0;
      for (let start = from; start < to; ) {
        const now = origin + start;
        if (!(jumps.fixed && now >= known[channel] && now < until[channel])) {
          moveTo(now);
          known[channel] = now;
          until[channel] = jumps.next(scope);
        }
        const end = Math.min(to, Math.max(until[channel] - origin, start + Number.EPSILON * Math.abs(start)));
        if (jumps.flat) integrateFlat(rates[channel], start, end, target - sum, result);
        else integrateHazard(rates[channel], start, end, target - sum, result, share[channel]);
        if (!(result.time === Number.POSITIVE_INFINITY)) {
          if (!Number.isNaN(result.time)) result.integral += sum;
          return;
        }
        sum += result.integral;
        start = end;
      }
      result.time = Number.POSITIVE_INFINITY;
      result.integral = sum;
    },
  };
}

/** Whether an expression without jumps is linear in time, by its form. */
function isLinear(e: Expression): boolean {
  return !readsTime(add(derivative(e, { of: 'time' }), derivative(e, { of: 'age' })));
}

/** Whether the value is the same for all cells at a time. */
function isOfTimeAlone(e: Expression): boolean {
  return [...reads(e).values()].every(({ of }) => of === 'time');
}
