import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { SHORTEST_STEP } from '../ode/bogackiShampine.ts';
import { exponential } from '../random/exponential.ts';
import { normal } from '../random/normal.ts';
import { selectWeighted } from './exactSteps.ts';
import { createLeapSelection } from './leapSelection.ts';
import { compileNextReaction } from './nextReaction.ts';
import { createPartition } from './partition.ts';
import { type Advance, createSystem, failPropensity, failState, kernelOf } from './reactionSystem.ts';
import { failFirings, type Kernel } from './window.ts';

/**
 * The chemical Langevin equation (Gillespie 2000, doi:10.1063/1.481811), channel by channel: de_c = a_c dt + √a_c dW_c, in the
 * weak trapezoidal form of tauLeaping.ts with normal increments in place of Poisson ones:
 *
 *     y  = x + Σ ν (a h/2 + √(a h/2) ξ)        x⁺ = y + Σ ν (b h/2 + √(b h/2) ξ′),   b = [2a(y) − a(x)]⁺
 *
 * The equation itself fails near zero, where √a of a birth would drive amounts below it. So channels that change a species of
 * which there are few fire one by one (partition.ts; jump–diffusion of Duncan, Erban & Zygalakis 2016,
 * doi:10.1016/j.jcp.2015.08.034): amounts stay ≥ 0 without clipping. A step that would still cross zero is undone and halved.
 * Guarded windows run exactly.
 *
 * State: those of `partition`; `start` extents, `before` propensities, at the beginning of a step.
 */
export function compileLangevin(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostSteps: number = RUN_LIMITS.firings,
): Kernel | null {
  if (guarded) return compileNextReaction(type, fieldCount, guarded, generate);
  const system = createSystem(type, fieldCount, { guarded, generate, real: true });
  if (!system) return null;
  const { propensities, reactions, count } = system;
  const partition = createPartition(system);
  const { discrete, extents } = partition;
  const selection = createLeapSelection(type, system);
  const before = new Float64Array(count);
  const start = new Float64Array(count);

  function diffuse(streams: Uint32Array, stream: number, channel: number, mean: number): void {
    if (mean > 0) extents[channel] += mean + Math.sqrt(mean) * normal(streams, stream);
  }

  /** Tries a step; false, with everything put back, where an amount or a rate would be negative. */
  function attempt(streams: Uint32Array, stream: number, length: number): boolean {
    const half = 0.5 * length;
    for (let c = 0; c < count; c++) if (discrete[c] === 0) diffuse(streams, stream, c, before[c] * half);
    if (partition.apply() && (system?.evaluate() ?? 0) < 0) {
      for (let c = 0; c < count; c++) {
        if (discrete[c] === 0) diffuse(streams, stream, c, (2 * propensities[c] - before[c]) * half);
      }
      if (partition.apply()) return true;
    }
    extents.set(start);
    partition.apply();
    return false;
  }

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    const { timeScale = duration } = window;
    partition.begin();
    let clock = 0;
    let left = mostSteps;
    while (clock < duration) {
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      if (!partition.update(timeScale, streams, stream)) return failState(system, slot, failure);
      const bad = system.evaluate();
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      let hazard = 0;
      let flow = 0;
      for (let c = 0; c < count; c++) {
        if (discrete[c] === 1) hazard += propensities[c];
        else flow += propensities[c];
      }
      if (hazard + flow === 0) break;
      const rest = duration - clock;
      const wait = hazard > 0 ? exponential(streams, stream) / hazard : Number.POSITIVE_INFINITY;
      let length = Math.min(wait, rest);
      if (flow > 0) length = Math.min(length, selection.select());
      before.set(propensities);
      start.set(extents);
      while (flow > 0 && !attempt(streams, stream, length)) {
        length *= 0.5;
        if (!(length > duration * SHORTEST_STEP)) return failState(system, slot, failure);
      }
      clock = length >= rest ? duration : clock + length;
      if (length === wait && clock < duration) {
        const fired = selectWeighted(streams, stream, before, discrete, hazard);
        extents[fired] += 1;
        // The diffusion may have used up what it needs: its propensity is then 0.
        if (!partition.apply()) {
          extents[fired] -= 1;
          partition.apply();
        }
      }
      const after = system.evaluate();
      if (after >= 0) return failPropensity(system, after, slot, failure);
    }
    return partition.finish(streams, stream) || failState(system, slot, failure);
  };
  return kernelOf(system, advance);
}
