import type { CellType } from '../cells/cellType.ts';
import { createScope } from '../expression/scope.ts';
import { compileSwitches } from '../expression/switches.ts';
import { type HazardResult, integrateHazard, type Rate } from './hazard.ts';
import type { ReactionSystem } from './reactionSystem.ts';
import { moveScope } from './scopeOfCell.ts';
import type { CircuitWindow } from './window.ts';

/** The integrated hazards of those channels of a system whose propensities depend on time within a window. */
export interface TimedHazard {
  /** Takes the cell that the system was entered for; times count from `origin` (s). */
  enter(window: CircuitWindow, slot: number, origin: number): void;
  /**
   * As integrateHazard, for a channel in the present state. The integral is taken from jump to jump of the propensity, so that
   * no pulse is stepped over and none is smeared.
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

export function createTimedHazard(system: ReactionSystem, type: CellType, fieldCount: number): TimedHazard {
  const { network, isTimed } = system;
  const scope = createScope();
  /** A switch that amounts do not move, found for a time from `known` on, stands until it is reached. */
  const known = new Float64Array(network.channels.length);
  const until = new Float64Array(network.channels.length);
  let origin = 0;
  let birth = 0;
  const rates = network.channels.map((_, c): Rate => {
    return time => {
      system.setTime(origin + time);
      return system.propensity(c);
    };
  });
  const switches = network.channels.map(({ propensity }, c) =>
    isTimed[c] === 1 ? compileSwitches(propensity) : null,
  );
  return {
    enter(window, slot, start) {
      origin = start;
      birth = window.population.birthTime[slot];
      moveScope(scope, window, window.population.amounts, slot, type.dryDensity, fieldCount);
      scope.amounts = system.amounts;
      scope.speciesOffset = 0;
      until.fill(Number.NEGATIVE_INFINITY);
    },
    integrate(channel, from, to, target, result) {
      const jumps = switches[channel];
      if (jumps === null) return integrateHazard(rates[channel], from, to, target, result);
      let sum = 0;
      for (let start = from; start < to; ) {
        const now = origin + start;
        if (!(jumps.fixed && now >= known[channel] && now < until[channel])) {
          scope.time = now;
          scope.age = now - birth;
          known[channel] = now;
          until[channel] = jumps.next(scope);
        }
        const end = Math.min(to, Math.max(until[channel] - origin, start + Number.EPSILON * Math.abs(start)));
        if (jumps.flat) integrateFlat(rates[channel], start, end, target - sum, result);
        else integrateHazard(rates[channel], start, end, target - sum, result);
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
