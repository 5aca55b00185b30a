import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawExponential } from '../random/exponential.ts';
import { drawn } from '../random/xoshiro.ts';
import { PropensityGroups } from './propensityGroups.ts';
import { type Advance, createSystem, failPropensity, kernelOf } from './reactionSystem.ts';
import { failFirings, failTotal, type Kernel } from './window.ts';

/**
 * Exact simulation by composition and rejection (Slepoy, Thompson & Plimpton 2008, doi:10.1063/1.2919546; thinning as in
 * the rejection-based method of Thanh, Priami & Zunino 2014, doi:10.1063/1.4896985). Channels with propensities in
 * [2^g, 2^(g+1)) form group g. Candidates come at the total rate B = Σ_g n_g 2^(g+1) ≥ Σ a; a candidate is a uniform
 * member of a group chosen with weight n_g 2^(g+1) and fires with probability a/2^(g+1) ≥ ½. Thinning a Poisson process
 * of rate B leaves each channel its own rate, so the law is exact, and as B is a sum over a few groups of exact numbers
 * nothing drifts. The cost of a firing does not depend on the number of reactions, only on how many depend on the one
 * that fired.
 *
 * State: members of each group, place of each channel in its group, groups in use.
 */
export function compileCompositionRejection(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  generate: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const system = createSystem(type, fieldCount, { guarded, generate });
  if (!system) return null;
  const { propensities, reactions, count } = system;
  const dependents = system.network.dependents.map(list => Int32Array.from(list));
  const groups = new PropensityGroups(count);

  const advance: Advance = (window, slot, duration, failure) => {
    const { streams } = window.population;
    const stream = 4 * slot;
    groups.rebuild(propensities);
    let clock = 0;
    let left = mostFirings;
    while (true) {
      const bound = groups.bound;
      if (bound === 0) return true;
      if (!(bound < Number.POSITIVE_INFINITY)) return failTotal(failure, reactions, propensities, slot);
      drawExponential(streams, stream);
      clock += drawn[0] / bound;
      if (!(clock < duration)) return true;
      const channel = groups.candidate(streams, stream);
      if (channel < 0 || !(groups.height < propensities[channel])) continue;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      const bad = system.fire(channel);
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      const list = dependents[channel];
      for (let i = 0; i < list.length; i++) groups.update(list[i], propensities[list[i]]);
    }
  };
  return kernelOf(system, advance);
}
