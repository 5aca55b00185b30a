import type { Grid } from './grid.ts';

/** Discs, balls and capsules; lengths in µm. */
export interface Bodies {
  readonly count: number;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly z: ArrayLike<number>;
  readonly radius: ArrayLike<number>;
  /** Of capsules: unit vector along them, and half the distance between the centres of their caps (0 for a ball). */
  readonly rods?: {
    readonly axisX: ArrayLike<number>;
    readonly axisY: ArrayLike<number>;
    readonly axisZ: ArrayLike<number>;
    readonly halfLength: ArrayLike<number>;
  };
}

/**
 * Distance (µm) from the centre of every voxel to the nearest surface of a body, less than 0 inside one; +∞ beyond `limit`, or
 * where there is none. Each ball is entered into the voxels near it; then voxels ask their neighbours for a nearer one, forwards and backwards through the
 * grid (Danielsson's vector propagation, on the balls themselves): distances are true ones, of a ball that is the nearest or all but so.
 */
export function surfaceDistance(grid: Grid, balls: Bodies, limit: number, out: Float64Array): void {
  const { cells, spacing, periodic, dimensions, size } = grid;
  const [nx, ny, nz] = cells;
  const [dx, dy, dz] = spacing;
  const owner = new Int32Array(grid.voxels).fill(-1);
  out.fill(Number.POSITIVE_INFINITY);
  const { x, y, z, radius, rods } = balls;
  const deep = dimensions === 3;

  function consider(voxel: number, ball: number): void {
    if (owner[voxel] === ball) return;
    const i = voxel % nx;
    const rest = (voxel - i) / nx;
    const j = rest % ny;
    let ex = (i + 0.5) * dx - x[ball];
    let ey = (j + 0.5) * dy - y[ball];
    let ez = deep ? ((rest - j) / ny + 0.5) * dz - z[ball] : 0;
    if (periodic[0]) ex -= size[0] * Math.round(ex / size[0]);
    if (periodic[1]) ey -= size[1] * Math.round(ey / size[1]);
    if (deep && periodic[2]) ez -= size[2] * Math.round(ez / size[2]);
    if (rods && rods.halfLength[ball] > 0) {
      const half = rods.halfLength[ball];
      const [ax, ay, az] = [rods.axisX[ball], rods.axisY[ball], deep ? rods.axisZ[ball] : 0];
      const along = Math.max(-half, Math.min(half, ex * ax + ey * ay + ez * az));
      ex -= along * ax;
      ey -= along * ay;
      ez -= along * az;
    }
    const distance = Math.sqrt(ex * ex + ey * ey + ez * ez) - radius[ball];
    if (distance < out[voxel] && distance <= limit) {
      out[voxel] = distance;
      owner[voxel] = ball;
    }
  }

  /** Indices along an axis within reach of a place, wrapped or cut off. */
  function within(axis: number, at: number, reach: number): number[] {
    const n = cells[axis];
    const h = spacing[axis];
    const [from, to] = [Math.floor((at - reach) / h), Math.floor((at + reach) / h)];
    if (to - from + 1 >= n) return Array.from({ length: n }, (_, i) => i);
    const found: number[] = [];
    for (let i = from; i <= to; i++) {
      if (i >= 0 && i < n) found.push(i);
      else if (periodic[axis]) found.push((i + n) % n);
    }
    return found;
  }

  for (let ball = 0; ball < balls.count; ball++) {
    // A voxel beyond the surface, so that no ball is hidden behind another in the same voxel.
    const reach = radius[ball] + (rods?.halfLength[ball] ?? 0);
    const columns = within(0, x[ball], reach + dx);
    const rows = within(1, y[ball], reach + dy);
    const layers = deep ? within(2, z[ball], reach + dz) : [0];
    for (const k of layers)
      for (const j of rows) for (const i of columns) consider(i + nx * (j + ny * k), ball);
  }

  const low = deep ? -1 : 0;
  const high = deep ? 1 : 0;
  function ask(i: number, j: number, k: number, side: number): void {
    const voxel = i + nx * (j + ny * k);
    for (let c = low; c <= high; c++) {
      for (let b = -1; b <= 1; b++) {
        for (let a = -1; a <= 1; a++) {
          // The half of the neighbours that this pass has been at.
          if ((c !== 0 ? c : b !== 0 ? b : a) !== side) continue;
          let [p, q, r] = [i + a, j + b, k + c];
          if (periodic[0]) p = p < 0 ? nx - 1 : p === nx ? 0 : p;
          if (periodic[1]) q = q < 0 ? ny - 1 : q === ny ? 0 : q;
          if (periodic[2]) r = r < 0 ? nz - 1 : r === nz ? 0 : r;
          if (p < 0 || q < 0 || r < 0 || p === nx || q === ny || r === nz) continue;
          const ball = owner[p + nx * (q + ny * r)];
          if (ball >= 0) consider(voxel, ball);
        }
      }
    }
  }

  function askInRow(i: number, j: number, k: number, side: number): void {
    let p = i + side;
    if (periodic[0]) p = p < 0 ? nx - 1 : p === nx ? 0 : p;
    if (p < 0 || p === nx) return;
    const row = nx * (j + ny * k);
    const ball = owner[row + p];
    if (ball >= 0) consider(row + i, ball);
  }

  // Across a periodic seam the second round takes on what the first has brought there.
  for (let round = 0; round < (periodic.some(Boolean) ? 2 : 1); round++) {
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) ask(i, j, k, -1);
        for (let i = nx - 1; i >= 0; i--) askInRow(i, j, k, 1);
      }
    }
    for (let k = nz - 1; k >= 0; k--) {
      for (let j = ny - 1; j >= 0; j--) {
        for (let i = nx - 1; i >= 0; i--) ask(i, j, k, 1);
        for (let i = 0; i < nx; i++) askInRow(i, j, k, -1);
      }
    }
  }
}
