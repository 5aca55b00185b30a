import type { Microstructure } from './microstructure.ts';

/** How what cells fill is correlated along an axis. */
export interface Correlation {
  /** (S₂(r) − φ²)/(φ − φ²) at r = 0, h, 2h, … up to half the box: S₂ the share of pairs of points r apart that both lie in cells. */
  readonly values: readonly number[];
  /** h, µm. */
  readonly spacing: number;
  /** ∫ of it up to its first zero, µm; null where it has none: as far as the box shows, it never ends. */
  readonly length: number | null;
  /** Where it falls to 1/e, µm; null where it does not. */
  readonly fall: number | null;
}

/**
 * The two-point correlation along each axis, over all pairs of voxels in the box (around the seam where it is periodic). Null where
 * cells fill all or nothing. Torquato, Random Heterogeneous Materials, ch. 2.
 */
export function correlate(structure: Microstructure): Correlation[] | null {
  const { cells, dimensions, spacing, fraction } = structure;
  const variance = fraction * (1 - fraction);
  if (!(variance > 0)) return null;
  return [0, 1, 2].slice(0, dimensions).map(axis => {
    const lags = Math.floor(cells[axis] / 2);
    const values = Array.from({ length: lags + 1 }, (_, lag) => covariance(structure, axis, lag) / variance);
    return { values, spacing: spacing[axis], ...lengthsOf(values, spacing[axis]) };
  });
}

/** Mean of (I(x) − φ)(I(x + lag) − φ) over the pairs along the axis. */
function covariance(structure: Microstructure, axis: number, lag: number): number {
  const { cells, periodic, inside, fraction } = structure;
  const [nx, ny, nz] = cells;
  const ends = [nx, ny, nz];
  if (!periodic[axis]) ends[axis] -= lag;
  const stride = [1, nx, nx * ny][axis];
  let [both, first, second] = [0, 0, 0];
  for (let k = 0; k < ends[2]; k++) {
    for (let j = 0; j < ends[1]; j++) {
      const row = nx * (j + ny * k);
      for (let i = 0; i < ends[0]; i++) {
        const at = axis === 0 ? i : axis === 1 ? j : k;
        const v = row + i;
        const w = v + stride * (at + lag < cells[axis] ? lag : lag - cells[axis]);
        both += inside[v] & inside[w];
        first += inside[v];
        second += inside[w];
      }
    }
  }
  const pairs = ends[0] * ends[1] * ends[2];
  return (both - fraction * (first + second)) / pairs + fraction * fraction;
}

function lengthsOf(values: readonly number[], h: number): { length: number | null; fall: number | null } {
  /** Where the broken line through the values first gets down to `level`, in steps; −1 where it never does. */
  const crossing = (level: number) => {
    const after = values.findIndex(value => value <= level);
    return after <= 0 ? -1 : after - 1 + (values[after - 1] - level) / (values[after - 1] - values[after]);
  };
  const zero = crossing(0);
  const fall = crossing(1 / Math.E);
  let length = 0;
  for (let i = 0; i < zero; i++) {
    const width = Math.min(1, zero - i);
    length += (width * (values[i] + (width < 1 ? 0 : values[i + 1]))) / 2;
  }
  return { length: zero < 0 ? null : length * h, fall: fall < 0 ? null : fall * h };
}
