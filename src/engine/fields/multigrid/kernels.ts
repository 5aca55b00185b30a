import { type Level, wrap } from './level.ts';

/**
 * Gauss–Seidel relaxation in colours and residuals, for stars (two colours) and for grids where all that touch are coupled
 * (2ᵈ colours). Voxels of one colour are not coupled but across the seam of a periodic axis of odd length, where the halo
 * makes them a Jacobi pair; so the order within a colour has no effect, and sweeps in reversed order are adjoint.
 */
export function relax(level: Level, descending: boolean): void {
  const { star, layout } = level;
  const colours = star ? 2 : 1 << layout.dimensions;
  for (let c = 0; c < colours; c++) {
    const colour = descending ? colours - 1 - c : c;
    if (star) (layout.dimensions === 3 ? relaxStar3 : relaxStar2)(level, colour);
    else (layout.dimensions === 3 ? relaxBox3 : relaxBox2)(level, colour);
    wrap(layout, level.x);
  }
}

/** out = b − M x; the halo of x must be right, that of `out` stays as it is. */
export function residual(level: Level, x: Float64Array, b: Float64Array, out: Float64Array): void {
  if (level.star) (level.layout.dimensions === 3 ? residualStar3 : residualStar2)(level, x, b, out);
  else (level.layout.dimensions === 3 ? residualBox3 : residualBox2)(level, x, b, out);
}

function relaxStar2({ layout, links, inverse, x, b }: Level, colour: number): void {
  const [nx, ny] = layout.n;
  const s = layout.stride[1];
  const [ex, ey] = links;
  for (let j = 0; j < ny; j++) {
    const row = layout.start + j * s;
    for (let v = row + ((j + colour) & 1); v < row + nx; v += 2) {
      x[v] =
        (b[v] + ex[v] * x[v + 1] + ex[v - 1] * x[v - 1] + ey[v] * x[v + s] + ey[v - s] * x[v - s]) *
        inverse[v];
    }
  }
}

function relaxStar3({ layout, links, inverse, x, b }: Level, colour: number): void {
  const [nx, ny, nz] = layout.n;
  const [, s, t] = layout.stride;
  const [ex, ey, ez] = links;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = layout.start + j * s + k * t;
      for (let v = row + ((j + k + colour) & 1); v < row + nx; v += 2) {
        x[v] =
          (b[v] +
            ex[v] * x[v + 1] +
            ex[v - 1] * x[v - 1] +
            ey[v] * x[v + s] +
            ey[v - s] * x[v - s] +
            ez[v] * x[v + t] +
            ez[v - t] * x[v - t]) *
          inverse[v];
      }
    }
  }
}

function relaxBox2({ layout, links, inverse, x, b }: Level, colour: number): void {
  const [nx, ny] = layout.n;
  const s = layout.stride[1];
  const [e, nw, north, ne] = links;
  for (let j = colour >> 1; j < ny; j += 2) {
    const row = layout.start + j * s;
    for (let v = row + (colour & 1); v < row + nx; v += 2) {
      x[v] =
        (b[v] +
          e[v] * x[v + 1] +
          e[v - 1] * x[v - 1] +
          nw[v] * x[v + s - 1] +
          nw[v - s + 1] * x[v - s + 1] +
          north[v] * x[v + s] +
          north[v - s] * x[v - s] +
          ne[v] * x[v + s + 1] +
          ne[v - s - 1] * x[v - s - 1]) *
        inverse[v];
    }
  }
}

function relaxBox3(level: Level, colour: number): void {
  const { layout, inverse, x, b } = level;
  const [nx, ny, nz] = layout.n;
  const [, s, t] = layout.stride;
  for (let k = colour >> 2; k < nz; k += 2) {
    for (let j = (colour >> 1) & 1; j < ny; j += 2) {
      const row = layout.start + j * s + k * t;
      gatherBox3(level, x, row + (colour & 1), row + nx, 2, b, x, inverse);
    }
  }
}

/** Σ links × neighbours for every `step`-th voxel of a row: out = (b + Σ) · inverse, or b + Σ without `inverse`. */
function gatherBox3(
  { layout, links }: Level,
  x: Float64Array,
  from: number,
  to: number,
  step: number,
  b: Float64Array,
  out: Float64Array,
  inverse: Float64Array | null,
): void {
  const [, s, t] = layout.stride;
  const [l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12] = links;
  for (let v = from; v < to; v += step) {
    const near =
      l0[v] * x[v + 1] +
      l0[v - 1] * x[v - 1] +
      l1[v] * x[v + s - 1] +
      l1[v - s + 1] * x[v - s + 1] +
      l2[v] * x[v + s] +
      l2[v - s] * x[v - s] +
      l3[v] * x[v + s + 1] +
      l3[v - s - 1] * x[v - s - 1];
    const u = v + t;
    const above =
      l4[v] * x[u - s - 1] +
      l5[v] * x[u - s] +
      l6[v] * x[u - s + 1] +
      l7[v] * x[u - 1] +
      l8[v] * x[u] +
      l9[v] * x[u + 1] +
      l10[v] * x[u + s - 1] +
      l11[v] * x[u + s] +
      l12[v] * x[u + s + 1];
    const w = v - t;
    const below =
      l4[w + s + 1] * x[w + s + 1] +
      l5[w + s] * x[w + s] +
      l6[w + s - 1] * x[w + s - 1] +
      l7[w + 1] * x[w + 1] +
      l8[w] * x[w] +
      l9[w - 1] * x[w - 1] +
      l10[w - s + 1] * x[w - s + 1] +
      l11[w - s] * x[w - s] +
      l12[w - s - 1] * x[w - s - 1];
    const sum = b[v] + near + above + below;
    out[v] = inverse === null ? sum : sum * inverse[v];
  }
}

function residualStar2(
  { layout, links, diagonal }: Level,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  const [nx, ny] = layout.n;
  const s = layout.stride[1];
  const [ex, ey] = links;
  for (let j = 0; j < ny; j++) {
    const row = layout.start + j * s;
    for (let v = row; v < row + nx; v++) {
      out[v] =
        b[v] -
        diagonal[v] * x[v] +
        (ex[v] * x[v + 1] + ex[v - 1] * x[v - 1] + ey[v] * x[v + s] + ey[v - s] * x[v - s]);
    }
  }
}

function residualStar3(
  { layout, links, diagonal }: Level,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  const [nx, ny, nz] = layout.n;
  const [, s, t] = layout.stride;
  const [ex, ey, ez] = links;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = layout.start + j * s + k * t;
      for (let v = row; v < row + nx; v++) {
        out[v] =
          b[v] -
          diagonal[v] * x[v] +
          (ex[v] * x[v + 1] +
            ex[v - 1] * x[v - 1] +
            ey[v] * x[v + s] +
            ey[v - s] * x[v - s] +
            ez[v] * x[v + t] +
            ez[v - t] * x[v - t]);
      }
    }
  }
}

function residualBox2(
  { layout, links, diagonal }: Level,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  const [nx, ny] = layout.n;
  const s = layout.stride[1];
  const [e, nw, north, ne] = links;
  for (let j = 0; j < ny; j++) {
    const row = layout.start + j * s;
    for (let v = row; v < row + nx; v++) {
      out[v] =
        b[v] -
        diagonal[v] * x[v] +
        (e[v] * x[v + 1] +
          e[v - 1] * x[v - 1] +
          nw[v] * x[v + s - 1] +
          nw[v - s + 1] * x[v - s + 1] +
          north[v] * x[v + s] +
          north[v - s] * x[v - s] +
          ne[v] * x[v + s + 1] +
          ne[v - s - 1] * x[v - s - 1]);
    }
  }
}

function residualBox3(level: Level, x: Float64Array, b: Float64Array, out: Float64Array): void {
  const { layout, diagonal } = level;
  const [nx, ny, nz] = layout.n;
  const [, s, t] = layout.stride;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = layout.start + j * s + k * t;
      gatherBox3(level, x, row, row + nx, 1, b, out, null);
      for (let v = row; v < row + nx; v++) out[v] -= diagonal[v] * x[v];
    }
  }
}
