import type { Deposit } from '../cells/death.ts';
import { extentOf } from '../cells/encounter.ts';
import type { Deed, Lead } from '../cells/rules.ts';
import type { Living } from '../model/living.ts';
import type { Model } from '../model/model.ts';
import { uniform } from '../random/xoshiro.ts';

/**
 * The turn of rules and contacts, at a time (s) after `duration` s of life: first the rules of every cell, in the order of slots and of the file; then what cells
 * do to those that they touch, actor by actor, contact by contact, partner by partner. All draws come from the stream of the
 * cell that acts. A cell that dies or becomes another does nothing more in this turn and nothing more is done to it. Cells that are to die are
 * marked with their exit + 1; they are removed with the other dead.
 */
export function applyRules(
  model: Model,
  living: Living,
  time: number,
  duration: number,
  deposit: Deposit,
): void {
  const { population } = model;
  const { count } = population;
  makeRoom(living, population.capacity);
  living.marks.fill(0, 0, count);
  living.spent.fill(0, 0, count);
  living.log.count = 0;
  for (const extents of living.contactExtents) extents.fill(0);
  living.transitions.reset();
  if (living.hasRules) {
    for (let slot = 0; slot < count; slot++) ruleCell(model, living, slot, time, duration, deposit);
  }
  if (living.reach >= 0) meet(model, living, time, duration, deposit);
}

function ruleCell(
  { population, description }: Model,
  living: Living,
  slot: number,
  time: number,
  duration: number,
  deposit: Deposit,
): void {
  const t = population.type[slot];
  const { rules = [] } = description.cellTypes[t];
  const { life, streams } = population;
  if (rules.length === 0 || !life) return;
  for (let r = 0; r < rules.length; r++) {
    const { deed, probability } = rules[r];
    const { when, rate } = living.rules[t][r];
    const holds = when === null || when(slot, time) !== 0;
    if (rate !== null) {
      if (!holds) continue;
      const hazard = rate(slot, time);
      if (!(hazard > 0) || uniform(streams, 4 * slot) >= -Math.expm1(-hazard * duration)) continue;
    } else if (probability < 1) {
      const bit = 1 << r;
      const held = (life.held[slot] & bit) !== 0;
      life.held[slot] = holds ? life.held[slot] | bit : life.held[slot] & ~bit;
      if (!holds || held || uniform(streams, 4 * slot) >= probability) continue;
    } else if (!holds) continue;
    if (deed.kind === 'quiesce' && life.quiescent[slot] === 1) continue;
    if (deed.kind === 'awake' && life.quiescent[slot] === 0) continue;
    living.note(population, slot, t, r, 0);
    carryOut(living, population, slot, deed, living.plan.rules[t][r], time, deposit);
    if (living.spent[slot] === 1) return;
  }
}

function meet(model: Model, living: Living, time: number, duration: number, deposit: Deposit): void {
  const { population, description } = model;
  const { amounts, streams, type, stride } = population;
  living.touch.prepare(population, living.reach);
  for (let slot = 0; slot < population.count; slot++) {
    const t = type[slot];
    const { contacts = [] } = description.cellTypes[t];
    for (let c = 0; c < contacts.length && living.spent[slot] === 0; c++) {
      const contact = contacts[c];
      const { when, rate, where } = living.contacts[t][c];
      if (when !== null && when(slot, time) === 0) continue;
      const hazard = rate(slot, time);
      if (!(hazard > 0)) continue;
      const chance = -Math.expm1(-hazard * duration);
      living.touch.near(population, slot, contact.range, other => {
        if (type[other] !== contact.partner || living.spent[slot] === 1 || living.spent[other] === 1) return;
        if (where !== null && where(other, time) === 0) return;
        if (uniform(streams, 4 * slot) >= chance) return;
        const change = living.changes[t][c];
        if (change !== null) {
          const extent = extentOf(change, amounts, slot * stride, other * stride);
          if (extent === 0) return;
          for (const { partner, species, change: by } of change.changes) {
            amounts[(partner ? other : slot) * stride + species] += extent * by;
          }
          for (const { field, change: by } of change.fields) deposit(slot, field, extent * by);
          living.contactExtents[t][c] += extent;
        }
        living.note(population, slot, t, -1 - c, population.id[other]);
        const leads = living.plan.contacts[t][c];
        if (contact.other) carryOut(living, population, other, contact.other, leads.other, time, deposit);
        if (contact.self) carryOut(living, population, slot, contact.self, leads.self, time, deposit);
      });
    }
  }
}

function carryOut(
  living: Living,
  population: Model['population'],
  slot: number,
  deed: Deed,
  { exit, transition }: Lead,
  time: number,
  deposit: Deposit,
): void {
  const { life } = population;
  switch (deed.kind) {
    case 'die':
      living.marks[slot] = exit + 1;
      living.spent[slot] = 1;
      break;
    case 'become':
      living.transitions.become(population, slot, transition, time, deposit);
      living.spent[slot] = 1;
      break;
    case 'divide':
      population.divisionVolume[slot] = 0;
      break;
    default:
      if (life) life.quiescent[slot] = deed.kind === 'quiesce' ? 1 : 0;
  }
}

function makeRoom(living: Living, capacity: number): void {
  if (living.marks.length >= capacity) return;
  living.marks = new Uint16Array(capacity);
  living.spent = new Uint8Array(capacity);
}
