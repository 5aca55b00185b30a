import type { Population } from '../cells/population.ts';
import type { Grid } from '../fields/grid.ts';
import { type Capsule, chordOf } from './capsule.ts';

/** Abscissae and weights of Gauss and Legendre's rule with 6 points on [−1, 1]. */
const GAUSS: readonly (readonly [number, number])[] = [
  [0.9324695142031521, 0.17132449237917036],
  [0.6612093864662645, 0.3607615730481386],
  [0.2386191860831969, 0.46791393457269104],
];

/** Voxels along each axis that a body can reach: as many as the largest may need. */
export function reachOf(population: Population, grid: Grid): [number, number, number] {
  const largest = [0, 0, 0];
  for (let slot = 0; slot < population.count; slot++) {
    for (let axis = 0; axis < 3; axis++)
      largest[axis] = Math.max(largest[axis], extentOf(population, slot, axis));
  }
  const along = (axis: number) => Math.floor((2 * largest[axis]) / grid.spacing[axis]) + 2;
  return [along(0), along(1), grid.dimensions === 2 ? 1 : along(2)];
}

/** How far a body reaches from its centre along an axis, µm. */
function extentOf({ radius, rods }: Population, slot: number, axis: number): number {
  if (!rods) return radius[slot];
  const column = [rods.axisX, rods.axisY, rods.axisZ][axis];
  return radius[slot] + rods.halfLength[slot] * Math.abs(column[slot]);
}

/**
 * Voxels that the body of every cell covers, with the share of its volume in each; `reach` of them along each axis. What lies
 * beyond a wall falls to the voxel at the wall, beyond a periodic face it wraps. Shares of discs are exact; spheres are cut into
 * discs at six Gauss points to a layer of voxels, rods (capsule.ts) into chords at six to a row, in 3-D also to a layer.
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
  const capsule: Capsule = { radius: 0, half: 0, axis: new Float64Array(3) };
  for (let slot = 0; slot < population.count; slot++) {
    const radius = population.radius[slot];
    const isLong = population.rods !== undefined && population.rods.halfLength[slot] > 0;
    if (isLong) readCapsule(capsule, population, slot);
    for (let axis = 0; axis < grid.dimensions; axis++) {
      const low = place[axis][slot] - extentOf(population, slot, axis);
      first[axis] = Math.floor(low / grid.spacing[axis]);
    }
    const at = slot * points;
    let sum = 0;
    for (let k = 0; k < rz; k++) {
      if (isLong) coverByCapsule(shares, reach, first, k, capsule, slot, place, grid);
      else if (radius > 0) coverLayer(shares, reach, first, k, radius, slot, place, grid);
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

function readCapsule(capsule: Capsule, { radius, rods }: Population, slot: number): void {
  if (!rods) return;
  capsule.radius = radius[slot];
  capsule.half = rods.halfLength[slot];
  capsule.axis[0] = rods.axisX[slot];
  capsule.axis[1] = rods.axisY[slot];
  capsule.axis[2] = rods.axisZ[slot];
}

const chord = new Float64Array(2);

/** The same of a rod, by its chords along x. */
function coverByCapsule(
  shares: Float64Array,
  [rx, ry]: readonly [number, number, number],
  first: readonly number[],
  k: number,
  capsule: Capsule,
  slot: number,
  place: readonly Float64Array[],
  { dimensions, spacing }: Grid,
): void {
  shares.fill(0);
  const { radius, half, axis } = capsule;
  const [dx] = spacing;
  const left = first[0] * dx - place[0][slot];
  /** Gauss points on what the body reaches of interval n along an axis. */
  const points = (along: number, n: number): (readonly [number, number])[] => {
    const extent = radius + half * Math.abs(axis[along]);
    const start = (first[along] + n) * spacing[along] - place[along][slot];
    const [low, high] = [Math.max(start, -extent), Math.min(start + spacing[along], extent)];
    if (!(high > low)) return [];
    const [middle, halfWidth] = [0.5 * (low + high), 0.5 * (high - low)];
    return GAUSS.flatMap(([abscissa, weight]) =>
      [-1, 1].map(side => [middle + side * abscissa * halfWidth, weight * halfWidth] as const),
    );
  };
  const heights = dimensions === 2 ? ([[0, 1]] as const) : points(2, k);
  for (let j = 0; j < ry; j++) {
    const rows = points(1, j);
    for (const [z, height] of heights) {
      for (const [y, width] of rows) {
        chordOf(capsule, y, z, chord);
        const [from, to] = chord;
        if (!(to > from)) continue;
        for (let i = 0; i < rx; i++) {
          const covered = Math.min(to, left + (i + 1) * dx) - Math.max(from, left + i * dx);
          if (covered > 0) shares[i + rx * j] += covered * width * height;
        }
      }
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
  if (edges.length < 4 * (rx + 1)) edges = new Float64Array(4 * (rx + 1));
  // By edge along x: its place, the area left of it (less half the disc), and those left of it and below each row's lower and upper edge.
  for (let i = 0; i <= rx; i++) {
    edges[4 * i] = clamp((left + i * dx) / radius);
    edges[4 * i + 1] = strip(edges[4 * i]);
  }
  for (let j = 0; j <= ry; j++) {
    const y = clamp((bottom + j * dy) / radius);
    const below = strip(y);
    for (let i = 0; i <= rx; i++) {
      edges[4 * i + 2] = edges[4 * i + 3];
      edges[4 * i + 3] = corner(edges[4 * i], y, edges[4 * i + 1], below);
    }
    for (let i = 0; i < rx && j > 0; i++) {
      const right = edges[4 * i + 7] - edges[4 * i + 6];
      const area = right - (edges[4 * i + 3] - edges[4 * i + 2]);
      if (area > 0) shares[i + rx * (j - 1)] += scale * area;
    }
  }
}

let edges = new Float64Array(0);

function clamp(a: number): number {
  return a < -1 ? -1 : a > 1 ? 1 : a;
}

/** Area of the unit disc left of a and below b, both from −1 to 1, with the strips between 0 and them. */
function corner(a: number, b: number, left: number, below: number): number {
  if (a * a + b * b <= 1) return a * b + 0.5 * (left + below) + 0.25 * Math.PI;
  if (a >= 0 && b >= 0) return left + below;
  if (a < 0 && b < 0) return 0;
  return 0.5 * Math.PI + (a < 0 ? left : below);
}

/** Area of the unit disc between 0 and a, signed. */
function strip(a: number): number {
  return a * Math.sqrt(1 - a * a) + Math.asin(a);
}
