import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { FieldDescription } from './field.ts';
import {
  centreOf,
  conditionAt,
  type FieldOperator,
  faceVoxels,
  fillLinks,
  type HeldVoxels,
  type OpenFace,
  openFaces,
  sumLosses,
  type VaryingSupply,
} from './fieldOperator.ts';
import type { Film } from './film.ts';
import type { Grid } from './grid.ts';
import { type Medium, transmissibility } from './medium.ts';
import { wrap } from './multigrid/level.ts';

/** The end of the layer comes no nearer to a voxel's centre than this share of the way to the next one. */
const NEAREST = 1e-3;

/** Sets the operator of a field to what the cells now make of its medium; `liquid` is that without cells. */
export function followFilm(
  operator: FieldOperator,
  grid: Grid,
  field: FieldDescription,
  liquid: Medium,
  film: Film,
): void {
  const { layout, links } = operator;
  const relative = film.relative.get(field);
  const scaled = new Map<Float64Array, Float64Array>();
  const medium = liquid.map(values => {
    if (!relative) return values;
    const known = scaled.get(values) ?? values.map((value, v) => value * relative[v]);
    scaled.set(values, known);
    return known;
  });
  fillLinks(grid, layout, medium, links);
  operator.faces = openFaces(grid, field, medium, layout, operator.inflow);
  operator.held = null;
  if (field.layer && film.distance) {
    const { face, thickness } = field.layer;
    const outside = beyondLayer(grid, face, thickness, film.distance);
    if (outside.length > 0) endLayer(operator, grid, field, medium, film.distance, outside);
  }
  sumLosses(operator);
}

/** Free voxels farther than `thickness` from all cells that are joined to the face through such voxels. */
function beyondLayer(grid: Grid, face: number, thickness: number, distance: Float64Array): Int32Array {
  const { cells, periodic, dimensions, solid } = grid;
  const steps = [1, cells[0], cells[0] * cells[1]];
  const seen = new Uint8Array(grid.voxels);
  const queue = new Int32Array(grid.voxels);
  let end = 0;
  const visit = (voxel: number) => {
    if (seen[voxel] || solid?.[voxel] || !(distance[voxel] > thickness)) return;
    seen[voxel] = 1;
    queue[end++] = voxel;
  };
  for (const voxel of faceVoxels(grid, face)) visit(voxel);
  for (let at = 0; at < end; at++) {
    const voxel = queue[at];
    for (let axis = 0; axis < dimensions; axis++) {
      const n = cells[axis];
      const place = Math.floor(voxel / steps[axis]) % n;
      if (place > 0) visit(voxel - steps[axis]);
      else if (periodic[axis]) visit(voxel + (n - 1) * steps[axis]);
      if (place < n - 1) visit(voxel + steps[axis]);
      else if (periodic[axis]) visit(voxel - (n - 1) * steps[axis]);
    }
  }
  const voxels = new Int32Array(end);
  let found = 0;
  for (let v = 0; v < seen.length; v++) if (seen[v]) voxels[found++] = v;
  return voxels;
}

/**
 * Takes the voxels beyond the layer out of the operator: what they were linked to meets the face's condition instead, at the place
 * between the two centres where the distance to the cells is the layer's thickness.
 */
function endLayer(
  operator: FieldOperator,
  grid: Grid,
  field: FieldDescription,
  medium: readonly Float64Array[],
  distance: Float64Array,
  outside: Int32Array,
): void {
  const { layout, links } = operator;
  const { cells, spacing, periodic, dimensions } = grid;
  const { face, thickness } = field.layer as NonNullable<FieldDescription['layer']>;
  const steps = [1, cells[0], cells[0] * cells[1]];
  const isOutside = new Uint8Array(grid.voxels);
  for (const voxel of outside) isOutside[voxel] = 1;
  const heldPlaces = new Int32Array(outside.length);
  const isHeld = new Uint8Array(layout.size);
  const places: number[] = [];
  const conductance: number[] = [];
  const columns: number[] = [];
  const meet = (voxel: number, inner: number, axis: number, place: number) => {
    if (grid.solid?.[inner]) return;
    const h = spacing[axis];
    const share = (thickness - distance[inner]) / Math.min(distance[voxel] - distance[inner], h);
    const link = transmissibility(medium[axis][voxel], medium[axis][inner], h);
    places.push(place);
    conductance.push(link / Math.min(1, Math.max(NEAREST, share)));
    columns.push(voxel);
  };
  const index = [0, 0, 0];
  for (let i = 0; i < outside.length; i++) {
    const voxel = outside[i];
    index[0] = voxel % cells[0];
    const rest = (voxel - index[0]) / cells[0];
    index[1] = rest % cells[1];
    index[2] = (rest - index[1]) / cells[1];
    const place = layout.start + index[0] + index[1] * layout.stride[1] + index[2] * layout.stride[2];
    heldPlaces[i] = place;
    isHeld[place] = 1;
    for (let axis = 0; axis < dimensions; axis++) {
      const n = cells[axis];
      const stride = layout.stride[axis];
      const wraps = periodic[axis] && n > 1;
      for (let side = -1; side <= 1; side += 2) {
        const isEnd = index[axis] === (side < 0 ? 0 : n - 1);
        if (isEnd && !wraps) continue;
        const hop = isEnd ? -side * (n - 1) : side;
        const inner = voxel + hop * steps[axis];
        if (!isOutside[inner]) meet(voxel, inner, axis, place + hop * stride);
        // A link belongs to the lower voxel; the halo's mirror of it is set by `wrap`.
        links[axis][side < 0 ? place + hop * stride : place] = 0;
      }
    }
  }
  for (const link of links) wrap(layout, link);
  const bound = boundAt(grid, field, face);
  const own: OpenFace = { face, places: Int32Array.from(places), ...bound(columns, conductance) };
  operator.faces = [...operator.faces.map(one => without(one, isHeld)), own];
  operator.held = {
    face,
    voxels: outside,
    places: heldPlaces,
    reservoir: bound.reservoir,
    valuesAt: bound.valuesAt(outside),
  };
}

/** A face less its voxels that lie beyond the layer. */
function without(one: OpenFace, isHeld: Uint8Array): OpenFace {
  const kept = Array.from(one.places, (_, p) => p).filter(p => !isHeld[one.places[p]]);
  if (kept.length === one.places.length) return one;
  const renamed = new Map(kept.map((p, index) => [p, index]));
  return {
    face: one.face,
    places: Int32Array.from(kept, p => one.places[p]),
    conductance: Float64Array.from(kept, p => one.conductance[p]),
    supply: Float64Array.from(kept, p => one.supply[p]),
    varying: one.varying.flatMap(entry => {
      const index = renamed.get(entry.index);
      return index === undefined ? [] : [{ ...entry, index }];
    }),
    ...(one.reservoir && { reservoir: Int32Array.from(kept, p => (one.reservoir as Int32Array)[p]) }),
  };
}

/** What lies behind a face, as met at the end of the layer: the point on the face is the one straight across from the voxel. */
function boundAt(grid: Grid, field: FieldDescription, face: number) {
  const axis = face >> 1;
  const condition = conditionAt(grid, field, face, faceVoxels(grid, face)[0]);
  const reservoir = condition.kind === 'reservoir' ? condition.reservoir : -1;
  const value = condition.kind === 'value' ? condition.value : 0;
  const expression = condition.kind === 'value' ? condition.expression : undefined;
  const closure = expression ? toClosure(expression) : null;
  const acrossFrom = (voxel: number) => {
    const point = centreOf(grid, voxel);
    point[axis] = face & 1 ? grid.size[axis] : 0;
    return point;
  };
  const made = (
    columns: readonly number[],
    conductance: readonly number[],
  ): Omit<OpenFace, 'face' | 'places'> => ({
    conductance: Float64Array.from(conductance),
    supply: Float64Array.from(conductance, one => one * value),
    varying: closure
      ? columns.map(
          (voxel, index): VaryingSupply => ({
            index,
            factor: conductance[index],
            value: closure,
            point: acrossFrom(voxel),
          }),
        )
      : [],
    ...(reservoir >= 0 && { reservoir: new Int32Array(columns.length).fill(reservoir) }),
  });
  const valuesAt =
    (outside: Int32Array): HeldVoxels['valuesAt'] =>
    time => {
      const values = new Float64Array(outside.length).fill(value);
      if (!closure) return values;
      const scope = createScope();
      scope.time = time;
      outside.forEach((voxel, i) => {
        [scope.position[0], scope.position[1], scope.position[2]] = acrossFrom(voxel);
        values[i] = closure(scope);
      });
      return values;
    };
  return Object.assign(made, { reservoir, valuesAt });
}
