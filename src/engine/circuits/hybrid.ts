import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { BS3, nextStep, SHORTEST_STEP } from '../ode/bogackiShampine.ts';
import { exponential } from '../random/exponential.ts';
import { selectWeighted } from './exactSteps.ts';
import { compileNextReaction } from './nextReaction.ts';
import { createPartition } from './partition.ts';
import { type Advance, createSystem, failPropensity, failState, kernelOf } from './reactionSystem.ts';
import { failFirings, type Kernel } from './window.ts';

/**
 * Piecewise-deterministic Markov process (Davis 1984, doi:10.1111/j.2517-6161.1984.tb01308.x; adaptive partition as in Alfonsi et
 * al. 2005, doi:10.1051/proc:2005001): abundant, frequent channels flow, de_c/dt = a_c; the others fire at the integrated
 * hazard, ∫ Σ a_discrete dt = ξ with ξ exponential. Hazard and extents are integrated together by the Bogacki–Shampine pair; where
 * the hazard crosses ξ within a step, the step is taken again at the length at which it meets ξ (regula falsi), so events are
 * located to LOCATION of a mean waiting time. Noise of what flows is left out: for amounts above 100, below 10 % of them.
 * The partition may also be given (MethodOptions.discrete). Guarded windows run exactly.
 *
 * State: those of `partition`; `start` extents, `k` rates of the four stages, `h` hazards of the stages.
 */
const TOLERANCE = 1e-4;
const LOCATION = 1e-7;

export function compileHybrid(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostSteps: number = RUN_LIMITS.firings,
): Kernel | null {
  if (guarded) return compileNextReaction(type, fieldCount, guarded, generate);
  const system = createSystem(type, fieldCount, { guarded, generate, real: true });
  if (!system) return null;
  const { propensities, reactions, count, amounts } = system;
  const { changed, channels } = system.network;
  const partition = createPartition(system, type.methodOptions?.discrete);
  const { discrete, extents } = partition;
  const start = new Float64Array(count);
  const k = Array.from({ length: 4 }, () => new Float64Array(count));
  const h = new Float64Array(4);
  const error = new Float64Array(amounts.length);

  /** Rates at the present extents into stage s; false where the state or a rate is invalid. */
  function stage(s: number): boolean {
    if (!partition.apply() || (system?.evaluate() ?? 0) >= 0) return false;
    k[s].set(propensities);
    let hazard = 0;
    for (let c = 0; c < count; c++) if (discrete[c] === 1) hazard += propensities[c];
    h[s] = hazard;
    return true;
  }

  function place(length: number, w0: number, w1: number, w2: number): void {
    for (let c = 0; c < count; c++) {
      if (discrete[c] === 0) extents[c] = start[c] + length * (w0 * k[0][c] + w1 * k[1][c] + w2 * k[2][c]);
    }
  }

  /** A step from `start` with k[0] known: its error relative to the tolerance, infinite where it left the valid states. */
  function attempt(length: number): number {
    place(length, BS3.a2, 0, 0);
    if (!stage(1)) return Number.POSITIVE_INFINITY;
    place(length, 0, BS3.a3, 0);
    if (!stage(2)) return Number.POSITIVE_INFINITY;
    place(length, BS3.b1, BS3.b2, BS3.b3);
    if (!stage(3)) return Number.POSITIVE_INFINITY;
    for (let i = 0; i < changed.length; i++) error[changed[i]] = 0;
    for (let c = 0; c < count; c++) {
      if (discrete[c] === 1) continue;
      const e = length * (BS3.e1 * k[0][c] + BS3.e2 * k[1][c] + BS3.e3 * k[2][c] + BS3.e4 * k[3][c]);
      const { change } = channels[c];
      for (let i = 0; i < change.length; i++) error[change[i][0]] += e * change[i][1];
    }
    let largest =
      Math.abs(length * (BS3.e1 * h[0] + BS3.e2 * h[1] + BS3.e3 * h[2] + BS3.e4 * h[3])) / TOLERANCE;
    for (let i = 0; i < changed.length; i++) {
      const s = changed[i];
      largest = Math.max(largest, Math.abs(error[s]) / (TOLERANCE * (1 + amounts[s])));
    }
    return largest;
  }

  function integratedHazard(length: number): number {
    return length * (BS3.b1 * h[0] + BS3.b2 * h[1] + BS3.b3 * h[2]);
  }

  /** Takes the step again, shorter, until its integrated hazard is `target`; the length. */
  function locate(longest: number, target: number): number {
    let low = 0;
    let lowExcess = -target;
    let high = longest;
    let highExcess = integratedHazard(longest) - target;
    let length = longest;
    for (let i = 0; i < 50; i++) {
      length = low - (lowExcess * (high - low)) / (highExcess - lowExcess);
      if (attempt(length) === Number.POSITIVE_INFINITY) return length;
      const excess = integratedHazard(length) - target;
      if (Math.abs(excess) <= LOCATION) break;
      // Illinois: the end that stays counts half, so that both ends move.
      if (excess > 0) {
        high = length;
        highExcess = excess;
        lowExcess *= 0.5;
      } else {
        low = length;
        lowExcess = excess;
        highExcess *= 0.5;
      }
    }
    return length;
  }

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    const { timeScale = duration } = window;
    partition.begin();
    let clock = 0;
    let step = duration;
    let target = exponential(streams, stream);
    let left = mostSteps;
    while (clock < duration) {
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      if (!partition.update(timeScale, streams, stream)) return failState(system, slot, failure);
      start.set(extents);
      if (!stage(0)) return failState(system, slot, failure);
      const rest = duration - clock;
      let length = Math.min(step, rest);
      let event = false;
      if (!discrete.includes(0)) {
        // Nothing flows: rates are constant until the next firing.
        const wait = target / h[0];
        event = wait < rest;
        length = event ? wait : rest;
        target -= length * h[0];
      } else {
        let scaled = attempt(length);
        while (!(scaled <= 1)) {
          length = nextStep(length, scaled);
          if (!(length > duration * SHORTEST_STEP)) {
            return failState(system, slot, failure);
          }
          scaled = attempt(length);
        }
        step = nextStep(length, scaled);
        event = integratedHazard(length) >= target;
        if (event) length = locate(length, target);
        else target -= integratedHazard(length);
      }
      clock = length >= rest ? duration : clock + length;
      if (event && clock < duration) {
        let hazard = 0;
        for (let c = 0; c < count; c++) if (discrete[c] === 1) hazard += propensities[c];
        extents[selectWeighted(streams, stream, propensities, discrete, hazard)] += 1;
        target = exponential(streams, stream);
      }
      if (!partition.apply()) return failState(system, slot, failure);
      const bad = system.evaluate();
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
    }
    return partition.finish(streams, stream) || failState(system, slot, failure);
  };
  return kernelOf(system, advance);
}
