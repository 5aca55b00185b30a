import type { Grid } from './grid.ts';
import { faceIndex } from './velocity.ts';

/** Where a flow makes or loses most, relative to what the fastest flow brings to a voxel. */
export interface Divergence {
  readonly voxel: number;
  /** Net outflow of the voxel over the largest |speed|/spacing along any axis; signed. */
  readonly relative: number;
}

/** Sets the speeds through the faces of obstacles to 0. */
export function stopAtObstacles(grid: Grid, speeds: readonly Float64Array[]): void {
  const { solid, dimensions } = grid;
  if (!solid) return;
  for (let v = 0; v < grid.voxels; v++) {
    if (!solid[v]) continue;
    for (let axis = 0; axis < dimensions; axis++) {
      for (const side of [0, 1] as const) speeds[axis][faceIndex(grid, axis, v, side)] = 0;
      joinEnds(grid, speeds[axis], axis, v);
    }
  }
}

/** On a periodic axis both ends are one face: what is 0 at one of them is so at the other. */
function joinEnds(grid: Grid, speeds: Float64Array, axis: number, voxel: number): void {
  if (!grid.periodic[axis]) return;
  const step = [1, grid.cells[0], grid.cells[0] * grid.cells[1]][axis];
  const n = grid.cells[axis];
  const place = Math.floor(voxel / step) % n;
  if (place === 0) speeds[faceIndex(grid, axis, voxel + (n - 1) * step, 1)] = 0;
  if (place === n - 1) speeds[faceIndex(grid, axis, voxel - (n - 1) * step, 0)] = 0;
}

/** Net outflow of every voxel, 1/s; 0 in obstacles. */
export function divergenceOf(grid: Grid, speeds: readonly Float64Array[]): Float64Array {
  const { dimensions, spacing, solid } = grid;
  return Float64Array.from({ length: grid.voxels }, (_, v) => {
    if (solid?.[v]) return 0;
    let sum = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      const through = (side: 0 | 1) => speeds[axis][faceIndex(grid, axis, v, side)];
      sum += (through(1) - through(0)) / spacing[axis];
    }
    return sum;
  });
}

export function worstDivergence(grid: Grid, speeds: readonly Float64Array[]): Divergence {
  let fastest = 0;
  for (let axis = 0; axis < grid.dimensions; axis++)
    for (const speed of speeds[axis]) fastest = Math.max(fastest, Math.abs(speed) / grid.spacing[axis]);
  const rates = divergenceOf(grid, speeds);
  let voxel = 0;
  for (let v = 1; v < rates.length; v++) if (Math.abs(rates[v]) > Math.abs(rates[voxel])) voxel = v;
  return { voxel, relative: fastest > 0 ? rates[voxel] / fastest : 0 };
}

/** Residual that the projection leaves, relative to the largest divergence it began with. */
const TOLERANCE = 1e-13;

/**
 * Takes the divergence out of a flow, in place, by the gradient of a potential: v − ∇p with ∇²p = ∇·v, which is the nearest flow without
 * divergence (Helmholtz). Speeds through the domain's own faces stay as they are but for the outflow, which is scaled to the
 * inflow; those of obstacles are 0 and stay so. Conjugate gradients on the voxels. False where a part of the domain has more
 * inflow than outflow whatever is done.
 */
export function projectFlow(grid: Grid, speeds: readonly Float64Array[]): boolean {
  stopAtObstacles(grid, speeds);
  if (!balanceOutflow(grid, speeds)) return false;
  const { dimensions, spacing, voxels } = grid;
  const links = neighbours(grid);
  const right = divergenceOf(grid, speeds).map(value => -value);
  const most = right.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  if (most === 0) return true;
  const p = new Float64Array(voxels);
  const r = right.slice();
  const direction = r.slice();
  const image = new Float64Array(voxels);
  let rr = dot(r, r);
  for (let pass = 0; pass < 20 * Math.max(...grid.cells) + 1000; pass++) {
    for (let v = 0; v < voxels; v++) {
      let sum = 0;
      for (let axis = 0; axis < dimensions; axis++) {
        const h2 = spacing[axis] ** 2;
        for (const side of [0, 1]) {
          const other = links[2 * axis + side][v];
          if (other >= 0) sum += (direction[v] - direction[other]) / h2;
        }
      }
      image[v] = sum;
    }
    const curvature = dot(direction, image);
    if (!(curvature > 0)) break;
    const alpha = rr / curvature;
    let left = 0;
    for (let v = 0; v < voxels; v++) {
      p[v] += alpha * direction[v];
      r[v] -= alpha * image[v];
      left = Math.max(left, Math.abs(r[v]));
    }
    if (left <= TOLERANCE * most) break;
    const next = dot(r, r);
    for (let v = 0; v < voxels; v++) direction[v] = r[v] + (next / rr) * direction[v];
    rr = next;
  }
  // ∇²p is the divergence: taking ∇p off the faces takes it away.
  for (let v = 0; v < voxels; v++) {
    for (let axis = 0; axis < dimensions; axis++) {
      const other = links[2 * axis + 1][v];
      if (other < 0) continue;
      const push = (p[other] - p[v]) / spacing[axis];
      const face = faceIndex(grid, axis, v, 1);
      speeds[axis][face] -= push;
      if (other < v) speeds[axis][faceIndex(grid, axis, other, 0)] = speeds[axis][face];
    }
  }
  return true;
}

/** The neighbour of every voxel below and above along each axis, −1 where there is none or an obstacle. */
function neighbours({ cells, periodic, dimensions, voxels, solid }: Grid): Int32Array[] {
  const steps = [1, cells[0], cells[0] * cells[1]];
  return Array.from({ length: 2 * dimensions }, (_, face) => {
    const axis = face >> 1;
    const n = cells[axis];
    const side = face & 1 ? 1 : -1;
    return Int32Array.from({ length: voxels }, (__, v) => {
      const place = (Math.floor(v / steps[axis]) % n) + side;
      const isOut = place < 0 || place >= n;
      if (n === 1 || solid?.[v] || (isOut && !periodic[axis])) return -1;
      const other = v + steps[axis] * (isOut ? -side * (n - 1) : side);
      return solid?.[other] ? -1 : other;
    });
  });
}

/** Scales the outflow through the domain's faces to the inflow, of each part of the domain by itself. */
function balanceOutflow(grid: Grid, speeds: readonly Float64Array[]): boolean {
  const part = partsOf(grid);
  const flows = new Map<number, { into: number; out: number }>();
  const ends: { voxel: number; axis: number; side: 0 | 1; outwards: number }[] = [];
  const steps = [1, grid.cells[0], grid.cells[0] * grid.cells[1]];
  for (let axis = 0; axis < grid.dimensions; axis++) {
    if (grid.periodic[axis]) continue;
    for (let v = 0; v < grid.voxels; v++) {
      if (grid.solid?.[v]) continue;
      const place = Math.floor(v / steps[axis]) % grid.cells[axis];
      for (const side of [0, 1] as const) {
        if (place !== (side === 0 ? 0 : grid.cells[axis] - 1)) continue;
        const speed = speeds[axis][faceIndex(grid, axis, v, side)];
        const outwards = ((side === 1 ? speed : -speed) * grid.voxelVolume) / grid.spacing[axis];
        const flow = flows.get(part[v]) ?? { into: 0, out: 0 };
        if (outwards > 0) flow.out += outwards;
        else flow.into -= outwards;
        flows.set(part[v], flow);
        ends.push({ voxel: v, axis, side, outwards });
      }
    }
  }
  for (const { into, out } of flows.values()) if (into > 0 !== out > 0) return false;
  for (const { voxel, axis, side, outwards } of ends) {
    const { into, out } = flows.get(part[voxel]) as { into: number; out: number };
    if (outwards > 0) speeds[axis][faceIndex(grid, axis, voxel, side)] *= into / out;
  }
  return true;
}

/** A number per free voxel that those joined through faces share. */
function partsOf(grid: Grid): Int32Array {
  const links = neighbours(grid);
  const part = new Int32Array(grid.voxels).fill(-1);
  for (let seed = 0; seed < grid.voxels; seed++) {
    if (part[seed] >= 0 || grid.solid?.[seed]) continue;
    part[seed] = seed;
    const queue = [seed];
    for (let at = 0; at < queue.length; at++) {
      for (const link of links) {
        const other = link[queue[at]];
        if (other < 0 || part[other] >= 0) continue;
        part[other] = seed;
        queue.push(other);
      }
    }
  }
  return part;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
