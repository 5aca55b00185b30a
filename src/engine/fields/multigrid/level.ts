/**
 * One grid of a multigrid hierarchy. Arrays have a halo of one voxel along every axis (in 2-D along x and y), so that kernels
 * need no edges: links into a closed side are 0, and on a periodic axis the halo mirrors the other side (`wrap`).
 */
export interface Layout {
  readonly dimensions: 2 | 3;
  readonly n: readonly [number, number, number];
  readonly periodic: readonly [boolean, boolean, boolean];
  /** Distances in memory along the axes; that of z is 0 in 2-D. */
  readonly stride: readonly [1, number, number];
  /** Place of voxel (0, 0, 0). */
  readonly start: number;
  /** Length of an array, halo included. */
  readonly size: number;
  readonly points: number;
}

/**
 * A symmetric matrix M on a layout: M[v, v] = diagonal[v], M[v, v + offsets[k]] = M[v + offsets[k], v] = −links[k][v]. A
 * `star` has one link per axis; a coarse grid couples a voxel with all that touch it: 4 forward links in 2-D, 13 in 3-D.
 */
export interface Level {
  readonly layout: Layout;
  readonly star: boolean;
  readonly offsets: readonly number[];
  /** Diagonal and links after one another in one array. */
  readonly entries: Float64Array;
  readonly diagonal: Float64Array;
  readonly inverse: Float64Array;
  readonly links: readonly Float64Array[];
  /** Unknowns, right-hand side and residual of the cycle. */
  readonly x: Float64Array;
  readonly b: Float64Array;
  readonly r: Float64Array;
}

export function createLayout(
  dimensions: 2 | 3,
  n: readonly [number, number, number],
  periodic: readonly [boolean, boolean, boolean],
): Layout {
  const [nx, ny, nz] = n;
  const sx = nx + 2;
  const deep = dimensions === 3;
  const sz = deep ? sx * (ny + 2) : 0;
  return {
    dimensions,
    n,
    periodic,
    stride: [1, sx, sz],
    start: 1 + sx + sz,
    size: sx * (ny + 2) * (deep ? nz + 2 : 1),
    points: nx * ny * nz,
  };
}

/** Forward offsets of a star or of all neighbours that touch; x fastest, all positive. */
export function forwardOffsets({ dimensions, stride }: Layout, star: boolean): number[] {
  const [, sx, sz] = stride;
  if (star) return dimensions === 3 ? [1, sx, sz] : [1, sx];
  const plane = [1, sx - 1, sx, sx + 1];
  if (dimensions === 2) return plane;
  return [...plane, ...[-sx - 1, -sx, -sx + 1, -1, 0, 1, sx - 1, sx, sx + 1].map(offset => sz + offset)];
}

export function createLevel(layout: Layout, star: boolean): Level {
  const column = () => new Float64Array(layout.size);
  const offsets = forwardOffsets(layout, star);
  const { size } = layout;
  const entries = new Float64Array((offsets.length + 1) * size);
  return {
    layout,
    star,
    offsets,
    entries,
    diagonal: entries.subarray(0, size),
    inverse: column(),
    links: offsets.map((_, k) => entries.subarray((k + 1) * size, (k + 2) * size)),
    x: column(),
    b: column(),
    r: column(),
  };
}

/** Copies the far side of every periodic axis into the halo. */
export function wrap({ n, periodic, stride, start, dimensions }: Layout, x: Float64Array): void {
  const [nx, ny, nz] = n;
  const [, sx, sz] = stride;
  if (periodic[0]) {
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const row = start + j * sx + k * sz;
        x[row - 1] = x[row + nx - 1];
        x[row + nx] = x[row];
      }
    }
  }
  if (periodic[1]) {
    for (let k = 0; k < nz; k++) {
      const plane = start - 1 + k * sz;
      for (let i = 0; i < sx; i++) {
        x[plane - sx + i] = x[plane + (ny - 1) * sx + i];
        x[plane + ny * sx + i] = x[plane + i];
      }
    }
  }
  if (periodic[2] && dimensions === 3) {
    const bottom = sz;
    const top = nz * sz;
    x.copyWithin(0, top, top + sz);
    x.copyWithin(top + sz, bottom, bottom + sz);
  }
}

/** Adds the halo's entries of every periodic axis to the voxels they mirror, and clears it: the adjoint of `wrap`. */
export function fold({ n, periodic, stride, start, dimensions }: Layout, x: Float64Array): void {
  const [nx, ny, nz] = n;
  const [, sx, sz] = stride;
  const move = (from: number, to: number) => {
    x[to] += x[from];
    x[from] = 0;
  };
  if (periodic[2] && dimensions === 3) {
    for (let i = 0; i < sz; i++) {
      move(i, nz * sz + i);
      move((nz + 1) * sz + i, sz + i);
    }
  }
  for (let k = 0; k < nz; k++) {
    const plane = start + k * sz;
    if (periodic[1]) {
      for (let i = -1; i <= nx; i++) {
        move(plane - sx + i, plane + (ny - 1) * sx + i);
        move(plane + ny * sx + i, plane + i);
      }
    }
    if (periodic[0]) {
      for (let j = 0; j < ny; j++) {
        const row = plane + j * sx;
        move(row - 1, row + nx - 1);
        move(row + nx, row);
      }
    }
  }
}

/** Completes a level whose diagonal and links are set: halo of the links, and 1/diagonal. */
export function finishLevel(level: Level): void {
  const { layout, diagonal, inverse, links } = level;
  for (const link of links) wrap(layout, link);
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) inverse[v] = 1 / diagonal[v];
  });
}

/** Calls back for every row of voxels along x with its first place and the place past its last. */
export function forRows(
  { n, stride, start }: Layout,
  each: (row: number, end: number, j: number, k: number) => void,
): void {
  const [nx, ny, nz] = n;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = start + j * stride[1] + k * stride[2];
      each(row, row + nx, j, k);
    }
  }
}

/** The largest share of a row that lies off its diagonal: below 1, and small where voxels are hardly coupled. */
export function largestCoupling({ layout, inverse, links, offsets }: Level): number {
  let most = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      let sum = 0;
      for (let k = 0; k < links.length; k++)
        sum += Math.abs(links[k][v]) + Math.abs(links[k][v - offsets[k]]);
      const share = sum * inverse[v];
      if (share > most) most = share;
    }
  });
  return most;
}

/** Steps along x, y and z of a forward offset. */
export function stepsOf(offset: number, { stride, dimensions }: Layout): readonly [number, number, number] {
  const [, s, t] = stride;
  for (let dz = 0; dz <= (dimensions === 3 ? 1 : 0); dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) if (dx + dy * s + dz * t === offset) return [dx, dy, dz];
    }
  }
  throw new Error('no such neighbour');
}
