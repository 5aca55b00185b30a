import { createDormandPrince } from './dormandPrince.ts';
import type { Integrator, Linearisation, Problem } from './integrator.ts';
import { createRosenbrock } from './rosenbrock.ts';

export type SolverName = 'explicit' | 'stiff';

/** An integrator that goes over from the explicit method to the stiff one where that is cheaper. */
export interface Switching extends Integrator {
  /** The method that took the last step, or takes the first. */
  readonly solver: SolverName;
  /** Starts anew; `begin` with a method other than the explicit one. */
  restart(time: number, state: Float64Array, length?: number, begin?: SolverName): boolean;
}

/**
 * Dormand–Prince until it sees stiffness (fifteen steps held at the edge of stability), then RODAS until it is started anew.
 * `fixed` keeps to one method.
 */
export function createSwitching(problem: Problem, linear: Linearisation, fixed?: SolverName): Switching {
  const explicit = createDormandPrince(problem);
  const stiff = createRosenbrock(problem, linear);
  let current: Integrator = explicit;
  let seenStiff = false;
  return {
    get solver() {
      return current === stiff ? 'stiff' : 'explicit';
    },
    get from() {
      return current.from;
    },
    get to() {
      return current.to;
    },
    get state() {
      return current.state;
    },
    restart(time, state, length, begin = 'explicit') {
      seenStiff = false;
      current = (fixed ?? begin) === 'stiff' ? stiff : explicit;
      return current.restart(time, state, length);
    },
    step(limit) {
      // Only now: until here the last step could be interpolated.
      if (seenStiff) {
        seenStiff = false;
        if (!stiff.restart(explicit.to, explicit.state, explicit.to - explicit.from)) return 'failed';
        current = stiff;
      }
      const outcome = current.step(limit);
      if (outcome === 'stiff' && fixed === undefined) seenStiff = true;
      return outcome;
    },
    interpolate: (time, out) => current.interpolate(time, out),
  };
}
