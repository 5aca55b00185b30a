import { createLayout, fold, forRows, type Layout, type Level, stepsOf, wrap } from './level.ts';

/**
 * Interpolation between a grid and the one that has every second of its voxels along the chosen axes. What lies between two
 * coarse voxels takes the value that the matrix itself would give it, its links across collapsed onto the line (plane) between
 * them, so that the flux stays continuous where coefficients jump, and an obstacle passes nothing (Alcouffe, Brandt, Dendy &
 * Painter 1981; Dendy 1982). Restriction is the adjoint. Works for any number of voxels.
 */
export interface Interpolation {
  readonly coarse: Layout;
  /** Per voxel of the fine array, halo included: the first coarse voxel that it depends on, … */
  readonly base: Int32Array;
  /** … which axes it lies between coarse voxels along, as bits, … */
  readonly kind: Uint8Array;
  /** … and where its weights begin: one per corner of the kind. */
  readonly first: Int32Array;
  readonly weights: Float64Array;
  /** Per kind: offsets of the corners from the base. */
  readonly corners: readonly (readonly number[])[];
}

/** The maps of a layout; its weights are yet to be set. */
export function createInterpolation(layout: Layout, coarsened: readonly boolean[]): Interpolation {
  const { n, stride, start, size, periodic, dimensions } = layout;
  const count = (axis: number) => (coarsened[axis] ? (n[axis] + 1) >> 1 : n[axis]);
  const coarse = createLayout(dimensions, [count(0), count(1), count(2)], periodic);
  const base = new Int32Array(size);
  const kind = new Uint8Array(size);
  const first = new Int32Array(size);
  // Along each axis, from −1 to n: place of the coarse voxel and whether it lies between two.
  const along = [0, 1, 2].map(axis => placesAlong(n[axis], periodic[axis], coarsened[axis], coarse.n[axis]));
  const low = dimensions === 3 ? -1 : 0;
  const high = dimensions === 3 ? n[2] : 0;
  let weightCount = 0;
  for (let k = low; k <= high; k++) {
    for (let j = -1; j <= n[1]; j++) {
      for (let i = -1; i <= n[0]; i++) {
        const v = start + i + j * stride[1] + k * stride[2];
        const [x, y, z] = [along[0][i + 1], along[1][j + 1], along[2][k + 1]];
        base[v] = coarse.start + (x >> 1) + (y >> 1) * coarse.stride[1] + (z >> 1) * coarse.stride[2];
        kind[v] = (x & 1) | ((y & 1) << 1) | ((z & 1) << 2);
        if (i < 0 || j < 0 || k < 0 || i === n[0] || j === n[1] || k === n[2]) continue;
        first[v] = weightCount;
        weightCount += 1 << bits(kind[v]);
      }
    }
  }
  wrapInts(layout, first);
  const corners = Array.from({ length: 8 }, (_, of) => cornerOffsets(of, coarse));
  const weights = new Float64Array(weightCount);
  return { coarse, base, kind, first, weights, corners };
}

/** 2 × coarse place + 1 where the voxel lies between that one and the next; the halo of a periodic axis continues it. */
function placesAlong(n: number, periodic: boolean, coarsened: boolean, coarse: number): number[] {
  return Array.from({ length: n + 2 }, (_, index) => {
    const i = index - 1;
    const inside = periodic ? (i + n) % n : Math.min(Math.max(i, 0), n - 1);
    const turn = periodic ? (i - inside) / n : 0;
    const place = coarsened ? inside : 2 * inside;
    return place + 2 * coarse * turn;
  });
}

function bits(kind: number): number {
  return (kind & 1) + ((kind >> 1) & 1) + (kind >> 2);
}

/** Corners in the order in which bit after bit of the kind is taken, low side first. */
function cornerOffsets(kind: number, coarse: Layout): number[] {
  let corners = [0];
  for (let axis = 0; axis < 3; axis++) {
    if (!((kind >> axis) & 1)) continue;
    const step = coarse.stride[axis];
    corners = [...corners, ...corners.map(corner => corner + step)];
  }
  return corners;
}

function wrapInts(layout: Layout, values: Int32Array): void {
  const copy = Float64Array.from(values);
  wrap(layout, copy);
  values.set(copy);
}

/** Sets the weights from the level's matrix: voxels on an edge between two coarse ones first, then on faces, then inside. */
export function setWeights(level: Level, { kind, first, weights }: Interpolation): void {
  weights.fill(0);
  const { layout, diagonal, links, offsets } = level;
  const { stride, dimensions } = layout;
  // Links of one voxel by neighbour, (dx + 1) + 3 (dy + 1) + 9 (dz + 1), and what each neighbour lies at.
  const near = new Float64Array(27);
  const slots = offsets.map(offset => {
    const [dx, dy, dz] = stepsOf(offset, layout);
    return dx + 1 + 3 * (dy + 1) + 9 * (dz + 1);
  });
  const offsetAt = (dx: number, dy: number, dz: number) => dx + dy * stride[1] + dz * stride[2];
  const depth = dimensions === 3 ? 1 : 0;
  const gather = (v: number) => {
    near.fill(0);
    for (let k = 0; k < links.length; k++) {
      near[slots[k]] = links[k][v];
      near[26 - slots[k]] = links[k][v - offsets[k]];
    }
  };
  /** Sum of links with the given sides along the axes of `of`, over all sides along the others. */
  const collapsed = (of: number, side: readonly number[]): number => {
    let sum = 0;
    for (let dz = -depth; dz <= depth; dz++) {
      if (of & 4 && dz !== side[2]) continue;
      for (let dy = -1; dy <= 1; dy++) {
        if (of & 2 && dy !== side[1]) continue;
        for (let dx = -1; dx <= 1; dx++) {
          if (of & 1 && dx !== side[0]) continue;
          if (dx !== 0 || dy !== 0 || dz !== 0) sum += near[dx + 1 + 3 * (dy + 1) + 9 * (dz + 1)];
        }
      }
    }
    return sum;
  };
  for (let rank = 0; rank <= dimensions; rank++) {
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        const of = kind[v];
        if (bits(of) !== rank) continue;
        const at = first[v];
        if (rank === 0) {
          weights[at] = 1;
          continue;
        }
        gather(v);
        const centre = diagonal[v] - collapsed(of, [0, 0, 0]);
        if (!(centre > 0)) continue;
        // Every neighbour along the axes of the kind, itself interpolated from corners of this kind.
        for (let dz = of & 4 ? -1 : 0; dz <= (of & 4 ? 1 : 0); dz++) {
          for (let dy = of & 2 ? -1 : 0; dy <= (of & 2 ? 1 : 0); dy++) {
            for (let dx = of & 1 ? -1 : 0; dx <= (of & 1 ? 1 : 0); dx++) {
              if (dx === 0 && dy === 0 && dz === 0) continue;
              const link = collapsed(of, [dx, dy, dz]) / centre;
              if (link !== 0) spread(of, [dx, dy, dz], link, at, first[v + offsetAt(dx, dy, dz)], weights);
            }
          }
        }
      }
    });
  }
}

/** weights of a voxel += link × the weights of its neighbour at `side`, whose corners are a face of the voxel's own. */
function spread(
  of: number,
  side: readonly number[],
  link: number,
  at: number,
  from: number,
  weights: Float64Array,
): void {
  const corners = 1 << bits(of);
  for (let corner = 0; corner < corners; corner++) {
    // Bit after bit of the kind: is this corner on the neighbour's side, and which of the neighbour's corners is it?
    let own = corner;
    let theirs = 0;
    let place = 0;
    let shared = true;
    for (let axis = 0; axis < 3; axis++) {
      if (!((of >> axis) & 1)) continue;
      const high = own & 1;
      own >>= 1;
      if (side[axis] === 0) {
        theirs |= high << place;
        place++;
      } else if ((side[axis] > 0 ? 1 : 0) !== high) shared = false;
    }
    if (shared) weights[at + corner] += link * weights[from + theirs];
  }
}

/** x += P e, and x's halo. */
export function prolongate(fine: Layout, map: Interpolation, e: Float64Array, x: Float64Array): void {
  const { base, kind, first, weights, corners } = map;
  forRows(fine, (row, end) => {
    for (let v = row; v < end; v++) {
      const offsets = corners[kind[v]];
      const c = base[v];
      let at = first[v];
      let sum = 0;
      for (let k = 0; k < offsets.length; k++) sum += weights[at++] * e[c + offsets[k]];
      x[v] += sum;
    }
  });
  wrap(fine, x);
}

/** b = Pᵀ r, halo 0. */
export function restrict(fine: Layout, map: Interpolation, r: Float64Array, b: Float64Array): void {
  const { base, kind, first, weights, corners, coarse } = map;
  b.fill(0);
  forRows(fine, (row, end) => {
    for (let v = row; v < end; v++) {
      const offsets = corners[kind[v]];
      const c = base[v];
      const value = r[v];
      let at = first[v];
      for (let k = 0; k < offsets.length; k++) b[c + offsets[k]] += weights[at++] * value;
    }
  });
  fold(coarse, b);
}
