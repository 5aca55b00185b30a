import type { Placement } from '../cells/cellType.ts';
import { createDeathLog, type DeathLog } from '../cells/death.ts';
import {
  dueAt,
  type FieldDose,
  type Intervention,
  type Place,
  regimeAt,
} from '../description/interventions.ts';
import { EditError } from '../edit/edit.ts';
import { removeCells } from '../edit/kill.ts';
import { squareDistance, voxelsWithin } from '../edit/nearby.ts';
import { changeField } from '../edit/paint.ts';
import { addCells, everyCell } from '../edit/place.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Grid } from '../fields/grid.ts';
import { adopt } from '../model/adopt.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { poisson } from '../random/poisson.ts';
import { uniform } from '../random/xoshiro.ts';

/** The cells that interventions removed at the beginning of the last step; none where there is no entry. */
const removed = new WeakMap<Model['balance'], DeathLog>();

export function removedBy(model: Model): DeathLog | null {
  return removed.get(model.balance) ?? null;
}

/**
 * Carries out what the scenario's schedule has for the beginning of the step in hand: first the parameters take the values that they
 * have from here on, then fields and cells are changed in the order of the scenario. All of it follows from the step's index and the
 * state, so that a run that is resumed does the same. Each amount is booked under `NAME intervention`.
 *
 * @throws RunFailure where cells cannot be added
 */
export function intervene(model: Model): void {
  const { interventions, time, regime = 0 } = model.description;
  if (!interventions) return;
  const now = regimeAt(interventions, model.step, time.step);
  if (now !== regime) {
    // The record stays the same, as its observers know it; what was compiled is new.
    Object.assign(model, adopt(model, { ...model.description, ...interventions.regimes[now], regime: now }));
  }
  const log = removed.get(model.balance);
  if (log) log.count = 0;
  const due = dueAt(interventions, model.step, time.step);
  if (due.length === 0) return;
  for (const one of due) carryOut(model, one);
  model.balance.commit();
}

function carryOut(model: Model, { name, place, action }: Intervention): void {
  const { description, ledger } = model;
  const cause =
    ledger.causes.intervention[description.interventions?.list.findIndex(one => one.name === name) ?? -1];
  switch (action.kind) {
    case 'dose':
      for (const dose of action.doses) give(model, place, dose, cause);
      break;
    case 'wash': {
      const voxels = voxelsIn(description.grid, place);
      for (const { field, concentration } of action.medium) {
        const { share } = action;
        const medium = inVoxels(description.grid, toClosure(concentration));
        changeField(model, field, voxels, (before, v) => before * (1 - share) + share * medium(v), cause);
      }
      break;
    }
    case 'add':
      add(model, name, action.placements, cause);
      break;
    case 'arrive': {
      const count = poisson(model.root, 0, action.mean);
      if (count > 0) add(model, name, [{ ...action.placement, count }], cause);
      break;
    }
    case 'remove':
      remove(model, place, action.type, action.share, cause);
      break;
    case 'set':
      break;
  }
}

function add(model: Model, name: string, placements: readonly Placement[], cause: number): void {
  try {
    const index = everyCell(model);
    for (const placement of placements) addCells(model, placement, index, cause);
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    const at = model.step * model.description.time.step;
    throw new RunFailure('capacity', `intervention ${name}: ${error.message}`, at, model.step);
  }
}

function give(
  model: Model,
  place: Place,
  { field, concentration, molecules }: FieldDose,
  cause: number,
): void {
  const { grid } = model.description;
  const voxels = voxelsIn(grid, place);
  if (concentration === null) {
    const share = molecules / (voxels.length * grid.voxelVolume);
    changeField(model, field, voxels, before => before + share, cause);
    return;
  }
  const dose = inVoxels(grid, toClosure(concentration));
  changeField(model, field, voxels, (before, v) => before + dose(v), cause);
}

function remove(model: Model, place: Place, type: number | null, share: number, cause: number): void {
  const { population, description, balance } = model;
  const { x, y, z, count, streams } = population;
  const inside = createInside(description.grid, place);
  const slots: number[] = [];
  for (let slot = 0; slot < count; slot++) {
    if (type !== null && population.type[slot] !== type) continue;
    if (!inside(x[slot], y[slot], z[slot])) continue;
    if (share === 1 || uniform(streams, 4 * slot) < share) slots.push(slot);
  }
  if (slots.length === 0) return;
  const log = removed.get(balance) ?? createDeathLog();
  removed.set(balance, log);
  removeCells(model, slots, log, cause);
}

/** The free voxels whose centres lie in a place. */
function voxelsIn(grid: Grid, place: Place): number[] {
  if (place.kind === 'disc' || place.kind === 'ball') {
    const [x, y, z] = place.centre;
    return voxelsWithin(grid, { x, y, z }, place.radius);
  }
  const inside = createInside(grid, place);
  const [nx, ny] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const found: number[] = [];
  for (let v = 0; v < grid.voxels; v++) {
    if (grid.solid?.[v]) continue;
    const j = Math.floor(v / nx) % ny;
    if (inside(((v % nx) + 0.5) * dx, (j + 0.5) * dy, (Math.floor(v / (nx * ny)) + 0.5) * dz)) found.push(v);
  }
  return found;
}

/** Whether a point (µm) lies in a place. */
function createInside(grid: Grid, place: Place): (x: number, y: number, z: number) => boolean {
  switch (place.kind) {
    case 'domain':
      return () => true;
    case 'disc':
    case 'ball': {
      const [x0, y0, z0] = place.centre;
      const at = { x: x0, y: y0, z: z0 };
      return (x, y, z) => squareDistance(grid, at, x, y, z) <= place.radius ** 2;
    }
    case 'box': {
      const { from, to } = place;
      return (...point) =>
        point.every((c, axis) => axis >= grid.dimensions || (c >= from[axis] && c <= to[axis]));
    }
    case 'where': {
      const condition = toClosure(place.condition);
      const scope = createScope();
      return (x, y, z) => {
        scope.position[0] = x;
        scope.position[1] = y;
        scope.position[2] = z;
        return condition(scope) !== 0;
      };
    }
  }
}

/** An expression of the position by voxel, at its centre. */
function inVoxels(grid: Grid, value: ReturnType<typeof toClosure>): (voxel: number) => number {
  const [nx, ny] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  const scope = createScope();
  return v => {
    scope.position[0] = ((v % nx) + 0.5) * dx;
    scope.position[1] = ((Math.floor(v / nx) % ny) + 0.5) * dy;
    scope.position[2] = (Math.floor(v / (nx * ny)) + 0.5) * dz;
    return value(scope);
  };
}
