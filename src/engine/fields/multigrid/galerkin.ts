import type { Interpolation } from './interpolation.ts';
import { finishLevel, fold, type Level } from './level.ts';

/** The coarse matrix Pᵀ M P: the best that corrections from the coarse grid can do, whatever the coefficients. */
export function coarsen(fine: Level, map: Interpolation, coarse: Level): void {
  const { coarse: layout } = map;
  const { entries, diagonal, links, offsets } = coarse;
  // By coarse offset, from −reach to reach: where the entry of that pair is stored, relative to the first of the two, and how
  // often it counts. A pair of fine voxels stands for both its orders, so a coarse voxel's own entry gets both; a voxel
  // with itself meets every pair of its corners in both orders, of which one is stored.
  const reach = offsets[offsets.length - 1];
  const place = new Int32Array(2 * reach + 1);
  const ofPair = new Float64Array(2 * reach + 1);
  const ofSelf = new Float64Array(2 * reach + 1);
  ofPair[reach] = 2;
  ofSelf[reach] = 1;
  offsets.forEach((offset, k) => {
    place[reach + offset] = (k + 1) * layout.size;
    place[reach - offset] = (k + 1) * layout.size - offset;
    ofPair[reach + offset] = ofPair[reach - offset] = 1;
    ofSelf[reach + offset] = 1;
  });
  entries.fill(0);
  const { layout: from, links: fineLinks, offsets: fineOffsets, diagonal: fineDiagonal } = fine;
  const [nx, ny, nz] = from.n;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = from.start + j * from.stride[1] + k * from.stride[2];
      for (let v = row; v < row + nx; v++) {
        scatter(map, entries, place, ofSelf, reach, v, v, fineDiagonal[v]);
        for (let n = 0; n < fineOffsets.length; n++) {
          const link = fineLinks[n][v];
          if (link !== 0) scatter(map, entries, place, ofPair, reach, v, v + fineOffsets[n], -link);
        }
      }
    }
  }
  fold(layout, diagonal);
  for (const link of links) {
    fold(layout, link);
    // Links are stored with the sign of a coupling.
    for (let v = 0; v < link.length; v++) link[v] = -link[v];
  }
  finishLevel(coarse);
}

/** entries += value · P_v Pᵤᵀ, counted as `count` says. */
function scatter(
  { base, kind, first, weights, corners, cornerCount }: Interpolation,
  entries: Float64Array,
  place: Int32Array,
  count: Float64Array,
  reach: number,
  v: number,
  u: number,
  value: number,
): void {
  const ofV = 8 * kind[v];
  const ofU = 8 * kind[u];
  const mostV = cornerCount[kind[v]];
  const mostU = cornerCount[kind[u]];
  const cv = base[v];
  const cu = base[u];
  const fv = first[v];
  const fu = first[u];
  for (let p = 0; p < mostV; p++) {
    const share = value * weights[fv + p];
    if (share === 0) continue;
    const a = cv + corners[ofV + p];
    const shift = reach + cu - a;
    for (let q = 0; q < mostU; q++) {
      const o = shift + corners[ofU + q];
      entries[place[o] + a] += count[o] * share * weights[fu + q];
    }
  }
}
