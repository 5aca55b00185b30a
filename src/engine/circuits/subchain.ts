import type { Transitions } from './chainSolver.ts';
import type { StateSpace } from './stateSpace.ts';

/** The transitions among some states of a space (default all), which are then numbered in their order. */
export function subchain(space: StateSpace, states?: readonly number[]): Transitions {
  const { moves, targets, rates } = space;
  const count = states?.length ?? space.count;
  const place = states ? new Int32Array(space.count).fill(-1) : null;
  states?.forEach((state, i) => {
    if (place) place[state] = i;
  });
  return {
    count,
    each(visit) {
      for (let i = 0; i < count; i++) {
        const state = states ? states[i] : i;
        for (let at = state * moves; at < (state + 1) * moves; at++) {
          const target = targets[at];
          if (target < 0) continue;
          const to = place ? place[target] : target;
          if (to >= 0) visit(i, to, rates[at]);
        }
      }
    },
  };
}
