import { type Advection, createAdvection } from './advection.ts';
import type { FieldDescription } from './field.ts';
import {
  createFieldOperator,
  type FieldOperator,
  type HeldVoxels,
  type OpenFace,
  pad,
  supplyAt,
  unpad,
} from './fieldOperator.ts';
import type { FieldStep } from './fieldStep.ts';
import { type Film, followsCells } from './film.ts';
import { followFilm } from './filmOperator.ts';
import type { Grid } from './grid.ts';
import { createRoom, createSystem, type ImplicitSystem, type Room } from './implicitSystem.ts';
import { evaluateMedium, type Medium } from './medium.ts';
import { forRows } from './multigrid/level.ts';
import { ReservoirBorder } from './reservoirBorder.ts';
import { D, W } from './scheme.ts';
import { total } from './total.ts';

/**
 * The same steps as solver.ts takes, without factorisation: TR-BDF2 and backward Euler with (I − a A) solved by conjugate
 * gradients and multigrid, for coefficients that vary in space and by axis, obstacles, and windows of any length: L-stable.
 * What the iteration leaves over is an error of the potentials only; the new state is their conservative update.
 */
export type UnfactoredScheme = 'tr-bdf2' | 'positive' | 'quasi-steady';

export interface UnfactoredSolver {
  advanceBy(
    scheme: UnfactoredScheme,
    field: FieldDescription,
    c: Float64Array,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    next: Float64Array,
    exposure: Float64Array | null,
  ): FieldStep;
  predict(
    field: FieldDescription,
    c: Float64Array,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    out: Float64Array,
  ): void;
}

/** Where a window begins. */
export interface Clock {
  /** s: what boundaries that vary are read by. */
  time: number;
  /** Concentrations of the field's reservoirs, molecules/µm³; null where it has none. */
  reservoirs: Float64Array | null;
}

/** What the open faces supply at the stages of a step, and on average over it; face after face. */
interface Supplies {
  readonly start: readonly Float64Array[];
  readonly middle: readonly Float64Array[];
  readonly end: readonly Float64Array[];
  readonly mean: readonly Float64Array[];
}

/** Largest residual of a solve relative to the largest concentration in play; of a prediction. */
const TOLERANCE = 1e-10;
const ROUGH = 1e-8;

/**
 * Share of the identity in the matrix of a quasi-steady field: as if its window were 10⁹ times as long. What nothing can
 * leave, such as a pore shut in by obstacles, keeps its content so.
 */
const INERTIA = 1e-9;

interface Prepared {
  readonly operator: FieldOperator;
  readonly advection: Advection | null;
  border: ReservoirBorder | null;
  /** Of a field that follows the cells: its medium without them, and what of the film its operator has taken up. */
  readonly liquid: Medium | null;
  version: number;
  /** For steps and for predictions, which take different windows in turn. */
  readonly systems: readonly [ImplicitSystem, ImplicitSystem];
}

export function createUnfactoredSolver(grid: Grid, clock: Clock, film: Film): UnfactoredSolver {
  const prepared = new WeakMap<FieldDescription, Prepared>();
  const { voxelVolume: volume } = grid;
  let room: Room | null = null;

  function prepare(field: FieldDescription): Prepared {
    let made = prepared.get(field);
    if (!made) {
      const operator = createFieldOperator(grid, field);
      room ??= createRoom(operator.layout.size);
      made = {
        operator,
        advection: createAdvection(grid, operator.layout, field),
        border: borderOf(field, operator),
        liquid: followsCells(field) ? evaluateMedium(grid, field) : null,
        version: 0,
        systems: [createSystem(grid, operator, room), createSystem(grid, operator, room)],
      };
      // By the medium without cells: a resumed run must not choose by others than the first did.
      if (made.liquid) for (const system of made.systems) system.found();
      prepared.set(field, made);
    }
    if (made.liquid && made.version !== film.version) {
      followFilm(made.operator, grid, field, made.liquid, film);
      for (const system of made.systems) system.renew();
      made.border = borderOf(field, made.operator);
      made.version = film.version;
    }
    return made;
  }

  function borderOf(field: FieldDescription, { faces, held }: FieldOperator): ReservoirBorder | null {
    if (!field.reservoirs) return null;
    const annexes = new Float64Array(field.reservoirs.length);
    if (held && held.reservoir >= 0) annexes[held.reservoir] = held.voxels.length * volume;
    return new ReservoirBorder(field.reservoirs, faces, volume, field.decay, annexes);
  }

  /** The conservative update from mean potentials m: next = u + H (L m + b + S − K m), flux by flux. */
  function update(
    { layout, links, faces }: FieldOperator,
    field: FieldDescription,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    supplies: readonly Float64Array[],
    reservoirs: Float64Array | null,
    relaxation: number,
    { state: u, mean: m, load }: Room,
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
        let change = ex[v] * (m[v + 1] - here) - ex[v - 1] * (here - m[v - 1]);
        change += ey[v] * (m[v + s] - here) - ey[v - s] * (here - m[v - s]);
        if (deep) change += ez[v] * (m[v + t] - here) - ez[v - t] * (here - m[v - t]);
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

  const advanceBy: UnfactoredSolver['advanceBy'] = (scheme, field, c, h, source, uptake, next, exposure) => {
    const { operator, systems, advection, border } = prepare(field);
    const carried = new Float64Array(6);
    const work = room as Room;
    const { layout, faces, held: outside } = operator;
    const { state: u, mean } = work;
    const [system] = systems;
    const a = scheme === 'tr-bdf2' ? D * h : h;
    pad(layout, c, u);
    // What lies beyond the layer is no unknown: part of a reservoir, or held at the face's value.
    const held = outside ? takeOut(outside, c, u, clock, border) : (clock.reservoirs?.slice() ?? null);
    const drawn = new Float64Array(held?.length ?? 0);
    advection?.carry(u, clock.time, h / 2, carried, held, drawn, clock.time);
    const inertia = scheme === 'quasi-steady' ? INERTIA : 1;
    system.prepare(field.decay, a, uptake, inertia);
    const supplies = suppliesOver(operator, clock.time, h, scheme);
    let scale = largest(c, h, source, faces, supplies.mean);
    if (border && held) {
      scale = Math.max(scale, border.largest(held, clock.time, h));
      border.begin(system, a, clock.time, held, u, TOLERANCE);
    }
    /** Solves a stage at a time; \`weights\` are those of the stages before it. */
    const solve = (weights: readonly number[], when: number) => {
      if (border && held) border.solve(system, weights, when, TOLERANCE * scale);
      else system.solve(TOLERANCE * scale);
    };
    let first: Float64Array | null = null;
    if (scheme === 'tr-bdf2') {
      // Stage 1: (I − aA) u_γ = u + a A u + 2a (S + b).
      const { x, b } = system;
      system.multiply(u, b);
      for (let v = 0; v < b.length; v++) b[v] = 2 * u[v] - b[v];
      addSource(operator, source, 2 * a, b);
      addSupply(faces, supplies.start, a, b);
      addSupply(faces, supplies.middle, a, b);
      x.set(u);
      solve([a], clock.time + 2 * D * h);
      // Stage 2: (I − aA) u⁺ = u + H w A (u + u_γ) + H (S + b), and A y = (y − M y)/a.
      first = work.first;
      first.set(x);
      for (let v = 0; v < mean.length; v++) mean[v] = u[v] + first[v];
      system.multiply(mean, b);
      const share = W / D;
      for (let v = 0; v < b.length; v++) b[v] = u[v] + share * (mean[v] - b[v]);
      addSupply(faces, supplies.mean, h, b);
    } else {
      for (let v = 0; v < u.length; v++) system.b[v] = inertia * u[v];
      system.x.set(u);
      addSupply(faces, supplies.end, h, system.b);
    }
    addSource(operator, source, h, system.b);
    solve(first ? [W * h, W * h] : [], clock.time + h);
    const reservoirs = border && held ? border.mean() : null;
    const finish = () => {
      const { x } = system;
      if (first === null) mean.set(x);
      else for (let v = 0; v < mean.length; v++) mean[v] = W * (u[v] + first[v]) + D * x[v];
      if (outside) for (const place of outside.places) mean[place] = 0;
      return update(
        operator,
        field,
        h,
        source,
        uptake,
        supplies.mean,
        reservoirs,
        1 - inertia,
        work,
        next,
        exposure,
      );
    };
    let done = finish();
    // Where the iteration's leftover, not the scheme, is what went negative.
    if (done.minimum < 0 && system.lower()) done = finish();
    const settled = border && held ? border.settle(h, done.exchanged) : null;
    if (advection && done.minimum >= 0) {
      pad(layout, next, u);
      const end = clock.time + h;
      advection.carry(u, end - h / 2, h / 2, carried, settled?.end ?? null, drawn, end);
      done = { ...done, minimum: unpad(layout, u, next) };
    }
    for (let face = 0; face < 6; face++) done.inflow[face] += carried[face] * volume;
    const { exchanged, ...step } = done;
    if (outside && outside.reservoir < 0) {
      step.inflow[outside.face] += putBack(outside, outside.valuesAt(clock.time + h), c, next) * volume;
    }
    if (!settled) return { scheme, substeps: 1, ...step };
    for (let j = 0; j < drawn.length; j++) exchanged[j] += drawn[j] * volume;
    if (outside && outside.reservoir >= 0) {
      const ends = new Float64Array(outside.voxels.length).fill(settled.end[outside.reservoir]);
      settled.exchanged[outside.reservoir] += putBack(outside, ends, c, next) * volume;
    }
    const minimum = Math.min(step.minimum, ...settled.end);
    return { scheme, substeps: 1, ...step, minimum, reservoirs: settled };
  };

  return {
    advanceBy,
    predict(field, c, h, source, uptake, out) {
      const { operator, systems, advection, border } = prepare(field);
      const [, system] = systems;
      const { layout, faces, held: outside } = operator;
      const { state } = room as Room;
      pad(layout, c, state);
      const held = outside ? takeOut(outside, c, state, clock, border) : (clock.reservoirs?.slice() ?? null);
      const drawn = new Float64Array(held?.length ?? 0);
      advection?.carry(state, clock.time, h, new Float64Array(6), held, drawn, clock.time);
      const inertia = field.dynamics === 'quasi-steady' ? INERTIA : 1;
      system.prepare(field.decay, h, uptake, inertia);
      if (border && held) border.begin(system, h, clock.time, held, state, ROUGH);
      for (let v = 0; v < state.length; v++) system.b[v] = inertia * state[v];
      system.x.set(state);
      addSource(operator, source, h, system.b);
      const { end } = suppliesOver(operator, clock.time, h, 'positive');
      addSupply(faces, end, h, system.b);
      const tolerance = ROUGH * largest(c, h, source, faces, end);
      if (border && held) {
        const most = ROUGH * border.largest(held, clock.time, h);
        border.solve(system, [], clock.time + h, Math.max(tolerance, most));
      } else system.solve(tolerance);
      let voxel = 0;
      forRows(layout, (row, end) => {
        for (let v = row; v < end; v++) out[voxel++] = system.x[v];
      });
      if (outside) for (const v of outside.voxels) out[v] = c[v];
    },
  };
}

/**
 * Takes the voxels beyond the layer out of a state; where they are part of a reservoir, their content mixes with it. Returns what
 * the reservoirs then hold.
 */
function takeOut(
  { voxels, places, reservoir }: HeldVoxels,
  c: Float64Array,
  u: Float64Array,
  { time, reservoirs }: Clock,
  border: ReservoirBorder | null,
): Float64Array | null {
  for (const place of places) u[place] = 0;
  if (reservoir < 0 || !reservoirs || !border) return reservoirs;
  let sum = 0;
  for (const voxel of voxels) sum += c[voxel];
  const mixed = reservoirs.slice();
  mixed[reservoir] = border.mix(reservoir, reservoirs[reservoir], sum / voxels.length, time);
  return mixed;
}

/** Sets the voxels beyond the layer to what they hold at the end; returns the sum of what they gained, molecules/µm³. */
function putBack({ voxels }: HeldVoxels, values: Float64Array, c: Float64Array, next: Float64Array): number {
  let gained = 0;
  voxels.forEach((voxel, i) => {
    next[voxel] = values[i];
    gained += values[i] - c[voxel];
  });
  return gained;
}

/** b += factor × S. */
function addSource(
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
function addSupply(
  faces: readonly OpenFace[],
  supplies: readonly Float64Array[],
  factor: number,
  b: Float64Array,
): void {
  for (const [f, { places }] of faces.entries()) {
    for (let p = 0; p < places.length; p++) b[places[p]] += factor * supplies[f][p];
  }
}

/** Supplies at t, t + 2dH and t + H; the mean by the weights of the scheme. */
function suppliesOver({ faces }: FieldOperator, time: number, h: number, scheme: UnfactoredScheme): Supplies {
  const at = (when: number) =>
    faces.map(face =>
      supplyAt(face, when, new Float64Array(face.varying.length > 0 ? face.places.length : 0)),
    );
  const end = at(time + h);
  if (scheme !== 'tr-bdf2') return { start: end, middle: end, end, mean: end };
  const start = at(time);
  const middle = at(time + 2 * D * h);
  const mean = faces.map(({ supply, varying }, f) =>
    varying.length === 0 ? supply : supply.map((_, p) => W * (start[f][p] + middle[f][p]) + D * end[f][p]),
  );
  return { start, middle, end, mean };
}

/** The largest concentration that a window can begin with or bring in: what errors are measured by. */
function largest(
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  faces: readonly OpenFace[],
  supplies: readonly Float64Array[],
): number {
  let most = 0;
  for (let v = 0; v < c.length; v++) if (c[v] > most) most = c[v];
  if (source !== null) {
    for (let v = 0; v < source.length; v++) {
      const given = h * Math.abs(source[v]);
      if (given > most) most = given;
    }
  }
  for (const [f, { conductance }] of faces.entries()) {
    for (let p = 0; p < conductance.length; p++) {
      const given = (h * Math.abs(supplies[f][p])) / (1 + h * conductance[p]);
      if (given > most) most = given;
    }
  }
  return most;
}
