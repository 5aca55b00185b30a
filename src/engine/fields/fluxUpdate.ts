import type { FieldDescription } from './field.ts';
import type { FieldOperator } from './fieldOperator.ts';
import type { FieldStep } from './fieldStep.ts';
import { forRows } from './multigrid/level.ts';
import { total } from './total.ts';

/**
 * The conservative update from u (both with a halo) by mean potentials m: next = u + H (L m + b + S − K m), flux by flux, and what
 * came of it. `volume` is a voxel's, `supplies` what each open face supplies, `reservoirs` mean concentrations, `relaxation` the share
 * of m − u that a quasi-steady field gains besides; `load` is scratch with a halo.
 */
export function fluxUpdate(
  { layout, links, ahead, faces }: FieldOperator,
  volume: number,
  field: FieldDescription,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
  supplies: readonly Float64Array[],
  reservoirs: Float64Array | null,
  relaxation: number,
  u: Float64Array,
  m: Float64Array,
  load: Float64Array,
  next: Float64Array,
  exposure: Float64Array | null,
): Omit<FieldStep, 'scheme' | 'substeps' | 'reservoirs'> & { exchanged: Float64Array } {
  const inflow = new Float64Array(6);
  const exchanged = new Float64Array(reservoirs?.length ?? 0);
  load.fill(0);
  for (const [f, { face, places, conductance, reservoir }] of faces.entries()) {
    const supply = supplies[f];
    const parts = new Float64Array(places.length);
    for (let p = 0; p < places.length; p++) {
      const from = reservoir ? reservoir[p] : -1;
      const given = from < 0 || !reservoirs ? supply[p] : conductance[p] * reservoirs[from];
      parts[p] = h * (given - conductance[p] * m[places[p]]);
      load[places[p]] += parts[p];
      if (from < 0) continue;
      exchanged[from] += parts[p] * volume;
      parts[p] = 0;
    }
    inflow[face] += total(parts) * volume;
  }
  const [ex, ey, ez] = links;
  const [ax, ay, az] = ahead ?? links;
  const [, s, t] = layout.stride;
  const deep = links.length === 3;
  const rowSums = new Float64Array(layout.n[1] * layout.n[2]);
  const relaxedSums = new Float64Array(rowSums.length);
  let minimum = Number.POSITIVE_INFINITY;
  let voxel = 0;
  let rowIndex = 0;
  forRows(layout, (row, end) => {
    let sum = 0;
    let relaxed = 0;
    for (let v = row; v < end; v++, voxel++) {
      const here = m[v];
      // Either side computes the flux through a face from the same numbers: the same bits with opposite signs.
      let change: number;
      if (ahead) {
        change = ex[v] * m[v + 1] - ax[v] * here - (ex[v - 1] * here - ax[v - 1] * m[v - 1]);
        change += ey[v] * m[v + s] - ay[v] * here - (ey[v - s] * here - ay[v - s] * m[v - s]);
        if (deep) change += ez[v] * m[v + t] - az[v] * here - (ez[v - t] * here - az[v - t] * m[v - t]);
      } else {
        change = ex[v] * (m[v + 1] - here) - ex[v - 1] * (here - m[v - 1]);
        change += ey[v] * (m[v + s] - here) - ey[v - s] * (here - m[v - s]);
        if (deep) change += ez[v] * (m[v + t] - here) - ez[v - t] * (here - m[v - t]);
      }
      if (source !== null) change += source[voxel];
      const e = h * here;
      const rate = uptake === null ? field.decay : field.decay + uptake[voxel];
      const gained = relaxation * (here - u[v]);
      const value = u[v] + gained + (h * change + load[v]) - rate * e;
      relaxed += gained;
      next[voxel] = value;
      if (exposure !== null) exposure[voxel] = e;
      sum += e;
      // A NaN counts as negative: the caller then tells of it.
      if (!(value >= minimum)) minimum = value;
    }
    relaxedSums[rowIndex] = relaxed;
    rowSums[rowIndex++] = sum;
  });
  return {
    minimum,
    decayed: field.decay * total(rowSums) * volume,
    relaxed: total(relaxedSums) * volume,
    inflow,
    exchanged,
  };
}
