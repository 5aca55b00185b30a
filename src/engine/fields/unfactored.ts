import { type Advection, createAdvection } from './advection.ts';
import { chooseSolver } from './choice.ts';
import type { FieldDescription } from './field.ts';
import { createFieldOperator, type FieldOperator, pad, unpad } from './fieldOperator.ts';
import type { AdvanceBy, Predict } from './fieldStep.ts';
import { type Film, followsCells } from './film.ts';
import { followFilm } from './filmOperator.ts';
import { addFlow, createFlowOperator, isFlowOperator } from './flowOperator.ts';
import { fluxUpdate } from './fluxUpdate.ts';
import type { Grid } from './grid.ts';
import { createRoom, createSystem, type Direct, type ImplicitSystem, type Room } from './implicitSystem.ts';
import { evaluateMedium, type Medium } from './medium.ts';
import { forRows } from './multigrid/level.ts';
import { borderOf, putBack, takeOut } from './outside.ts';
import type { ReservoirBorder } from './reservoirBorder.ts';
import { D, W } from './scheme.ts';
import { createSpectralSolver, spectralEnds } from './spectral/spectralSolver.ts';
import { addSource, addSupply, suppliesOver } from './stageSupply.ts';

/**
 * The same steps as solver.ts takes, without factorisation: TR-BDF2 and backward Euler with (I − a A) solved by conjugate
 * gradients and multigrid, for coefficients that vary in space and by axis, obstacles, and windows of any length: L-stable.
 * What the iteration leaves over is an error of the potentials only; the new state is their conservative update.
 */
export type UnfactoredScheme = 'tr-bdf2' | 'positive' | 'quasi-steady';

export interface UnfactoredSolver {
  readonly advanceBy: AdvanceBy<UnfactoredScheme>;
  readonly predict: Predict;
}

/** Where a window begins. */
export interface Clock {
  /** s: what boundaries that vary are read by. */
  time: number;
  /** Concentrations of the field's reservoirs, molecules/µm³; null where it has none. */
  reservoirs: Float64Array | null;
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
  /** By what the flow is: apart from the implicit solve, or part of it. */
  const prepared = {
    apart: new WeakMap<FieldDescription, Prepared>(),
    within: new WeakMap<FieldDescription, Prepared>(),
  };
  const { voxelVolume: volume } = grid;
  let room: Room | null = null;

  function prepare(field: FieldDescription, h: number): Prepared {
    const isWithin = chooseSolver(grid, field, h).solver === 'bicgstab';
    const known = isWithin ? prepared.within : prepared.apart;
    let made = known.get(field);
    if (!made) {
      const operator = isWithin ? createFlowOperator(grid, field) : createFieldOperator(grid, field);
      room ??= createRoom(operator.layout.size);
      made = {
        operator,
        advection: isWithin ? null : createAdvection(grid, operator.layout, field),
        border: borderOf(field, operator, volume),
        liquid: followsCells(field) ? evaluateMedium(grid, field) : null,
        version: 0,
        systems: [
          createSystem(grid, operator, room, directFor(field, isWithin)),
          createSystem(grid, operator, room, directFor(field, isWithin)),
        ],
      };
      // By the medium without cells: a resumed run must not choose by others than the first did.
      if (made.liquid) for (const system of made.systems) system.found();
      known.set(field, made);
    }
    if (made.liquid && made.version !== film.version) {
      followFilm(made.operator, grid, field, made.liquid, film);
      if (isFlowOperator(made.operator)) addFlow(made.operator);
      for (const system of made.systems) system.renew();
      made.border = borderOf(field, made.operator, volume);
      made.version = film.version;
    }
    return made;
  }

  /** Transforms, where coefficients are constant and nobody asked for multigrid. */
  function directFor(field: FieldDescription, isWithin: boolean): Direct | null {
    const ends = isWithin || field.solver === 'multigrid' ? null : spectralEnds(grid, field);
    return ends && { solver: createSpectralSolver(grid, ends), diffusivity: field.diffusivity };
  }

  const advanceBy: UnfactoredSolver['advanceBy'] = (scheme, field, c, h, source, uptake, next, exposure) => {
    const { operator, systems, advection, border } = prepare(field, h);
    const carried = new Float64Array(6);
    const work = room as Room;
    const { layout, faces, held: outside } = operator;
    const { state: u, mean } = work;
    const [system] = systems;
    const a = scheme === 'tr-bdf2' ? D * h : h;
    pad(layout, c, u);
    // What lies beyond the layer is no unknown: part of a reservoir, or held at the face's value.
    const held = outside
      ? takeOut(outside, c, u, clock.reservoirs, clock.time, border)
      : (clock.reservoirs?.slice() ?? null);
    const drawn = new Float64Array(held?.length ?? 0);
    advection?.carry(u, clock.time, h / 2, carried, held, drawn, clock.time);
    const inertia = scheme === 'quasi-steady' ? INERTIA : 1;
    system.prepare(field.decay, a, uptake, inertia);
    const supplies = suppliesOver(operator, clock.time, h, scheme === 'tr-bdf2');
    let scale = largest(c, h, source, operator, supplies.mean);
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
      return fluxUpdate(
        operator,
        volume,
        field,
        h,
        source,
        uptake,
        supplies.mean,
        reservoirs,
        1 - inertia,
        u,
        mean,
        work.load,
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
      const { operator, systems, advection, border } = prepare(field, 2 * h);
      const [, system] = systems;
      const { layout, faces, held: outside } = operator;
      const { state } = room as Room;
      pad(layout, c, state);
      const held = outside
        ? takeOut(outside, c, state, clock.reservoirs, clock.time, border)
        : (clock.reservoirs?.slice() ?? null);
      const drawn = new Float64Array(held?.length ?? 0);
      advection?.carry(state, clock.time, h, new Float64Array(6), held, drawn, clock.time);
      const inertia = field.dynamics === 'quasi-steady' ? INERTIA : 1;
      system.prepare(field.decay, h, uptake, inertia);
      if (border && held) border.begin(system, h, clock.time, held, state, ROUGH);
      for (let v = 0; v < state.length; v++) system.b[v] = inertia * state[v];
      system.x.set(state);
      addSource(operator, source, h, system.b);
      const { end } = suppliesOver(operator, clock.time, h, false);
      addSupply(faces, end, h, system.b);
      const tolerance = ROUGH * largest(c, h, source, operator, end);
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

/** The largest concentration that a window can begin with or bring in: what errors are measured by. */
function largest(
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  { faces, losses, ahead }: FieldOperator,
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
  for (const [f, { conductance, places }] of faces.entries()) {
    for (let p = 0; p < conductance.length; p++) {
      // What a flow brings in goes on to the neighbours.
      const leaving = ahead ? losses[places[p]] : conductance[p];
      const given = (h * Math.abs(supplies[f][p])) / (1 + h * leaving);
      if (given > most) most = given;
    }
  }
  return most;
}
