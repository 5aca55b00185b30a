import { finishLevel, forRows, type Layout, type Level } from './multigrid/level.ts';

/** Of a mean link: what obstacles pass in the preconditioner, so that coarse voxels inside them follow their surroundings. */
export const SEEPAGE = 1e-3;

/** Copies a matrix and joins its obstacles to each other and to what surrounds them by weak links. */
export function seep(
  solid: Uint8Array,
  matrix: Level,
  finest: Level,
  seepage: readonly number[],
  a: number,
): void {
  const { layout } = matrix;
  const { n, periodic, stride } = layout;
  const [nx, ny] = n;
  finest.diagonal.set(matrix.diagonal);
  matrix.links.forEach((link, axis) => {
    finest.links[axis].set(link);
  });
  for (const v of solidPlaces(layout, solid)) finest.diagonal[v] *= SEEPAGE;
  const steps = [1, nx, nx * ny];
  forRows(layout, (row, end, j, k) => {
    for (let v = row; v < end; v++) {
      const place = [v - row, j, k];
      const voxel = v - row + nx * (j + ny * k);
      for (let axis = 0; axis < matrix.links.length; axis++) {
        const isLast = place[axis] === n[axis] - 1;
        if (isLast && (!periodic[axis] || n[axis] === 1)) continue;
        const other = voxel + steps[axis] * (isLast ? 1 - n[axis] : 1);
        if (!solid[voxel] && !solid[other]) continue;
        const weak = a * seepage[axis];
        finest.links[axis][v] = weak;
        finest.diagonal[v] += weak;
        finest.diagonal[v + stride[axis] * (isLast ? 1 - n[axis] : 1)] += weak;
      }
    }
  });
  finishLevel(finest);
}

export function solidPlaces(layout: Layout, solid: Uint8Array): Int32Array {
  const places: number[] = [];
  let voxel = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) if (solid[voxel++]) places.push(v);
  });
  return Int32Array.from(places);
}

export function meanLink(link: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of link) {
    if (!(value > 0)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
