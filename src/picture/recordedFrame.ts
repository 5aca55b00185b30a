import type { CellColumn, CellFrame } from '../engine/recording/cellColumns.ts';
import type { Frame } from '../engine/recording/frame.ts';

/**
 * A recorded moment as a frame to be drawn. Species of a type are at their index in it; a recording without cells, or without
 * fields, at this moment gives a frame without them.
 */
export function frameOfRecording(
  step: number,
  time: number,
  columns: readonly CellColumn[],
  cells: CellFrame | null,
  fields: readonly Float32Array[],
): Frame {
  const count = cells?.count ?? 0;
  const column = (name: string): ArrayLike<number> => {
    const c = columns.findIndex(one => one.name === name);
    return cells && c >= 0 ? cells.values[c] : new Float32Array(count);
  };
  const floats = (name: string) => Float32Array.from(column(name));
  const type = Uint32Array.from(column('type'));
  const species = columns.flatMap((one, c) => (one.species ? [{ indices: one.species, c }] : []));
  const stride = 1 + species.reduce((most, { indices }) => Math.max(most, ...indices), -1);
  const amounts = new Float32Array(count * stride);
  for (const { indices, c } of species) {
    const values = cells?.values[c] ?? [];
    for (let i = 0; i < count; i++) {
      const index = indices[type[i]];
      if (index >= 0) amounts[i * stride + index] = values[i];
    }
  }
  const radius = floats('radius');
  const hasRods = columns.some(({ name, species: of }) => name === 'axis_x' && of === null);
  const length = hasRods ? floats('length') : new Float32Array(0);
  const half = (axis: string) => floats(axis).map((along, i) => (length[i] / 2 - radius[i]) * along);
  const hasPhases = columns.some(({ name, species: of }) => name === 'phase' && of === null);
  return {
    buffer: new ArrayBuffer(0),
    step,
    time,
    count,
    stride,
    id: Uint32Array.from(column('id')),
    parent: Uint32Array.from(column('parent')),
    type,
    x: floats('x'),
    y: floats('y'),
    z: floats('z'),
    radius,
    volume: floats('volume'),
    birthVolume: floats('birth_volume'),
    divisionVolume: floats('division_volume'),
    birthTime: floats('birth_time'),
    ...(hasRods && { half: { x: half('axis_x'), y: half('axis_y'), z: half('axis_z') } }),
    // 0 in cells of types without phases.
    ...(hasPhases && { phase: floats('phase').map(share => (share > 0 ? share : Number.NaN)) }),
    amounts,
    deaths: new Float32Array(0),
    fields,
    bulk: new Float32Array(0),
  };
}
