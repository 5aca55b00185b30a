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
  /** Offsets of the corners from the base, eight places per kind, and how many there are. */
  readonly corners: Int32Array;
  readonly cornerCount: Int32Array;
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
  const corners = new Int32Array(64);
  const cornerCount = Int32Array.from({ length: 8 }, (_, of) => 1 << bits(of));
  for (let of = 0; of < 8; of++) corners.set(cornerOffsets(of, coarse), 8 * of);
  const weights = new Float64Array(weightCount);
  return { coarse, base, kind, first, weights, corners, cornerCount };
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

/** What a kind of voxel is interpolated from: its neighbours in groups, those of a group collapsed onto one. */
interface Groups {
  /** Group of each of the 27 neighbours; −1 where the collapsed link stays with the voxel itself. */
  readonly of: Int8Array;
  /** Per group: where the neighbour lies that the others are collapsed onto, … */
  readonly offset: number[];
  /** … and pairs of a corner of the voxel and the corner of that neighbour that is the same coarse voxel. */
  readonly pairs: (readonly (readonly [own: number, theirs: number])[])[];
}

/** Sets the weights from the level's matrix: voxels on an edge between two coarse ones first, then on faces, then inside. */
export function setWeights(level: Level, { kind, first, weights }: Interpolation): void {
  const { layout, diagonal, links, offsets } = level;
  weights.fill(0);
  const slots = offsets.map(offset => {
    const [dx, dy, dz] = stepsOf(offset, layout);
    return dx + 1 + 3 * (dy + 1) + 9 * (dz + 1);
  });
  const groups = Array.from({ length: 8 }, (_, of) => groupsOf(of, layout));
  const sums = new Float64Array(27);
  for (let rank = 0; rank <= layout.dimensions; rank++) {
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        if (bits(kind[v]) !== rank) continue;
        const at = first[v];
        if (rank === 0) {
          weights[at] = 1;
          continue;
        }
        const { of, offset, pairs } = groups[kind[v]];
        let centre = diagonal[v];
        for (let k = 0; k < links.length; k++) {
          const forward = links[k][v];
          const ahead = of[slots[k]];
          if (ahead < 0) centre -= forward;
          else sums[ahead] += forward;
          const backward = links[k][v - offsets[k]];
          const behind = of[26 - slots[k]];
          if (behind < 0) centre -= backward;
          else sums[behind] += backward;
        }
        for (let g = 0; g < offset.length; g++) {
          const link = sums[g];
          sums[g] = 0;
          if (link === 0 || !(centre > 0)) continue;
          const from = first[v + offset[g]];
          const share = link / centre;
          for (const [own, theirs] of pairs[g]) weights[at + own] += share * weights[from + theirs];
        }
      }
    });
  }
}

function groupsOf(kind: number, { stride, dimensions }: Layout): Groups {
  const of = new Int8Array(27).fill(-1);
  const offset: number[] = [];
  const pairs: (readonly [number, number])[][] = [];
  const groupAt = new Map<number, number>();
  const depth = dimensions === 3 ? 1 : 0;
  for (let dz = -depth; dz <= depth; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const side = [kind & 1 ? dx : 0, kind & 2 ? dy : 0, kind & 4 ? dz : 0];
        if (side.every(step => step === 0)) continue;
        const there = side[0] + side[1] * stride[1] + side[2] * stride[2];
        let group = groupAt.get(there);
        if (group === undefined) {
          group = offset.length;
          groupAt.set(there, group);
          offset.push(there);
          pairs.push(sharedCorners(kind, side));
        }
        of[dx + 1 + 3 * (dy + 1) + 9 * (dz + 1)] = group;
      }
    }
  }
  return { of, offset, pairs };
}

/** Corners that a voxel shares with its neighbour at `side`: bit after bit of a corner's number is the side along an axis. */
function sharedCorners(kind: number, side: readonly number[]): [number, number][] {
  const shared: [number, number][] = [];
  for (let corner = 0; corner < 1 << bits(kind); corner++) {
    let own = corner;
    let theirs = 0;
    let place = 0;
    let isShared = true;
    for (let axis = 0; axis < 3; axis++) {
      if (!((kind >> axis) & 1)) continue;
      const high = own & 1;
      own >>= 1;
      // Along an axis on which the neighbour lies to one side it is itself at a coarse place.
      if (side[axis] === 0) theirs |= high << place++;
      else if ((side[axis] > 0 ? 1 : 0) !== high) isShared = false;
    }
    if (isShared) shared.push([corner, theirs]);
  }
  return shared;
}

/** x += P e, and x's halo. */
export function prolongate(fine: Layout, map: Interpolation, e: Float64Array, x: Float64Array): void {
  const { base, kind, first, weights, corners, cornerCount } = map;
  forRows(fine, (row, end) => {
    for (let v = row; v < end; v++) {
      const of = kind[v];
      const c = base[v];
      let at = first[v];
      let sum = 0;
      for (let k = 8 * of, last = k + cornerCount[of]; k < last; k++)
        sum += weights[at++] * e[c + corners[k]];
      x[v] += sum;
    }
  });
  wrap(fine, x);
}

/** b = Pᵀ r, halo 0. */
export function restrict(fine: Layout, map: Interpolation, r: Float64Array, b: Float64Array): void {
  const { base, kind, first, weights, corners, cornerCount, coarse } = map;
  b.fill(0);
  forRows(fine, (row, end) => {
    for (let v = row; v < end; v++) {
      const of = kind[v];
      const c = base[v];
      const value = r[v];
      let at = first[v];
      for (let k = 8 * of, last = k + cornerCount[of]; k < last; k++)
        b[c + corners[k]] += weights[at++] * value;
    }
  });
  fold(coarse, b);
}
