import type { FieldDescription } from './field.ts';
import type { FieldOperator, HeldVoxels } from './fieldOperator.ts';
import { ReservoirBorder } from './reservoirBorder.ts';

/** The reservoirs of a field, with what of the domain is now part of them; null where it has none. */
export function borderOf(
  field: FieldDescription,
  { faces, held }: FieldOperator,
  volume: number,
): ReservoirBorder | null {
  if (!field.reservoirs) return null;
  const annexes = new Float64Array(field.reservoirs.length);
  if (held && held.reservoir >= 0) annexes[held.reservoir] = held.voxels.length * volume;
  return new ReservoirBorder(field.reservoirs, faces, volume, field.decay, annexes);
}

/**
 * Takes the voxels beyond the layer out of a state; where they are part of a reservoir, their content mixes with it. Returns what
 * the reservoirs then hold.
 */
export function takeOut(
  { voxels, places, reservoir }: HeldVoxels,
  c: Float64Array,
  u: Float64Array,
  reservoirs: Float64Array | null,
  time: number,
  border: ReservoirBorder | null,
): Float64Array | null {
  for (const place of places) u[place] = 0;
  if (reservoir < 0 || !reservoirs || !border) return reservoirs;
  let sum = 0;
  for (const voxel of voxels) sum += c[voxel];
  const mixed = reservoirs.slice();
  mixed[reservoir] = border.mix(reservoir, reservoirs[reservoir], sum / voxels.length, time);
  return mixed;
}

/** Sets the voxels beyond the layer to what they hold at the end; returns the sum of what they gained, molecules/µm³. */
export function putBack(
  { voxels }: HeldVoxels,
  values: Float64Array,
  c: Float64Array,
  next: Float64Array,
): number {
  let gained = 0;
  voxels.forEach((voxel, i) => {
    next[voxel] = values[i];
    gained += values[i] - c[voxel];
  });
  return gained;
}
