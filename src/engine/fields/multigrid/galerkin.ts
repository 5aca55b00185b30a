import type { Interpolation } from './interpolation.ts';
import { finishLevel, fold, forRows, type Level } from './level.ts';

/** The coarse matrix Pᵀ M P: the best that corrections from the coarse grid can do, whatever the coefficients. */
export function coarsen(fine: Level, map: Interpolation, coarse: Level): void {
  const { base, kind, first, weights, corners, coarse: layout } = map;
  const { diagonal, links } = coarse;
  diagonal.fill(0);
  for (const link of links) link.fill(0);
  const rows: Float64Array[] = [];
  // rows[reach + offset]: the array that holds the link with that forward offset.
  const reach = coarse.offsets[coarse.offsets.length - 1];
  const index = new Int8Array(2 * reach + 1).fill(-1);
  coarse.offsets.forEach((offset, k) => {
    index[reach + offset] = k;
    rows.push(links[k]);
  });

  /** Adds `value` P_v Pᵤᵀ and, where v and u are two voxels, its transpose. */
  const add = (v: number, u: number, value: number) => {
    const ofV = corners[kind[v]];
    const ofU = corners[kind[u]];
    const cv = base[v];
    const cu = base[u];
    const fv = first[v];
    const fu = first[u];
    const twice = v === u ? value : 2 * value;
    for (let p = 0; p < ofV.length; p++) {
      const share = weights[fv + p];
      if (share === 0) continue;
      const a = cv + ofV[p];
      for (let q = 0; q < ofU.length; q++) {
        const offset = cu + ofU[q] - a;
        const weight = share * weights[fu + q];
        if (offset === 0) diagonal[a] += twice * weight;
        // A voxel with itself meets every pair of corners twice, of which one is stored.
        else if (offset > 0) rows[index[reach + offset]][a] -= value * weight;
        else if (v !== u) rows[index[reach - offset]][a + offset] -= value * weight;
      }
    }
  };
  const { layout: from, links: fineLinks, offsets, diagonal: fineDiagonal } = fine;
  forRows(from, (row, end) => {
    for (let v = row; v < end; v++) {
      add(v, v, fineDiagonal[v]);
      for (let k = 0; k < offsets.length; k++) {
        const link = fineLinks[k][v];
        if (link !== 0) add(v, v + offsets[k], -link);
      }
    }
  });
  fold(layout, diagonal);
  for (const link of links) fold(layout, link);
  finishLevel(coarse);
}
