import type { FieldDescription } from '../field.ts';
import type { Grid } from '../grid.ts';
import { largestFactor } from './fourier.ts';
import { createLineTransform, type LineEnds, type LineTransform } from './lineTransform.ts';

/** Lengths with larger prime factors cost more than multigrid. */
const LARGEST_FACTOR = 13;

/** The ends of the lines along every axis, where a transform knows them; else, or where coefficients vary, null. */
export function spectralEnds(grid: Grid, field: FieldDescription): LineEnds[] | null {
  if (field.medium || field.film || field.layer || grid.solid) return null;
  if ((field.patches && field.patches.length > 0) || (field.reservoirs && field.reservoirs.length > 0))
    return null;
  const ends: LineEnds[] = [];
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const kinds = [0, 1].map(side => {
      const { kind } = field.boundary[2 * axis + side];
      if (kind === 'value' || kind === 'periodic') return kind;
      // What comes in whatever is there, and what only the flow passes, is closed to diffusion.
      return kind === 'no-flux' || kind === 'outflow' || kind === 'flux' ? 'closed' : null;
    });
    if (kinds.includes(null) || largestFactor(grid.cells[axis]) > LARGEST_FACTOR) return null;
    const [low, high] = kinds;
    if (low === 'periodic') ends.push('periodic');
    else if (low === high) ends.push(low === 'value' ? 'held' : 'closed');
    else ends.push(low === 'value' ? 'held-closed' : 'closed-held');
  }
  return ends;
}

/** (inertia + a (λ − L))⁻¹ of a field with one diffusivity, exactly, in O(n log n). Arrays hold one number per voxel. */
export interface SpectralSolver {
  /** Sets the matrix: `loss` = inertia + a λ, and a D (µm²). */
  prepare(loss: number, spread: number): void;
  /** In place. */
  solve(values: Float64Array): void;
}

export function createSpectralSolver(grid: Grid, ends: readonly LineEnds[]): SpectralSolver {
  const { cells, spacing } = grid;
  const [nx, ny, nz] = cells;
  const transforms = ends.map((end, axis) => createLineTransform(cells[axis], end));
  const strides = [1, nx, nx * ny];
  const rates = transforms.map(({ eigenvalues }, axis) =>
    eigenvalues.map(value => value / spacing[axis] ** 2),
  );
  let loss = 1;
  let spread = 0;

  function divide(values: Float64Array): void {
    let v = 0;
    for (let k = 0; k < nz; k++) {
      const z = rates.length === 3 ? rates[2][k] : 0;
      for (let j = 0; j < ny; j++) {
        const across = loss + spread * (rates[1][j] + z);
        for (let i = 0; i < nx; i++) values[v++] /= across + spread * rates[0][i];
      }
    }
  }

  return {
    prepare(newLoss, newSpread) {
      loss = newLoss;
      spread = newSpread;
    },
    solve(values) {
      transforms.forEach((transform, axis) => {
        alongLines(values, cells[axis], strides[axis], grid.voxels, transform, 'forward');
      });
      divide(values);
      for (let axis = transforms.length - 1; axis >= 0; axis--) {
        alongLines(values, cells[axis], strides[axis], grid.voxels, transforms[axis], 'inverse');
      }
    },
  };
}

/** Transforms all lines of n voxels that lie `stride` apart, two at a time. */
function alongLines(
  values: Float64Array,
  n: number,
  stride: number,
  voxels: number,
  transform: LineTransform,
  way: 'forward' | 'inverse',
): void {
  const [a, b] = [new Float64Array(n), new Float64Array(n)];
  const lines = voxels / n;
  // Line l begins in block ⌊l / stride⌋ of n × stride voxels.
  const startOf = (line: number) => (line % stride) + Math.floor(line / stride) * stride * n;
  for (let line = 0; line < lines; line += 2) {
    const first = startOf(line);
    const second = line + 1 < lines ? startOf(line + 1) : first;
    for (let i = 0; i < n; i++) {
      a[i] = values[first + i * stride];
      b[i] = values[second + i * stride];
    }
    transform[way](a, b);
    for (let i = 0; i < n; i++) {
      values[first + i * stride] = a[i];
      values[second + i * stride] = second === first ? a[i] : b[i];
    }
  }
}
