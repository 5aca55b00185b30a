import { EnsembleError } from '../circuits/ensemble.ts';
import { uniform } from '../random/xoshiro.ts';
import { toEvaluate } from './closure.ts';
import type { SbmlModel } from './model.ts';
import type { SbmlSystem } from './system.ts';

/**
 * The reactions of a model as what fires, on the values of its system; kinetic laws are propensities, in so many molecules to
 * the unit.
 */
export interface Firings {
  /** Sum of the propensities. @throws EnsembleError for one that is negative or not finite */
  total(values: Float64Array): number;
  /** Fires one, chosen by the propensities that add up to `total`, and updates the values. */
  fire(values: Float64Array, total: number): void;
  /** Firings of each reaction since the last call. */
  takeExtents(): Float64Array;
}

export function createFirings(
  model: SbmlModel,
  system: SbmlSystem,
  stream: Uint32Array,
  molecules: number,
): Firings {
  const { effects } = system;
  const reactions = model.reactions.map(({ id }) => ({
    id,
    slot: system.slotOf(id),
    effects: effects
      .filter(effect => effect.reaction === id)
      .map(effect => ({
        slot: system.slotOf(effect.species),
        stoichiometry: toEvaluate(effect.stoichiometry, system.slotOf),
        factor: effect.factor === null ? 0 : system.slotOf(effect.factor),
        sign: effect.sign,
      })),
  }));
  const extents = new Float64Array(reactions.length);

  function execute(values: Float64Array, r: number): void {
    const list = reactions[r].effects;
    // A reaction that lacks a molecule cannot have fired: the propensity of a sound model is 0 there.
    for (let i = 0; i < list.length; i++) {
      const { slot, stoichiometry, factor, sign } = list[i];
      values[slot] += sign * stoichiometry(values) * (factor === 0 ? 1 : values[factor]);
      if (!(values[slot] >= 0)) {
        throw new EnsembleError(
          `${reactions[r].id}: it would leave a species below zero at time ${values[0]}`,
        );
      }
    }
    extents[r] += 1;
    system.update(values);
  }

  return {
    total(values) {
      let total = 0;
      for (let r = 0; r < reactions.length; r++) {
        const propensity = molecules * values[reactions[r].slot];
        if (!(propensity >= 0 && propensity < Number.POSITIVE_INFINITY)) {
          throw new EnsembleError(`${reactions[r].id}: its propensity is ${propensity} at time ${values[0]}`);
        }
        total += propensity;
      }
      return total;
    },
    fire(values, total) {
      for (;;) {
        let target = uniform(stream, 0) * total;
        for (let r = 0; r < reactions.length; r++) {
          const propensity = molecules * values[reactions[r].slot];
          if (target < propensity) {
            execute(values, r);
            return;
          }
          target -= propensity;
        }
        // Rounding let the target fall past the last reaction: draw again.
      }
    },
    takeExtents() {
      const taken = extents.slice();
      extents.fill(0);
      return taken;
    },
  };
}
