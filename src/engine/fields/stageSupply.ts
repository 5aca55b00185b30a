import { type FieldOperator, type OpenFace, supplyAt } from './fieldOperator.ts';
import { forRows } from './multigrid/level.ts';
import { D, W } from './scheme.ts';

/** What the open faces supply at the stages of a step, and on average over it; face after face. */
export interface Supplies {
  readonly start: readonly Float64Array[];
  readonly middle: readonly Float64Array[];
  readonly end: readonly Float64Array[];
  readonly mean: readonly Float64Array[];
}

/** b += factor × S. */
export function addSource(
  operator: FieldOperator,
  source: Float64Array | null,
  factor: number,
  b: Float64Array,
): void {
  if (source === null) return;
  let voxel = 0;
  forRows(operator.layout, (row, end) => {
    for (let v = row; v < end; v++) b[v] += factor * source[voxel++];
  });
}

/** b += factor × what the faces supply. */
export function addSupply(
  faces: readonly OpenFace[],
  supplies: readonly Float64Array[],
  factor: number,
  b: Float64Array,
): void {
  for (const [f, { places }] of faces.entries()) {
    for (let p = 0; p < places.length; p++) b[places[p]] += factor * supplies[f][p];
  }
}

/** Supplies at t, t + 2dH and t + H, the mean by the weights of TR-BDF2; all those of the end where the step is not `staged`. */
export function suppliesOver({ faces }: FieldOperator, time: number, h: number, staged: boolean): Supplies {
  const at = (when: number) =>
    faces.map(face =>
      supplyAt(face, when, new Float64Array(face.varying.length > 0 ? face.places.length : 0)),
    );
  const end = at(time + h);
  if (!staged) return { start: end, middle: end, end, mean: end };
  const start = at(time);
  const middle = at(time + 2 * D * h);
  const mean = faces.map(({ supply, varying }, f) =>
    varying.length === 0 ? supply : supply.map((_, p) => W * (start[f][p] + middle[f][p]) + D * end[f][p]),
  );
  return { start, middle, end, mean };
}
