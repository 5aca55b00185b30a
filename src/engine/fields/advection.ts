import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { FACES, type FieldDescription } from './field.ts';
import { centreOf, conditionAt, faceVoxels, placeOf } from './fieldOperator.ts';
import type { Grid } from './grid.ts';
import { forRows, type Layout, wrap } from './multigrid/level.ts';
import { volumeAt } from './reservoir.ts';
import { faceIndex, speedsAtFaces } from './velocity.ts';

/**
 * Transport by a given flow, dc/dt = −∇·(v c): upwind in flux form, with slopes limited after van Leer, in substeps of the
 * two-stage Runge–Kutta scheme that keeps what an Euler step keeps (Shu & Osher). Second order where c is smooth; no new
 * extrema along an axis, and with outflow × substep ≤ 0.45 nothing negative: a face passes at most twice its voxel's value.
 */
export interface Advection {
  /**
   * Carries the state (with halo) on by h seconds from `time`, in place; adds what came in through each face, as a sum of
   * concentration changes, to `inflow`. `held` are the reservoirs' concentrations, changed in place by what they gave and got, and
   * `exchanged` gets what they gave on balance, as a sum of concentration changes too. Their volumes are those at `settled` (s).
   */
  carry(
    state: Float64Array,
    time: number,
    h: number,
    inflow: Float64Array,
    held: Float64Array | null,
    exchanged: Float64Array,
    settled: number,
  ): void;
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
  /** The field's reservoir behind the face, which what comes in is taken from; −1 for none. */
  readonly reservoir: number;
}

export function createAdvection(grid: Grid, layout: Layout, field: FieldDescription): Advection | null {
  const { velocity } = field;
  if (!velocity) return null;
  const { dimensions } = grid;
  const speeds = Array.from({ length: dimensions }, (_, axis) => speedsAtFaces(grid, velocity[axis], axis));
  const rates = speeds.map((along, axis) => insideRates(grid, layout, axis, along));
  const openings = FACES.flatMap((_, face) => {
    const axis = face >> 1;
    if (axis >= dimensions || grid.periodic[axis]) return [];
    return openingsOf(grid, layout, field, face, speeds[axis]);
  });
  const { reservoirs = [], pace } = field;
  const fastest = Math.max(
    fastestLoss(layout, rates, openings, 1),
    pace ? fastestLoss(layout, rates, openings, -1) : 0,
  );
  const factorAt = pace ? ofTime(pace) : null;
  const fluxes = rates.map(() => new Float64Array(layout.size));
  const first = rates.map(() => new Float64Array(layout.size));
  const paced = factorAt ? rates.map(rate => rate.slice()) : rates;
  const stage = new Float64Array(layout.size);
  const crossing = new Float64Array(openings.length);

  /** Fluxes through the faces between voxels (towards the higher one), and through openings (inwards), of `c`. */
  function computeFluxes(
    c: Float64Array,
    time: number,
    factor: number,
    held: Float64Array | null,
    into: readonly Float64Array[],
    out: Float64Array,
  ): void {
    for (const [axis, rate] of rates.entries()) {
      const scaled = paced[axis];
      if (scaled !== rate) for (let v = 0; v < rate.length; v++) scaled[v] = factor * rate[v];
      limitedFluxes(layout, axis, scaled, c, into[axis]);
    }
    openings.forEach(({ rate, value, reservoir, place }, i) => {
      const inwards = factor * rate;
      if (inwards > 0 && reservoir >= 0 && held) out[i] = inwards * held[reservoir];
      else out[i] = inwards * (inwards > 0 && value ? value(time) : c[place]);
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

  /** What the reservoirs lose by the fluxes in hand, molecules/µm³ of the domain's voxels. */
  function drawn(dt: number): Float64Array {
    const sums = new Float64Array(reservoirs.length);
    openings.forEach(({ reservoir }, i) => {
      if (reservoir >= 0) sums[reservoir] += dt * crossing[i];
    });
    return sums;
  }

  return {
    carry(state, time, h, inflow, held, exchanged, settled) {
      // Voxels of the domain over the reservoir: what a reservoir loses per concentration gained by one.
      const shares = reservoirs.map(reservoir => grid.voxelVolume / volumeAt(reservoir, settled));
      const loss = Math.max(fastest, drainOf(openings, shares, factorAt !== null));
      const factors = pacesOver(factorAt, time, h, loss);
      const substeps = factors.length - 1;
      const dt = h / substeps;
      const before = new Float64Array(openings.length);
      for (let step = 0; step < substeps; step++) {
        const at = time + step * dt;
        computeFluxes(state, at, factors[step], held, fluxes, crossing);
        apply(stage, dt, state);
        const lost = drawn(dt);
        const after = held ? held.map((c, j) => c - shares[j] * lost[j]) : null;
        first.forEach((flux, axis) => {
          flux.set(fluxes[axis]);
        });
        before.set(crossing);
        computeFluxes(stage, at + dt, factors[step + 1], after, fluxes, crossing);
        fluxes.forEach((flux, axis) => {
          for (let v = 0; v < flux.length; v++) flux[v] = 0.5 * (flux[v] + first[axis][v]);
        });
        for (let i = 0; i < crossing.length; i++) {
          crossing[i] = 0.5 * (crossing[i] + before[i]);
          if (openings[i].reservoir < 0) inflow[openings[i].face] += dt * crossing[i];
        }
        const given = drawn(dt);
        held?.forEach((_, j) => {
          held[j] -= shares[j] * given[j];
          exchanged[j] += given[j];
        });
        apply(state, dt, state);
      }
    },
  };
}

/** Factors at the ends of as many equal substeps as the loss (1/s) of the fastest voxel times the larger factor of each asks for. */
function pacesOver(
  factorAt: ((time: number) => number) | null,
  time: number,
  h: number,
  loss: number,
): number[] {
  const needed = (factor: number) => Math.max(1, Math.ceil((h * loss * factor) / COURANT));
  if (!factorAt) return new Array(needed(1) + 1).fill(1);
  let substeps = 1;
  for (;;) {
    const factors = Array.from({ length: substeps + 1 }, (_, k) => factorAt(time + (k * h) / substeps));
    const enough = needed(factors.reduce((most, factor) => Math.max(most, Math.abs(factor)), 0));
    // A factor that jumps within the window may ask for more once it is looked at more closely.
    if (enough <= substeps) return factors;
    substeps = enough;
  }
}

/** The largest outflow of a voxel, 1/s, with the flow as it is (1) or reversed (−1). */
function fastestLoss(
  layout: Layout,
  rates: readonly Float64Array[],
  openings: readonly Opening[],
  sign: 1 | -1,
): number {
  const outflow = new Float64Array(layout.size);
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      for (let axis = 0; axis < rates.length; axis++) {
        outflow[v] += Math.max(sign * rates[axis][v], 0);
        outflow[v] -= Math.min(sign * rates[axis][v - layout.stride[axis]], 0);
      }
    }
  });
  for (const { place, rate } of openings) outflow[place] += Math.max(-sign * rate, 0);
  return outflow.reduce((most, value) => Math.max(most, value), 0);
}

/** The largest loss of a reservoir to the flow, 1/s; either way where the flow may turn. */
function drainOf(openings: readonly Opening[], shares: readonly number[], turns: boolean): number {
  const into = new Float64Array(shares.length);
  const out = new Float64Array(shares.length);
  for (const { reservoir, rate } of openings) {
    if (reservoir < 0) continue;
    if (rate > 0) into[reservoir] += shares[reservoir] * rate;
    else out[reservoir] -= shares[reservoir] * rate;
  }
  return Math.max(0, ...into, ...(turns ? out : []));
}

function ofTime(expression: Expression): (time: number) => number {
  const read = toClosure(expression);
  const scope = createScope();
  return time => {
    scope.time = time;
    return read(scope);
  };
}

/** Velocity over spacing at the faces between a voxel and the next along the axis, 1/s; 0 at obstacles and walls. */
export function insideRates(grid: Grid, layout: Layout, axis: number, speeds: Float64Array): Float64Array {
  const { cells, spacing, periodic, solid } = grid;
  const rates = new Float64Array(layout.size);
  const step = [1, cells[0], cells[0] * cells[1]][axis];
  for (let voxel = 0; voxel < grid.voxels; voxel++) {
    const index = Math.floor(voxel / step) % cells[axis];
    const isLast = index === cells[axis] - 1;
    if (isLast && (!periodic[axis] || cells[axis] === 1)) continue;
    const other = isLast ? voxel - index * step : voxel + step;
    if (solid?.[voxel] || solid?.[other]) continue;
    rates[placeOf(grid, layout, voxel)] = speeds[faceIndex(grid, axis, voxel, 1)] / spacing[axis];
  }
  wrap(layout, rates);
  return rates;
}

/** Where the flow crosses one face: a closed one lets none through, whatever the velocity there. */
function openingsOf(
  grid: Grid,
  layout: Layout,
  field: FieldDescription,
  face: number,
  speeds: Float64Array,
): Opening[] {
  const axis = face >> 1;
  const side = face & 1 ? 1 : 0;
  return faceVoxels(grid, face).flatMap(voxel => {
    const condition = conditionAt(grid, field, face, voxel);
    if (condition.kind === 'no-flux' || condition.kind === 'periodic' || grid.solid?.[voxel]) return [];
    const speed = speeds[faceIndex(grid, axis, voxel, side)];
    const rate = ((side === 1 ? -1 : 1) * speed) / grid.spacing[axis];
    if (rate === 0) return [];
    const point = centreOf(grid, voxel);
    point[axis] = side === 1 ? grid.size[axis] : 0;
    const reservoir = condition.kind === 'reservoir' ? condition.reservoir : -1;
    return { face, place: placeOf(grid, layout, voxel), rate, value: valueAt(condition, point), reservoir };
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
