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
  const { description, fields, substances, ledger, balance } = model;
  const { grid } = description;
  if (!(field in fields)) throw new EditError(`there is no field number ${field}`);
  const fault = placeFault(grid, at, radius);
  if (fault !== null) throw new EditError(fault);
  if (!(Math.abs(amount) <= MOST)) throw new EditError(`the amount must be at most 1e30, got ${amount}`);
  const values = fields[field];
  const voxels = voxelsWithin(grid, at, radius);
  if (voxels.length === 0) throw new EditError('an obstacle fills this place: no field enters it');
  const share = amount / (voxels.length * grid.voxelVolume);
  let moved = 0;
  for (const v of voxels) {
    const before = values[v];
    values[v] = share < 0 && before < -share ? 0 : before + share;
    moved += (values[v] - before) * grid.voxelVolume;
  }
  if (moved === 0) return 0;
  const substance = substances.cellCount + field;
  const after = total(values) * grid.voxelVolume;
  ledger.pending[ledger.causes.edit + substance] += moved;
  balance.note('edits', substance, after - balance.totals[substance] - moved);
  balance.totals[substance] = after;
  return moved;
}

/** Molecules; no physical amount comes near, and sums of a few stay finite. */
const MOST = 1e30;
