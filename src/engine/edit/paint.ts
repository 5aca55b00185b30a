import { total } from '../fields/total.ts';
import type { Model } from '../model/model.ts';
import { type Edit, EditError } from './edit.ts';
import { placeFault, voxelsWithin } from './nearby.ts';

/**
 * Adds molecules to a field, or takes them. Each voxel gets an equal share; a voxel that holds less than its share of a
 * removal gives all it has. The amount that really moved is booked under `user edit` and returned (molecules, signed);
 * it is measured voxel by voxel, so the rounding of the concentrations is in it.
 *
 * @throws EditError where field, place or amount is impossible
 */
export function paint(model: Model, { field, at, radius, amount }: Extract<Edit, { kind: 'paint' }>): number {
  const { description, fields } = model;
  const { grid } = description;
  if (!(field in fields)) throw new EditError(`there is no field number ${field}`);
  const fault = placeFault(grid, at, radius);
  if (fault !== null) throw new EditError(fault);
  if (!(Math.abs(amount) <= MOST)) throw new EditError(`the amount must be at most 1e30, got ${amount}`);
  const voxels = voxelsWithin(grid, at, radius);
  if (voxels.length === 0) throw new EditError('an obstacle fills this place: no field enters it');
  const share = amount / (voxels.length * grid.voxelVolume);
  return changeField(model, field, voxels, before => (share < 0 && before < -share ? 0 : before + share));
}

/**
 * Gives voxels of a field other concentrations. What that brings is measured voxel by voxel, so that the rounding is in it, booked by
 * the cause whose first substance is `cause`, and returned (molecules; negative: taken).
 */
export function changeField(
  { description, fields, substances, ledger, balance }: Model,
  field: number,
  voxels: readonly number[],
  change: (before: number, voxel: number) => number,
  cause = ledger.causes.edit,
): number {
  const { voxelVolume } = description.grid;
  const values = fields[field];
  let moved = 0;
  for (const v of voxels) {
    const before = values[v];
    values[v] = change(before, v);
    moved += (values[v] - before) * voxelVolume;
  }
  if (moved === 0) return 0;
  const substance = substances.cellCount + field;
  const after = total(values) * voxelVolume;
  ledger.pending[cause + substance] += moved;
  balance.note('edits', substance, after - balance.totals[substance] - moved);
  balance.totals[substance] = after;
  return moved;
}

/** Molecules; no physical amount comes near, and sums of a few stay finite. */
const MOST = 1e30;
