import { advanceCycles } from '../cells/cycle.ts';
import type { Deposit } from '../cells/death.ts';
import { slotsOfType } from '../cells/population.ts';
import { speciesCount } from '../diagnostics/totals.ts';
import { visitVoxels } from '../exchange/kernel.ts';
import { total } from '../fields/total.ts';
import type { Living } from '../model/living.ts';
import type { Model } from '../model/model.ts';
import { auditCells } from './audit.ts';
import { divisionFailure, populationFailure } from './overload.ts';
import { sampleFields } from './predict.ts';
import { applyRules } from './rules.ts';
import { CELL_BLOCK, tasksOf } from './tasks.ts';

/** Ends a step without deaths and divisions: volumes follow biomass. */
export function grow(model: Model): void {
  const { death, division, living } = model;
  refreshAll(model);
  death.log.count = 0;
  division.log.count = 0;
  if (living) living.log.count = 0;
}

/**
 * Ends `duration` s of life: volumes follow biomass, cells die and release their contents where they lie, cells that are large
 * enough divide. What a death releases enters its voxels at once; what it does not release leaves by the named sink.
 */
export function liveAndDie(model: Model, time: number, duration: number): void {
  const { work } = model;
  refreshAll(model);
  work.named.fill(0);
  if (model.hazardsReadFields) sampleFields(model, model.fields);
  // Before deaths, which move cells between the slots that were sampled.
  advanceCycles(model.population, model.description.cellTypes, model.phases, time, duration);
  if (model.living || model.hazards.some(hazard => hazard !== null)) live(model, time, duration);
  divide(model, time);
  refreshAll(model);
  model.profile.enter('diagnostics');
  auditCells(model, 'life cycle', work.named);
  model.balance.totals.set(work.totals);
  model.balance.commit();
}

/** Volumes, radii and lengths of all cells from their biomass. */
function refreshAll(model: Model): void {
  tasksOf(model).geometry(Math.ceil(model.population.count / CELL_BLOCK));
}

/** Slots of every type, in slot order; to be called whenever cells were added or removed. */
export function sortSlots(model: Model): void {
  const { population, work } = model;
  for (let t = 0; t < work.slots.length; t++) work.slotCounts[t] = slotsOfType(population, t, work.slots[t]);
}

function divide(model: Model, time: number): void {
  const { population, division } = model;
  try {
    division.advance(population, time);
  } catch (error) {
    // The columns of the population could not be made longer, or there are no ids left.
    if (error instanceof RangeError) throw populationFailure(model, error.message);
    throw error;
  }
  if (division.fault) throw divisionFailure(model, division.fault);
}

/** Rules, contacts and deaths, with what they give to fields, into the books. */
function live(model: Model, time: number, duration: number): void {
  const { population, description, living, death, hazards, work, kernels, substances, balance } = model;
  const { voxelVolume } = description.grid;
  const given = work.transit.fill(0);
  const deposit: Deposit = (slot, f, amount) => {
    const target = model.fields[f];
    visitVoxels(kernels.deposit[f], slot, (voxel, weight) => {
      target[voxel] += (weight * amount) / voxelVolume;
    });
    given[f] += amount;
  };
  if (living) {
    applyRules(model, living, time, duration, deposit);
    bookRules(model, living);
  }
  const deaths = death.advance(
    population,
    slot => hazards[population.type[slot]]?.(slot, time) ?? 0,
    duration,
    deposit,
    living?.marks,
  );
  if (deaths > 0) bookDeaths(model);
  for (let f = 0; f < work.fieldCount; f++) {
    if (given[f] === 0) continue;
    const substance = substances.cellCount + f;
    const after = total(model.fields[f]) * voxelVolume;
    balance.note('life cycle', substance, after - work.totals[substance] - work.named[substance]);
    work.totals[substance] = after;
  }
}

function record({ ledger, work }: Model, cause: number, extent: number): void {
  if (extent === 0) return;
  ledger.pending[cause] += extent;
  for (const { substance, amount } of ledger.causes.all[cause].changes)
    work.named[substance] += amount * extent;
}

function bookDeaths(model: Model): void {
  const { death, ledger, substances, population } = model;
  const { causes } = ledger;
  for (let exit = 0; exit < death.deaths.length; exit++) {
    if (death.deaths[exit] === 0) continue;
    for (const [r, extent] of death.extents[exit].entries()) record(model, causes.release[exit] + r, extent);
    for (let s = 0; s < speciesCount(substances, death.types[exit]); s++) {
      record(model, causes.death[exit] + s, death.sink[exit * population.stride + s]);
    }
  }
}

function bookRules(model: Model, { transitions, contactExtents }: Living): void {
  const { causes } = model.ledger;
  causes.transition.forEach(({ release, carried, lost }, k) => {
    if (transitions.counts[k] === 0) return;
    for (const [r, extent] of transitions.extents[k].entries()) record(model, release + r, extent);
    for (const [i, amount] of transitions.moved[k].entries()) record(model, carried + i, amount);
    for (const [i, amount] of transitions.lost[k].entries()) record(model, lost + i, amount);
  });
  causes.contact.forEach((ofType, t) => {
    for (const [c, cause] of ofType.entries()) if (cause >= 0) record(model, cause, contactExtents[t][c]);
  });
}
