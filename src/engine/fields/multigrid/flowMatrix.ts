import { forwardOffsets, type Layout, wrap } from './level.ts';

/**
 * A matrix that need not be symmetric, on a star or on all neighbours that touch: M[v, v] = diagonal[v], M[v, v + o] =
 * −back[k][v] (what comes back from the neighbour), M[v + o, v] = −ahead[k][v] (what goes ahead to it), o = offsets[k].
 */
export interface FlowMatrix {
  readonly layout: Layout;
  readonly star: boolean;
  readonly offsets: readonly number[];
  readonly diagonal: Float64Array;
  readonly inverse: Float64Array;
  readonly ahead: readonly Float64Array[];
  readonly back: readonly Float64Array[];
}

export function createFlowMatrix(layout: Layout, star = true): FlowMatrix {
  const column = () => new Float64Array(layout.size);
  const offsets = forwardOffsets(layout, star);
  return {
    layout,
    star,
    offsets,
    diagonal: column(),
    inverse: column(),
    ahead: offsets.map(column),
    back: offsets.map(column),
  };
}

/** out = b − M x inside the halo; the halo of x must be right, that of `out` stays as it is. */
export function flowResidual(matrix: FlowMatrix, x: Float64Array, b: Float64Array, out: Float64Array): void {
  const { layout, diagonal } = matrix;
  const [nx, ny, nz] = layout.n;
  const gather = matrix.star ? gatherStar : gatherBox;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = layout.start + j * layout.stride[1] + k * layout.stride[2];
      gather(matrix, x, b, row, nx, 1, out, null);
      for (let v = row; v < row + nx; v++) out[v] -= diagonal[v] * x[v];
    }
  }
}

/**
 * One Gauss–Seidel sweep, voxel after voxel in the order that the bits of `order` say: upwards along an axis whose bit is 0. One
 * that goes with the flow carries everything downstream at once.
 */
export function flowSweep(matrix: FlowMatrix, order: number, x: Float64Array, b: Float64Array): void {
  const { layout, inverse } = matrix;
  const [nx, ny, nz] = layout.n;
  const gather = matrix.star ? gatherStar : gatherBox;
  const step = order & 1 ? -1 : 1;
  for (let kk = 0; kk < nz; kk++) {
    const k = order & 4 ? nz - 1 - kk : kk;
    for (let jj = 0; jj < ny; jj++) {
      const j = order & 2 ? ny - 1 - jj : jj;
      const row = layout.start + j * layout.stride[1] + k * layout.stride[2];
      gather(matrix, x, b, step > 0 ? row : row + nx - 1, nx, step, x, inverse);
    }
  }
  wrap(layout, x);
}

/** For `count` voxels of a row: out = (b + Σ what neighbours give) · inverse, or without `inverse`. `out` may be x. */
type Gather = (
  matrix: FlowMatrix,
  x: Float64Array,
  b: Float64Array,
  from: number,
  count: number,
  step: number,
  out: Float64Array,
  inverse: Float64Array | null,
) => void;

const gatherStar: Gather = ({ layout, ahead, back }, x, b, from, count, step, out, inverse) => {
  const [, s, t] = layout.stride;
  const [ax, ay, az] = ahead;
  const [bx, by, bz] = back;
  for (let i = 0, v = from; i < count; i++, v += step) {
    let sum = b[v] + bx[v] * x[v + 1] + ax[v - 1] * x[v - 1] + by[v] * x[v + s] + ay[v - s] * x[v - s];
    if (t > 0) sum += bz[v] * x[v + t] + az[v - t] * x[v - t];
    out[v] = inverse === null ? sum : sum * inverse[v];
  }
};

const gatherBox: Gather = ({ offsets, ahead, back }, x, b, from, count, step, out, inverse) => {
  const links = offsets.length;
  for (let i = 0, v = from; i < count; i++, v += step) {
    let sum = b[v];
    for (let k = 0; k < links; k++) {
      const o = offsets[k];
      sum += back[k][v] * x[v + o] + ahead[k][v - o] * x[v - o];
    }
    out[v] = inverse === null ? sum : sum * inverse[v];
  }
};
