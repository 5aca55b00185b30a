import type { Microstructure } from './microstructure.ts';

/** Averages over windows of one size, at every place in the box. */
export interface WindowSpread {
  /** Edge, µm. */
  readonly edge: number;
  /** Mean of the windows' averages. */
  readonly mean: number;
  /** Standard deviation of the windows' averages over their mean. */
  readonly spread: number;
}

export interface RepresentativeVolume {
  readonly windows: readonly WindowSpread[];
  /** Edge of the smallest window whose spread is at most the tolerance, µm; null where none is. */
  readonly first: number | null;
  /** Edge of the smallest from which on it stays so: the plateau. Null where the largest window is not there yet. */
  readonly plateau: number | null;
}

/** Up to so many voxels every window is tried, then one in each percent of size: a period must not fall between two. */
const EVERY = 128;

/**
 * The representative-volume test of a quantity per voxel (porosity, uptake): how much its averages over cubic windows (squares in
 * 2-D) still differ from place to place. Windows that reach over half the box along an axis cannot differ much, and are left out.
 * Null where the quantity is 0 everywhere.
 */
export function representativeVolume(
  { cells, spacing, periodic, dimensions }: Microstructure,
  quantity: Float64Array,
  tolerance: number,
): RepresentativeVolume | null {
  if (quantity.every(value => value === 0)) return null;
  const axes = [0, 1, 2].slice(0, dimensions);
  const step = Math.max(...axes.map(a => spacing[a]));
  const largest = Math.min(...axes.map(a => (cells[a] * spacing[a]) / 2));
  const most = Math.floor(largest / step + 1e-9);
  const windows: WindowSpread[] = [];
  for (let size = 1; size <= most; size += size < EVERY ? 1 : Math.ceil(size / 100)) {
    const width = [0, 1, 2].map(a => (a < dimensions ? Math.round((size * step) / spacing[a]) : 1));
    windows.push({ edge: size * step, ...averages(quantity, cells, periodic, width) });
  }
  const holds = windows.map(({ spread }) => spread <= tolerance);
  const first = holds.indexOf(true);
  const last = holds.lastIndexOf(false);
  return {
    windows,
    first: first < 0 ? null : windows[first].edge,
    plateau: last >= windows.length - 1 ? null : windows[last + 1].edge,
  };
}

/** Mean and relative spread of the averages over all windows of this width, axis after axis by running sums. */
function averages(
  quantity: Float64Array,
  cells: readonly [number, number, number],
  periodic: readonly [boolean, boolean, boolean],
  width: readonly number[],
): { mean: number; spread: number } {
  let values: Float64Array = quantity;
  const n = [...cells];
  for (let axis = 0; axis < 3; axis++) {
    if (width[axis] === 1) continue;
    const places = periodic[axis] ? n[axis] : n[axis] - width[axis] + 1;
    const next = new Float64Array((values.length / n[axis]) * places);
    const stride = [1, n[0], n[0] * n[1]][axis];
    const lines = values.length / n[axis];
    const sums = new Float64Array(n[axis] + width[axis] + 1);
    for (let line = 0; line < lines; line++) {
      const low = line % stride;
      const high = (line - low) / stride;
      const from = low + high * stride * n[axis];
      const to = low + high * stride * places;
      for (let i = 0; i < n[axis] + width[axis]; i++)
        sums[i + 1] = sums[i] + values[from + stride * (i % n[axis])];
      for (let i = 0; i < places; i++)
        next[to + stride * i] = (sums[i + width[axis]] - sums[i]) / width[axis];
    }
    n[axis] = places;
    values = next;
  }
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2 / values.length;
  return { mean, spread: mean === 0 ? 0 : Math.sqrt(square) / Math.abs(mean) };
}
