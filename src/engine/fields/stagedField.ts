import { type Advection, createAdvection } from './advection.ts';
import type { FieldDescription } from './field.ts';
import { createFieldOperator, pad, unpad } from './fieldOperator.ts';
import type { FieldStep } from './fieldStep.ts';
import { type Film, followsCells } from './film.ts';
import { followFilm } from './filmOperator.ts';
import { fluxUpdate } from './fluxUpdate.ts';
import type { Grid } from './grid.ts';
import { createRoom, createSystem, type ImplicitSystem } from './implicitSystem.ts';
import { evaluateMedium } from './medium.ts';
import { residual } from './multigrid/kernels.ts';
import { createLevel, finishLevel, forRows, type Layout, wrap } from './multigrid/level.ts';
import { borderOf, putBack, takeOut } from './outside.ts';
import { D, W } from './scheme.ts';
import { addSupply, type Supplies, suppliesOver } from './stageSupply.ts';

/**
 * One field through the implicit stages of a step whose exchange with cells is implicit with it: the schemes of unfactored.ts, but
 * that what cells have given since the step began is known at each stage only as it is solved, by others (coupling/monolithic.ts).
 * A stage is M x = b + g, M = I − a A, with g what cells have given up to it, molecules/µm³.
 *
 * Vectors have the layout's halo and, after it, an entry for each of the field's reservoirs, which are unknowns like the rest.
 */
export interface StagedField {
  readonly layout: Layout;
  /** Length of a vector. */
  readonly size: number;
  /** The state at the start of the step (once a flow has carried it half of the way), and of the stage in hand. */
  readonly start: Float64Array;
  readonly x: Float64Array;
  /** What voxels hold that are part of what lies behind a boundary layer, and in x 0; null where there are none. */
  readonly beyond: Float64Array | null;
  /** a, s. */
  readonly implicit: number;
  /** Diagonal entry of M at a place, and the largest of all. */
  diagonal(place: number): number;
  readonly largestEntry: number;
  /** Begins a step of h seconds at `time` from `c`. One stage, over h, is backward Euler; two are TR-BDF2. */
  begin(c: Float64Array, reservoirs: Float64Array | null, time: number, h: number, stages: 1 | 2): void;
  /** Forms b of the next stage; x is the guess. */
  openStage(): void;
  /** out = b + g − M x. */
  residual(given: Float64Array, out: Float64Array): void;
  /** out = M v; sets the halo of v. */
  multiply(v: Float64Array, out: Float64Array): void;
  /** Prepares `precondition` for M + a κ; κ per voxel (1/s), no halo. */
  prepare(kappa: Float64Array | null): void;
  /** out ≈ (M + a κ)⁻¹ r. */
  precondition(r: Float64Array, out: Float64Array): void;
  /** The stage in hand is solved. */
  closeStage(): void;
  /** The conservative update with `source`, what cells gave over the step, molecules/µm³/s per voxel without halo. */
  finish(source: Float64Array | null, next: Float64Array): FieldStep;
}

export function createStagedField(grid: Grid, field: FieldDescription, film: Film): StagedField {
  const { voxelVolume: volume } = grid;
  const operator = createFieldOperator(grid, field);
  const { layout, links, losses } = operator;
  const reservoirs = field.reservoirs ?? [];
  let border = borderOf(field, operator, volume);
  const liquid = followsCells(field) ? evaluateMedium(grid, field) : null;
  let version = 0;
  const advection: Advection | null = createAdvection(grid, layout, field);
  const inner = layout.size;
  const size = inner + reservoirs.length;
  const column = () => new Float64Array(size);
  const [start, first, x, b, mean] = [column(), column(), column(), column(), column()];
  const zero = column();
  const [startInside, meanInside] = [start.subarray(0, inner), mean.subarray(0, inner)];
  const matrix = createLevel(layout, true);
  // It only preconditions, and needs no room to solve. Fields that cells exchange for one another at 10⁴ per step want its best.
  const system: ImplicitSystem = createSystem(grid, operator, createRoom(0), null, false);
  let prepared = 0;
  let largestEntry = 1;
  let a = 0;
  let h = 0;
  let time = 0;
  let stages: 1 | 2 = 2;
  let stage = 0;
  let supplies: Supplies;
  /** What a flow has brought in through each face, and drawn from reservoirs. */
  let carried = new Float64Array(6);
  let drawn = new Float64Array(0);
  let before: Float64Array = start;
  let beyond: Float64Array | null = null;
  // By the medium without cells: a resumed run must not choose its coarse grids by others than the first did.
  if (liquid) system.found();

  /** Takes up what the cells make of the medium. */
  function follow(): void {
    if (!liquid || version === film.version) return;
    followFilm(operator, grid, field, liquid, film);
    system.renew();
    border = borderOf(field, operator, volume);
    version = film.version;
    prepared = 0;
  }

  function assemble(): void {
    if (prepared === a) return;
    prepared = a;
    largestEntry = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        const value = 1 + a * (field.decay + losses[v]);
        matrix.diagonal[v] = value;
        if (value > largestEntry) largestEntry = value;
      }
    });
    links.forEach((link, axis) => {
      const scaled = matrix.links[axis];
      for (let v = 0; v < link.length; v++) scaled[v] = a * link[v];
    });
    finishLevel(matrix);
  }

  /** out = M v without reservoirs. */
  function multiplyField(v: Float64Array, out: Float64Array): void {
    wrap(layout, v);
    out.fill(0);
    residual(matrix, v, zero, out);
    for (let i = 0; i < inner; i++) out[i] = -out[i];
  }

  const weights = () => (stages === 1 ? [] : stage === 1 ? [a] : [W * h, W * h]);
  const endOfStage = () => time + (stages === 2 && stage === 1 ? 2 * D * h : h);

  return {
    layout,
    size,
    start,
    x,
    get beyond() {
      return beyond;
    },
    get implicit() {
      return a;
    },
    diagonal: place => matrix.diagonal[place],
    get largestEntry() {
      const ofReservoirs = reservoirs.map((_, j) => border?.diagonal(j, endOfStage()) ?? 0);
      return Math.max(largestEntry, ...ofReservoirs);
    },
    begin(c, bulk, at, duration, count) {
      [time, h, stages, stage] = [at, duration, count, 0];
      a = stages === 2 ? D * h : h;
      follow();
      before = c;
      pad(layout, c, startInside);
      const { held: outside } = operator;
      const found = outside ? takeOut(outside, c, start, bulk, time, border) : bulk;
      const held = found?.slice() ?? null;
      drawn = new Float64Array(held?.length ?? 0);
      beyond = null;
      if (outside) {
        beyond = column();
        for (const [i, place] of outside.places.entries()) beyond[place] = c[outside.voxels[i]];
      }
      carried = new Float64Array(6);
      advection?.carry(startInside, time, h / 2, carried, held, drawn, time);
      wrap(layout, start);
      assemble();
      if (border && held) {
        border.open(a, time, held, start);
        start.set(held, inner);
      }
      supplies = suppliesOver(operator, time, h, stages === 2);
      x.set(start);
    },
    openStage() {
      stage++;
      if (stages === 1) {
        b.set(start);
        addSupply(operator.faces, supplies.end, h, b);
      } else if (stage === 1) {
        multiplyField(start, b);
        for (let v = 0; v < inner; v++) b[v] = 2 * start[v] - b[v];
        addSupply(operator.faces, supplies.start, a, b);
        addSupply(operator.faces, supplies.middle, a, b);
      } else {
        // A y = (y − M y)/a.
        for (let v = 0; v < inner; v++) mean[v] = start[v] + first[v];
        multiplyField(mean, b);
        const share = W / D;
        for (let v = 0; v < inner; v++) b[v] = start[v] + share * (mean[v] - b[v]);
        addSupply(operator.faces, supplies.mean, h, b);
      }
      if (!border) return;
      border.supplyStages(weights(), b);
      b.set(border.rightSide(weights(), endOfStage()), inner);
    },
    residual(given, out) {
      this.multiply(x, out);
      for (let v = 0; v < size; v++) out[v] = b[v] + given[v] - out[v];
      clearHalo(layout, out);
    },
    multiply(v, out) {
      multiplyField(v, out);
      if (border) out.set(border.multiply(v.slice(inner), v, endOfStage(), out), inner);
    },
    prepare(kappa) {
      system.prepare(field.decay, a, kappa);
    },
    precondition(r, out) {
      system.precondition(r, out);
      if (border)
        for (let j = 0; j < reservoirs.length; j++)
          out[inner + j] = r[inner + j] / border.diagonal(j, endOfStage());
    },
    closeStage() {
      wrap(layout, x);
      border?.close(x.slice(inner), x, endOfStage());
      if (stage < stages) first.set(x);
    },
    finish(source, next) {
      if (stages === 1) mean.set(x);
      else for (let v = 0; v < inner; v++) mean[v] = W * (start[v] + first[v]) + D * x[v];
      const { held: outside } = operator;
      if (outside) for (const place of outside.places) mean[place] = 0;
      const { exchanged, ...step } = fluxUpdate(
        operator,
        volume,
        field,
        h,
        source,
        null,
        supplies.mean,
        border ? border.mean() : null,
        0,
        start,
        mean,
        b,
        next,
        null,
      );
      let { minimum } = step;
      const settled = border?.settle(h, exchanged) ?? null;
      if (advection && minimum >= 0) {
        pad(layout, next, meanInside);
        const end = time + h;
        advection.carry(meanInside, end - h / 2, h / 2, carried, settled?.end ?? null, drawn, end);
        minimum = unpad(layout, meanInside, next);
      }
      for (let face = 0; face < 6; face++) step.inflow[face] += carried[face] * volume;
      const scheme = stages === 2 ? 'tr-bdf2' : 'euler';
      if (outside && outside.reservoir < 0)
        step.inflow[outside.face] += putBack(outside, outside.valuesAt(time + h), before, next) * volume;
      if (!settled) return { scheme, substeps: 1, ...step, minimum };
      for (let j = 0; j < drawn.length; j++) exchanged[j] += drawn[j] * volume;
      if (outside && outside.reservoir >= 0) {
        const ends = new Float64Array(outside.voxels.length).fill(settled.end[outside.reservoir]);
        settled.exchanged[outside.reservoir] += putBack(outside, ends, before, next) * volume;
      }
      return {
        scheme,
        substeps: 1,
        ...step,
        minimum: Math.min(minimum, ...settled.end),
        reservoirs: settled,
      };
    },
  };
}

/** What lies in the halo is no unknown: sums over a vector must not see it. */
function clearHalo({ n, start, stride, size, dimensions }: Layout, v: Float64Array): void {
  const [nx, ny, nz] = n;
  const [, s, t] = stride;
  const deep = dimensions === 3;
  v.fill(0, 0, start);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const end = start + j * s + k * t + nx;
      const isLast = j === ny - 1;
      const next = isLast ? (deep && k < nz - 1 ? start + (k + 1) * t : size) : end + s - nx;
      v.fill(0, end, next);
    }
  }
}
