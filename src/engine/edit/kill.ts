import { type DeathLog, logDeath } from '../cells/death.ts';
import { removeSlot } from '../cells/population.ts';
import { halfAxis } from '../cells/rods.ts';
import { locateAll } from '../exchange/kernels.ts';
import type { Model } from '../model/model.ts';
import { bookCells } from './bookCells.ts';
import { type Edit, EditError } from './edit.ts';
import { placeFault, squareDistance, squareToAxis } from './nearby.ts';

const NO_LENGTH = new Float64Array(3);

/**
 * Removes the cells whose centres lie within a radius, and a cell that covers the point itself, so that a brush smaller than
 * a cell still finds it. All they hold leaves through `user edit`; nothing is released. The removed are entered into `log`;
 * returns their number.
 *
 * @throws EditError for an impossible place
 */
export function kill(model: Model, { at, radius }: Extract<Edit, { kind: 'kill' }>, log: DeathLog): number {
  const { grid } = model.description;
  const fault = placeFault(grid, at, radius);
  if (fault !== null) throw new EditError(fault);
  const { x, y, z, radius: radii, count, rods } = model.population;
  const slots: number[] = [];
  for (let slot = 0; slot < count; slot++) {
    const near = squareDistance(grid, at, x[slot], y[slot], z[slot]) <= radius * radius;
    const half = rods ? halfAxis(rods, slot) : NO_LENGTH;
    if (near || squareToAxis(grid, at, x[slot], y[slot], z[slot], half) <= radii[slot] ** 2) slots.push(slot);
  }
  return removeCells(model, slots, log);
}

/** The same by id; ids of cells that no longer live are passed over. */
export function killCells(model: Model, ids: readonly number[], log: DeathLog): number {
  const wanted = new Set(ids);
  const { id, count } = model.population;
  const slots: number[] = [];
  for (let slot = 0; slot < count; slot++) if (wanted.has(id[slot])) slots.push(slot);
  return removeCells(model, slots, log);
}

/** Removes the cells in ascending slots; what they hold leaves by the cause whose first substance is `cause`. */
export function removeCells(model: Model, slots: readonly number[], log: DeathLog, cause?: number): number {
  if (slots.length === 0) return 0;
  const { population, description, kernels } = model;
  const { stride } = population;
  const contents = new Float64Array(description.cellTypes.length * stride);
  for (const slot of slots) {
    logDeath(log, population, slot);
    const base = population.type[slot] * stride;
    for (let s = 0; s < stride; s++) contents[base + s] += population.amounts[slot * stride + s];
  }
  // Downwards, so that the cell that fills a gap is never one that is still to be removed.
  for (let i = slots.length - 1; i >= 0; i--) removeSlot(population, slots[i]);
  locateAll(kernels, population, description.grid);
  bookCells(model, contents, -1, cause);
  return slots.length;
}
