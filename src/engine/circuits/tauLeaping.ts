import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { exponential } from '../random/exponential.ts';
import { poisson } from '../random/poisson.ts';
import { exactSteps, selectWeighted } from './exactSteps.ts';
import { createImplicitLeaps } from './implicitLeap.ts';
import { createLeapSelection } from './leapSelection.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { failFirings, type Kernel, UNREPORTED } from './window.ts';

/**
 * Adaptive explicit tau-leaping: leap selection and critical channels of Cao, Gillespie & Petzold (2006,
 * doi:10.1063/1.2159468), with the leap itself in the weak trapezoidal form of Anderson & Koyama (2012,
 * doi:10.1137/110849699; θ = ½), which is of second order in law:
 *
 *     y  = x + Σ ν Poisson(a(x) τ/2)            x⁺ = y + Σ ν Poisson([2a(y) − a(x)]⁺ τ/2)
 *
 * The plain leap x + Σ ν Poisson(aτ) has the stationary variance of immigration–death too large by 1/(1 − μτ/2); this one by
 * 1 + (μτ/2)³ + …, below 0.1 % at the longest leap allowed. So the law does not depend on where the window ends either.
 *
 * Stiff networks leap implicitly where that is much longer (implicitLeap.ts).
 *
 * A leap that would leave an amount negative is undone and taken again at half the length. Where a leap would be shorter
 * than EXACT_BELOW mean waiting times, EXACT_STEPS firings are simulated exactly instead.
 *
 * State: `before` propensities at the start of the leap, `first` and `second` firings of its two halves.
 */
export const EXACT_BELOW = 10;
export const EXACT_STEPS = 100;

export function compileTauLeaping(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostLeaps: number = RUN_LIMITS.firings,
): Kernel | null {
  const system = createSystem(type, fieldCount, { guarded, generate });
  if (!system) return null;
  const { propensities, reactions, count } = system;
  const selection = createLeapSelection(type, system);
  const { critical } = selection;
  const implicit =
    guarded || type.methodOptions?.leap === 'explicit'
      ? null
      : createImplicitLeaps(type, fieldCount, system, selection);
  const before = new Float64Array(count);
  const first = new Float64Array(count);
  const second = new Float64Array(count);

  /** Tries a leap; false, with everything put back, where it would leave an amount negative. */
  function leap(streams: Uint32Array, stream: number, tau: number): boolean {
    const half = 0.5 * tau;
    for (let c = 0; c < count; c++) {
      first[c] = critical[c] === 1 ? 0 : poisson(streams, stream, before[c] * half);
      if (first[c] > 0) system?.change(c, first[c]);
    }
    if (!selection.isValid() || (system?.evaluate() ?? 0) >= 0) return undo(false);
    for (let c = 0; c < count; c++) {
      const rate = 2 * propensities[c] - before[c];
      second[c] = critical[c] === 1 || !(rate > 0) ? 0 : poisson(streams, stream, rate * half);
      if (second[c] > 0) system?.change(c, second[c]);
    }
    return selection.isValid() || undo(true);
  }

  function undo(both: boolean): false {
    for (let c = 0; c < count; c++) {
      const n = first[c] + (both ? second[c] : 0);
      if (n > 0) system?.change(c, -n);
    }
    return false;
  }

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    let clock = 0;
    let left = mostLeaps;
    implicit?.begin(window, slot);
    const { work = UNREPORTED } = window;
    let wasImplicit = false;
    while (true) {
      let total = 0;
      for (let c = 0; c < count; c++) total += propensities[c];
      if (total === 0) return true;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      let tau = selection.select();
      before.set(propensities);
      const wait =
        selection.criticalTotal > 0
          ? exponential(streams, stream) / selection.criticalTotal
          : Number.POSITIVE_INFINITY;
      // What is left of the window may be leapt at once even where it is short.
      let length = implicit === null ? 0 : implicit.attempt(streams, stream, duration - clock, tau, wait);
      if (length > 0) {
        work.implicit++;
        if (!wasImplicit) {
          work.switches++;
          work.firstSwitch = Math.min(work.firstSwitch, window.time + clock);
        }
      }
      wasImplicit = length > 0;
      while (length === 0) {
        if (tau < EXACT_BELOW / total && tau < duration - clock) break;
        const next = Math.min(tau, wait, duration - clock);
        if (leap(streams, stream, next)) {
          work.explicit++;
          length = next;
        } else tau = 0.5 * next;
      }
      if (length > 0) {
        clock += length;
        if (length === wait && clock < duration) {
          const rare = selectWeighted(streams, stream, before, critical, selection.criticalTotal);
          system.change(rare, 1);
          // The leap itself may have used up what it needs: its propensity is then 0.
          if (!selection.isValid()) system.change(rare, -1);
        }
        if (clock >= duration) return true;
        const bad = system.evaluate();
        if (bad >= 0) return failPropensity(system, bad, slot, failure);
        continue;
      }
      propensities.set(before);
      const spent = exactSteps(system, window, slot, duration - clock, EXACT_STEPS, failure);
      if (spent < 0) return false;
      clock += spent;
      if (clock >= duration) return true;
    }
  };
  return kernelOf(system, advance);
}
