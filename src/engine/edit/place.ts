import type { Placement } from '../cells/cellType.ts';
import { createOverlapIndex, type OverlapIndex } from '../cells/overlapIndex.ts';
import { PlacementError, placeCells } from '../cells/placement.ts';
import { halfAxis } from '../cells/rods.ts';
import { locateAll } from '../exchange/kernels.ts';
import type { Model } from '../model/model.ts';
import { LIMITS } from '../scenario/limits.ts';
import { bookCells } from './bookCells.ts';
import { type Edit, EditError } from './edit.ts';
import { placeFault, squareDistance } from './nearby.ts';

/** Cells of one edit. */
const MOST_AT_ONCE = 100_000;

/**
 * Places newborn cells of a type: centres thrown into the disc (2-D) or ball until they overlap no cell, or least among
 * 100 throws (placement.ts). Their streams derive from the run's root stream, one after the other, so the same edit at the
 * same step of the same run gives the same cells. What they bring is booked under `user edit`. Returns their number.
 *
 * @throws EditError where they do not fit; nothing has then changed
 */
export function place(model: Model, edit: Extract<Edit, { kind: 'place' }>): number {
  const { grid, cellTypes } = model.description;
  const { type, at, radius, count } = edit;
  if (!(type in cellTypes)) throw new EditError(`there is no cell type number ${type}`);
  const fault = placeFault(grid, at, radius);
  if (fault !== null) throw new EditError(fault);
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= MOST_AT_ONCE)) {
    throw new EditError(`the number of cells must be a whole number from 1 to ${MOST_AT_ONCE}, got ${count}`);
  }
  const placement: Placement = {
    type,
    count,
    region: { kind: grid.dimensions === 2 ? 'disc' : 'ball', centre: [at.x, at.y, at.z], radius },
    amounts: [],
  };
  return addCells(model, placement, neighbours(model, edit));
}

/**
 * Adds the cells of a placement to a run, clear of those in the index where it is drawn; what they bring is booked under the
 * cause whose first substance is `cause`. Returns their number.
 *
 * @throws EditError where they do not fit; nothing has then changed
 */
export function addCells(model: Model, placement: Placement, index: OverlapIndex, cause?: number): number {
  const { description, population, root } = model;
  const { grid, cellTypes } = description;
  const { type, count } = placement;
  const first = population.count;
  if (first + count > LIMITS.cells) throw new EditError(`a run holds at most ${LIMITS.cells} cells`);
  const { nextId } = population;
  const rootBefore = root.slice();
  try {
    const time = model.step * description.time.step;
    placeCells(description, population, placement, 0, index, root, time);
  } catch (error) {
    population.count = first;
    population.nextId = nextId;
    root.set(rootBefore);
    if (error instanceof PlacementError) throw new EditError(error.reason);
    throw error;
  }
  const contents = new Float64Array(cellTypes.length * population.stride);
  for (let slot = first; slot < population.count; slot++) {
    for (let s = 0; s < population.stride; s++) {
      contents[type * population.stride + s] += population.amounts[slot * population.stride + s];
    }
  }
  locateAll(model.kernels, population, grid);
  bookCells(model, contents, 1, cause);
  return count;
}

/** All cells of a run. */
export function everyCell({ description, population }: Model): OverlapIndex {
  const index = createOverlapIndex(description.grid);
  const { x, y, z, radius, rods, count } = population;
  for (let slot = 0; slot < count; slot++) {
    index.insert(Float64Array.of(x[slot], y[slot], z[slot]), radius[slot], rods && halfAxis(rods, slot));
  }
  return index;
}

/** The cells that new ones could touch. */
function neighbours(model: Model, { type, at, radius }: Extract<Edit, { kind: 'place' }>): OverlapIndex {
  const { description, population } = model;
  const { grid, cellTypes } = description;
  const index = createOverlapIndex(grid);
  const { x, y, z, count } = population;
  const { rods } = population;
  let widest = 0;
  for (let slot = 0; slot < count; slot++) {
    widest = Math.max(widest, population.radius[slot] + (rods ? rods.halfLength[slot] : 0));
  }
  // A newborn's radius: the shape's, unless its initial biomass says otherwise; twice as far is far enough for both.
  const { shape, circuit, dryDensity } = cellTypes[type];
  const size = shape.kind === 'rod' ? shape.length / 2 : shape.radius;
  const newborn = Math.max(size, Math.cbrt(circuit.species[0].initial / dryDensity) * 2);
  // Walls push centres inward by up to a radius.
  const reach = radius + widest + 2 * newborn;
  for (let slot = 0; slot < count; slot++) {
    if (squareDistance(grid, at, x[slot], y[slot], z[slot]) > reach * reach) continue;
    const half = rods && halfAxis(rods, slot);
    index.insert(Float64Array.of(x[slot], y[slot], z[slot]), population.radius[slot], half);
  }
  return index;
}
