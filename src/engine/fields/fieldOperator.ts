import { type Closure, toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { type Boundary, FACES, type FieldDescription } from './field.ts';
import type { Grid } from './grid.ts';
import { evaluateMedium, transmissibility } from './medium.ts';
import { createLayout, forRows, type Layout, wrap } from './multigrid/level.ts';

/**
 * dc/dt = L c + b of one field in finite volumes, for coefficients that vary: rates at which a voxel exchanges with its
 * neighbours and, through faces, with what is outside. Arrays have the layout's halo.
 */
export interface FieldOperator {
  readonly layout: Layout;
  /** Per axis: exchange with the next voxel along it, 1/s; with `ahead`, what comes back from that. */
  readonly links: readonly Float64Array[];
  /** What goes ahead to the next voxel, where a flow makes it differ from what comes back: see flowOperator.ts. */
  readonly ahead?: readonly Float64Array[];
  /** Flow through the faces of the domain, where it is part of the operator. */
  readonly inflow?: Inflow | undefined;
  /** Rate at which a voxel gives to all neighbours and faces, 1/s. */
  readonly losses: Float64Array;
  /** Open faces. */
  faces: readonly OpenFace[];
  /** Voxels beyond the boundary layer, which hold what lies behind its face; null where there are none. */
  held: HeldVoxels | null;
}

/** Voxels that are part of what lies behind a face. */
export interface HeldVoxels {
  /** Index in FACES. */
  readonly face: number;
  readonly voxels: Int32Array;
  readonly places: Int32Array;
  /** The field's reservoir, −1 where the face has a value. */
  readonly reservoir: number;
  /** Their concentrations at a time (s), molecules/µm³, where the face has a value. */
  valuesAt(time: number): Float64Array;
}

/** The voxels along one face through which molecules pass: what flows into a voxel is supply − conductance · c. */
export interface OpenFace {
  /** Index in FACES. */
  readonly face: number;
  /** Places in the layout, in the order of the grid. */
  readonly places: Int32Array;
  /** 1/s. */
  readonly conductance: Float64Array;
  /** molecules/µm³/s, at the start of the run. */
  readonly supply: Float64Array;
  /** Which of the field's reservoirs is behind each voxel's face, −1 for none; the supply leaves it out. */
  readonly reservoir?: Int32Array;
  /** Where it changes with time. */
  readonly varying: readonly VaryingSupply[];
}

/** supply[index] = factor × value, the value read at a point on the face. */
export interface VaryingSupply {
  readonly index: number;
  readonly factor: number;
  readonly value: Closure;
  readonly point: readonly [number, number, number];
}

/** Flow into the domain through a face of a voxel, 1/s. */
export type Inflow = (face: number, voxel: number) => number;

/** Diffusion of a field; with `inflow`, its open faces as a flow through them makes them. */
export function createFieldOperator(grid: Grid, field: FieldDescription, inflow?: Inflow): FieldOperator {
  const { dimensions, cells, periodic } = grid;
  const layout = createLayout(dimensions, cells, periodic);
  const medium = evaluateMedium(grid, field);
  const links = Array.from({ length: dimensions }, () => new Float64Array(layout.size));
  fillLinks(grid, layout, medium, links);
  const faces = openFaces(grid, field, medium, layout, inflow);
  const operator = { layout, links, losses: new Float64Array(layout.size), faces, held: null, inflow };
  sumLosses(operator);
  return operator;
}

/** The open faces of a field in a medium. */
export function openFaces(
  grid: Grid,
  field: FieldDescription,
  medium: readonly Float64Array[],
  layout: Layout,
  inflow?: Inflow,
): OpenFace[] {
  return FACES.flatMap((_, face) => openFace(grid, field, medium, layout, face, inflow) ?? []);
}

/** Exchange rates of all neighbours, from the diffusivities along the axes. */
export function fillLinks(
  { cells, spacing, periodic, dimensions }: Grid,
  layout: Layout,
  medium: readonly Float64Array[],
  links: readonly Float64Array[],
): void {
  const steps = [1, cells[0], cells[0] * cells[1]];
  for (let axis = 0; axis < dimensions; axis++) {
    const n = cells[axis];
    const link = links[axis];
    const values = medium[axis];
    const h = spacing[axis];
    // One voxel that is its own neighbour exchanges nothing.
    const joins = periodic[axis] && n > 1;
    const step = steps[axis];
    forRows(layout, (row, end, j, k) => {
      const first = cells[0] * (j + cells[1] * k);
      const across = axis === 1 ? j : k;
      for (let v = row; v < end; v++) {
        const voxel = first + v - row;
        const isLast = (axis === 0 ? v - row : across) === n - 1;
        if (isLast && !joins) link[v] = 0;
        else link[v] = transmissibility(values[voxel], values[voxel + (isLast ? step * (1 - n) : step)], h);
      }
    });
    wrap(layout, link);
  }
}

/** Sets the losses from links and faces. */
export function sumLosses({ layout, links, ahead = links, losses, faces }: FieldOperator): void {
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      let sum = 0;
      for (let axis = 0; axis < links.length; axis++)
        sum += ahead[axis][v] + links[axis][v - layout.stride[axis]];
      losses[v] = sum;
    }
  });
  for (const { places, conductance } of faces) {
    for (let p = 0; p < places.length; p++) losses[places[p]] += conductance[p];
  }
}

/**
 * Conductance and supply of the voxels along a face. Through half a voxel and, with `transfer`, the layer before it flows
 * per area (value − c) / (1/transfer + h/2D).
 */
function openFace(
  grid: Grid,
  field: FieldDescription,
  medium: readonly Float64Array[],
  layout: Layout,
  face: number,
  inflow?: Inflow,
): OpenFace | null {
  const axis = face >> 1;
  if (axis >= grid.dimensions) return null;
  const h = grid.spacing[axis];
  const open = faceVoxels(grid, face)
    .map(voxel => ({ voxel, condition: conditionAt(grid, field, face, voxel) }))
    .filter(({ voxel, condition }) => (inflow ? lets(condition) : isOpen(condition)) && !grid.solid?.[voxel]);
  if (open.length === 0) return null;
  const conductance = new Float64Array(open.length);
  const supply = new Float64Array(open.length);
  const varying: VaryingSupply[] = [];
  open.forEach(({ voxel, condition }, p) => {
    const inside = (2 * medium[axis][voxel]) / h;
    const transfer = 'transfer' in condition ? condition.transfer : undefined;
    if (transfer !== undefined) {
      conductance[p] = inside > 0 ? (transfer * inside) / ((transfer + inside) * h) : 0;
    } else if (condition.kind === 'value' || condition.kind === 'reservoir') conductance[p] = inside / h;
    if (condition.kind === 'reservoir') return;
    let factor = condition.kind === 'flux' ? 1 / h : conductance[p];
    const rate = inflow ? inflow(face, voxel) : 0;
    if (rate !== 0) {
      // A held value is half a voxel away; beyond a layer, and where only the flow passes, it counts upwind.
      const isHeld = condition.kind === 'value';
      if (isHeld) conductance[p] = returning(conductance[p], rate);
      else conductance[p] += condition.kind === 'outflow' ? -rate : Math.max(-rate, 0);
      if (isHeld) factor = conductance[p] + rate;
      else if (transfer !== undefined) factor += Math.max(rate, 0);
    }
    if (condition.kind === 'flux') supply[p] = factor * condition.flux;
    else if (isOpen(condition)) supply[p] = factor * condition.value;
    if (isOpen(condition) && condition.expression) {
      const point = centreOf(grid, voxel);
      point[axis] = face & 1 ? grid.size[axis] : 0;
      varying.push({ index: p, factor, value: toClosure(condition.expression), point });
    }
  });
  return {
    face,
    places: Int32Array.from(open, ({ voxel }) => placeOf(grid, layout, voxel)),
    conductance,
    supply,
    varying,
    ...(open.some(({ condition }) => condition.kind === 'reservoir') && {
      reservoir: Int32Array.from(open, ({ condition }) =>
        condition.kind === 'reservoir' ? condition.reservoir : -1,
      ),
    }),
  };
}

/** Whether anything passes where there is a flow. */
function lets(condition: Boundary): boolean {
  return isOpen(condition) || condition.kind === 'outflow';
}

/**
 * Of what two places exchange with conductance g, across which a flow of rate w goes (1/s): the coefficient of the place that it
 * goes to, g B(w/g), B(x) = x/(eˣ − 1); that of the other is larger by w.
 */
export function returning(g: number, w: number): number {
  const x = w / g;
  if (!(g > 0) || Math.abs(x) > 700) return Math.max(-w, 0);
  return Math.abs(x) < 1e-5 ? g * (1 - x / 2 + (x * x) / 12) : w / Math.expm1(x);
}

type OpenBoundary = Exclude<Boundary, { kind: 'no-flux' } | { kind: 'periodic' } | { kind: 'outflow' }>;

export function isOpen(condition: Boundary): condition is OpenBoundary {
  return condition.kind !== 'no-flux' && condition.kind !== 'periodic' && condition.kind !== 'outflow';
}

/** The last patch that holds the voxel's centre, else the face's own condition. */
export function conditionAt(grid: Grid, field: FieldDescription, face: number, voxel: number): Boundary {
  const centre = centreOf(grid, voxel);
  const along = centre.filter((_, axis) => axis !== face >> 1 && axis < grid.dimensions);
  const patch = field.patches?.findLast(
    one => one.face === face && along.every((at, i) => at >= one.from[i] && at <= one.to[i]),
  );
  return patch ? patch.condition : field.boundary[face];
}

export function centreOf({ cells, spacing }: Grid, voxel: number): [number, number, number] {
  const [nx, ny] = cells;
  const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  return [(index[0] + 0.5) * spacing[0], (index[1] + 0.5) * spacing[1], (index[2] + 0.5) * spacing[2]];
}

/** What a face supplies at a time (s): its constant supply, or that with what varies written into `out`. */
export function supplyAt({ supply, varying }: OpenFace, time: number, out: Float64Array): Float64Array {
  if (varying.length === 0) return supply;
  out.set(supply);
  const scope = createScope();
  scope.time = time;
  for (const { index, factor, value, point } of varying) {
    [scope.position[0], scope.position[1], scope.position[2]] = point;
    out[index] = factor * value(scope);
  }
  return out;
}

/** Voxels along a face, ascending. */
export function faceVoxels({ cells }: Grid, face: number): number[] {
  const axis = face >> 1;
  const fixed = face & 1 ? cells[axis] - 1 : 0;
  const range = (a: number) => (a === axis ? [fixed, fixed + 1] : [0, cells[a]]);
  const [[x0, x1], [y0, y1], [z0, z1]] = [range(0), range(1), range(2)];
  const voxels: number[] = [];
  for (let k = z0; k < z1; k++) {
    for (let j = y0; j < y1; j++) {
      for (let i = x0; i < x1; i++) voxels.push(i + cells[0] * (j + cells[1] * k));
    }
  }
  return voxels;
}

export function placeOf({ cells }: Grid, { start, stride }: Layout, voxel: number): number {
  const [nx, ny] = cells;
  return (
    start +
    (voxel % nx) +
    (Math.floor(voxel / nx) % ny) * stride[1] +
    Math.floor(voxel / (nx * ny)) * stride[2]
  );
}

/** Copies an array of voxels into one with a halo, and its halo. */
export function pad(layout: Layout, values: Float64Array, out: Float64Array): void {
  const nx = layout.n[0];
  let from = 0;
  forRows(layout, row => {
    for (let i = 0; i < nx; i++) out[row + i] = values[from + i];
    from += nx;
  });
  wrap(layout, out);
}

/** Copies what lies inside the halo; returns the least value. */
export function unpad(layout: Layout, values: Float64Array, out: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let to = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      out[to++] = values[v];
      if (!(values[v] >= least)) least = values[v];
    }
  });
  return least;
}
