import type { MechanicsFault } from '../cells/contactMechanics.ts';
import type { DivisionFault } from '../cells/division.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { type FailureKind, RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { mostCells } from '../model/mostCells.ts';

/** Failures of steps that would cost more than runLimits.ts allows: each names the number, the limit and the cause. */

export function divisionFailure(model: Model, { reason, slot, overgrowth }: DivisionFault): RunFailure {
  const { description, population } = model;
  const type = description.cellTypes[population.type[slot]].name;
  if (reason === 'full') {
    const growth = `${type} divides once more`;
    return populationFailure(
      model,
      `${growth}, and a run of this scenario holds at most ${count(mostCells(description))}`,
    );
  }
  const size = `${figure(population.volume[slot])} µm³, ${figure(overgrowth)} times the volume at which it divides`;
  return failure(
    model,
    'rate',
    `cell ${population.id[slot]} of type ${type} has ${size} (at most ${RUN_LIMITS.overgrowth} times); ` +
      'its division volume is too small, or its growth too fast for the step',
  );
}

/** For a population that cannot grow any more, for the reason given. */
export function populationFailure(model: Model, reason: string): RunFailure {
  const cells = count(model.population.count);
  return failure(
    model,
    'capacity',
    `there is no room beyond ${cells} cells: ${reason}; slow the growth, add death or end earlier`,
  );
}

export function mechanicsFailure(model: Model, { reason, needed }: MechanicsFault): RunFailure {
  const { rate = 0 } = model.description.mechanics ?? {};
  const { mechanicsEvery = 1 } = model.description.time;
  const step = model.description.time.step * mechanicsEvery;
  const cells = count(model.population.count);
  switch (reason) {
    case 'stiff':
      return failure(
        model,
        'rate',
        `the mechanics need ${count(needed)} substeps in one step (at most ${count(RUN_LIMITS.substeps)}) at a rate of ` +
          `${figure(rate)} /s and a step of ${figure(step)} s; lower mechanics.rate or time.step`,
      );
    case 'busy':
      return failure(
        model,
        'capacity',
        `the mechanics of ${cells} cells need to look at ${count(needed)} pairs or more in one step ` +
          `(at most ${count(RUN_LIMITS.pairs)}); lower mechanics.rate, time.step or the number of cells`,
      );
    case 'crowded':
      return failure(
        model,
        'capacity',
        `${cells} cells lie on top of one another: each overlaps more than ${RUN_LIMITS.contacts} others on average ` +
          `(the limit); they grow faster than mechanics.rate, ${figure(rate)} /s, can part them`,
      );
  }
}

function failure(model: Model, kind: FailureKind, message: string): RunFailure {
  return new RunFailure(kind, message, (model.step + 1) * model.description.time.step, model.step);
}

function count(value: number): string {
  return value < 1e12 ? value.toLocaleString('en') : value.toExponential(1);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
