import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { FACES, type FieldDescription } from './field.ts';
import { centreOf, conditionAt, faceVoxels, placeOf } from './fieldOperator.ts';
import type { Grid } from './grid.ts';
import { forRows, type Layout, wrap } from './multigrid/level.ts';

/**
 * Transport by a given flow, dc/dt = −∇·(v c): upwind in flux form, with slopes limited after van Leer, in substeps of the
 * two-stage Runge–Kutta scheme that keeps what an Euler step keeps (Shu & Osher). Second order where c is smooth; no new
 * extrema along an axis, and with outflow × substep ≤ 0.45 nothing negative: a face passes at most twice its voxel's value.
 */
export interface Advection {
  /**
   * Carries the state (with halo) on by h seconds from `time`, in place; adds what came in through each face, as a sum of
   * concentration changes, to `inflow`.
   */
  carry(state: Float64Array, time: number, h: number, inflow: Float64Array): void;
}

/** Outflow of a voxel times the substep is at most this. */
const COURANT = 0.45;

/** A hair of every slope is left out, so that next to an empty voxel rounding cannot make a face's value negative. */
const KEPT = 1 - 2 ** -50;

/** Where the flow crosses a face of the domain. */
interface Opening {
  readonly face: number;
  readonly place: number;
  /** Into the domain, 1/s. */
  readonly rate: number;
  /** What comes in at a time, molecules/µm³; null where the voxel's own concentration does. */
  readonly value: ((time: number) => number) | null;
}

export function createAdvection(grid: Grid, layout: Layout, field: FieldDescription): Advection | null {
  const { velocity } = field;
  if (!velocity) return null;
  const { dimensions } = grid;
  const rates = Array.from({ length: dimensions }, (_, axis) => insideRates(grid, layout, field, axis));
  const openings = FACES.flatMap((_, face) => openingsOf(grid, layout, field, face));
  const outflow = new Float64Array(layout.size);
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      for (let axis = 0; axis < dimensions; axis++) {
        outflow[v] += Math.max(rates[axis][v], 0) - Math.min(rates[axis][v - layout.stride[axis]], 0);
      }
    }
  });
  for (const { place, rate } of openings) outflow[place] += Math.max(-rate, 0);
  const fastest = outflow.reduce((most, value) => Math.max(most, value), 0);
  const fluxes = rates.map(() => new Float64Array(layout.size));
  const first = rates.map(() => new Float64Array(layout.size));
  const stage = new Float64Array(layout.size);
  const crossing = new Float64Array(openings.length);

  /** Fluxes through the faces between voxels (towards the higher one), and through openings (inwards), of `c`. */
  function computeFluxes(
    c: Float64Array,
    time: number,
    into: readonly Float64Array[],
    out: Float64Array,
  ): void {
    for (const [axis, rate] of rates.entries()) limitedFluxes(layout, axis, rate, c, into[axis]);
    openings.forEach((opening, i) => {
      const isIn = opening.rate > 0 && opening.value !== null;
      out[i] = opening.rate * (isIn && opening.value ? opening.value(time) : c[opening.place]);
    });
  }

  function apply(c: Float64Array, dt: number, from: Float64Array): void {
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        let change = 0;
        for (let axis = 0; axis < dimensions; axis++) {
          change += fluxes[axis][v - layout.stride[axis]] - fluxes[axis][v];
        }
        c[v] = from[v] + dt * change;
      }
    });
    openings.forEach(({ place }, i) => {
      c[place] += dt * crossing[i];
    });
    wrap(layout, c);
  }

  return {
    carry(state, time, h, inflow) {
      const substeps = Math.max(1, Math.ceil((h * fastest) / COURANT));
      const dt = h / substeps;
      const before = new Float64Array(openings.length);
      for (let step = 0; step < substeps; step++) {
        const at = time + step * dt;
        computeFluxes(state, at, fluxes, crossing);
        apply(stage, dt, state);
        first.forEach((flux, axis) => {
          flux.set(fluxes[axis]);
        });
        before.set(crossing);
        computeFluxes(stage, at + dt, fluxes, crossing);
        fluxes.forEach((flux, axis) => {
          for (let v = 0; v < flux.length; v++) flux[v] = 0.5 * (flux[v] + first[axis][v]);
        });
        for (let i = 0; i < crossing.length; i++) {
          crossing[i] = 0.5 * (crossing[i] + before[i]);
          inflow[openings[i].face] += dt * crossing[i];
        }
        apply(state, dt, state);
      }
    },
  };
}

/** Velocity over spacing at the faces between a voxel and the next along the axis, 1/s; 0 at obstacles and walls. */
function insideRates(grid: Grid, layout: Layout, field: FieldDescription, axis: number): Float64Array {
  const { cells, spacing, periodic, solid, size } = grid;
  const rates = new Float64Array(layout.size);
  const speed = toClosure((field.velocity as NonNullable<FieldDescription['velocity']>)[axis]);
  const scope = createScope();
  const step = [1, cells[0], cells[0] * cells[1]][axis];
  for (let voxel = 0; voxel < grid.voxels; voxel++) {
    const index = Math.floor(voxel / step) % cells[axis];
    const isLast = index === cells[axis] - 1;
    if (isLast && (!periodic[axis] || cells[axis] === 1)) continue;
    const other = isLast ? voxel - index * step : voxel + step;
    if (solid?.[voxel] || solid?.[other]) continue;
    const point = centreOf(grid, voxel);
    point[axis] = isLast ? size[axis] : point[axis] + spacing[axis] / 2;
    [scope.position[0], scope.position[1], scope.position[2]] = point;
    rates[placeOf(grid, layout, voxel)] = speed(scope) / spacing[axis];
  }
  wrap(layout, rates);
  return rates;
}

/** Where the flow crosses one face: a closed one lets none through, whatever the velocity there. */
function openingsOf(grid: Grid, layout: Layout, field: FieldDescription, face: number): Opening[] {
  const axis = face >> 1;
  if (axis >= grid.dimensions || grid.periodic[axis]) return [];
  const speed = toClosure((field.velocity as NonNullable<FieldDescription['velocity']>)[axis]);
  const scope = createScope();
  return faceVoxels(grid, face).flatMap(voxel => {
    const condition = conditionAt(grid, field, face, voxel);
    if (condition.kind === 'no-flux' || condition.kind === 'periodic' || grid.solid?.[voxel]) return [];
    const point = centreOf(grid, voxel);
    point[axis] = face & 1 ? grid.size[axis] : 0;
    [scope.position[0], scope.position[1], scope.position[2]] = point;
    const rate = ((face & 1 ? -1 : 1) * speed(scope)) / grid.spacing[axis];
    if (rate === 0) return [];
    return { face, place: placeOf(grid, layout, voxel), rate, value: valueAt(condition, point) };
  });
}

function valueAt(
  condition: ReturnType<typeof conditionAt>,
  point: readonly [number, number, number],
): Opening['value'] {
  if (condition.kind === 'outflow') return null;
  if (condition.kind !== 'value' && condition.kind !== 'transfer') return () => 0;
  const { value, expression } = condition;
  if (!expression) return () => value;
  const read = toClosure(expression);
  const scope = createScope();
  [scope.position[0], scope.position[1], scope.position[2]] = point;
  return time => {
    scope.time = time;
    return read(scope);
  };
}

/** rate × the value at the face, from the upwind side with a limited slope; no slope where the flow cannot be seen beyond. */
function limitedFluxes(
  layout: Layout,
  axis: number,
  rate: Float64Array,
  c: Float64Array,
  out: Float64Array,
): void {
  const s = layout.stride[axis];
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      const w = rate[v];
      if (w === 0) {
        out[v] = 0;
        continue;
      }
      const up = w > 0 ? v : v + s;
      // The slope of the upwind voxel needs both its neighbours along the axis.
      const seen = w > 0 ? rate[v - s] !== 0 : rate[v + s] !== 0;
      const below = c[up] - c[up - s];
      const above = c[up + s] - c[up];
      // Not by their product, which could underflow.
      const alike = (below > 0 && above > 0) || (below < 0 && above < 0);
      const half = seen && alike ? KEPT * below * (above / (below + above)) : 0;
      out[v] = w * (w > 0 ? c[up] + half : c[up] - half);
    }
  });
  wrap(layout, out);
}
