import { radiusOfVolume } from '../cells/geometry.ts';
import type { Population } from '../cells/population.ts';
import type { Grid } from '../fields/grid.ts';

/** Abscissae and weights of Gauss and Legendre's rule with 6 points on [−1, 1]. */
const GAUSS: readonly (readonly [number, number])[] = [
  [0.9324695142031521, 0.17132449237917036],
  [0.6612093864662645, 0.3607615730481386],
  [0.2386191860831969, 0.46791393457269104],
];

/** Voxels along each axis that a body of the largest radius can reach. */
export function reachOf(population: Population, grid: Grid): [number, number, number] {
  let largest = 0;
  for (let slot = 0; slot < population.count; slot++) {
    largest = Math.max(largest, radiusOf(population, slot, grid));
  }
  const along = (axis: number) => Math.floor((2 * largest) / grid.spacing[axis]) + 2;
  return [along(0), along(1), grid.dimensions === 2 ? 1 : along(2)];
}

/** Radius of the disc (2-D) or sphere with the cell's volume, µm. */
function radiusOf({ volume }: Population, slot: number, { dimensions, size }: Grid): number {
  return radiusOfVolume(dimensions === 2 ? 'disc' : 'sphere', volume[slot], size[2]);
}

/**
 * Voxels that the body of every cell covers, a disc or sphere of its volume, with the share of its volume in each; `reach` of them
 * along each axis. What lies beyond a wall falls to the voxel at the wall, beyond a periodic face it wraps. Shares are exact in
 * 2-D, in 3-D by six Gauss points to a layer of voxels.
 */
export function locateBody(
  voxel: Int32Array,
  weight: Float64Array,
  reach: readonly [number, number, number],
  population: Population,
  grid: Grid,
): void {
  const [nx, ny] = grid.cells;
  const [rx, ry, rz] = reach;
  const points = rx * ry * rz;
  const place = [population.x, population.y, population.z];
  const first = [0, 0, 0];
  const shares = new Float64Array(rx * ry);
  for (let slot = 0; slot < population.count; slot++) {
    const radius = radiusOf(population, slot, grid);
    for (let axis = 0; axis < 3; axis++) {
      const inside = axis < grid.dimensions;
      first[axis] = inside ? Math.floor((place[axis][slot] - radius) / grid.spacing[axis]) : 0;
    }
    const at = slot * points;
    let sum = 0;
    for (let k = 0; k < rz; k++) {
      if (radius > 0) coverLayer(shares, reach, first, k, radius, slot, place, grid);
      else shares.fill(0)[0] = Number(k === 0);
      for (let n = 0; n < rx * ry; n++) {
        const p = at + n + rx * ry * k;
        const i = onAxis(first[0] + (n % rx), grid, 0);
        const j = onAxis(first[1] + Math.floor(n / rx), grid, 1);
        voxel[p] = i + nx * (j + ny * onAxis(first[2] + k, grid, 2));
        weight[p] = shares[n];
        sum += shares[n];
      }
    }
    for (let p = at; p < at + points; p++) weight[p] /= sum;
  }
}

function onAxis(index: number, { cells, periodic }: Grid, axis: number): number {
  const n = cells[axis];
  return periodic[axis] ? ((index % n) + n) % n : Math.min(Math.max(index, 0), n - 1);
}

/** Volume (2-D: area) of the body in each voxel of layer k of those in its reach, in any unit. */
function coverLayer(
  shares: Float64Array,
  [rx, ry]: readonly [number, number, number],
  first: readonly number[],
  k: number,
  radius: number,
  slot: number,
  place: readonly Float64Array[],
  { dimensions, spacing }: Grid,
): void {
  shares.fill(0);
  const [x, y, z] = place.map(column => column[slot]);
  const left = first[0] * spacing[0] - x;
  const bottom = first[1] * spacing[1] - y;
  if (dimensions === 2) {
    addDisc(shares, rx, ry, left, bottom, spacing, radius, 1);
    return;
  }
  const low = Math.max((first[2] + k) * spacing[2] - z, -radius);
  const high = Math.min((first[2] + k + 1) * spacing[2] - z, radius);
  if (!(high > low)) return;
  for (const [abscissa, factor] of GAUSS) {
    for (const side of [-1, 1]) {
      const height = 0.5 * (low + high) + 0.5 * side * abscissa * (high - low);
      const across = Math.sqrt(Math.max(0, radius * radius - height * height));
      addDisc(shares, rx, ry, left, bottom, spacing, across, 0.5 * (high - low) * factor);
    }
  }
}

/** Adds `factor` × the area of the disc round the origin in each of rx × ry rectangles that begin at (left, bottom). */
function addDisc(
  shares: Float64Array,
  rx: number,
  ry: number,
  left: number,
  bottom: number,
  [dx, dy]: readonly [number, number, number],
  radius: number,
  factor: number,
): void {
  if (radius === 0) return;
  const scale = factor * radius * radius;
  for (let j = 0; j < ry; j++) {
    const [y0, y1] = [(bottom + j * dy) / radius, (bottom + (j + 1) * dy) / radius];
    if (y1 <= -1 || y0 >= 1) continue;
    for (let i = 0; i < rx; i++) {
      const [x0, x1] = [(left + i * dx) / radius, (left + (i + 1) * dx) / radius];
      if (x1 <= -1 || x0 >= 1) continue;
      const area = corner(x1, y1) - corner(x0, y1) - corner(x1, y0) + corner(x0, y0);
      if (area > 0) shares[i + rx * j] += scale * area;
    }
  }
}

/** Area of the unit disc left of x and below y. */
function corner(x: number, y: number): number {
  const a = Math.min(Math.max(x, -1), 1);
  const b = Math.min(Math.max(y, -1), 1);
  if (a * a + b * b <= 1) return a * b + 0.5 * (strip(a) + strip(b)) + 0.25 * Math.PI;
  const [left, below] = [strip(a) + 0.5 * Math.PI, strip(b) + 0.5 * Math.PI];
  if (a >= 0 && b >= 0) return left + below - Math.PI;
  if (a < 0 && b < 0) return 0;
  return a < 0 ? left : below;
}

/** Area of the unit disc between 0 and a, signed. */
function strip(a: number): number {
  return a * Math.sqrt(1 - a * a) + Math.asin(a);
}
