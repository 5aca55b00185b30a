import { transmissibility } from '../fields/medium.ts';
import { solve } from '../fields/multigrid/conjugateGradients.ts';
import { createHierarchy } from '../fields/multigrid/hierarchy.ts';
import {
  createLayout,
  createLevel,
  finishLevel,
  forRows,
  type Layout,
  type Level,
  wrap,
} from '../fields/multigrid/level.ts';
import { percolates } from './percolation.ts';

/** Largest residual relative to the right-hand side at which the cell problem counts as solved; the mean's error is its square. */
const TOLERANCE = 1e-7;

/** Share of the identity in the matrix, of its largest diagonal: gives χ a level, in pores that nothing reaches, too. */
const INERTIA = 1e-10;

/** Links across obstacles in the preconditioner, of the mean link: with none its coarse grids would lose what lies within. */
const SEEPAGE = 1e-3;

/** The cell problem was not solved to its tolerance. */
export class CellProblemError extends Error {
  constructor(residual: number) {
    super(
      `the periodic cell problem stopped at a relative residual of ${residual.toExponential(1)}; ${TOLERANCE} is needed`,
    );
    this.name = 'CellProblemError';
  }
}

/**
 * Effective diffusivity along an axis of a medium that repeats periodically: the cell problem ∇·(D (∇χ + e)) = 0 on its voxels, χ
 * periodic, by the fluxes of the fields (harmonic means at faces, none where D is 0), and conjugate gradients preconditioned by the
 * fields' multigrid; then the mean of D |∇χ + e|² over all voxels, those with D = 0 included. That is the mean flux, with an error
 * of second order in that of χ. Exactly 0 where no way leads through.
 *
 * `cells` and `spacing` (µm) along x, y, z; `diffusivity` per voxel, index i + nx (j + ny k). Same unit as `diffusivity`.
 *
 * @throws CellProblemError
 */
export function effectiveDiffusivity(
  cells: readonly [number, number, number],
  spacing: readonly [number, number, number],
  diffusivity: Float64Array,
  axis: 0 | 1 | 2,
): number {
  const count = cells[0] * cells[1] * cells[2];
  if (cells[axis] === 1) return diffusivity.reduce((sum, d) => sum + d, 0) / count;
  if (diffusivity.includes(0) && !percolates(cells, diffusivity, axis)) return 0;
  const dimensions = cells[2] > 1 ? 3 : 2;
  const layout = createLayout(dimensions, cells, [cells[0] > 1, cells[1] > 1, cells[2] > 1]);
  const matrix = createLevel(layout, true);
  const d = spread(layout, diffusivity);
  matrix.links.forEach((link, a) => {
    if (cells[a] === 1) return;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) link[v] = transmissibility(d[v], d[v + layout.stride[a]], spacing[a]);
    });
  });
  const inertia = INERTIA * complete(matrix, 0);
  complete(matrix, inertia);

  // Per unit gradient: what enters a voxel less what leaves it.
  const b = new Float64Array(layout.size);
  const link = matrix.links[axis];
  const step = layout.stride[axis];
  const h = spacing[axis];
  let largest = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      b[v] = (link[v] - link[v - step]) * h;
      largest = Math.max(largest, Math.abs(b[v]));
    }
  });
  const x = new Float64Array(layout.size);
  if (largest > 0) {
    const isSolid = (v: number) => d[v] === 0;
    const closed = placesOf(layout, isSolid);
    const finest = closed.length > 0 ? seeping(matrix, isSolid, inertia) : matrix;
    const room = () => new Float64Array(layout.size);
    const hierarchy = createHierarchy(finest);
    const solution = solve(
      { matrix, hierarchy, closed, x, b, direction: room(), image: room() },
      TOLERANCE * largest,
    );
    if (!(solution.largest <= TOLERANCE * largest)) throw new CellProblemError(solution.largest / largest);
  }

  let energy = 0;
  matrix.links.forEach((along, a) => {
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        const rise = x[v + layout.stride[a]] - x[v] + (a === axis ? h : 0);
        energy += along[v] * rise * rise;
      }
    });
  });
  return energy / count;
}

/** Voxel after voxel, put into an array with a periodic halo. */
function spread(layout: Layout, values: Float64Array): Float64Array {
  const out = new Float64Array(layout.size);
  let voxel = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) out[v] = values[voxel++];
  });
  wrap(layout, out);
  return out;
}

/** Sets the diagonal to `inertia` plus all links of a voxel; returns the largest. */
function complete(level: Level, inertia: number): number {
  const { layout, links, offsets, diagonal } = level;
  for (const link of links) wrap(layout, link);
  let most = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      let sum = inertia;
      for (let k = 0; k < links.length; k++) sum += links[k][v] + links[k][v - offsets[k]];
      diagonal[v] = sum;
      if (sum > most) most = sum;
    }
  });
  finishLevel(level);
  return most;
}

/** A copy in which obstacles and what surrounds them are joined by weak links. */
function seeping(matrix: Level, isSolid: (v: number) => boolean, inertia: number): Level {
  const { layout } = matrix;
  const made = createLevel(layout, true);
  matrix.links.forEach((link, a) => {
    if (layout.n[a] === 1) return;
    let sum = 0;
    let open = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        sum += link[v];
        if (link[v] > 0) open++;
      }
    });
    const weak = open > 0 ? (SEEPAGE * sum) / open : 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++)
        made.links[a][v] = isSolid(v) || isSolid(v + layout.stride[a]) ? weak : link[v];
    });
  });
  complete(made, inertia);
  return made;
}

function placesOf(layout: Layout, holds: (v: number) => boolean): Int32Array {
  const places: number[] = [];
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) if (holds(v)) places.push(v);
  });
  return Int32Array.from(places);
}
