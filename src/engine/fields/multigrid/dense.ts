import { forRows, type Level, wrap } from './level.ts';

/** Cholesky factorisation of a small level, for its exact solution. */
export interface DenseFactor {
  readonly places: Int32Array;
  /** Lower triangle, row after row, n × n. */
  readonly lower: Float64Array;
}

export function factorise({ layout, diagonal, links, offsets }: Level): DenseFactor {
  const n = layout.points;
  const places = new Int32Array(n);
  const number = new Float64Array(layout.size).fill(-1);
  let count = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      places[count] = v;
      number[v] = count++;
    }
  });
  const images = imagesOf(layout.size, number, layout);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const v = places[i];
    matrix[i * n + i] += diagonal[v];
    offsets.forEach((offset, k) => {
      const link = links[k][v];
      const j = images[v + offset];
      if (link === 0 || j < 0) return;
      matrix[i * n + j] -= link;
      matrix[j * n + i] -= link;
    });
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
    }
  }
  return { places, lower: matrix };
}

/** Solves for level.x from level.b. */
export function solveDense({ x, b }: Level, { places, lower }: DenseFactor): void {
  const n = places.length;
  for (let i = 0; i < n; i++) {
    let sum = b[places[i]];
    for (let k = 0; k < i; k++) sum -= lower[i * n + k] * x[places[k]];
    x[places[i]] = sum / lower[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[places[i]];
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i] * x[places[k]];
    x[places[i]] = sum / lower[i * n + i];
  }
}

/** Number of the unknown at every place, that of the mirrored voxel in a periodic halo, −1 elsewhere. */
function imagesOf(size: number, number: Float64Array, layout: Level['layout']): Int32Array {
  wrap(layout, number);
  return Int32Array.from({ length: size }, (_, v) => number[v]);
}
