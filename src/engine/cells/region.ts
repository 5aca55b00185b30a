import type { Grid } from '../fields/grid.ts';
import { uniform } from '../random/xoshiro.ts';
import type { Placement } from './cellType.ts';

/** A placement's region as seen by cells of one radius: where their centres may be. */
export interface Region {
  /** Why no cell of this radius can be placed, or null. */
  readonly fault: string | null;
  /** The most cells of this radius that the region could hold. */
  readonly limit: number;
  /** Whether centres are drawn, so that another try gives another centre. */
  readonly random: boolean;
  /**
   * Writes the centre of founder number `i`; a random region draws it from the stream at `offset`. False where a disc
   * or ball reaches so little between the walls that no throw hits it.
   */
  centre(i: number, streams: Uint32Array, offset: number, into: Float64Array): boolean;
}

type Point = readonly [number, number, number];
type Shape = Exclude<Placement['region'], { kind: 'points' } | { kind: 'lattice' }>;

/**
 * Regions hold the cells' *centres*; the part of a region from which a cell would cross a wall is left out. In 2-D
 * the third coordinate is ignored, a ball is a disc and a disc in 3-D is flat, at the height of its centre.
 */
export function createRegion(region: Placement['region'], grid: Grid, radius: number): Region {
  if (region.kind === 'points') return listed(region.points, grid, radius, 'point');
  if (region.kind === 'lattice') return listed(latticePoints(region, grid), grid, radius, 'lattice point');
  return drawn(region, grid, radius);
}

/** Points of a regular lattice whose elementary boxes fill the box: the middle of each, x fastest, then y, then z. */
export function latticePoints(
  { from, to, counts }: Extract<Placement['region'], { kind: 'lattice' }>,
  grid: Grid,
): Point[] {
  const points: Point[] = [];
  const [nx, ny] = counts;
  const nz = grid.dimensions === 2 ? 1 : counts[2];
  const along = (axis: 0 | 1 | 2, i: number) =>
    from[axis] + ((i + 0.5) / counts[axis]) * (to[axis] - from[axis]);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) points.push([along(0, i), along(1, j), along(2, k)]);
    }
  }
  return points;
}

/**
 * Tolerance (relative to the domain) for a given point that touches a wall: the lattice's spacing and the radius are
 * rounded values.
 */
const TOUCHING = 1e-9;

function listed(points: readonly Point[], grid: Grid, radius: number, what: string): Region {
  let fault: string | null = null;
  for (let p = 0; p < points.length && fault === null; p++) {
    for (let axis = 0; axis < grid.dimensions && fault === null; axis++) {
      const size = grid.size[axis];
      const margin = (grid.periodic[axis] ? 0 : radius) - TOUCHING * size;
      const inside = points[p][axis] >= margin && points[p][axis] <= size - margin;
      if (inside) continue;
      const at = `(${points[p].slice(0, grid.dimensions).join(', ')}) µm`;
      const allowed = `${'xyz'[axis]} must be from ${Math.max(0, margin)} to ${Math.min(size, size - margin)} µm`;
      fault = `${what} ${p} at ${at} puts a cell of radius ${radius.toPrecision(3)} µm outside the domain: ${allowed}`;
    }
  }
  return {
    fault,
    limit: points.length,
    random: false,
    centre(i, _streams, _offset, into) {
      into.set(points[i]);
      return true;
    },
  };
}

/** Throws at a disc or ball before it is taken for one that only just reaches into the domain. */
const MOST_THROWS = 100_000;

function drawn(region: Shape, grid: Grid, radius: number): Region {
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  const round = region.kind === 'disc' || region.kind === 'ball';
  let fault: string | null = null;
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const size = grid.size[axis];
    const wall = grid.periodic[axis] ? 0 : radius;
    low[axis] = wall;
    high[axis] = size - wall;
    const span = spanOf(region, axis as 0 | 1 | 2, size);
    if (grid.periodic[axis] && span[1] - span[0] < size) [low[axis], high[axis]] = span;
    else {
      low[axis] = Math.max(low[axis], span[0]);
      high[axis] = Math.min(high[axis], span[1]);
    }
    if (low[axis] > high[axis]) {
      fault = `no cell of radius ${radius.toPrecision(3)} µm fits between the walls in this ${region.kind}`;
    }
  }
  return {
    fault,
    limit: packingLimit(region, grid, radius, low, high),
    random: true,
    centre(_i, streams, offset, into) {
      for (let throws = 0; throws < MOST_THROWS; throws++) {
        if (region.kind === 'mask') {
          drawInMask(region, grid.dimensions, streams, offset, into);
          if (into.every((c, axis) => axis >= grid.dimensions || (c >= low[axis] && c <= high[axis])))
            return true;
          continue;
        }
        let square = 0;
        for (let axis = 0; axis < grid.dimensions; axis++) {
          const width = high[axis] - low[axis];
          into[axis] = width > 0 ? low[axis] + width * uniform(streams, offset) : low[axis];
          if (round) square += (into[axis] - region.centre[axis]) ** 2;
        }
        if (!round || square <= region.radius ** 2) return true;
      }
      return false;
    },
  };
}

/** A place in one of the bright pixels, each of them and each place in it equally likely. */
function drawInMask(
  { from, to, width, height, pixels }: Extract<Shape, { kind: 'mask' }>,
  dimensions: 2 | 3,
  streams: Uint32Array,
  offset: number,
  into: Float64Array,
): void {
  const pixel = pixels[Math.floor(uniform(streams, offset) * pixels.length)];
  const column = (pixel % width) + uniform(streams, offset);
  const row = Math.floor(pixel / width) + uniform(streams, offset);
  into[0] = from[0] + (column / width) * (to[0] - from[0]);
  into[1] = to[1] - (row / height) * (to[1] - from[1]);
  if (dimensions === 3) into[2] = from[2] + uniform(streams, offset) * (to[2] - from[2]);
}

/** The region's extent along one axis. */
function spanOf(region: Shape, axis: 0 | 1 | 2, size: number): [number, number] {
  if (region.kind === 'domain') return [0, size];
  if (region.kind === 'box' || region.kind === 'mask') return [region.from[axis], region.to[axis]];
  const reach = region.kind === 'disc' && axis === 2 ? 0 : region.radius;
  return [region.centre[axis] - reach, region.centre[axis] + reach];
}

/**
 * The most discs or spheres of radius r (d = 2r) whose centres lie in a convex region.
 *
 * 2-D, area A and perimeter P: N ≤ (2/√3) A/d² + P/(2d) + 1 (Oler 1961, doi:10.1007/BF02591360), reached by
 * hexagonal patches. 3-D: the region widened by r on all sides at the density π/√18 of the densest packing (Hales
 * 2005, doi:10.4007/annals.2005.162.1065), and one more for regions of hardly a cell's size.
 */
function packingLimit(region: Shape, grid: Grid, r: number, low: number[], high: number[]): number {
  const [w, h, t] = [0, 1, 2].map(axis => Math.max(0, high[axis] - low[axis]));
  const round = region.kind === 'disc' || region.kind === 'ball';
  const d = 2 * r;
  if (grid.dimensions === 2) {
    const area = round ? Math.min(w * h, Math.PI * region.radius ** 2) : w * h;
    const perimeter = round ? Math.min(2 * (w + h), 2 * Math.PI * region.radius) : 2 * (w + h);
    return Math.floor(((2 / Math.sqrt(3)) * area) / d ** 2 + perimeter / (2 * d) + 1);
  }
  const box = (w + d) * (h + d) * (t + d);
  const ball = region.kind === 'ball' ? (4 / 3) * Math.PI * (region.radius + r) ** 3 : box;
  const cell = (4 / 3) * Math.PI * r ** 3;
  return Math.floor((Math.PI / Math.sqrt(18)) * (Math.min(box, ball) / cell) + 1);
}
